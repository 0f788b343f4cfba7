"""The capture thread with sources that break, freeze and hang."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from kiosk.scan.camera import Camera, CameraLimits
from kiosk.scan.camera_state import CameraState
from kiosk.scan.eyesight import EyesightLimits
from tests.integration.scan.doubles import PATIENCE_S, Ear, Plug, clock

QUICK = CameraLimits(
    eyesight=EyesightLimits(look_every_s=0.05, stuck_after_s=0.3), reopen_after_s=(0.05,), reopen_stuck_after_s=0.3
)
SEEING, DARK, FROZEN, GONE = CameraState.SEEING, CameraState.DARK, CameraState.FROZEN, CameraState.GONE


@pytest.fixture
def plug() -> Plug:
    return Plug(np.full((120, 160, 3), 120, np.uint8))


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def camera(plug: Plug, ear: Ear) -> Iterator[Camera]:
    camera = Camera(plug.open, QUICK, clock, ear.state)
    camera.start()
    yield camera
    plug.release.set()
    assert camera.close(PATIENCE_S)


def test_a_camera_that_works_is_seeing(camera: Camera, ear: Ear) -> None:
    assert ear.until_states(SEEING)
    assert camera.latest() is not None


def test_a_camera_unplugged_in_mid_scene_comes_back(camera: Camera, ear: Ear, plug: Plug) -> None:
    assert ear.until_states(SEEING)
    before = camera.latest()
    assert before is not None
    plug.plugged = False
    assert ear.until_states(SEEING, GONE)
    assert camera.latest() is None
    plug.plugged = True
    assert ear.until_states(SEEING, GONE, SEEING)
    after = camera.wait_newer(before.number, PATIENCE_S)
    assert after is not None
    assert after.number > before.number
    assert plug.closed >= 1


def test_a_camera_missing_from_the_start_is_used_once_it_is_there(plug: Plug, ear: Ear) -> None:
    plug.plugged = False
    camera = Camera(plug.open, QUICK, clock, ear.state)
    camera.start()
    assert ear.until_states(GONE)
    plug.plugged = True
    assert ear.until_states(GONE, SEEING)
    assert camera.close(PATIENCE_S)


def test_a_covered_lens_is_dark_until_it_is_uncovered(camera: Camera, ear: Ear, plug: Plug) -> None:
    assert ear.until_states(SEEING)
    plug.picture = np.zeros_like(plug.picture)
    assert ear.until_states(SEEING, DARK)
    plug.picture = np.full_like(plug.picture, 120)
    assert ear.until_states(SEEING, DARK, SEEING)


def test_a_frozen_sensor_is_noticed_opened_again_and_trusted_when_it_lives(
    camera: Camera, ear: Ear, plug: Plug
) -> None:
    assert ear.until_states(SEEING)
    plug.frozen = True
    assert ear.until_states(SEEING, FROZEN)
    plug.frozen = False
    assert ear.until_states(SEEING, FROZEN, SEEING)


def test_a_camera_that_hangs_in_the_driver_is_noticed_from_outside(camera: Camera, ear: Ear, plug: Plug) -> None:
    assert ear.until_states(SEEING)
    plug.hang.set()
    watch = threading.Event()
    while not watch.wait(0.02) and FROZEN not in ear.states:
        camera.watch_over()
    assert ear.states[-1] is FROZEN


def test_close_never_hangs_even_when_the_driver_does(plug: Plug, ear: Ear) -> None:
    camera = Camera(plug.open, QUICK, clock, ear.state)
    camera.start()
    assert ear.until_states(SEEING)
    plug.hang.set()
    assert plug.hanging.wait(PATIENCE_S)
    begun = clock()
    assert not camera.close(0.2)
    assert clock() - begun < 2e9
    plug.release.set()
    assert camera.close(PATIENCE_S)


def test_a_camera_never_started_can_be_closed(plug: Plug, ear: Ear) -> None:
    assert Camera(plug.open, QUICK, clock, ear.state).close(1)


def test_a_slow_reader_always_gets_the_latest_frame(camera: Camera, ear: Ear) -> None:
    assert ear.until_states(SEEING)
    first = camera.wait_newer(0, PATIENCE_S)
    assert first is not None
    while (latest := camera.latest()) is None or latest.number < first.number + 10:
        camera.wait_newer(latest.number if latest else 0, PATIENCE_S)
    taken = camera.wait_newer(first.number, PATIENCE_S)
    assert taken is not None
    assert taken.number >= first.number + 10


def test_waiting_for_a_frame_that_does_not_come_ends(plug: Plug, ear: Ear) -> None:
    assert Camera(plug.open, QUICK, clock, ear.state).wait_newer(0, 0.01) is None
