"""The whole way, from pictures to events, with real threads, files and decoders."""

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from kiosk.scan.assembly import build_scanner
from kiosk.scan.camera import CameraLimits
from kiosk.scan.camera_state import CameraState
from kiosk.scan.decoders import Decoders, load
from kiosk.scan.errors import DecoderError
from kiosk.scan.events import CameraChanged, NoDecoder, ScanEvent, Scanned, SeveralCodes, StillShown
from kiosk.scan.lookout import LookoutLimits
from kiosk.scan.picture import Pixels
from kiosk.scan.scanner import Scanner, ScannerLimits
from kiosk.scan.scene import Act, render, write_folder, write_video
from kiosk.scan.source import SourceLimits
from tests.integration.scan.doubles import PATIENCE_S, Ear, Plug, clock, on_table
from tests.unit.kiosk.scan.doubles import ScriptedDecoder, code, side_by_side

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
QUICK = ScannerLimits(
    rest_after_fault_s=0.05,
    camera=CameraLimits(reopen_after_s=(0.05,)),
    lookout=LookoutLimits(repeat_s=0.2),
)
EMPTY = np.full((480, 640, 3), 110, np.uint8)


def certificate(seed: int) -> str:
    """A text as long as a real certificate."""
    return "LYZ1:" + "".join(np.random.default_rng(seed).choice(list(ALPHABET), 212))


Start = Callable[..., Scanner]


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def start(ear: Ear) -> Iterator[Start]:
    """Starts scanners and closes them all in the end."""
    running: list[Scanner] = []

    def begin(
        plug: Plug,
        decoders: Decoders | None = None,
        on_event: Callable[[ScanEvent], None] = ear,
        limits: ScannerLimits = QUICK,
    ) -> Scanner:
        scanner = Scanner(plug.open, decoders or load(), limits, clock, on_event)
        scanner.start()
        running.append(scanner)
        return scanner

    yield begin
    closed = [scanner.close(PATIENCE_S) for scanner in running]
    assert all(closed)


@pytest.mark.slow
def test_four_volunteers_show_their_cards_and_each_is_read_exactly_once(tmp_path: Path, ear: Ear) -> None:
    texts = [certificate(seed) for seed in range(4)]
    acts = [Act(text, 1.5 + 2.6 * turn, 1.6, turn) for turn, text in enumerate(texts)]
    film = tmp_path / "scene.avi"
    write_video(film, render(acts, 12, 15, (1280, 720), 1), 15)
    scanner = build_scanner(str(film), SourceLimits(), ScannerLimits(), clock, ear)
    scanner.start()
    assert ear.until(lambda heard: CameraState.ENDED in heard.states)
    assert scanner.close(PATIENCE_S)
    assert ear.texts == texts
    assert any(isinstance(event, StillShown) for event in ear.heard)
    assert scanner.health().scans == 4


@pytest.mark.parametrize(("missing", "left"), [("zxingcpp", "pyzbar"), ("pyzbar", "zxing-cpp")])
def test_a_volunteer_is_read_by_either_decoder_alone(
    tmp_path: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch, missing: str, left: str
) -> None:
    write_video(tmp_path / "scene.avi", render([Act(certificate(1), 0, 3, 3)], 1.5, 15, (1280, 720), 1), 15)
    monkeypatch.setitem(sys.modules, missing, None)
    scanner = build_scanner(str(tmp_path / "scene.avi"), SourceLimits(), ScannerLimits(), clock, ear)
    scanner.start()
    assert ear.until(lambda heard: CameraState.ENDED in heard.states)
    assert scanner.close(PATIENCE_S)
    assert ear.texts == [certificate(1)]
    assert [report.name for report in scanner.health().decoders if report.ok] == [left]


def test_a_folder_of_pictures_is_a_camera_too(tmp_path: Path, ear: Ear) -> None:
    write_folder(tmp_path, render([Act(certificate(1), 0, 2, 3)], 1, 10, (1280, 720), 1))
    scanner = build_scanner(str(tmp_path), SourceLimits(fps=10), ScannerLimits(), clock, ear)
    scanner.start()
    assert ear.until(lambda heard: CameraState.ENDED in heard.states)
    assert scanner.close(PATIENCE_S)
    assert ear.texts == [certificate(1)]


def test_one_card_held_still_is_one_scan(start: Start, ear: Ear) -> None:
    start(Plug(on_table(code("LYZ1:HELD"))))
    assert ear.until(lambda heard: sum(isinstance(event, StillShown) for event in heard.heard) >= 4)
    assert ear.texts == ["LYZ1:HELD"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("你好，学雷锋志愿者", "你好，学雷锋志愿者"),
        (b"\xff\xfe\x00\x80", "\ufffd\ufffd\x00\ufffd"),
        ("4" * 18, "4" * 18),
        ("https://example.org/pay", "https://example.org/pay"),
        (b"\xff\x00\xfe" * 980, ("\ufffd\x00\ufffd" * 980)),
    ],
    ids=["chinese", "binary", "payment", "web", "three kB of rubbish"],
)
def test_codes_of_other_worlds_arrive_as_texts_to_be_refused(
    start: Start, ear: Ear, content: str | bytes, text: str
) -> None:
    drawn = code(content, module_px=4, error="l" if len(content) > 1_000 else "m")
    start(Plug(on_table(drawn, 1280, 800)))
    assert ear.until(lambda heard: bool(heard.texts))
    assert ear.texts == [text]


def test_two_codes_in_one_frame_are_refused_and_the_one_left_is_taken(start: Start, ear: Ear) -> None:
    plug = Plug(on_table(side_by_side(code("LYZ1:ONE"), code("LYZ1:TWO"))))
    start(plug)
    assert ear.until(lambda heard: any(isinstance(event, SeveralCodes) for event in heard.heard))
    assert ear.texts == []
    plug.picture = on_table(code("LYZ1:TWO"))
    assert ear.until(lambda heard: heard.texts == ["LYZ1:TWO"])


def test_before_an_empty_camera_nothing_happens_but_frames_go_by(start: Start, ear: Ear) -> None:
    scanner = start(Plug(EMPTY))
    pause = threading.Event()
    while scanner.health().decoded < 10:
        pause.wait(0.02)
    assert ear.heard == [CameraChanged(CameraState.SEEING, "")]


def test_a_camera_unplugged_in_mid_scene_comes_back_and_reads_on(start: Start, ear: Ear) -> None:
    plug = Plug(on_table(code("LYZ1:BEFORE")))
    scanner = start(plug)
    assert ear.until(lambda heard: heard.texts == ["LYZ1:BEFORE"])
    plug.plugged = False
    assert ear.until(lambda heard: CameraState.GONE in heard.states)
    assert scanner.latest() is None
    plug.picture = on_table(code("LYZ1:AFTER"))
    plug.plugged = True
    assert ear.until(lambda heard: heard.texts == ["LYZ1:BEFORE", "LYZ1:AFTER"])
    assert ear.states == [CameraState.SEEING, CameraState.GONE, CameraState.SEEING]


def test_a_missing_device_is_an_event_and_not_a_crash(ear: Ear) -> None:
    scanner = build_scanner("97", SourceLimits(), ScannerLimits(), clock, ear)
    scanner.start()
    assert ear.until_states(CameraState.GONE)
    assert "no camera is plugged in" in str(ear.heard[0])
    assert scanner.close(PATIENCE_S)


def test_without_decoders_the_camera_still_shows(start: Start, ear: Ear) -> None:
    scanner = start(Plug(EMPTY), Decoders((), ()))
    assert ear.until(lambda heard: CameraState.SEEING in heard.states)
    assert NoDecoder(()) in ear.heard
    assert scanner.latest() is not None


def test_a_slow_use_case_always_gets_the_latest_frame(start: Start) -> None:
    go_on, scans = threading.Event(), []

    def slow(event: ScanEvent) -> None:
        if isinstance(event, Scanned):
            scans.append(event)
            go_on.wait(PATIENCE_S)

    plug = Plug(on_table(code("LYZ1:FIRST")))
    scanner = start(plug, on_event=slow)
    pause = threading.Event()
    while not scans:
        pause.wait(0.01)
    for number in range(5):
        plug.picture = on_table(code(f"LYZ1:MISSED{number}"))
        before = scanner.health().frames
        while scanner.health().frames < before + 4:
            pause.wait(0.01)
    plug.picture = on_table(code("LYZ1:LATEST"))
    before = scanner.health().frames
    while scanner.health().frames < before + 4:
        pause.wait(0.01)
    go_on.set()
    while len(scans) < 2:
        pause.wait(0.01)
    assert [scan.text for scan in scans] == ["LYZ1:FIRST", "LYZ1:LATEST"]


def test_a_use_case_that_fails_gets_the_same_card_again_and_the_log_holds_no_text(
    start: Start, ear: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    failures = [ValueError("LYZ1:SECRET"), ValueError("LYZ1:SECRET")]

    def failing(event: ScanEvent) -> None:
        if isinstance(event, Scanned) and failures:
            raise failures.pop()
        ear(event)

    with caplog.at_level(logging.DEBUG):
        scanner = start(Plug(on_table(code("LYZ1:SECRET"))), on_event=failing)
        assert ear.until(lambda heard: heard.texts == ["LYZ1:SECRET"])
    assert scanner.health().faults == 2
    faults = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(faults) == 1
    assert "scanner fault 1: ValueError at failing:" in faults[0].getMessage()
    assert "SECRET" not in caplog.text


def test_a_failing_decoder_costs_frames_and_not_the_thread(start: Start, ear: Ear) -> None:
    script: list[tuple[bytes, ...] | DecoderError] = [DecoderError("broken")] * 3 + [(b"LYZ1:WELL",)]
    scanner = start(Plug(EMPTY), Decoders((ScriptedDecoder(script),), ()))
    assert ear.until(lambda heard: heard.texts == ["LYZ1:WELL"])
    assert scanner.health().spoilt == 3


@pytest.mark.parametrize("picture", [EMPTY, on_table(code("LYZ1:HELD"))], ids=["idle", "busy"])
def test_closing_is_quick_whatever_goes_on(ear: Ear, picture: Pixels) -> None:
    scanner = Scanner(Plug(picture).open, load(), QUICK, clock, ear)
    scanner.start()
    assert ear.until_states(CameraState.SEEING)
    begun = clock()
    assert scanner.close(PATIENCE_S)
    assert clock() - begun < 2e9


def test_closing_never_hangs_with_a_stuck_driver(ear: Ear) -> None:
    plug = Plug(EMPTY)
    scanner = Scanner(plug.open, load(), QUICK, clock, ear)
    scanner.start()
    assert ear.until_states(CameraState.SEEING)
    plug.hang.set()
    assert ear.until_states(CameraState.SEEING, CameraState.FROZEN)
    assert not scanner.close(0.3)
    plug.release.set()
    assert scanner.close(PATIENCE_S)


def test_a_scanner_never_started_can_be_closed(ear: Ear) -> None:
    assert Scanner(Plug(EMPTY).open, load(), QUICK, clock, ear).close(1)
