"""What is written in the codes of one frame of a sequence.

    small ──▶ gate ── nothing moved in ─────────────────────────────────▶ asleep: 5 frames a second go on
                │ awake
    grey ──▶ first decoder ── found ────────────────────────────────────▶ Reading
                │ nothing; awake; quick enough
                └──▶ the rescue whose turn it is ── found or not ───────▶ Reading
                          └─ over the budget: dropped and counted ──────▶ Reading without payloads

An idle booth so costs a third. Nobody is missed: what moves wakes it with its first frame, what did not is
read within 200 ms. All waiting is counted in the time of the frames, so that a film gives the same at any speed.

*Upstream*: `lookout`, or support tools, hand over frames. *Downstream*: `decoders`, `gate`, `rescuer`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kiosk.scan.decoders import Decoder, Found
from kiosk.scan.errors import DecoderError
from kiosk.scan.frame import Frame
from kiosk.scan.gate import GateLimits, PresenceGate
from kiosk.scan.picture import Pixels
from kiosk.scan.reading import Reading
from kiosk.scan.rescuer import Rescuer
from kiosk.scan.restraint import halved, is_hostile

_MS = 1_000_000


@dataclass(frozen=True, slots=True)
class PipelineLimits:
    """How much work a frame may cause.

    Attributes:
        budget_ms: a frame that takes longer is dropped and counted.
        rescue_within_ms: the plain pass must have been this quick for a rescue to follow.
        costly_every_ms: at least this long between two calls of a costly decoder.
        awake_ms: every frame is read for this long after something moved or was read.
        glance_every_ms: otherwise one frame in this time.
        gate: when something counts as having moved in.
    """

    budget_ms: int = 250
    rescue_within_ms: int = 50
    costly_every_ms: int = 500
    awake_ms: int = 2_000
    glance_every_ms: int = 190
    gate: GateLimits = field(default_factory=GateLimits)


class Pipeline:
    """Reads frames, one after another, with the decoders there are."""

    def __init__(self, decoders: Sequence[Decoder], limits: PipelineLimits, clock: Callable[[], int]) -> None:
        """Prepare.

        Args:
            decoders: at least one, best first; only the first two are asked.
            limits: see there.
            clock: of the time spent, nanoseconds: boot-time, or the processor's for figures that repeat.
        """
        self._first = decoders[0]
        self._rescuer = Rescuer(decoders[:2])
        self._limits = limits
        self._clock = clock
        self._gate = PresenceGate(limits.gate)
        self._costly_due_ns = 0
        self._glance_due_ns = 0
        self._awake_until_ns = 0

    def read(self, frame: Frame) -> Reading:
        """Read one frame. Raises `PictureError` when it cannot be unpacked."""
        begun_ns = self._clock()
        awake = self._is_awake(frame)
        if not (awake or frame.taken_bt_ns >= self._glance_due_ns) or not self._may_begin(frame, awake=awake):
            return Reading((), None, self._clock() - begun_ns, asked=0)
        self._glance_due_ns = frame.taken_bt_ns + self._limits.glance_every_ms * _MS
        reading = self._plain(frame.gray(), begun_ns, frame.taken_bt_ns, awake=awake)
        if reading.payloads:
            self._awake_until_ns = frame.taken_bt_ns + self._limits.awake_ms * _MS
        return reading

    def _is_awake(self, frame: Frame) -> bool:
        if self._gate.is_open(frame.small()):
            self._awake_until_ns = frame.taken_bt_ns + self._limits.awake_ms * _MS
        return frame.taken_bt_ns < self._awake_until_ns

    def _may_begin(self, frame: Frame, *, awake: bool) -> bool:
        """Always with a cheap decoder; with a costly one alone, asleep only in its turn."""
        return self._first.cheap or awake or self._may_cost(frame.taken_bt_ns)

    def _may_cost(self, taken_ns: int) -> bool:
        if taken_ns < self._costly_due_ns:
            return False
        self._costly_due_ns = taken_ns + self._limits.costly_every_ms * _MS
        return True

    def _plain(self, gray: Pixels, begun_ns: int, taken_ns: int, *, awake: bool) -> Reading:
        """The first decoder, and a rescue where it may pay."""
        hostile = is_hostile(gray)
        failures = 0
        try:
            found = self._first.search(halved(gray) if hostile else gray)
        except DecoderError:
            found, failures = Found(), 1
        quick = self._clock() - begun_ns <= self._limits.rescue_within_ms * _MS
        if found.payloads or hostile or not (awake and quick):
            return self._judged(found.payloads, self._first.name, begun_ns, failures=failures)
        attempt = self._rescuer.take_turn(gray, found.near, may_cost=lambda: self._may_cost(taken_ns))
        if attempt is None:
            return self._judged((), None, begun_ns, failures=failures)
        failures += attempt.failed
        return self._judged(attempt.payloads, attempt.decoder, begun_ns, rescue=attempt.rescue, failures=failures)

    def _judged(
        self,
        payloads: tuple[bytes, ...],
        decoder: str | None,
        begun_ns: int,
        *,
        failures: int,
        rescue: str | None = None,
    ) -> Reading:
        """A frame over its budget is dropped, whatever was found in it: the next one will show it too."""
        spent_ns = self._clock() - begun_ns
        over_budget = spent_ns > self._limits.budget_ms * _MS
        payloads = () if over_budget else tuple(dict.fromkeys(payloads))
        return Reading(
            payloads,
            decoder if payloads else None,
            spent_ns,
            asked=1 if rescue is None else 2,
            rescue=rescue,
            over_budget=over_budget,
            failures=failures,
        )
