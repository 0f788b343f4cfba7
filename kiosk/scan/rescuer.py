"""Takes the rescues in turn, and each to the decoder and the part of the frame it is made for.

*Upstream*: `pipeline` asks for one a frame, `still` for all. *Downstream*: `rescues`, `region`, `decoders`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from kiosk.scan.decoders import Decoder
from kiosk.scan.errors import DecoderError
from kiosk.scan.picture import Pixels
from kiosk.scan.region import Region, likely
from kiosk.scan.rescues import IN_TURN, Rescue

_NEAR_MARGIN = 0.18  # a code found but not read: its quiet zone, and a little more
_LEAST_PX = 24


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a rescue gave.

    Attributes:
        payloads: the contents found, as bytes; never in a log.
        decoder, rescue: who tried.
        failed: the decoder failed.
    """

    payloads: tuple[bytes, ...] = field(repr=False)
    decoder: str
    rescue: str
    failed: bool = False


class Rescuer:
    """The rescues that can be made with the decoders there are."""

    def __init__(self, decoders: Sequence[Decoder], rescues: Sequence[Rescue] = IN_TURN) -> None:
        """Prepare. `decoders`: one or two, best first."""
        self._by_first = decoders[0]
        self._by_other = decoders[1] if len(decoders) > 1 else None
        self._rescues = tuple(rescue for rescue in rescues if self._decoder_of(rescue) is not None)
        self._turn = 0

    def take_turn(self, gray: Pixels, near: Sequence[Region], may_cost: Callable[[], bool]) -> Attempt | None:
        """Try the rescue whose turn it is on (H, W) uint8; a costly one whose time has not come is passed over.

        Args:
            gray: the frame.
            near: where a code was found but not read; else a place is guessed.
            may_cost: whether a costly decoder may be asked now; asked only when it would be.
        """
        for _ in self._rescues:
            rescue = self._rescues[self._turn % len(self._rescues)]
            self._turn += 1
            decoder = self._decoder_of(rescue)
            if decoder is not None and (decoder.cheap or may_cost()):
                places = near or (likely(gray, 1) if rescue.on_region else ())
                return self._try(rescue, decoder, gray, places[:1])
        return None

    def all_of(self, gray: Pixels, near: Sequence[Region], most: int) -> Iterator[Attempt]:
        """Try every rescue on up to `most` regions, one after another."""
        places = [*near, *likely(gray, most)][:most]
        for rescue in self._rescues:
            decoder = self._decoder_of(rescue)
            if decoder is not None:
                yield self._try(rescue, decoder, gray, places)

    def _decoder_of(self, rescue: Rescue) -> Decoder | None:
        return self._by_other if rescue.by_other else self._by_first

    def _try(self, rescue: Rescue, decoder: Decoder, gray: Pixels, places: Sequence[Region]) -> Attempt:
        parts = [place.wider(_NEAR_MARGIN).of(gray) for place in places] if rescue.on_region else [gray]
        try:
            for part in parts:
                if min(part.shape) < _LEAST_PX:
                    continue
                for view, flat in rescue.views(part):
                    if payloads := decoder.search(view, flat=flat).payloads:
                        return Attempt(payloads, decoder.name, rescue.name)
        except DecoderError:
            return Attempt((), decoder.name, rescue.name, failed=True)
        return Attempt((), decoder.name, rescue.name)
