"""What a frame means to the people before it: a new scan, the same card still, several codes, or nothing.

*Upstream*: `scanner` shows frames one after another; `bench` may do so without threads. *Downstream*: `events`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.scan.events import Scanned, SeveralCodes, Sighting, StillShown
from kiosk.scan.frame import Frame
from kiosk.scan.holdoff import HoldOff
from kiosk.scan.pipeline import Pipeline
from kiosk.scan.reading import Reading

_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class LookoutLimits:
    """How often the same is said.

    Attributes:
        hold_off_s: a text not seen for this long is a new scan.
        most_texts: how many texts are remembered for that.
        repeat_s: `StillShown` and `SeveralCodes` come no more often than this.
    """

    hold_off_s: float = 5.0
    most_texts: int = 32
    repeat_s: float = 1.0


class Lookout:
    """Turns readings into sightings; a scan counts only when it was `taken`."""

    def __init__(
        self, pipeline: Pipeline, limits: LookoutLimits, clock: Callable[[], int], holdoff: HoldOff | None = None
    ) -> None:
        """Begin with nothing seen.

        Args:
            pipeline: reads a frame.
            limits: see there.
            clock: boot-time clock, nanoseconds.
            holdoff: shared with the other readers of the booth; None for one of its own.
        """
        self._pipeline = pipeline
        self._limits = limits
        self._clock = clock
        self._holdoff = HoldOff(round(limits.hold_off_s * _NS), limits.most_texts) if holdoff is None else holdoff
        self._said_ns: dict[type[Sighting], int] = {}

    def look(self, frame: Frame) -> tuple[Reading, Sighting | None]:
        """Read one frame and say what it means.

        The caller confirms a `Scanned` with `taken` once it was handed over; until then the same card is new.

        Raises:
            PictureError: the frame cannot be unpacked.
        """
        reading = self._pipeline.read(frame)
        now_ns = frame.taken_bt_ns
        if reading.several:
            for text in reading.texts:
                self._holdoff.still_see(text, now_ns)
            return reading, self._once(SeveralCodes(len(reading.payloads), now_ns), now_ns)
        if not reading.payloads:
            return reading, None
        text = reading.texts[0]
        if self._holdoff.is_new(text, now_ns):
            return reading, Scanned(text, frame.number, now_ns, self._clock())
        self._holdoff.see(text, now_ns)
        return reading, self._once(StillShown(now_ns), now_ns)

    def taken(self, scan: Scanned) -> None:
        """Hold the text of a scan that was handed over."""
        self._holdoff.see(scan.text, scan.taken_bt_ns)
        self._said_ns[StillShown] = scan.taken_bt_ns

    def _once(self, sighting: StillShown | SeveralCodes, now_ns: int) -> Sighting | None:
        said_ns = self._said_ns.get(type(sighting))
        if said_ns is not None and now_ns - said_ns < self._limits.repeat_s * _NS:
            return None
        self._said_ns[type(sighting)] = now_ns
        return sighting
