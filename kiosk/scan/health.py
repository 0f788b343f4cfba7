"""How the scanner is: counters of the decoder thread, and a frozen picture of them for everybody else.

*Upstream*: `scanner` counts. *Downstream*: the status line, the health record, `kiosk doctor`.
"""

from dataclasses import dataclass

from kiosk.scan.camera_state import CameraState
from kiosk.scan.decoders import DecoderReport
from kiosk.scan.frame import Frame
from kiosk.scan.reading import Reading


@dataclass(frozen=True, slots=True)
class ScannerHealth:
    """How the scanner is, at one instant.

    Attributes:
        camera: its state.
        decoders: a line for each decoder library.
        frames: frames taken by the camera so far.
        decoded: frames read so far; of an idle scene not every one is.
        scans: texts reported so far.
        rescues: frames that were looked at a second time.
        rescued: frames that were read only so.
        over_budget: frames dropped because they took longer than they may.
        spoilt: frames that could not be unpacked or made a decoder fail.
        faults: unexpected faults survived.
        last_frame_bt_ns: boot-time clock of the latest frame, None before the first or when the camera is gone.
        last_decode_ns: what the last frame cost, nanoseconds.
    """

    camera: CameraState
    decoders: tuple[DecoderReport, ...]
    frames: int
    decoded: int
    scans: int
    rescues: int
    rescued: int
    over_budget: int
    spoilt: int
    faults: int
    last_frame_bt_ns: int | None
    last_decode_ns: int


@dataclass(slots=True)
class Tally:
    """Counters; only the decoder thread writes them."""

    frames: int = 0
    decoded: int = 0
    scans: int = 0
    rescues: int = 0
    rescued: int = 0
    over_budget: int = 0
    spoilt: int = 0
    faults: int = 0
    last_decode_ns: int = 0

    def count(self, reading: Reading) -> None:
        """Count one frame that was read."""
        self.decoded += reading.asked > 0
        self.rescues += reading.rescue is not None
        self.rescued += reading.rescue is not None and bool(reading.payloads)
        self.over_budget += reading.over_budget
        self.spoilt += reading.failures
        self.last_decode_ns = reading.decode_ns

    def snapshot(self, camera: CameraState, latest: Frame | None, decoders: tuple[DecoderReport, ...]) -> ScannerHealth:
        """Return the counters as they stand."""
        return ScannerHealth(
            camera=camera,
            decoders=decoders,
            frames=max(self.frames, latest.number if latest else 0),
            decoded=self.decoded,
            scans=self.scans,
            rescues=self.rescues,
            rescued=self.rescued,
            over_budget=self.over_budget,
            spoilt=self.spoilt,
            faults=self.faults,
            last_frame_bt_ns=latest.taken_bt_ns if latest else None,
            last_decode_ns=self.last_decode_ns,
        )
