"""``kiosk run``, ``demo``, ``gallery``: the commands that open the kiosk's window.

Upstream: ``kiosk.commands.run``, ``demo``, ``gallery``.
Downstream: ``kiosk.__main__``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.cli.terminal import guarded

if TYPE_CHECKING:
    from kiosk.cli.lazy_settings import LazySettings


@click.command()
@click.option("--loop", is_flag=True, help="A film begins again at its end.")
@click.option("--closable", is_flag=True, help="The window may be closed by hand, and shows the pointer.")
@click.option("--until-camera-ends", is_flag=True, help="End when a film is over and the last card has closed.")
@click.option(
    "--screenshots",
    type=click.Path(path_type=Path, file_okay=False),
    help="A picture of every screen passed; refused with a real camera.",
)
@click.pass_obj
def run(lazy: LazySettings, /, screenshots: Path | None, **asked: bool) -> None:
    """Open the kiosk's window and record duty until it is closed."""
    from kiosk.commands.run import RunOptions, run_kiosk

    settings = lazy.settings()
    guarded(lambda: run_kiosk(settings, RunOptions(screenshots=screenshots, **asked)))


@click.command()
@click.option("--headless", is_flag=True, help="No display: play the scene on an own Xvfb, even where there is one.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-output"),
    show_default=True,
    help="Where the demo community, its ledgers and the screenshots go; a folder of an earlier demo is replaced.",
)
def demo(headless: bool, output: Path) -> None:  # noqa: FBT001 - click calls by name
    """Show the whole way: kiosk, agent and platform as three processes with a demo community."""
    from kiosk.commands.demo.play import play

    guarded(lambda: sys.exit(play(output, headless=headless)))


@click.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--size", default="1280x800", show_default=True, help="Of the window, in pixels.")
@click.option("--high-contrast", is_flag=True, help="In the high-contrast theme.")
def gallery(out: Path, size: str, high_contrast: bool) -> None:  # noqa: FBT001 - click calls by name
    """Write a picture of every screen, of invented people, into the folder OUT."""
    from kiosk.commands.gallery import make_gallery

    try:
        width, height = (int(side) for side in size.split("x"))
    except ValueError as error:
        raise click.BadParameter("write it like 1280x800") from error
    guarded(lambda: make_gallery(out, (width, height), high_contrast=high_contrast))
