"""Settings that name a camera."""

from pathlib import Path

import pytest

from kiosk.scan.errors import CameraError
from kiosk.scan.source import SourceLimits, is_stream, open_source, shown
from tests.unit.kiosk.scan.doubles import HandClock


def test_a_missing_device_says_that_no_camera_is_plugged_in() -> None:
    with pytest.raises(CameraError, match=r"/dev/video97: no camera is plugged in"):
        open_source("97", SourceLimits(), HandClock())


def test_a_device_that_is_no_camera_is_refused() -> None:
    with pytest.raises(CameraError, match="not a camera"):
        open_source("/dev/null", SourceLimits(), HandClock())


@pytest.mark.parametrize("setting", ["", "  ", "/nowhere/film.avi", "film.avi"])
def test_a_missing_file_is_said_to_be_missing(setting: str) -> None:
    with pytest.raises(CameraError, match="no such file"):
        open_source(setting, SourceLimits(), HandClock())


def test_an_address_nobody_answers_at_is_refused() -> None:
    with pytest.raises(CameraError, match="no video comes") as caught:
        open_source("http://user:secret@127.0.0.1:9/stream?token=secret", SourceLimits(), HandClock())
    assert "secret" not in str(caught.value)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CameraError, match="holds no picture"):
        open_source(str(tmp_path), SourceLimits(), HandClock())


@pytest.mark.parametrize("setting", ["rtsp://cam/1", "HTTP://cam/mjpeg", "https://cam"])
def test_addresses_are_streams(setting: str) -> None:
    assert is_stream(setting)


@pytest.mark.parametrize("setting", ["0", "/dev/video0", "film.avi", "C:\\film.avi", "/tmp/a:b.avi"])  # noqa: S108
def test_paths_are_not_streams(setting: str) -> None:
    assert not is_stream(setting)
    assert shown(setting) == setting


def test_a_shown_address_holds_no_password() -> None:
    assert shown("rtsp://admin:pw@10.0.0.9:554/ch1?key=1") == "rtsp://10.0.0.9:554/ch1"
