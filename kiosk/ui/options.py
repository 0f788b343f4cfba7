"""What a station may set about its screen, and what the camera hands to it.

Upstream: ``kiosk.settings``, by way of ``kiosk.composition``.
Downstream: ``app``, ``window``, ``theme``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.presenter.acts import Intent


@dataclass(frozen=True, slots=True)
class ScreenOptions:
    """Settings of the display.

    Attributes:
        assets: the folder with ``fonts``, ``icons`` and ``sounds``.
        size: width and height in pixels; None fills the screen.
        pixels_per_mm: of the display; controls are at least 20 mm in both directions.
        volume: of the sounds, 0 to 1.
        high_contrast: black on white, outlined.
        emblem: the station's own picture of the official emblem, or None: it is neither shipped nor drawn.
        closable: the window may be closed by hand (demo on a desktop).
        cursor: the mouse pointer is shown.
    """

    assets: Path
    size: tuple[int, int] | None = None
    pixels_per_mm: float = 4.2
    volume: float = 0.8
    high_contrast: bool = False
    emblem: Path | None = None
    closable: bool = False
    cursor: bool = False


@dataclass(frozen=True, slots=True)
class PreviewFrame:
    """One picture of the camera.

    Attributes:
        number: grows with every picture.
        width, height: in pixels.
        rgba: (height, width, 4) uint8 as any buffer of bytes, contiguous, top row first.
    """

    number: int
    width: int
    height: int
    rgba: bytes | bytearray | memoryview


@dataclass(frozen=True, slots=True)
class KeyDown:
    """A key of the window that went down.

    Attributes:
        scancode: the place of the key, USB HID usage of page 7, whatever the layout.
        shifted, caps: Shift is held, CapsLock is on.
        repeated: it was down already.
        after_s, at_s: when, by the hooks' clock: after the last look at the keys, and by this one.
    """

    scancode: int
    shifted: bool
    caps: bool
    repeated: bool
    after_s: float
    at_s: float


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the screen asks of the rest of the kiosk; all are called in the UI thread and must not block.

    Attributes:
        clock: seconds of a clock that only goes forward.
        perform: carries out an intent elsewhere and brings its outcome back through ``KioskApp.show``.
        preview: the newest picture if its number is higher than the one given, else None.
        ready: called once, after the first frame was drawn.
        key: takes every key; the window itself does nothing with any.
        scan_as: told what the text of a scan becomes from now on; None: duty, as always.
    """

    clock: Callable[[], float]
    perform: Callable[[Intent], None]
    preview: Callable[[int], PreviewFrame | None]
    ready: Callable[[], None]
    key: Callable[[KeyDown], None] = lambda _key: None
    scan_as: Callable[[Callable[[str], Intent] | None], None] = lambda _scan_as: None
