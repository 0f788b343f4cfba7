"""``python -m sync.platform``: serve, ledger, device, certificate, volunteer, service-rule ….

Upstream: ``commands``; it is the home of the ports.
Downstream: people, ``kiosk demo``, systemd.

Exit codes: 0 done, 2 something a person can put right (said in one sentence, no traceback).
"""

from __future__ import annotations

import logging
import os
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from sync.platform.commands.account import account
from sync.platform.commands.appointment import appointment
from sync.platform.commands.bundle import bundle
from sync.platform.commands.certificate import certificate
from sync.platform.commands.database import backup, epoch, migrate, restore, totals
from sync.platform.commands.device import DEFAULT_URL, device
from sync.platform.commands.record import record
from sync.platform.commands.reference import reference
from sync.platform.commands.roster import roster
from sync.platform.commands.service_rule import service_rule
from sync.platform.commands.upward import upward
from sync.platform.commands.volunteer import volunteer
from sync.platform.commands.wire import conformance, openapi
from sync.platform.commands.wiring import Commands, config_option, database_of, database_option, settings_of
from sync.platform.ports import Ports

PORTS = Ports(clock=lambda: datetime.now(UTC), ids=lambda: str(uuid.uuid4()), entropy=os.urandom)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(context: click.Context) -> None:
    """志愿服务信息管理平台: takes the records of duty kiosks, keeps the ledger, shows it to people."""
    context.obj = PORTS
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)


for each in (
    account,
    device,
    certificate,
    appointment,
    volunteer,
    service_rule,
    reference,
    roster,
    record,
    upward,
    bundle,
    migrate,
    backup,
    restore,
    epoch,
    totals,
    openapi,
    conformance,
):
    main.add_command(each)


@main.command()
@config_option
@database_option
@click.option("--host", help="Address to listen on, over the one in the settings.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that answer; more than one needs PostgreSQL.")
def serve(config: Path | None, database: str | None, **given: Any) -> None:
    """Serve devices and the console until Ctrl-C or SIGTERM."""
    from sync.platform.commands import serving

    serving.serve(settings_of(config, database=database, **given), PORTS)


@main.command()
@config_option
@database_option
@click.option("--json", "as_json", is_flag=True, help="Sessions and events as JSON.")
def ledger(config: Path | None, database: str | None, as_json: bool) -> None:  # noqa: FBT001 - Click's flag
    """Print the ledger 台账: every session, and with --json every event."""
    import msgspec

    from sync.platform import accounts

    settings = settings_of(config, database=database)
    with database_of(settings, PORTS) as opened, opened.reading() as unit:
        entries = unit.ledger.all()
        if as_json:
            document = accounts.ledger_document(entries, unit.events.all())
            click.echo(msgspec.json.format(msgspec.json.encode(document)).decode())
        else:
            click.echo(accounts.ledger_table(entries, ZoneInfo(settings.time_zone)))


@main.command("demo-community")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--platform-url", default=DEFAULT_URL, show_default=True, help="Where the demo's device finds the platform."
)
def demo_community(folder: Path, platform_url: str) -> None:
    """Make a demo community in a new FOLDER: keys, invented people, one device, today's roster."""
    from sync.platform.demo import make_community

    account = make_community(folder, PORTS, platform_url)
    click.echo(f"演示社区 Demo community: {folder}")
    click.echo(f"控制台账户 Console account: {account.name}  密码 password: {account.password}")


if __name__ == "__main__":
    main(prog_name="python -m sync.platform")
