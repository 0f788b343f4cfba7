"""Everything the scanner reports, as values of a closed list.

*Upstream*: `lookout` and `scanner` make them. *Downstream*: `kiosk.composition` hands them to use cases and screens.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from kiosk.scan.camera_state import CameraState
from kiosk.scan.decoders import DecoderReport


@dataclass(frozen=True, slots=True)
class Scanned:
    """A code was shown that was not shown a moment ago.

    Attributes:
        text: its content, at most 4,096 characters; anything from a certificate to rubbish.
        frame_number: the frame it was read from; 0 where a reader read it.
        taken_bt_ns: boot-time clock when that frame was taken, or the reader's text whole, nanoseconds.
        decoded_bt_ns: boot-time clock when the text was known, nanoseconds.
    """

    text: str = field(repr=False)
    frame_number: int
    taken_bt_ns: int
    decoded_bt_ns: int


@dataclass(frozen=True, slots=True)
class StillShown:
    """The code of the last scan is still before the lens; at most once a second.

    Attributes:
        taken_bt_ns: boot-time clock when the frame was taken, nanoseconds.
    """

    taken_bt_ns: int


@dataclass(frozen=True, slots=True)
class SeveralCodes:
    """Codes that say different things are shown at once, none was taken; at most once a second.

    Attributes:
        count: how many.
        taken_bt_ns: boot-time clock when the frame was taken, nanoseconds.
    """

    count: int
    taken_bt_ns: int


@dataclass(frozen=True, slots=True)
class CameraChanged:
    """The camera is in another state now.

    Attributes:
        state: the new state.
        reason: a sentence for the log and the duty desk, may be empty.
    """

    state: CameraState
    reason: str


@dataclass(frozen=True, slots=True)
class NoDecoder:
    """No decoder library works on this machine: the camera shows, but nothing is read.

    Attributes:
        reports: what to install.
    """

    reports: tuple[DecoderReport, ...]


Sighting: TypeAlias = Scanned | StillShown | SeveralCodes
ScanEvent: TypeAlias = Sighting | CameraChanged | NoDecoder
