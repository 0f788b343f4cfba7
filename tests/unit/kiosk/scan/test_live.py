"""A live source before a capture that is told what to deliver."""

import cv2
import numpy as np
import pytest

from kiosk.scan.errors import CameraError
from kiosk.scan.live import LiveSource, ask_for_best_mode
from kiosk.scan.picture import BgrPicture, Pixels
from tests.unit.kiosk.scan.doubles import HandClock

YUYV = np.zeros((240, 320, 2), np.uint8)
BGR = np.zeros((240, 320, 3), np.uint8)


class ScriptedCapture:
    """Delivers 30 pictures a second until told otherwise."""

    def __init__(
        self, clock: HandClock, raw: Pixels = BGR, converted: Pixels | None = None, grabs: int = 1_000
    ) -> None:
        self.clock, self.raw, self.converted, self.grabs_left = clock, raw, converted, grabs
        self.grabbed = self.retrieved = 0
        self.released = False

    def get(self, _: int) -> float:
        return 320.0

    def set(self, prop: int, value: float) -> bool:
        if prop == cv2.CAP_PROP_CONVERT_RGB and value and self.converted is not None:
            self.raw = self.converted
            return True
        return False

    def grab(self) -> bool:
        self.clock.forward(1 / 30)
        self.grabbed += 1
        self.grabs_left -= 1
        return self.grabs_left >= 0

    def retrieve(self) -> tuple[bool, Pixels]:
        self.retrieved += 1
        return True, self.raw

    def read(self) -> tuple[bool, Pixels]:
        return (True, self.raw) if self.grab() else (False, self.raw)

    def release(self) -> None:
        self.released = True


def source(capture: ScriptedCapture, fps: float = 15) -> LiveSource:
    return LiveSource(capture, "/dev/video0", fps, capture.clock)  # type: ignore[arg-type]


def go_on(_: float) -> bool:
    return False


def test_pictures_that_come_too_fast_are_not_unpacked() -> None:
    capture = ScriptedCapture(HandClock())
    live = source(capture)
    for _ in range(15):
        assert live.read(go_on) is not None
    assert capture.retrieved == 15
    assert 28 <= capture.grabbed <= 31


def test_an_unplugged_camera_is_an_error_that_names_it() -> None:
    with pytest.raises(CameraError, match="/dev/video0: stopped"):
        source(ScriptedCapture(HandClock(), grabs=0)).read(go_on)


def test_a_camera_without_mjpg_is_read_all_the_same() -> None:
    picture = source(ScriptedCapture(HandClock(), raw=YUYV, converted=BGR)).read(go_on)
    assert isinstance(picture, BgrPicture)


def test_a_camera_that_delivers_something_unknown_is_an_error() -> None:
    with pytest.raises(CameraError, match="unknown kind"):
        source(ScriptedCapture(HandClock(), raw=YUYV)).read(go_on)


def test_reading_ends_when_somebody_wants_to_stop() -> None:
    assert source(ScriptedCapture(HandClock())).read(lambda _: True) is None


def test_closing_lets_go_of_the_device() -> None:
    capture = ScriptedCapture(HandClock())
    source(capture).close()
    assert capture.released


class Modes:
    """A driver that gives the size asked for, at the pace it has for it."""

    def __init__(self, fps_by_width: dict[int, float]) -> None:
        self.fps_by_width = fps_by_width
        self.asked: dict[int, float] = {}

    def set(self, prop: int, value: float) -> bool:
        self.asked[prop] = value
        return True

    def get(self, _: int) -> float:
        return self.fps_by_width[round(self.asked[cv2.CAP_PROP_FRAME_WIDTH])]


@pytest.mark.parametrize(
    ("fps_by_width", "taken"),
    [
        ({1920: 30.0}, 1920),
        ({1920: 5.0, 1280: 30.0}, 1280),
        ({1920: 2.0, 1280: 5.0, 640: 30.0}, 640),
        ({1920: 0.0}, 1920),
    ],
    ids=["quick", "slow when large", "cannot pack", "does not know"],
)
def test_a_device_is_asked_for_the_largest_pictures_it_can_deliver_in_time(
    fps_by_width: dict[int, float], taken: int
) -> None:
    modes = Modes(fps_by_width)
    ask_for_best_mode(modes, 1920, 1080)  # type: ignore[arg-type]
    assert modes.asked[cv2.CAP_PROP_FRAME_WIDTH] == taken
    assert modes.asked[cv2.CAP_PROP_FOURCC] == cv2.VideoWriter.fourcc(*"MJPG")
