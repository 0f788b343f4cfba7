"""A picture that stands alone gets every rescue until one reads."""

import numpy as np
import pytest

from kiosk.scan.decoders import load
from kiosk.scan.errors import DecoderError, PictureError
from kiosk.scan.picture import BgrPicture, Pixels
from kiosk.scan.rescues import ALL
from kiosk.scan.still import StillReader
from tests.support.trials.stills import still
from tests.unit.kiosk.scan.doubles import HandClock, ScriptedDecoder, SpoiltPicture, code, plain, side_by_side


def reader() -> StillReader:
    return StillReader(load().usable, HandClock())


def in_grey(gray: Pixels) -> BgrPicture:
    return BgrPicture(np.repeat(gray[..., np.newaxis], 3, 2))


def test_a_clean_code_needs_one_look() -> None:
    reading = reader().read(BgrPicture(code("LYZ1:A")))
    assert (reading.texts, reading.way, reading.asked) == (("LYZ1:A",), "zxing-cpp", 1)


def test_every_rescue_is_tried_before_it_is_given_up() -> None:
    first, other = ScriptedDecoder(), ScriptedDecoder(cheap=False)
    reading = StillReader((first, other), HandClock()).read(BgrPicture(code("A", module_px=6)))
    assert reading.payloads == ()
    assert reading.way is None
    assert reading.asked >= 2 + len(ALL)


def test_more_is_read_than_by_the_decoders_alone() -> None:
    scenes = [still(kind, seed) for kind in ("blur", "motion", "small", "dirty") for seed in range(2_000, 2_005)]
    alone = sum(bool(load().usable[0].search(scene.gray).payloads) for scene in scenes)
    readings = [(reader().read(in_grey(scene.gray)), scene.text) for scene in scenes]
    assert sum(reading.texts == (text,) for reading, text in readings) > alone
    assert all(reading.texts in {(), (text,)} for reading, text in readings)


def test_several_codes_are_several() -> None:
    assert reader().read(BgrPicture(side_by_side(code("one"), code("two")))).several


def test_a_failing_decoder_is_counted_and_the_next_is_asked() -> None:
    first, other = ScriptedDecoder([DecoderError("first")]), ScriptedDecoder([(b"a",)], name="other")
    reading = StillReader((first, other), HandClock()).read(plain())
    assert (reading.payloads, reading.decoder, reading.failures) == ((b"a",), "other", 1)


def test_a_tiny_picture_is_no_fault() -> None:
    assert reader().read(plain(width=3, height=2)).payloads == ()


def test_a_spoilt_picture_is_said_to_be_one() -> None:
    with pytest.raises(PictureError):
        reader().read(SpoiltPicture())


def test_two_thousand_pictures_of_nothing_hold_nothing() -> None:
    chance = np.random.default_rng(11)
    decoder = load().usable[0]
    for _ in range(2_000):
        size = int(chance.integers(1, 6))
        noise = chance.integers(0, 256, (240 // size, 320 // size), dtype=np.uint8)
        assert decoder.search(np.kron(noise, np.ones((size, size), np.uint8))).payloads == ()


def test_pictures_of_nothing_hold_nothing_for_any_rescue() -> None:
    chance, every = np.random.default_rng(12), reader()
    for _ in range(60):
        size = int(chance.integers(2, 7))
        cells = chance.integers(0, 2, (200 // size, 260 // size), dtype=np.uint8) * np.uint8(255)
        assert every.read(in_grey(np.kron(cells, np.ones((size, size), np.uint8)))).payloads == ()
