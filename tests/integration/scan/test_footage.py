"""Films and folders through the real capture code."""

import shutil
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.scan.camera import Camera, CameraLimits
from kiosk.scan.camera_state import CameraState
from kiosk.scan.errors import CameraError
from kiosk.scan.picture import JpegPicture, Pixels
from kiosk.scan.scene import Act, render, write_folder, write_video
from kiosk.scan.source import FrameSource, SourceLimits, open_source
from tests.integration.scan.doubles import PATIENCE_S, Ear, clock, write_film

QUICK = CameraLimits(reopen_after_s=(0.05,))
SEEING, GONE, ENDED = CameraState.SEEING, CameraState.GONE, CameraState.ENDED


def greys(count: int) -> list[Pixels]:
    return [np.full((120, 160, 3), 40 + 15 * number, np.uint8) for number in range(count)]


def seen(source: FrameSource, most: int = 100) -> list[int]:
    """The grey of each picture, told apart in steps of 15, without waiting."""
    found: list[int] = []
    while len(found) < most and (picture := source.read(lambda _: False)) is not None:
        found.append(round((float(picture.gray().mean()) - 40) / 15))
    source.close()
    return found


def fill(folder: Path, count: int) -> Path:
    folder.mkdir(exist_ok=True)
    for number, frame in enumerate(greys(count)):
        cv2.imwrite(str(folder / f"{number:03d}.png"), frame)
    return folder


def test_a_film_is_played_once_in_order(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.avi", greys(8))
    assert seen(open_source(str(film), SourceLimits(), clock)) == list(range(8))


def test_a_film_is_played_again_when_asked(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.avi", greys(3))
    assert seen(open_source(str(film), SourceLimits(loop=True), clock), 8) == [0, 1, 2, 0, 1, 2, 0, 1]


def test_mjpg_travels_packed(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.avi", greys(1))
    assert isinstance(open_source(str(film), SourceLimits(), clock).read(lambda _: False), JpegPicture)


def test_other_films_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"mp4v"), 15, (160, 120))
    for frame in greys(4):
        writer.write(frame)
    writer.release()
    assert seen(open_source(str(path), SourceLimits(), clock)) == list(range(4))


def test_paths_in_chinese_are_opened(tmp_path: Path) -> None:
    home = tmp_path / "志愿服务 站点"
    home.mkdir()
    film = shutil.move(write_film(tmp_path / "film.avi", greys(2)), home / "演示 录像.avi")
    assert seen(open_source(str(film), SourceLimits(), clock)) == [0, 1]
    assert seen(open_source(str(fill(home / "图片", 2)), SourceLimits(), clock)) == [0, 1]


def test_a_film_keeps_its_own_pace(tmp_path: Path) -> None:
    source = open_source(str(write_film(tmp_path / "film.avi", greys(8), fps=20)), SourceLimits(), clock)
    never = threading.Event()
    begun = clock()
    while source.read(never.wait) is not None:
        pass
    assert 0.34e9 <= clock() - begun < 2e9


@pytest.mark.parametrize("content", [b"", b"not a film" * 100, b"RIFF\x00\x00\x00\x00AVI LIST"])
def test_a_corrupt_film_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "film.avi"
    path.write_bytes(content)
    with pytest.raises(CameraError, match="not a video"):
        open_source(str(path), SourceLimits(), clock)


def test_a_film_cut_off_plays_as_far_as_it_goes(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    film = write_film(tmp_path / "film.avi", [chance.integers(0, 255, (240, 320, 3), np.uint8) for _ in range(10)])
    whole = film.read_bytes()
    film.write_bytes(whole[: len(whole) // 2])
    source = open_source(str(film), SourceLimits(), clock)
    count = 0
    while source.read(lambda _: False) is not None:
        count += 1
    assert 1 <= count < 10


def test_a_folder_is_played_by_name_and_a_corrupt_picture_is_passed_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = fill(tmp_path / "pictures", 4)
    (folder / "001.png").write_bytes(b"\x89PNG rubbish")
    (folder / "002.png").write_bytes(b"")
    (folder / "notes.txt").write_text("no picture")
    assert seen(open_source(str(folder), SourceLimits(), clock)) == [0, 3]
    assert [record.getMessage().rpartition("/")[2] for record in caplog.records] == ["001.png", "002.png"]


def test_a_folder_goes_round_when_asked(tmp_path: Path) -> None:
    assert seen(open_source(str(fill(tmp_path, 2)), SourceLimits(loop=True), clock), 5) == [0, 1, 0, 1, 0]


def test_a_folder_of_rubbish_alone_is_an_error_and_not_an_endless_loop(tmp_path: Path) -> None:
    (tmp_path / "1.png").write_bytes(b"rubbish")
    with pytest.raises(CameraError, match="no picture that can be read"):
        open_source(str(tmp_path), SourceLimits(loop=True), clock).read(lambda _: False)


def test_the_end_of_a_film_is_no_fault(tmp_path: Path) -> None:
    film, ear = write_film(tmp_path / "film.avi", greys(3)), Ear()
    camera = Camera(lambda: open_source(str(film), SourceLimits(), clock), QUICK, clock, ear.state)
    camera.start()
    assert ear.until_states(SEEING, ENDED)
    assert camera.latest() is not None
    assert camera.close(PATIENCE_S)


def test_a_film_that_disappears_while_it_plays_round_is_gone_and_comes_back(tmp_path: Path) -> None:
    film, ear = write_film(tmp_path / "film.avi", greys(5)), Ear()
    camera = Camera(lambda: open_source(str(film), SourceLimits(loop=True), clock), QUICK, clock, ear.state)
    camera.start()
    assert ear.until_states(SEEING)
    away = film.rename(tmp_path / "away.avi")
    assert ear.until_states(SEEING, GONE)
    away.rename(film)
    assert ear.until_states(SEEING, GONE, SEEING)
    assert camera.close(PATIENCE_S)


def test_a_scene_written_as_film_and_as_folder_is_the_same_scene(tmp_path: Path) -> None:
    progress: list[int] = []
    scene = list(render([Act("LYZ1:ABC", 0, 1, 1)], 0.5, 10, (640, 360), 1))
    assert write_video(tmp_path / "scene.avi", iter(scene), 10, progress.append) == 5
    assert progress == [1, 2, 3, 4, 5]
    assert write_folder(tmp_path / "scene", iter(scene), progress.append) == 5
    for name in ("scene.avi", "scene"):
        source = open_source(str(tmp_path / name), SourceLimits(fps=10), clock)
        for frame in scene:
            picture = source.read(lambda _: False)
            assert picture is not None
            expected = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY).astype(int)
            assert np.abs(picture.gray().astype(int) - expected).mean() < 4
        assert source.read(lambda _: False) is None


def test_a_film_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CameraError, match="cannot be written"):
        write_video(tmp_path / "no" / "such" / "folder.avi", render([], 0.1, 10, (320, 180), 1), 10)
