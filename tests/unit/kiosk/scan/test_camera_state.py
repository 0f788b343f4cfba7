"""The table of camera states."""

import pytest

from kiosk.scan.camera_state import TRANSITIONS, CameraSign, CameraState, after

LIVING = [state for state in CameraState if state is not CameraState.ENDED]


def test_every_state_knows_every_sign() -> None:
    assert set(TRANSITIONS) == set(CameraState)
    assert all(set(row) == set(CameraSign) for row in TRANSITIONS.values())


@pytest.mark.parametrize("state", LIVING)
def test_a_bright_picture_means_seeing_wherever_it_comes_from(state: CameraState) -> None:
    assert after(state, CameraSign.BRIGHT) is CameraState.SEEING


@pytest.mark.parametrize("state", LIVING)
def test_a_lost_camera_is_gone(state: CameraState) -> None:
    assert after(state, CameraSign.LOST) is CameraState.GONE


def test_a_camera_that_is_gone_does_not_become_frozen() -> None:
    assert after(CameraState.GONE, CameraSign.STUCK) is CameraState.GONE


@pytest.mark.parametrize("sign", CameraSign)
def test_the_end_is_the_end(sign: CameraSign) -> None:
    assert after(CameraState.ENDED, sign) is CameraState.ENDED
