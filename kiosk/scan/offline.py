"""Files through the scanner, as fast as it can: pictures that stand alone, films frame by frame.

    a picture, or each of a folder   `still`: every rescue until one reads
    a film                           `pipeline`: one rescue a frame in turn, by the film's own time

Time spent is the processor's and a frame's instant is its place in the film, so that a busy machine gives the same
readings as an idle one.

*Upstream*: files. *Downstream*: `kiosk decode`, bench.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2

from kiosk.scan.decoders import Decoder
from kiosk.scan.errors import PictureError, ScanError
from kiosk.scan.footage import PICTURES, VideoSource, load_picture, pictures_in
from kiosk.scan.frame import Frame
from kiosk.scan.pipeline import Pipeline, PipelineLimits
from kiosk.scan.reading import Reading
from kiosk.scan.still import StillReader

_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class FrameRead:
    """One frame of a file.

    Attributes:
        path: of the file.
        frame: counts from 1 in a film; 1 in a picture.
        reading: what it gave; of a frame that could not be unpacked, nothing.
    """

    path: Path
    frame: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class NotRead:
    """A file that could not be read.

    Attributes:
        path: of the file.
        reason: one sentence.
    """

    path: Path
    reason: str


class OfflineReader:
    """Reads files one after another."""

    def __init__(self, decoders: Sequence[Decoder], clock: Callable[[], int]) -> None:
        """Prepare. `decoders`: at least one, best first; `clock`: of this thread's processor time, nanoseconds."""
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)  # what is wrong with a file, we say ourselves
        cv2.setNumThreads(1)  # else part of the work would not be in this thread's time
        self._decoders = decoders
        self._clock = clock
        self._still = StillReader(decoders, clock)

    def read(self, path: Path) -> Iterator[FrameRead | NotRead]:
        """Read a picture, a folder of pictures or a film; a file that fails is a value, and the next one follows."""
        try:
            if path.is_dir():
                for picture in pictures_in(path):
                    yield from self._picture(picture)
            elif not path.exists():
                yield NotRead(path, "there is no such file or folder")
            elif path.suffix.lower() in PICTURES:
                yield from self._picture(path)
            else:
                yield from self._film(path)
        except ScanError as fault:
            yield NotRead(path, str(fault).removeprefix(f"{path}: "))

    def _picture(self, path: Path) -> Iterator[FrameRead | NotRead]:
        try:
            yield FrameRead(path, 1, self._still.read(load_picture(path)))
        except PictureError as fault:
            yield NotRead(path, str(fault))

    def _film(self, path: Path) -> Iterator[FrameRead | NotRead]:
        source = VideoSource(path, self._clock, loop=False)
        pipeline = Pipeline(self._decoders, PipelineLimits(), self._clock)
        number = 0
        try:
            while (picture := source.read(lambda _: False)) is not None:
                number += 1
                frame = Frame(number, round(number * _NS / source.fps), picture)
                yield FrameRead(path, number, _read(pipeline, frame))
        finally:
            source.close()
        if not number:
            yield NotRead(path, "holds no picture that can be read")


def _read(pipeline: Pipeline, frame: Frame) -> Reading:
    try:
        return pipeline.read(frame)
    except PictureError:
        return Reading((), None, 0, asked=0, failures=1)
