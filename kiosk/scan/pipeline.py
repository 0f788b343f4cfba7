"""What is written in the codes of one frame.

    small ──▶ gate ── nothing moved in ───────────────────────────────────▶ asleep: 5 frames a second go on
                │ awake
    grey ──▶ first decoder ── found ──────────────────────────────────────▶ Reading
                │ nothing; awake; quick enough; its turn
                └──▶ second opinion ── found or not ──────────────────────▶ Reading

An idle booth so costs a third. Nobody is missed: what moves wakes it with its first frame, what did not is
read within 200 ms. All waiting is counted in the time of the frames, so that a film gives the same at any speed.

*Upstream*: `lookout`, or support tools, hand over frames. *Downstream*: `decoders`, `gate`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kiosk.scan.decoders import Decoder
from kiosk.scan.errors import DecoderError
from kiosk.scan.frame import Frame
from kiosk.scan.gate import GateLimits, PresenceGate

_MS = 1_000_000
MOST_CHARACTERS = 4_096  # a QR code holds 4,296 alphanumeric ones at most; a certificate at most 600


@dataclass(frozen=True, slots=True)
class PipelineLimits:
    """How much work a frame may cause.

    Attributes:
        budget_ms: a frame that takes longer is counted; no second opinion begins after it.
        second_opinion_within_ms: the first decoder must have been this quick.
        second_opinion_every_ms: at least this long between two of them.
        awake_ms: every frame is read for this long after something moved or was read.
        glance_every_ms: otherwise one frame in this time.
        gate: when something counts as having moved in.
    """

    budget_ms: int = 250
    second_opinion_within_ms: int = 50
    second_opinion_every_ms: int = 500
    awake_ms: int = 2_000
    glance_every_ms: int = 190
    gate: GateLimits = field(default_factory=GateLimits)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one frame gave.

    Attributes:
        payloads: the distinct contents found, as bytes; never in a log.
        decoder: who found them, None when nobody did.
        decode_ns: time spent, nanoseconds, unpacking of the picture included.
        over_budget: it took longer than it may.
        asked: how many decoders were asked; 0 when asleep.
        failures: decoders that failed on this frame.
    """

    payloads: tuple[bytes, ...] = field(repr=False)
    decoder: str | None
    decode_ns: int
    over_budget: bool
    asked: int
    failures: int

    @property
    def several(self) -> bool:
        """True when the frame holds codes that say different things; then none of them is taken."""
        return len(self.payloads) > 1

    @property
    def texts(self) -> tuple[str, ...]:
        """The payloads as texts, see `text_of`."""
        return tuple(text_of(payload) for payload in self.payloads)


class Pipeline:
    """Reads frames, one after another, with the decoders there are."""

    def __init__(self, decoders: Sequence[Decoder], limits: PipelineLimits, clock: Callable[[], int]) -> None:
        """Prepare.

        Args:
            decoders: at least one, best first; only the first two are asked.
            limits: see there.
            clock: boot-time clock, nanoseconds.
        """
        self._decoders = tuple(decoders[:2])
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
        if not awake and frame.taken_bt_ns < self._glance_due_ns:
            return Reading((), None, self._clock() - begun_ns, over_budget=False, asked=0, failures=0)
        self._glance_due_ns = frame.taken_bt_ns + self._limits.glance_every_ms * _MS
        gray = frame.gray()
        payloads: tuple[bytes, ...] = ()
        asked: list[Decoder] = []
        failures = 0
        for decoder in self._decoders:
            if payloads or not self._may_ask(decoder, frame.taken_bt_ns, begun_ns, awake=awake):
                continue
            asked.append(decoder)
            try:
                payloads = tuple(dict.fromkeys(decoder.read(gray)))
            except DecoderError:
                failures += 1
        if payloads:
            self._awake_until_ns = frame.taken_bt_ns + self._limits.awake_ms * _MS
        spent_ns = self._clock() - begun_ns
        over_budget = spent_ns > self._limits.budget_ms * _MS
        return Reading(payloads, asked[-1].name if payloads else None, spent_ns, over_budget, len(asked), failures)

    def _is_awake(self, frame: Frame) -> bool:
        if self._gate.is_open(frame.small()):
            self._awake_until_ns = frame.taken_bt_ns + self._limits.awake_ms * _MS
        return frame.taken_bt_ns < self._awake_until_ns

    def _may_ask(self, decoder: Decoder, taken_ns: int, begun_ns: int, *, awake: bool) -> bool:
        """Always a cheap decoder; a costly one only in its turn, and as second only when it may pay."""
        if decoder.cheap:
            return True
        first = decoder is self._decoders[0]
        if first and awake:
            return True
        quick = self._clock() - begun_ns <= self._limits.second_opinion_within_ms * _MS
        if taken_ns < self._costly_due_ns or not (first or (awake and quick)):
            return False
        self._costly_due_ns = taken_ns + self._limits.second_opinion_every_ms * _MS
        return True


def text_of(payload: bytes) -> str:
    """Return a payload as text: UTF-8, what is not becomes U+FFFD, and no more than 4,096 characters.

    Rubbish stays rubbish and gets its refusal; a certificate is plain ASCII and passes unchanged.
    """
    return payload.decode("utf-8", "replace")[:MOST_CHARACTERS]
