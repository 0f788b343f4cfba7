"""``python -m sync.agent``: run, once, status. The agent's wiring: clock, ids, chance and signals come in here.

Upstream: ``settings``, ``relay``, ``sync.mailbox``.
Downstream: a person, systemd.
"""

from __future__ import annotations

import json
import logging
import random
import signal
import stat
import sys
import threading
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sync.agent.backoff import Backoff
from sync.agent.plan import Answer, Plan
from sync.agent.relay import Relay, World, run
from sync.agent.settings import AgentSettings
from sync.agent.transport import HttpTransport, Limits
from sync.configuration import ConfigurationError
from sync.mailbox.agent_side import AgentMailbox, MailboxError
from sync.protocol.enrolment import Enrolment, read_enrolment
from sync.protocol.errors import ProtocolError
from sync.protocol.signing.keys import SigningKey

if TYPE_CHECKING:
    from types import FrameType

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
NOT_SENT = 2
READY_POLL_S = 0.5


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=click.Path(path_type=Path), envvar="SYNC_AGENT_CONFIG", help="A TOML file of settings.")
@click.pass_context
def main(context: click.Context, config: Path | None) -> None:
    """Bring this device's records to the platform; nothing lost, nothing doubled."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        context.obj = AgentSettings.load(config)
    except ConfigurationError as error:
        raise click.ClickException(f"settings:\n{error}") from error


@main.command("run")
@click.pass_obj
def run_command(settings: AgentSettings) -> None:
    """Send records whenever there are some, until stopped."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    mailbox = AgentMailbox(_file(settings.device_file))
    while not _is_ready(mailbox):
        if stop.wait(READY_POLL_S):
            return
    run(_relay(settings, mailbox), poll_s=settings.poll_s, wait=stop.wait)


@main.command()
@click.pass_obj
def once(settings: AgentSettings) -> None:
    """Send all that waits, then stop. Exit code 2 when some could not be sent; they are kept."""
    mailbox = AgentMailbox(_file(settings.device_file))
    if not _is_ready(mailbox):
        raise click.ClickException(f"{settings.device_file}: not there yet; start the kiosk once, it makes the file")
    relay, plan, sent = _relay(settings, mailbox), Plan(), 0
    while True:
        before = mailbox.waiting()
        try:
            tried = relay.step(plan)
        except MailboxError as error:
            raise click.ClickException(str(error)) from error
        plan = tried.plan
        if tried.answer is None:
            break
        left = mailbox.waiting()
        if tried.answer not in {Answer.RECEIPT, Answer.TOO_LARGE} or plan.wait_s:
            click.echo(f"{left} still wait: {tried.trouble or 'the platform asks to send them again later'}", err=True)
            sys.exit(NOT_SENT)
        sent += before - left
        click.echo(f"{sent} sent, {left} wait")
    click.echo("nothing waits")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def status(settings: AgentSettings, as_json: bool) -> None:  # noqa: FBT001 - click hands flags over by name
    """Show what waits, what was set aside and why, and when the platform last answered."""
    mailbox = AgentMailbox(_file(settings.device_file))
    if not _is_ready(mailbox):
        raise click.ClickException(f"{settings.device_file}: not there yet; start the kiosk once, it makes the file")
    overview = mailbox.overview()
    contact = overview.link.last_contact_ms
    shown = {
        "waiting": overview.counts.waiting,
        "acknowledged": overview.counts.acknowledged,
        "parked": [{"event": each.event_id, "reason": each.reason} for each in overview.parked],
        "last_contact": None
        if contact is None
        else datetime.fromtimestamp(contact / 1000, UTC).isoformat(timespec="milliseconds"),
        "attempts_since_contact": overview.link.attempts_since_contact,
        "trouble": overview.link.trouble,
    }
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    click.echo(f"waiting to be sent   {shown['waiting']}")
    click.echo(f"acknowledged, kept   {shown['acknowledged']}")
    click.echo(f"last contact         {shown['last_contact'] or 'never'}")
    click.echo(f"trouble              {shown['trouble'] or 'none'}")
    for each in overview.parked:
        click.echo(f"set aside            {each.event_id}: {each.reason}")


def _relay(settings: AgentSettings, mailbox: AgentMailbox) -> Relay:
    enrolment = _enrolment(_file(settings.enrolment))
    limits = Limits(settings.connect_s, settings.read_s, settings.whole_s)
    url = settings.platform_url or enrolment.platform_url
    key = SigningKey(bytes.fromhex(enrolment.seed))
    transport = HttpTransport(url, enrolment.device, key, lambda: datetime.now(UTC), limits, enrolment.ca_pem)
    world = World(
        new_id=lambda: str(uuid.uuid4()),
        boot_id=BOOT_ID.read_text(encoding="ascii").strip(),
        boottime_ns=lambda: time.clock_gettime_ns(time.CLOCK_BOOTTIME),
        chance=random.random,
    )
    backoff = Backoff(settings.backoff_first_s, settings.backoff_most_s)
    return Relay(mailbox, transport, enrolment.device, backoff, world)


def _enrolment(file: Path) -> Enrolment:
    try:
        return read_enrolment(file.read_bytes(), stat.S_IMODE(file.stat().st_mode))
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}; bring the device's enrolment file there") from error
    except ProtocolError as error:
        raise click.ClickException(f"{file}: {error}") from error


def _is_ready(mailbox: AgentMailbox) -> bool:
    try:
        return mailbox.is_ready()
    except MailboxError as error:
        logging.getLogger(__name__).warning("the device's file cannot be used now: %s", error)
        return False


def _file(path: Path) -> Path:
    return path.expanduser()


if __name__ == "__main__":
    main(prog_name="python -m sync.agent")
