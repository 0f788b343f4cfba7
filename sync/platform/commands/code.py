"""``device code``: a one-time code that makes a machine a device; list and withdraw.

Upstream: ``registry``, ``cards.symbol``, ``accounts``, ``wiring``.
Downstream: ``device``.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from sync.platform import accounts
from sync.platform.cards.symbol import modules
from sync.platform.commands.wiring import config_option, database_of, database_option, office_of, settings_of
from sync.platform.enrolling import LONGEST
from sync.platform.errors import PlatformError
from sync.platform.ports import MS_PER_SECOND, Ports, unix_ms
from sync.platform.store.codes import CodeStanding
from sync.protocol.enrolling import code_link

MOST_HOURS = LONGEST // timedelta(hours=1)
QUIET = 2  # modules; a terminal's own margin does the rest
BLOCKS = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}  # light on a dark terminal


@click.group(invoke_without_command=True)
@config_option
@database_option
@click.option("--service-point", help="Id or name of a registered service point.")
@click.option("--name", help="What people will call the device.")
@click.option("--hours", type=click.IntRange(1, MOST_HOURS), default=24, show_default=True, help="How long it is good.")
@click.pass_context
def code(
    context: click.Context, /, config: Path | None, database: str | None, service_point: str, name: str, hours: int
) -> None:
    """Make a one-time code with which a machine becomes a device; its text is shown now and never again."""
    if context.invoked_subcommand is not None:
        return
    if not service_point or not name:
        raise PlatformError("Name the place and the device: device code --service-point … --name …")
    settings = settings_of(config, database=database)
    with office_of(settings, context.obj) as office:
        point = office.find_service_point(service_point)
        made = office.enrolment_code(point, name, timedelta(hours=hours))
    scheme = "https" if settings.tls_cert else "http"
    link = code_link(settings.public_url or f"{scheme}://{settings.host}:{settings.port}", made.code)
    until = _local(made.standing.expires_ms, ZoneInfo(settings.time_zone))
    click.echo(f"{made.code}\n{_drawn(link)}\n{link}\n有效期至 Good once, until: {until}  ({made.standing.id})")


@code.command("list")
@config_option
@database_option
@click.pass_obj
def list_codes(ports: Ports, /, config: Path | None, database: str | None) -> None:
    """List the codes: for which device, until when, and what became of them."""
    settings = settings_of(config, database=database)
    zone, now_ms = ZoneInfo(settings.time_zone), unix_ms(ports.clock())
    with database_of(settings, ports) as opened, opened.reading() as unit:
        head = ("编号 id", "名称 name", "有效期至 until", "状态 state", "设备 device")
        rows = [
            (each.id, each.name, _local(each.expires_ms, zone), _state(each, now_ms), each.device or "—")
            for each in unit.codes.all()
        ]
        click.echo(accounts.table(head, rows))


@code.command("withdraw")
@config_option
@database_option
@click.argument("code_id")
@click.pass_obj
def withdraw(ports: Ports, /, config: Path | None, database: str | None, code_id: str) -> None:
    """Let no device be made with a code any more."""
    settings = settings_of(config, database=database)
    with office_of(settings, ports) as office:
        office.withdraw_code(code_id)
    click.echo(f"已作废 Withdrawn: {code_id}")


def _state(standing: CodeStanding, now_ms: int) -> str:
    if standing.used_ms is not None:
        return "used"
    if standing.withdrawn_ms is not None:
        return "withdrawn"
    return "open" if standing.is_open(now_ms) else "expired"


def _local(ms: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(ms / MS_PER_SECOND, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _drawn(text: str) -> str:
    """Return a QR symbol in half blocks, two modules a character, to be scanned from a screen."""
    rows = [(False,) * QUIET + row + (False,) * QUIET for row in modules(text)]
    blank = (False,) * len(rows[0])
    rows = [blank] * QUIET + rows + [blank] * (QUIET + len(rows) % 2)
    return "\n".join(
        "".join(BLOCKS[pair] for pair in zip(above, below, strict=True))
        for above, below in zip(rows[::2], rows[1::2], strict=True)
    )
