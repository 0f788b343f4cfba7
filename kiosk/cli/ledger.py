"""``kiosk ledger``: the records of this device, shown, brought out and verified.

Upstream: ``kiosk.commands.ledger``, ``export``, ``verify``, ``progress``.
Downstream: ``kiosk.__main__``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from kiosk.cli.terminal import guarded

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.cli.lazy_settings import LazySettings


@click.group()
def ledger() -> None:
    """The records of this device."""


@ledger.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object: sessions and events.")
@click.pass_obj
def show(lazy: LazySettings, as_json: bool) -> None:  # noqa: FBT001 - click calls by name
    """Show every session of this device's file."""
    from rich.console import Console

    from kiosk.commands import ledger as listing

    settings = lazy.settings()
    read = guarded(lambda: listing.read(settings))
    if as_json:
        click.echo(json.dumps(read, ensure_ascii=False))
    else:
        Console().print(listing.table(settings, read))


@ledger.command()
@click.argument("target", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--format", "formats", default="xlsx,csv,pdf,chain", show_default=True, help="Which of them, apart by commas."
)
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="The first local date; else from the start.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="The last local date; else to the end.")
@click.pass_obj
def export(lazy: LazySettings, /, target: Path, formats: str, first: datetime | None, last: datetime | None) -> None:
    """Bring the ledger to the folder TARGET, say a stick: tables, a printable 台账 a month, the chain for `verify`.

    Asked again after the stick was pulled, it goes on where it was. Exit code: 0 all files stand, 4 they do not.
    """
    from kiosk.commands import export as exporting
    from kiosk.commands import progress

    settings = lazy.settings()
    try:
        wanted = exporting.Wanted.of(target, formats, first, last)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    with progress.shown() as phase:
        answer = guarded(lambda: exporting.export(settings, wanted, phase))
    click.echo(answer.sentence, err=answer.code != 0)
    sys.exit(answer.code)


@ledger.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--key", help="The device's public key, 64 hex digits, or its enrolment file; else this kiosk's own.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def verify(lazy: LazySettings, file: Path | None, key: str | None, as_json: bool) -> None:  # noqa: FBT001 - click calls by name
    """Name the first record that was changed, removed, reordered, inserted or cut off, and what is still good.

    FILE is a device's file, a copy of it or a ledger.jsonl of an export; without it, this kiosk's own. Nothing is
    changed. Exit code: 0 nothing was tampered with, 1 something was, or FILE cannot be read.
    """
    from kiosk.commands import progress
    from kiosk.commands import verify as checking

    settings = lazy.settings()
    zone = ZoneInfo(settings.station.zone)
    with progress.shown() as phase:
        verdict = guarded(lambda: checking.verify(settings, file, key, phase))
    if as_json:
        click.echo(json.dumps(verdict.as_json(zone), ensure_ascii=False))
    else:
        for line in verdict.lines(zone):
            click.echo(line)
    sys.exit(verdict.exit_code)
