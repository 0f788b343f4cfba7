"""``kiosk certificate``: certificates, for support staff.

Upstream: ``kiosk.commands.certificate``.
Downstream: ``kiosk.__main__``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from kiosk.cli.terminal import guarded, text_given


@click.group()
def certificate() -> None:
    """Certificates, for support staff."""


@certificate.command()
@click.argument("text")
@click.option("--trust", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Whom to trust: FILE.")
@click.option("--at", required=True, help="The instant to check for, with its zone: 2027-01-15T08:00:00+08:00.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def check(text: str, trust: Path, at: str, as_json: bool) -> None:  # noqa: FBT001 - click calls by name
    """Check TEXT ("-": standard input) against a trust list, signed or plain, reference data or an enrolment file.

    Exit code: 0 accepted, 3 refused, 1 the file or the instant cannot be used.
    """
    from kiosk.commands.certificate import check as check_text

    verdict = guarded(lambda: check_text(text_given(text) or "", trust, at))
    click.echo(json.dumps(verdict.as_json(), ensure_ascii=False) if as_json else verdict.line())
    sys.exit(verdict.exit_code)
