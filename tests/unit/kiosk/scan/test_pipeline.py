"""What a frame gives, and what it may cost."""

import pytest

from kiosk.scan.decoders import load
from kiosk.scan.errors import DecoderError, PictureError
from kiosk.scan.gate import GateLimits
from kiosk.scan.picture import BgrPicture
from kiosk.scan.pipeline import Pipeline, PipelineLimits
from kiosk.scan.reading import MOST_CHARACTERS, text_of
from kiosk.scan.rescues import IN_TURN
from tests.unit.kiosk.scan.doubles import (
    HandClock,
    ScriptedDecoder,
    SpoiltPicture,
    code,
    frame_of,
    plain,
    side_by_side,
)

KNOWN_AT_ONCE = PipelineLimits(gate=GateLimits(learn_frames=0))


def real() -> Pipeline:
    return Pipeline(load().usable, PipelineLimits(), HandClock())


def test_the_text_of_a_certificate_comes_through_unchanged() -> None:
    text = "LYZ1:" + "6BFOXN%TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2+$N IOP-IA%NFQGRJPC%OQHIZC4.OI1RM8ZA.A5" * 2
    reading = real().read(frame_of(BgrPicture(code(text))))
    assert reading.texts == (text,)
    assert reading.decoder == "zxing-cpp"


def test_two_codes_that_differ_are_several() -> None:
    reading = real().read(frame_of(BgrPicture(side_by_side(code("one"), code("two")))))
    assert reading.several


def test_the_same_code_twice_is_one() -> None:
    reading = real().read(frame_of(BgrPicture(side_by_side(code("one"), code("one")))))
    assert reading.payloads == (b"one",)
    assert not reading.several


def test_an_empty_booth_gives_nothing() -> None:
    reading = real().read(frame_of(plain()))
    assert reading.payloads == ()
    assert reading.decoder is None


def test_a_reading_does_not_show_its_text_in_a_log() -> None:
    assert "secret" not in repr(real().read(frame_of(BgrPicture(code("secret")))))


def step(number: int, of_ms: int = 67) -> int:
    return number * of_ms * 1_000_000


def rescues_tried(decoders: list[ScriptedDecoder], frames: int, of_ms: int = 67) -> list[str | None]:
    """What is tried on one lively frame after another that nobody can read."""
    pipeline = Pipeline(decoders, PipelineLimits(), HandClock())
    pictures = [frame_of(BgrPicture(code("A")), number, step(number, of_ms)) for number in range(frames)]
    return [pipeline.read(picture).rescue for picture in pictures]


def test_one_rescue_a_frame_is_tried_in_turn() -> None:
    tried = rescues_tried([ScriptedDecoder(), ScriptedDecoder(cheap=False)], 10, of_ms=600)
    assert tried == [rescue.name for rescue in IN_TURN] * 2


def test_the_costly_decoder_is_asked_twice_a_second_at_most_and_gives_its_turn_to_the_next() -> None:
    other = ScriptedDecoder(cheap=False)
    tried = rescues_tried([ScriptedDecoder(), other], 30)
    assert None not in tried
    assert other.asked == tried.count("zbar") == 4


def test_without_a_second_decoder_its_rescue_is_left_out() -> None:
    assert set(rescues_tried([ScriptedDecoder()], 10)) == {rescue.name for rescue in IN_TURN if not rescue.by_other}


def test_what_a_rescue_reads_is_a_reading_with_its_name() -> None:
    first = ScriptedDecoder([(), (b"torn",)], name="first")
    reading = Pipeline((first,), PipelineLimits(), HandClock()).read(frame_of(BgrPicture(code("A"))))
    assert (reading.payloads, reading.way, reading.asked) == ((b"torn",), "first+threshold", 2)


def test_no_rescue_is_tried_when_the_first_found_something() -> None:
    first = ScriptedDecoder([(b"a",)])
    reading = Pipeline((first,), PipelineLimits(), HandClock()).read(frame_of(BgrPicture(code("A"))))
    assert (reading.rescue, first.asked) == (None, 1)


def test_no_rescue_is_tried_when_the_first_took_long() -> None:
    clock = HandClock()
    slow = ScriptedDecoder(takes_s=0.06, clock=clock)
    assert Pipeline((slow,), PipelineLimits(), clock).read(frame_of(BgrPicture(code("A")))).rescue is None


def test_no_rescue_is_tried_before_an_idle_scene() -> None:
    decoder = ScriptedDecoder()
    pipeline = Pipeline((decoder,), KNOWN_AT_ONCE, HandClock())
    readings = [pipeline.read(frame_of(BgrPicture(code("A")), n, step(n))) for n in range(60)]
    assert {reading.rescue for reading in readings} == {None}


def test_several_codes_that_only_a_rescue_reads_are_several_too() -> None:
    first = ScriptedDecoder([(), (b"one", b"two")])
    assert Pipeline((first,), PipelineLimits(), HandClock()).read(frame_of(BgrPicture(code("A")))).several


def test_an_idle_scene_is_glanced_at_and_movement_wakes_at_once() -> None:
    decoder = ScriptedDecoder()
    pipeline = Pipeline((decoder,), KNOWN_AT_ONCE, HandClock())
    step_ns = 1_000_000_000 // 15
    for number in range(60):
        pipeline.read(frame_of(plain(), number, number * step_ns))
    assert 18 <= decoder.asked <= 22
    asked = decoder.asked
    for number in range(60, 70):
        moved = plain()
        moved.bgr[60:160, 100 + number : 200 + number] = 250
        assert pipeline.read(frame_of(moved, number, number * step_ns)).asked
    assert decoder.asked >= asked + 10


def test_a_code_keeps_the_scene_awake() -> None:
    decoder = ScriptedDecoder([(b"a",)] * 100)
    pipeline = Pipeline((decoder,), KNOWN_AT_ONCE, HandClock())
    assert all(pipeline.read(frame_of(plain(), n, n * 66_000_000)).asked for n in range(60))


def test_a_costly_decoder_alone_reads_every_frame_only_when_awake() -> None:
    decoder = ScriptedDecoder(cheap=False)
    pipeline = Pipeline((decoder,), KNOWN_AT_ONCE, HandClock())
    for number in range(30):
        pipeline.read(frame_of(plain(), number, number * 66_000_000))
    assert decoder.asked == 4
    for number in range(30, 40):
        moved = plain()
        moved.bgr[60:160, 100:200] = 250
        pipeline.read(frame_of(moved, number, number * 66_000_000))
    assert decoder.asked >= 14


def test_a_frame_that_takes_too_long_is_dropped_and_counted_and_the_next_one_is_read() -> None:
    clock = HandClock()
    decoder = ScriptedDecoder([(b"a",), (b"a",)], takes_s=0.3, clock=clock)
    pipeline = Pipeline((decoder,), PipelineLimits(), clock)
    reading = pipeline.read(frame_of(plain()))
    assert reading.over_budget
    assert (reading.payloads, reading.decoder) == ((), None)
    assert reading.decode_ns == 300_000_000
    decoder.takes_s = 0.01
    assert pipeline.read(frame_of(plain(), 2, step(1))).payloads == (b"a",)


def test_a_failing_decoder_leaves_the_word_to_a_rescue() -> None:
    first = ScriptedDecoder([DecoderError("first"), (b"a",)])
    reading = Pipeline((first,), PipelineLimits(), HandClock()).read(frame_of(BgrPicture(code("A"))))
    assert reading.payloads == (b"a",)
    assert reading.failures == 1


def test_a_failing_rescue_is_counted() -> None:
    first = ScriptedDecoder([(), DecoderError("first")])
    assert Pipeline((first,), PipelineLimits(), HandClock()).read(frame_of(BgrPicture(code("A")))).failures == 1


def test_a_spoilt_picture_is_said_to_be_one() -> None:
    with pytest.raises(PictureError):
        real().read(frame_of(SpoiltPicture()))


def test_rubbish_becomes_a_text_of_bounded_length() -> None:
    assert text_of(b"\xff\x00\xfe") == "\ufffd\x00\ufffd"
    assert text_of("志愿者".encode()) == "志愿者"
    assert len(text_of(b"9" * 7_089)) == MOST_CHARACTERS
