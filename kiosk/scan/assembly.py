"""The scanner put together from the settings of a station.

*Upstream*: `kiosk.composition`. *Downstream*: everything in this package.
"""

from collections.abc import Callable

import cv2

from kiosk.scan.decoders import load
from kiosk.scan.scanner import OnEvent, Scanner, ScannerLimits
from kiosk.scan.source import FrameSource, SourceLimits, open_source


def build_scanner(
    camera: str, source: SourceLimits, limits: ScannerLimits, clock: Callable[[], int], on_event: OnEvent
) -> Scanner:
    """Build a scanner for a camera setting; it runs from `start` to `close`.

    Never raises for a camera that is not there or a library that is missing: those are events.

    Args:
        camera: a device number, a file, a folder or an address; see `source`.
        source: size and pace of the pictures.
        limits: of everything else.
        clock: boot-time clock, nanoseconds.
        on_event: see `Scanner`.
    """
    # The threads of OpenCV cost more in waking up than they save on one frame.
    cv2.setNumThreads(1)

    def reopen() -> FrameSource:
        return open_source(camera, source, clock)

    return Scanner(reopen, load(), limits, clock, on_event)
