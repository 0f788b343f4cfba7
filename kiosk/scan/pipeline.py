"""What is written in the codes of one frame.

    grey ──▶ first decoder ── found ──────────────────────────────────▶ Reading
                  │ nothing; something moved in; budget left; its turn
                  └──▶ second opinion ── found or not ────────────────▶ Reading

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
        gate: when something counts as having moved in.
    """

    budget_ms: int = 250
    second_opinion_within_ms: int = 50
    second_opinion_every_ms: int = 500
    gate: GateLimits = field(default_factory=GateLimits)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one frame gave.

    Attributes:
        payloads: the distinct contents found, as bytes; never in a log.
        decoder: who found them, None when nobody did.
        decode_ns: time spent, nanoseconds, unpacking of the picture included.
        over_budget: it took longer than it may.
        second_opinion: the second decoder was asked.
        failures: decoders that failed on this frame.
    """

    payloads: tuple[bytes, ...] = field(repr=False)
    decoder: str | None
    decode_ns: int
    over_budget: bool
    second_opinion: bool
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
        self._first = decoders[0]
        self._second = decoders[1] if len(decoders) > 1 else None
        self._limits = limits
        self._clock = clock
        self._gate = PresenceGate(limits.gate)
        self._costly_due_ns = 0

    def read(self, frame: Frame) -> Reading:
        """Read one frame. Raises `PictureError` when it cannot be unpacked."""
        begun_ns = self._clock()
        gray = frame.gray()
        moved_in = self._gate.is_open(gray)
        payloads: tuple[bytes, ...] = ()
        asked: list[Decoder] = []
        failures = 0
        for decoder in (self._first, self._second):
            if decoder is None or payloads or not self._may_ask(decoder, begun_ns, moved_in=moved_in):
                continue
            asked.append(decoder)
            try:
                payloads = tuple(dict.fromkeys(decoder.read(gray)))
            except DecoderError:
                failures += 1
        spent_ns = self._clock() - begun_ns
        return Reading(
            payloads=payloads,
            decoder=asked[-1].name if payloads else None,
            decode_ns=spent_ns,
            over_budget=spent_ns > self._limits.budget_ms * _MS,
            second_opinion=self._second in asked,
            failures=failures,
        )

    def _may_ask(self, decoder: Decoder, begun_ns: int, *, moved_in: bool) -> bool:
        """Every frame for a cheap decoder; a costly one only in its turn, and as second only when it may pay."""
        if decoder.cheap:
            return True
        now_ns = self._clock()
        alone = decoder is self._first
        if alone and moved_in:
            return True
        if not alone and (not moved_in or now_ns - begun_ns > self._limits.second_opinion_within_ms * _MS):
            return False
        if now_ns < self._costly_due_ns:
            return False
        self._costly_due_ns = now_ns + self._limits.second_opinion_every_ms * _MS
        return True


def text_of(payload: bytes) -> str:
    """Return a payload as text: UTF-8, what is not becomes U+FFFD, and no more than 4,096 characters.

    Rubbish stays rubbish and gets its refusal; a certificate is plain ASCII and passes unchanged.
    """
    return payload.decode("utf-8", "replace")[:MOST_CHARACTERS]
