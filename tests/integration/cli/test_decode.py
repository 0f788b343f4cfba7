"""`kiosk decode` on pictures, folders, films and what is none of them."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from click.testing import CliRunner, Result

from kiosk.__main__ import main
from tests.integration.scan.doubles import on_table, write_film
from tests.support.trials.sequences import FPS, sequence
from tests.support.trials.stills import still
from tests.unit.kiosk.scan.doubles import code, side_by_side

FIELDS = ["file", "frame", "payload_hex", "text", "decoder", "cpu_ms"]


def decode(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["decode", *map(str, arguments)], catch_exceptions=False)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def picture(path: Path, pixels: Any) -> Path:
    cv2.imwrite(str(path), pixels)
    return path


def test_a_picture_is_one_line(tmp_path: Path) -> None:
    path = picture(tmp_path / "card.png", code("LYZ1:你好"))
    result = decode("--json", path)
    (line,) = lines(result)
    assert list(line) == FIELDS
    assert (line["file"], line["frame"], line["text"], line["decoder"]) == (str(path), 1, "LYZ1:你好", "zxing-cpp")
    assert bytes.fromhex(line["payload_hex"]) == "LYZ1:你好".encode()
    assert line["cpu_ms"] > 0
    assert result.exit_code == 0


def test_a_picture_without_a_code_is_a_line_of_nothing(tmp_path: Path) -> None:
    result = decode("--json", picture(tmp_path / "empty.png", np.full((90, 90), 120, np.uint8)))
    (line,) = lines(result)
    assert (line["payload_hex"], line["text"], line["decoder"]) == (None, None, None)
    assert result.exit_code == 0


def test_a_picture_that_needs_a_rescue_says_which(tmp_path: Path) -> None:
    scenes = [still("blur", seed) for seed in range(30)]
    files = [picture(tmp_path / f"{number:02d}.png", scene.gray) for number, scene in enumerate(scenes)]
    read = lines(decode("--json", *files))
    rescued = [line for line in read if line["decoder"] and "+" in line["decoder"]]
    assert rescued
    assert all(line["text"] in {None, scene.text} for line, scene in zip(read, scenes, strict=True))


def test_several_codes_are_none_and_said_so(tmp_path: Path) -> None:
    path = picture(tmp_path / "two.png", side_by_side(code("one"), code("two")))
    (line,) = lines(decode("--json", path))
    assert (line["payload_hex"], line["text"], line["several"]) == (None, None, True)
    assert "2 codes, none taken" in decode(path).stdout


def test_a_folder_is_its_pictures_by_name(tmp_path: Path) -> None:
    for name in ("b", "a"):
        picture(tmp_path / f"{name}.png", code(name))
    (tmp_path / "notes.txt").write_text("no picture")
    read = lines(decode("--json", tmp_path))
    assert [(Path(line["file"]).name, line["frame"], line["text"]) for line in read] == [
        ("a.png", 1, "a"),
        ("b.png", 1, "b"),
    ]


def test_a_film_is_a_line_a_frame_and_the_same_each_time(tmp_path: Path) -> None:
    text, frames = sequence(6)
    film = write_film(tmp_path / "film.avi", [cv2.cvtColor(f, cv2.COLOR_GRAY2BGR) for f in frames], fps=FPS)  # type: ignore[misc]
    once, again = (lines(decode("--json", film)) for _ in range(2))
    assert [line["frame"] for line in once] == list(range(1, 21))
    assert text in {line["text"] for line in once}
    assert [line["text"] for line in once] == [line["text"] for line in again]


def test_hold_off_does_not_hide_a_code_that_stays(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.avi", [on_table(code("LYZ1:STAYS"))] * 5)
    assert [line["text"] for line in lines(decode("--json", film))] == ["LYZ1:STAYS"] * 5


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("gone.png", None, "there is no such file or folder"),
        ("empty.png", b"", "not a picture, or damaged"),
        ("rubbish.jpg", b"\xff\xd8rubbish", "not a picture, or damaged"),
        ("film.avi", b"rubbish" * 99, "not a video, damaged, or gone"),
    ],
)
def test_what_cannot_be_read_is_said_and_the_others_are_read(
    tmp_path: Path, name: str, content: bytes | None, reason: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    result = decode("--json", tmp_path / name, picture(tmp_path / "well.png", code("well")))
    assert [line["text"] for line in lines(result)] == ["well"]
    assert f"kiosk: {tmp_path / name}: {reason}" in result.stderr
    assert result.exit_code == 1


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    result = decode(tmp_path)
    assert "holds no picture" in result.stderr
    assert result.exit_code == 1


def test_a_code_cannot_write_on_the_terminal(tmp_path: Path) -> None:
    result = decode(picture(tmp_path / "evil.png", code("\x1b[2Jcleared")))
    assert "\x1b" not in result.stdout
    assert "cleared" in result.stdout


def test_a_transparent_picture_is_read_as_on_white(tmp_path: Path) -> None:
    drawn = code("LYZ1:CLEAR")
    clear = np.zeros((*drawn.shape[:2], 4), np.uint8)
    clear[..., 3] = 255 - drawn[..., 0]
    assert [line["text"] for line in lines(decode("--json", picture(tmp_path / "clear.png", clear)))] == ["LYZ1:CLEAR"]
