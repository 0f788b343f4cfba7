"""``status``: what waits, what was set aside and why, how a long drain gets on, what a person must look at.

Upstream: ``status``, ``lock``, ``wiring``, Rich.
Downstream: ``__main__``.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click
import msgspec

from sync.agent.lock import is_taken
from sync.agent.status import Status, read_status, status_file_of, words
from sync.agent.wording import CHINESE, ENGLISH, LABELS, STATES, alarm, told, words_in
from sync.mailbox.agent_side import MailboxError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sync.agent.commands.wiring import Wiring
    from sync.mailbox.agent_side import AgentMailbox, Overview

WATCHED_EVERY_S = 1.0


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--watch", is_flag=True, help="Go on showing it, every second, until stopped.")
@click.pass_obj
def status_command(wiring: Wiring, as_json: bool, watch: bool) -> None:  # noqa: FBT001 - click hands flags over by name
    """Show what waits, what was set aside and why, and when the platform last answered."""
    mailbox = wiring.mailbox()
    try:
        if as_json:
            overview, running = _seen(wiring, mailbox)
            click.echo(msgspec.json.encode(_plain(overview, running)))
            return
        _show(wiring, mailbox, watch=watch)
    except MailboxError as error:
        raise click.ClickException(str(error)) from error


def _show(wiring: Wiring, mailbox: AgentMailbox, *, watch: bool) -> None:
    from rich.console import Console  # noqa: PLC0415 - a tenth of a second that JSON does not wait for
    from rich.live import Live  # noqa: PLC0415

    console = Console(soft_wrap=False)
    if not watch:
        console.print(_page(*_seen(wiring, mailbox)))
        return
    with Live(_page(*_seen(wiring, mailbox)), console=console, auto_refresh=False) as live:
        try:
            while True:
                time.sleep(WATCHED_EVERY_S)
                live.update(_page(*_seen(wiring, mailbox)), refresh=True)
        except KeyboardInterrupt:
            return


def _seen(wiring: Wiring, mailbox: AgentMailbox) -> tuple[Overview, Status | None]:
    """Return how the outbox is, and what a running agent last wrote."""
    running = is_taken(wiring.device_file)
    return mailbox.overview(), read_status(status_file_of(wiring.device_file)) if running else None


def _plain(overview: Overview, running: Status | None) -> dict[str, Any]:
    link, trouble = overview.link, overview.link.trouble
    return {
        "waiting": overview.counts.waiting,
        "acknowledged": overview.counts.acknowledged,
        "parked": [{"event": each.event_id, "reason": each.reason} for each in overview.parked],
        "last_contact": _instant(link.last_contact_ms),
        "attempts_since_contact": link.attempts_since_contact,
        "trouble": trouble,
        "alarms": [words(alarm(each)) for each in link.alarms],
        "agent": running,
    }


def _page(overview: Overview, running: Status | None) -> RenderableType:
    from rich.table import Table  # noqa: PLC0415

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in _lines(overview, running):
        grid.add_row(label, value)
    return grid


def _lines(overview: Overview, running: Status | None) -> list[tuple[str, str]]:
    counts, link = overview.counts, overview.link
    state = running.words if running else words(told(STATES["stopped"]))
    trouble = running.trouble if running and running.trouble else None
    shown = f"{trouble.zh} {trouble.en}" if trouble else link.trouble or _label("none")
    lines = [
        (_label("state"), f"{state.zh} {state.en}"),
        (_label("waiting"), str(counts.waiting)),
        *_drain(counts.waiting, running),
        (_label("acknowledged"), str(counts.acknowledged)),
        (_label("last_contact"), _instant(link.last_contact_ms) or _label("never")),
        (_label("trouble"), shown),
    ]
    if running and running.download:
        lines.append((_label("download"), f"{running.download.zh} {running.download.en}"))
    lines += [(_label("alarm"), f"{alarm(each).zh} {alarm(each)}") for each in link.alarms]
    return [*lines, *((_label("parked"), f"{each.event_id}: {each.reason}") for each in overview.parked)]


def _drain(waiting: int, running: Status | None) -> list[tuple[str, str]]:
    """Return how a backlog gets on: a bar, the rate, and the time that is left."""
    if running is None or not running.sent or running.rate is None or not waiting:
        return []
    whole, cells = running.sent + waiting, 24
    done = cells * running.sent // whole
    left = str(timedelta(seconds=round(waiting / running.rate)))
    return [
        ("", f"{'█' * done}{'░' * (cells - done)} {100 * running.sent // whole} % ({running.sent}/{whole})"),
        (_label("rate"), f"{running.rate:.0f}"),
        (_label("left"), left),
    ]


def _label(name: str) -> str:
    english = words_in(ENGLISH).gettext(LABELS[name])
    return f"{words_in(CHINESE).gettext(LABELS[name])} {english}"


def _instant(at_ms: int | None) -> str | None:
    return None if at_ms is None else datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds")
