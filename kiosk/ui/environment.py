"""What Kivy and SDL must find in the environment before they are imported.

Upstream: ``kiosk.composition`` and ``gallery`` hand the process's environment in.
Downstream: everything else of this package is imported after :func:`prepare`.

With no display and libegl present SDL silently draws into nothing; so the driver is named, and a missing display said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from pathlib import Path

FPS = "20"  # Kivy's clock reads it on import; its loop alone costs 5 % of a core at 60
_DISPLAYS = {"x11": "DISPLAY", "wayland": "WAYLAND_DISPLAY"}


class NoDisplayError(Exception):
    """There is nothing to draw on; the message is one sentence for whoever started the kiosk."""


def prepare(environ: MutableMapping[str, str], kivy_home: Path, video_driver: str = "x11") -> None:
    """Set every variable; what a station's own service file sets for sound stays.

    Args:
        environ: the process's own.
        kivy_home: a folder of the kiosk's own; made if it is missing.
        video_driver: SDL's name of it: ``x11``, ``wayland``, ``kmsdrm``.

    Raises:
        NoDisplayError: that driver has no display here.
    """
    variable = _DISPLAYS.get(video_driver)
    if variable is not None and not environ.get(variable):
        raise NoDisplayError(
            f"There is no display to draw on: {variable} is not set. Start the kiosk inside a desktop session, "
            "or under Xvfb."
        )
    kivy_home.mkdir(parents=True, exist_ok=True)
    environ.update(
        {
            "KIVY_NO_ARGS": "1",
            "KIVY_NO_FILELOG": "1",
            "KIVY_LOG_MODE": "PYTHON",  # Kivy leaves our logging and stderr alone
            "KIVY_HOME": str(kivy_home),
            "KIVY_WINDOW": "sdl2",
            "KIVY_TEXT": "sdl2",
            "KIVY_IMAGE": "sdl2",
            "KIVY_AUDIO": "sdl2",
            "KCFG_GRAPHICS_MAXFPS": FPS,
            "KIVY_METRICS_DENSITY": "1",
            "KIVY_METRICS_FONTSCALE": "1",
            "SDL_VIDEODRIVER": video_driver,
            "XMODIFIERS": "@im=none",  # no input method between a reader that types and the kiosk
        }
    )
