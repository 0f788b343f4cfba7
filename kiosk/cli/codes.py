"""``kiosk present``, ``decode``: a code's text without the camera, and what the camera would read.

Upstream: ``kiosk.commands.present``, ``decode``.
Downstream: ``kiosk.__main__``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.cli.choices import one_of
from kiosk.cli.terminal import FAULT, guarded, text_given
from sync.protocol.vocabulary import ServiceKind

if TYPE_CHECKING:
    from kiosk.cli.lazy_settings import LazySettings


@click.command()
@click.argument("text", required=False)
@click.option("--typed", help="Instead of TEXT: a volunteer number with its check digit, for a code that is spoilt.")
@click.option("--witness", help="The captain's own code, shown after it where the station asks for the captain.")
@click.option("--service", type=one_of(ServiceKind), help="Else the rostered or usual one.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def present(lazy: LazySettings, /, text: str | None, as_json: bool, **shown: str | None) -> None:  # noqa: FBT001 - as above
    """Present TEXT as if the camera had read it ("-" reads it from standard input).

    Exit code: 0 accepted, 3 refused, 4 good but not recorded, 5 the captain must confirm, 1 the kiosk is not ready.
    """
    from kiosk.commands.present import Showing
    from kiosk.commands.present import present as present_text

    if (text is None) == (shown["typed"] is None):
        raise click.UsageError("give TEXT, or --typed with a number")
    settings = lazy.settings()
    came = guarded(lambda: present_text(settings, Showing(text=text_given(text), **shown)))
    click.echo(json.dumps(came.as_json(), ensure_ascii=False) if as_json else came.sentence)
    sys.exit(came.exit_code)


@click.command()
@click.argument("files", metavar="PICTURE|FOLDER|VIDEO…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a frame.")
def decode(files: tuple[Path, ...], as_json: bool) -> None:  # noqa: FBT001 - click calls by name
    """Read codes as the booth's scanner does, one line a frame.

    Every picture stands alone and gets every rescue; a video runs through the booth's pipeline by its own time.
    Exit code: 0 every file could be opened, 1 one could not.
    """
    from kiosk.commands import decode as reading
    from kiosk.scan.offline import NotRead

    well = True
    shown = reading.as_json if as_json else reading.as_line
    for read in guarded(lambda: reading.decode(files)):
        if isinstance(read, NotRead):
            well = False
            click.echo(f"kiosk: {read.path}: {read.reason}", err=True)
        else:
            click.echo(shown(read))
    sys.exit(0 if well else FAULT)
