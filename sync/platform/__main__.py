"""``python -m sync.platform``: serve, ledger, certificate, device, demo-community; the home of its ports.

Upstream: Click; every command loads only its own part.
Downstream: people, ``kiosk demo``, systemd.

Exit codes: 0 done, 2 something a person can put right (said in one sentence, no traceback).
"""

from __future__ import annotations

import logging
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from sync.configuration import ConfigurationError
from sync.platform.errors import PlatformError
from sync.platform.ports import Ports
from sync.platform.settings import Settings
from sync.protocol.errors import ProtocolError

PORTS = Ports(clock=lambda: datetime.now(UTC), ids=lambda: str(uuid.uuid4()), entropy=os.urandom)
DEFAULT_URL = "http://127.0.0.1:8420"
CERTIFICATE_LIFE = {"card": timedelta(days=3 * 365), "dynamic": timedelta(minutes=5)}

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="TOML file of settings; variables SYNC_PLATFORM_… stand over it.",
)
database_option = click.option("--database", help="SQLAlchemy URL, over the one in the settings.")


class _Commands(click.Group):
    """A group whose commands end with one sentence and exit code 2 where a person can put something right."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (ConfigurationError, PlatformError, ProtocolError) as error:
            click.echo(f"错误 Error: {error}", err=True)
            ctx.exit(2)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """志愿服务信息管理平台: takes the records of duty kiosks, keeps the ledger, shows it to people."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)


@main.command()
@config_option
@database_option
@click.option("--host", help="Address to listen on, over the one in the settings.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.")
def serve(config: Path | None, database: str | None, host: str | None, port: int | None) -> None:
    """Serve devices and the console until Ctrl-C or SIGTERM."""
    from sync.platform import app
    from sync.platform.console import Reach, is_loopback

    settings = _settings(config, database=database, host=host, port=port)
    reach = Reach.ANYWHERE if settings.console_remote else Reach.THIS_MACHINE
    if not is_loopback(settings.host):
        click.echo(_exposure(settings), err=True)
    with _database(settings, create=True) as opened:
        look = app.Appearance(settings.language, settings.time_zone, reach)
        app.serve(
            app.build_app(opened, PORTS, look),
            settings.host,
            settings.port,
            lambda url: click.echo(f"控制台 Console: {url}"),
        )


@main.command()
@config_option
@database_option
@click.option("--json", "as_json", is_flag=True, help="Sessions and events as JSON.")
def ledger(config: Path | None, database: str | None, as_json: bool) -> None:  # noqa: FBT001 - Click's flag
    """Print the ledger 台账: every session, and with --json every event."""
    import msgspec

    from sync.platform import accounts

    settings = _settings(config, database=database)
    with _database(settings) as opened, opened.reading() as unit:
        entries = unit.ledger.all()
        if as_json:
            document = accounts.ledger_document(entries, unit.events.all())
            click.echo(msgspec.json.format(msgspec.json.encode(document)).decode())
        else:
            click.echo(accounts.ledger_table(entries, ZoneInfo(settings.time_zone)))


@main.group()
def certificate() -> None:
    """志愿者证."""


@certificate.command("issue")
@config_option
@database_option
@click.option("--number", required=True, help="志愿者编号.")
@click.option("--name", required=True, help="Name as it shall be shown.")
@click.option("--issued", help="ISO 8601 with offset; default: now.")
@click.option(
    "--expires", help="ISO 8601 with offset; default: three years after issue, five minutes for a dynamic one."
)
@click.option("--kind", type=click.Choice(["card", "dynamic"]), default="card", show_default=True)
def issue(config: Path | None, database: str | None, kind: str, **asked: str | None) -> None:
    """Issue a certificate and print its LYZ1 text."""
    from sync.platform import keys
    from sync.platform.ports import unix_ms
    from sync.platform.records import Volunteer
    from sync.platform.registry import CertificateOrder, Office
    from sync.protocol.vocabulary import CertificateKind

    settings = _settings(config, database=database)
    now = PORTS.clock().replace(microsecond=0)
    issued_at = _instant(asked["issued"], "--issued") or now
    expires_at = _instant(asked["expires"], "--expires") or issued_at + CERTIFICATE_LIFE[kind]
    key = keys.load_key(settings.keys_dir, keys.ISSUER)
    with _database(settings) as opened, opened.writing("registry") as unit:
        number = asked["number"] or ""
        known = unit.registry.volunteer(number)
        volunteer = Volunteer(number, asked["name"] or "", known.service if known else None, unix_ms(now))
        order = CertificateOrder(volunteer, issued_at, expires_at, CertificateKind(kind))
        text = Office(unit, PORTS, settings.region).issue(order, key)
    click.echo(text)


@main.group()
def device() -> None:
    """Kiosks that may upload."""


@device.command("add")
@config_option
@database_option
@click.option("--name", required=True, help="What people call it.")
@click.option("--service-point", required=True, help="Id or name of a registered service point.")
@click.option("--platform-url", default=DEFAULT_URL, show_default=True, help="Where the device finds this platform.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Enrolment file; default: enrolment-DEVICE.json here.",
)
def add_device(config: Path | None, database: str | None, **asked: Any) -> None:
    """Register a device and write its enrolment file (mode 0600)."""
    from sync.platform import keys
    from sync.platform.registry import DevicePlan, Office, write_enrolment

    settings = _settings(config, database=database)
    root = keys.load_key(settings.keys_dir, keys.ROOT)
    with _database(settings) as opened, opened.writing("registry") as unit:
        office = Office(unit, PORTS, settings.region)
        point = office.find_service_point(asked["service_point"])
        enrolment = office.enrol(DevicePlan(asked["name"], point, asked["platform_url"]), root)
        path = asked["output"] or Path(f"enrolment-{enrolment.device}.json")
        try:
            write_enrolment(path, enrolment)
        except OSError as error:
            raise PlatformError(f"{path} cannot be written: {error.strerror}. Name another with --output.") from error
    click.echo(f"{enrolment.device}\n登记文件 Enrolment file: {path}")


@device.command("list")
@config_option
@database_option
def list_devices(config: Path | None, database: str | None) -> None:
    """List the devices with their last contact and what they brought."""
    from sync.platform import accounts

    settings = _settings(config, database=database)
    with _database(settings) as opened, opened.reading() as unit:
        click.echo(accounts.device_table(unit.devices.standings(), ZoneInfo(settings.time_zone)))


@device.command("revoke")
@config_option
@database_option
@click.argument("device_id")
def revoke_device(config: Path | None, database: str | None, device_id: str) -> None:
    """Refuse a device from now on; nothing it brought is deleted."""
    from sync.platform.registry import Office

    settings = _settings(config, database=database)
    with _database(settings) as opened, opened.writing(device_id) as unit:
        Office(unit, PORTS, settings.region).revoke(device_id)
    click.echo(f"已停用 Revoked: {device_id}")


@main.command("demo-community")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--platform-url", default=DEFAULT_URL, show_default=True, help="Where the demo's device finds the platform."
)
def demo_community(folder: Path, platform_url: str) -> None:
    """Make a demo community in a new FOLDER: keys, invented people, one device, today's roster."""
    from sync.platform.demo import make_community

    make_community(folder, PORTS, platform_url)
    click.echo(f"演示社区 Demo community: {folder}")


def _settings(config: Path | None, **given: Any) -> Settings:
    chosen = {name: value for name, value in given.items() if value is not None}
    return Settings.load(config).model_copy(update=chosen)


@contextmanager
def _database(settings: Settings, *, create: bool = False) -> Iterator[Any]:
    """Open the database, bring it up to date, and give it an epoch if it has none."""
    from sync.platform.store import Database

    opened = Database.open(settings.database, create=create)
    try:
        opened.migrate()
        with opened.writing("registry") as unit:
            if unit.registry.epoch() is None:
                unit.registry.begin_epoch(PORTS.ids())
        yield opened
    finally:
        opened.close()


def _instant(text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise PlatformError(f"{option} {text!r} is not ISO 8601, such as 2027-06-30T00:00:00+08:00.") from error
    if instant.tzinfo is None:
        raise PlatformError(f"{option} {text!r} has no offset; write 2027-06-30T00:00:00+08:00.")
    return instant.astimezone(UTC).replace(microsecond=0)


def _exposure(settings: Settings) -> str:
    if settings.console_remote:
        return f"注意 Note: the console has no sign-in yet and is open to everyone who reaches {settings.host}."
    return (
        f"注意 Note: devices can reach {settings.host}; the console has no sign-in yet, so it opens only on this"
        " machine through 127.0.0.1 (console_remote = true in platform.toml changes that)."
    )


if __name__ == "__main__":
    main(prog_name="python -m sync.platform")
