"""The one window: what it must be before Kivy makes it, and that nobody gets out of it.

Upstream: ``options``.
Downstream: ``app``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kivy.config import Config

from kiosk.ui.environment import NoDisplayError

if TYPE_CHECKING:
    from kiosk.ui.options import ScreenOptions


def configure(options: ScreenOptions) -> None:
    """Set Kivy's configuration for this process; nothing is written to a file."""
    width, height = options.size or (1280, 800)
    graphics = {
        "fullscreen": "0" if options.size else "auto",
        "borderless": "0" if options.closable else "1",
        "resizable": "0",
        "width": str(width),
        "height": str(height),
        "multisamples": "0",  # 2 cost 55 ms a frame against 19 in software GL
        "show_cursor": "1" if options.cursor else "0",
        "allow_screensaver": "0",
    }
    if not options.closable:
        graphics |= {"position": "custom", "left": "0", "top": "0"}
    for name, setting in graphics.items():
        Config.set("graphics", name, setting)
    Config.set("kivy", "exit_on_escape", "0")
    Config.set("kivy", "pause_on_minimize", "0")
    Config.set("kivy", "log_level", "warning")
    Config.set("input", "mouse", "mouse,disable_multitouch")  # no touch simulation by the right button
    Config.remove_option("input", "%(name)s")  # probesysfs: a touch would arrive twice


def open_window(options: ScreenOptions) -> Any:
    """Return Kivy's window, which no key and no gesture closes unless the options allow it.

    Raises:
        NoDisplayError: the display is named but cannot be opened.
    """
    from kivy.core.window import Window  # noqa: PLC0415  importing it opens it

    if Window is None:
        raise NoDisplayError("The display cannot be opened: is it running, and may this user draw on it?")
    Window.bind(on_request_close=lambda *_, **__: not options.closable)
    return Window
