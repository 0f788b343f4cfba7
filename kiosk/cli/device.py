"""``kiosk doctor``, ``enrol``: what this machine is and whether it is fit for duty.

Upstream: ``kiosk.commands.doctor``, ``privacy``, ``enrol``.
Downstream: ``kiosk.__main__``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kiosk.cli.terminal import FAULT, guarded

if TYPE_CHECKING:
    from kiosk.cli.lazy_settings import LazySettings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
@click.option("--privacy", is_flag=True, help="Instead: what personal data this device holds, why, and until when.")
@click.pass_obj
def doctor(lazy: LazySettings, as_json: bool, privacy: bool) -> None:  # noqa: FBT001 - click calls by name
    """Check hardware, libraries, display, clock, disk and network, one line each with what to do."""
    settings = lazy.settings()
    if privacy:
        from kiosk.commands.privacy import inventory

        findings: list[Any] = guarded(lambda: inventory(settings))
    else:
        from kiosk.commands.doctor import examine

        findings = list(examine(settings))
    if as_json:
        click.echo(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(finding.line())
    sys.exit(FAULT if any(finding.stops_duty for finding in findings) else 0)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def enrol(lazy: LazySettings, file: Path) -> None:
    """Make this machine the device of the enrolment FILE."""
    from kiosk.commands.enrol import enrol as enrol_device

    settings = lazy.settings()
    click.echo(guarded(lambda: enrol_device(settings, file)))
