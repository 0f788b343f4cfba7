"""Camera and readers share one hold-off: a card that both read is one scan."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from kiosk.scan.decoders import Decoders
from kiosk.scan.errors import CameraError
from kiosk.scan.events import ScanEvent, Scanned, StillShown
from kiosk.scan.lookout import Lookout, LookoutLimits
from kiosk.scan.pipeline import Pipeline, PipelineLimits
from kiosk.scan.scanner import Scanner, ScannerLimits
from kiosk.scan.shared_holdoff import SharedHoldOff
from kiosk.scan.source import FrameSource
from tests.unit.kiosk.scan.doubles import HandClock, ScriptedDecoder, frame_of, plain

NS = 1_000_000_000


def no_camera() -> FrameSource:
    raise CameraError("0", "not there")


def test_of_many_threads_with_one_card_one_has_it_new() -> None:
    holdoff, together = SharedHoldOff(5 * NS, 32), Barrier(8)

    def claim(now_ns: int) -> bool:
        together.wait()
        return holdoff.claim("A", now_ns)

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(claim, [1] * 8)) == 1
    assert holdoff.claim("B", 2)
    assert not holdoff.claim("A", 5 * NS)
    assert holdoff.claim("A", 10 * NS)


def test_a_card_the_reader_has_read_is_still_shown_to_the_camera() -> None:
    holdoff, clock = SharedHoldOff(5 * NS, 32), HandClock()
    pipeline = Pipeline((ScriptedDecoder([(b"A",)]),), PipelineLimits(), clock)
    lookout = Lookout(pipeline, LookoutLimits(), clock, holdoff)
    holdoff.claim("A", 0)
    _, sighting = lookout.look(frame_of(plain(), 1, NS))
    assert isinstance(sighting, StillShown)


def test_a_reader_works_where_camera_and_decoders_do_not() -> None:
    seen: list[ScanEvent] = []
    scanner = Scanner(no_camera, Decoders((), ()), ScannerLimits(), HandClock(), seen.append)
    scanner.read_elsewhere("A")
    scanner.read_elsewhere("A")
    scanner.read_elsewhere("B")
    assert [type(event) for event in seen] == [Scanned, StillShown, Scanned]
    assert [event.text for event in seen if isinstance(event, Scanned)] == ["A", "B"]
