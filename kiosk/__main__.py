"""The ``kiosk`` command: which commands there are, and where its settings stand.

Upstream: ``kiosk.cli`` declares the commands.
Downstream: a person, systemd.

Commands are loaded when they run, so that ``kiosk --help`` and ``kiosk present`` do not wait for a toolkit.
"""

from __future__ import annotations

import logging
from pathlib import Path

import click

from kiosk.cli.lazy_group import LazyGroup
from kiosk.cli.lazy_settings import LazySettings

CONFIG = Path("/etc/wenming-kiosk/kiosk.toml")
_ROOMS = {
    "certificate": "kiosk.cli.certificate",
    "decode": "kiosk.cli.codes",
    "demo": "kiosk.cli.window",
    "doctor": "kiosk.cli.device",
    "enrol": "kiosk.cli.device",
    "gallery": "kiosk.cli.window",
    "ledger": "kiosk.cli.ledger",
    "operator": "kiosk.cli.operator",
    "present": "kiosk.cli.codes",
    "reference": "kiosk.cli.reference",
    "run": "kiosk.cli.window",
}


@click.group(cls=LazyGroup, rooms=_ROOMS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="KIOSK_CONFIG",
    help=f"A TOML file of settings; without it {CONFIG} where it exists. Variables KIOSK_… win over the file.",
)
@click.option("--verbose", is_flag=True, help="Log more, to standard error.")
@click.pass_context
def main(context: click.Context, config: Path | None, verbose: bool) -> None:  # noqa: FBT001 - click calls by name
    """志愿者值班终端: a touch kiosk that records volunteers' duty.

    Times and records of this device, offline for as long as it takes.
    """
    level = logging.DEBUG if verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if config is None and CONFIG.is_file():
        config = CONFIG
    context.obj = LazySettings(config)


if __name__ == "__main__":
    main(prog_name="kiosk")
