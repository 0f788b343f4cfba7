"""``kiosk reference``: what the platform tells this device, brought by hand.

Upstream: ``kiosk.commands.reference``.
Downstream: ``kiosk.__main__``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.cli.terminal import guarded

if TYPE_CHECKING:
    from kiosk.cli.lazy_settings import LazySettings


@click.group()
def reference() -> None:
    """What the platform tells this device: trusted keys, revocations, roster, appointments."""


@reference.command("apply")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def apply_reference(lazy: LazySettings, file: Path) -> None:
    """Apply a FILE of `python -m sync.platform reference publish`; an older one changes nothing."""
    from kiosk.commands.reference import apply_file

    settings = lazy.settings()
    click.echo(guarded(lambda: apply_file(settings, file)))
