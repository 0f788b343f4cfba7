"""``device``: add, list and revoke the kiosks that may upload.

Upstream: ``registry``, ``accounts``, ``wiring``.
Downstream: ``__main__``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from sync.platform import accounts, keys
from sync.platform.commands.code import code
from sync.platform.commands.wiring import config_option, database_of, database_option, office_of, settings_of
from sync.platform.errors import PlatformError
from sync.platform.ports import Ports
from sync.platform.registry import DevicePlan, Office, write_enrolment
from sync.platform.tls import authority_pem

DEFAULT_URL = "http://127.0.0.1:8420"


@click.group()
def device() -> None:
    """Kiosks that may upload."""


device.add_command(code)


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
@click.pass_obj
def add_device(ports: Ports, /, config: Path | None, database: str | None, **asked: Any) -> None:
    """Register a device and write its enrolment file (mode 0600)."""
    settings = settings_of(config, database=database)
    root = keys.load_key(settings.keys_dir, keys.ROOT)
    platform = keys.platform_key(settings.keys_dir, ports.entropy)
    with office_of(settings, ports) as office:
        point = office.find_service_point(asked["service_point"])
        plan = DevicePlan(asked["name"], point, asked["platform_url"], authority_pem(settings.tls_ca))
        enrolment = office.enrol(plan, root, platform)
        path = asked["output"] or Path(f"enrolment-{enrolment.device}.json")
        try:
            write_enrolment(path, enrolment)
        except OSError as error:
            raise PlatformError(f"{path} cannot be written: {error.strerror}. Name another with --output.") from error
    click.echo(f"{enrolment.device}\n登记文件 Enrolment file: {path}")


@device.command("list")
@config_option
@database_option
@click.pass_obj
def list_devices(ports: Ports, /, config: Path | None, database: str | None) -> None:
    """List the devices with their last contact and what they brought."""
    settings = settings_of(config, database=database)
    with database_of(settings, ports) as opened, opened.reading() as unit:
        click.echo(accounts.device_table(unit.devices.standings(), ZoneInfo(settings.time_zone)))


@device.command("revoke")
@config_option
@database_option
@click.argument("device_id")
@click.pass_obj
def revoke_device(ports: Ports, /, config: Path | None, database: str | None, device_id: str) -> None:
    """Refuse a device from now on; nothing it brought is deleted."""
    settings = settings_of(config, database=database)
    with database_of(settings, ports) as opened, opened.writing(device_id) as unit:
        Office(unit, ports, settings.region).revoke(device_id)
    click.echo(f"已停用 Revoked: {device_id}")
