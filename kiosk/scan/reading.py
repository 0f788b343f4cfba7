"""What one frame gave, and what it cost.

*Upstream*: `pipeline` and `still` make them. *Downstream*: `lookout`, `health`, `kiosk decode`.
"""

from dataclasses import dataclass, field

MOST_CHARACTERS = 4_096  # a QR code holds 4,296 alphanumeric ones at most; a certificate at most 600


@dataclass(frozen=True, slots=True)
class Reading:
    """What one frame gave.

    Attributes:
        payloads: the distinct contents found, as bytes; never in a log.
        decoder: who found them, None when nobody did.
        decode_ns: time spent, nanoseconds, unpacking of the picture included.
        asked: how many passes of a decoder were made in full; 0 when asleep.
        rescue: the rescue that was tried last, None when none was.
        over_budget: it took longer than it may; what was found was dropped.
        failures: decoders that failed on this frame.
    """

    payloads: tuple[bytes, ...] = field(repr=False)
    decoder: str | None
    decode_ns: int
    asked: int
    rescue: str | None = None
    over_budget: bool = False
    failures: int = 0

    @property
    def several(self) -> bool:
        """True when the frame holds codes that say different things; then none of them is taken."""
        return len(self.payloads) > 1

    @property
    def texts(self) -> tuple[str, ...]:
        """The payloads as texts, see `text_of`."""
        return tuple(text_of(payload) for payload in self.payloads)

    @property
    def way(self) -> str | None:
        """How it was read, for support staff: the decoder, and the rescue where one was needed."""
        return self.decoder if self.decoder is None or self.rescue is None else f"{self.decoder}+{self.rescue}"


def text_of(payload: bytes) -> str:
    """Return a payload as text: UTF-8, what is not becomes U+FFFD, and no more than 4,096 characters.

    Rubbish stays rubbish and gets its refusal; a certificate is plain ASCII and passes unchanged.
    """
    return payload.decode("utf-8", "replace")[:MOST_CHARACTERS]
