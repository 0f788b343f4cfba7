"""Dark and frozen, told from pictures."""

import pytest

from kiosk.scan.camera_state import CameraSign
from kiosk.scan.errors import PictureError
from kiosk.scan.eyesight import Eyesight, EyesightLimits
from tests.unit.kiosk.scan.doubles import HandClock, SpoiltPicture, plain


def opened(clock: HandClock, *, live: bool = True) -> Eyesight:
    eyesight = Eyesight(EyesightLimits())
    eyesight.opened(clock(), live=live)
    return eyesight


def test_a_picture_of_a_lit_booth_is_bright() -> None:
    clock = HandClock()
    assert opened(clock).judge(plain(120), clock()) is CameraSign.BRIGHT


def test_a_covered_lens_is_dark_and_bright_again_when_uncovered() -> None:
    clock = HandClock()
    eyesight = opened(clock)
    assert eyesight.judge(plain(3), clock()) is CameraSign.DARK
    assert eyesight.judge(plain(90), clock.forward(1)) is CameraSign.BRIGHT


def test_the_same_picture_for_two_seconds_is_a_frozen_sensor() -> None:
    clock = HandClock()
    eyesight = opened(clock)
    assert eyesight.judge(plain(90), clock()) is CameraSign.BRIGHT
    assert eyesight.judge(plain(90), clock.forward(1.9)) is CameraSign.BRIGHT
    assert eyesight.judge(plain(90), clock.forward(0.2)) is CameraSign.STUCK
    assert eyesight.judge(plain(91), clock.forward(0.1)) is CameraSign.BRIGHT


def test_no_picture_for_two_seconds_is_silence() -> None:
    clock = HandClock()
    eyesight = opened(clock)
    assert not eyesight.silent(clock.forward(1))
    assert eyesight.silent(clock.forward(1))


def test_footage_may_show_a_still_for_ever() -> None:
    clock = HandClock()
    eyesight = opened(clock, live=False)
    for _ in range(5):
        assert eyesight.judge(plain(90), clock.forward(10)) is CameraSign.BRIGHT
    assert not eyesight.silent(clock.forward(100))


def test_a_frozen_sensor_is_not_trusted_for_being_opened_again() -> None:
    clock = HandClock()
    eyesight = opened(clock)
    eyesight.judge(plain(90), clock())
    eyesight.judge(plain(90), clock.forward(3))
    eyesight.opened(clock.forward(10), live=True)
    assert eyesight.judge(plain(90), clock.forward(0.1)) is CameraSign.STUCK
    assert eyesight.judge(plain(91), clock.forward(0.1)) is CameraSign.BRIGHT


def test_nothing_is_silent_before_it_was_opened() -> None:
    assert not Eyesight(EyesightLimits()).silent(HandClock()())


def test_a_spoilt_picture_is_said_to_be_one() -> None:
    clock = HandClock()
    with pytest.raises(PictureError):
        opened(clock).judge(SpoiltPicture(), clock())
