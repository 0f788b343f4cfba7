"""The two libraries: what they read, and life without one of them."""

import sys

import cv2
import numpy as np
import pytest
import segno

from kiosk.scan.decoders import Decoder, PyzbarDecoder, ZxingDecoder, available, load, require
from kiosk.scan.errors import DecoderError, NoDecoderError
from kiosk.scan.picture import Pixels
from tests.unit.kiosk.scan.doubles import code, side_by_side


@pytest.fixture(params=[ZxingDecoder, PyzbarDecoder], ids=["zxing-cpp", "pyzbar"])
def decoder(request: pytest.FixtureRequest) -> Decoder:
    made: Decoder = request.param()
    return made


def grey(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)


@pytest.mark.parametrize(
    "content",
    [
        "LYZ1:6BF*-O2%QX" * 14,
        "你好，学雷锋志愿者",
        bytes(range(256)),
        b"\xff\x00\xfe" * 980,
        "X" * 4_000,
        "4" * 18,
        "https://example.org/?a=1&b=%E4",
    ],
    ids=["certificate", "chinese", "binary", "three kB of rubbish", "version 39", "payment", "web"],
)
def test_both_give_the_bytes_as_they_stand_in_the_code(decoder: Decoder, content: str | bytes) -> None:
    expected = content.encode() if isinstance(content, str) else content
    large = len(content) > 1_000
    assert decoder.search(grey(code(content, module_px=5, error="l" if large else "m"))).payloads == (expected,)


def test_both_see_two_codes_in_one_frame(decoder: Decoder) -> None:
    assert set(decoder.search(grey(side_by_side(code("one"), code("two")))).payloads) == {b"one", b"two"}


def test_an_empty_frame_holds_nothing(decoder: Decoder) -> None:
    assert decoder.search(np.full((720, 1280), 128, np.uint8)).payloads == ()


def test_a_frame_that_is_not_in_one_piece_is_read(decoder: Decoder) -> None:
    wide = np.repeat(grey(code("LYZ1:ABC")), 2, axis=1)
    assert decoder.search(np.ascontiguousarray(wide)[:, ::2]).payloads == (b"LYZ1:ABC",)


def test_linked_codes_raise_nothing(decoder: Decoder) -> None:
    for part in segno.make_sequence("linked " * 40, symbol_count=2):
        modules = np.array([list(row) for row in part.matrix_iter(border=4)], np.uint8)
        decoder.search(np.kron((1 - modules) * 255, np.ones((5, 5))).astype(np.uint8))


def test_other_kinds_of_codes_are_not_read() -> None:
    micro = segno.make_micro("1234")
    modules = np.array([list(row) for row in micro.matrix_iter(border=4)], np.uint8)
    pixels = np.kron((1 - modules) * 255, np.ones((6, 6))).astype(np.uint8)
    assert ZxingDecoder().search(pixels).payloads == ()
    assert PyzbarDecoder().search(pixels).payloads == ()


def test_a_failing_library_is_a_decoder_error() -> None:
    with pytest.raises(DecoderError):
        ZxingDecoder().search(np.zeros((2, 2, 2, 2), np.uint8))


def test_both_are_there_and_say_their_version() -> None:
    assert [(report.name, report.ok) for report in available()] == [("zxing-cpp", True), ("pyzbar", True)]
    assert all(any(letter.isdigit() for letter in report.detail) for report in available())


@pytest.mark.parametrize(("missing", "left"), [("zxingcpp", "pyzbar"), ("pyzbar", "zxing-cpp")])
def test_without_one_library_the_other_works_alone(monkeypatch: pytest.MonkeyPatch, missing: str, left: str) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    decoders = load()
    assert [decoder.name for decoder in decoders.usable] == [left]
    assert decoders.usable[0].search(grey(code("LYZ1:ABC"))).payloads == (b"LYZ1:ABC",)
    (report,) = [report for report in decoders.reports if not report.ok]
    assert "pip install" in report.detail


def test_a_missing_libzbar_is_a_report_that_says_what_to_install() -> None:
    def without_libzbar() -> Decoder:
        raise OSError("libzbar.so.0: cannot open shared object file")

    without_libzbar.name = "pyzbar"  # type: ignore[attr-defined]
    without_libzbar.remedy = PyzbarDecoder.remedy  # type: ignore[attr-defined]
    decoders = load((ZxingDecoder, without_libzbar))
    assert [decoder.name for decoder in decoders.usable] == ["zxing-cpp"]
    assert "apt-get install libzbar0" in decoders.reports[1].detail


def test_without_any_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    monkeypatch.setitem(sys.modules, "pyzbar", None)
    with pytest.raises(NoDecoderError, match=r"zxing-cpp.*libzbar0"):
        require(load())


def test_usable_decoders_are_handed_over() -> None:
    assert require(load())
