"""Reads a picture that stands alone: there is no next frame, so every rescue is tried until one reads.

    as it is, no larger than 4,000 px ─▶ rescues ─▶ half the size, a quarter ─▶ rescues ─▶ both decoders as they are

*Upstream*: `kiosk decode`. *Downstream*: `decoders`, `rescuer`.
"""

from collections.abc import Callable, Iterator, Sequence

from kiosk.scan.decoders import Decoder
from kiosk.scan.errors import DecoderError
from kiosk.scan.picture import Picture, Pixels
from kiosk.scan.reading import Reading
from kiosk.scan.region import Region
from kiosk.scan.rescuer import Attempt, Rescuer
from kiosk.scan.rescues import ALL, fit
from kiosk.scan.restraint import halved, is_hostile

_MOST_PX = 4_000
_ENOUGH_PX = 60  # a picture is not halved below this
_REGIONS = 3
_CAREFUL_ABOVE = 2_000_000  # pixels; one picture may cost more than one frame of many


class StillReader:
    """Reads single pictures with all there is."""

    def __init__(self, decoders: Sequence[Decoder], clock: Callable[[], int]) -> None:
        """Prepare. `decoders`: at least one, best first; `clock`: of the time spent, nanoseconds."""
        self._decoders = tuple(decoders[:2])
        self._rescuer = Rescuer(self._decoders, ALL)
        self._clock = clock

    def read(self, picture: Picture) -> Reading:
        """Read one picture. Raises `PictureError` when it cannot be unpacked."""
        begun_ns = self._clock()
        asked = failures = 0
        for attempt in self._attempts(fit(picture.gray(), _MOST_PX)):
            asked += 1
            failures += attempt.failed
            if attempt.payloads:
                payloads, rescue = tuple(dict.fromkeys(attempt.payloads)), attempt.rescue or None
                return Reading(payloads, attempt.decoder, self._clock() - begun_ns, asked, rescue, failures=failures)
        return Reading((), None, self._clock() - begun_ns, asked, failures=failures)

    def _attempts(self, gray: Pixels) -> Iterator[Attempt]:
        if is_hostile(gray, above=_CAREFUL_ABOVE):
            gray = halved(gray)
        for number in range(3):
            near: tuple[Region, ...] = ()
            for decoder in self._decoders:
                attempt, seen = _plain(decoder, gray, "" if number == 0 else "smaller")
                near += seen
                yield attempt
            yield from self._rescuer.all_of(gray, near, _REGIONS)
            if min(gray.shape) < 2 * _ENOUGH_PX:
                return
            gray = halved(gray)


def _plain(decoder: Decoder, gray: Pixels, name: str) -> tuple[Attempt, tuple[Region, ...]]:
    try:
        found = decoder.search(gray)
    except DecoderError:
        return Attempt((), decoder.name, name, failed=True), ()
    return Attempt(found.payloads, decoder.name, name), found.near
