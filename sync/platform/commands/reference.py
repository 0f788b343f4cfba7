"""``reference publish``: the newest reference data of a device as a signed file; ``reference sign``: the lists.

Upstream: ``publishing``, ``signed_lists``, ``wiring``.
Downstream: ``__main__``.
"""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from sync.platform import keys
from sync.platform.commands.wiring import config_option, database_option, office_of, settings_of
from sync.platform.errors import PlatformError
from sync.platform.ports import Ports, unix_ms
from sync.platform.publishing import Directory, publish
from sync.platform.signed_lists import sign_lists


@click.group()
def reference() -> None:
    """What devices are told."""


@reference.command("publish")
@config_option
@database_option
@click.argument("device")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write.")
@click.option(
    "--directory",
    type=click.Choice([each.value for each in Directory]),
    default=Directory.POINT.value,
    show_default=True,
    help="Whose numbers the device may recognise without a signature.",
)
@click.pass_obj
def publish_reference(
    ports: Ports, /, config: Path | None, database: str | None, device: str, out: Path, directory: str
) -> None:
    """Write DEVICE's trust list, revocations, appointments, roster and directory, signed by the root key."""
    settings = settings_of(config, database=database)
    root = keys.load_key(settings.keys_dir, keys.ROOT)
    with office_of(settings, ports) as office:
        document = publish(office.unit, device, root, unix_ms(ports.clock()), Directory(directory))
        try:
            keys.write_private(out, msgspec.json.format(msgspec.json.encode(document)) + b"\n")
        except OSError as error:
            raise PlatformError(f"{out} cannot be written: {error.strerror}. Name another with --out.") from error
    click.echo(f"参考数据 Reference data: {out}")


@reference.command("sign")
@config_option
@database_option
@click.pass_obj
def sign_reference(ports: Ports, /, config: Path | None, database: str | None) -> None:
    """Sign the trust list and the revocations anew where they have changed, on the machine that has the root key."""
    settings = settings_of(config, database=database)
    root = keys.load_key(settings.keys_dir, keys.ROOT)
    with office_of(settings, ports) as office:
        signed = sign_lists(office.unit, root, unix_ms(ports.clock()))
    click.echo("已签发 Signed" if signed else "没有变化 Nothing has changed")
