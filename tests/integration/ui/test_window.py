"""A real window on an Xvfb of its own, driven by a real pointer: fingers find their controls, nobody gets out."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.ui.conftest import Display

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = Path(__file__).with_name("window_program.py")
PATIENCE_S = 30
TARGET_PX = 20 * 4.2

pytestmark = pytest.mark.window


class Kiosk:
    """The running program, its display, and everything it said."""

    def __init__(self, display: str, home: Path, size: tuple[int, int], program: Path = PROGRAM) -> None:
        self.env = {**os.environ, "DISPLAY": display, "SDL_AUDIODRIVER": "dummy", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, str(program), str(home), *map(str, size)]
        self.process = subprocess.Popen(
            command, env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self._said: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._hear, daemon=True)
        self._listener.start()

    def close(self) -> None:
        self.process.kill()
        self._listener.join()
        with self.process:  # closes its pipes
            pass

    def _hear(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{"):
                self._said.put(json.loads(line))

    def wait(self, kind: str, wanted: Callable[[Any], bool] = lambda _: True) -> Any:
        """The next thing of this kind that is wanted; what comes before it is passed over."""
        deadline = time.monotonic() + PATIENCE_S
        while (left := deadline - time.monotonic()) > 0:
            try:
                said = self._said.get(timeout=left)
            except queue.Empty:
                break
            if kind in said and wanted(said[kind]):
                return said[kind]
        raise AssertionError(f"no such {kind}; exit code {self.process.poll()}")

    def wait_view(self, screen: str, *texts: str) -> str:
        said = self.wait("state", lambda state: state["screen"] == screen and all(t in state["view"] for t in texts))
        return str(said["view"])

    def tell(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")

    def where(self) -> dict[str, list[float]]:
        """Middle (from the top left) and size of every control, by its tap."""
        self.tell("where")
        return dict(self.wait("where"))

    def press(self, tap: str) -> None:
        """Put a finger on the control whose tap holds this text, once there is one and it stands still."""
        deadline = time.monotonic() + PATIENCE_S
        before: list[list[float]] = []
        while not (spots := [spot for name, spot in self.where().items() if tap in name]) or not still(spots, before):
            assert time.monotonic() < deadline, f"there is no {tap} to press"
            before = spots
        x, y, *_ = spots[0]
        self.xdotool("mousemove", str(round(x)), str(round(y)), "click", "1")

    def xdotool(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self.env, check=True, timeout=PATIENCE_S)


def still(spots: list[list[float]], before: list[list[float]]) -> bool:
    """Tell whether controls have their places: the same as a look ago, and of a size for a finger."""
    return spots == before and min(min(size) for _x, _y, *size in spots) > TARGET_PX / 2


@pytest.fixture(params=[(1280, 800)], ids=str)
def kiosk(request: pytest.FixtureRequest, display: Display, tmp_path: Path) -> Iterator[Kiosk]:
    with display(*request.param) as name:
        running = Kiosk(name, tmp_path, request.param)
        try:
            running.wait_view("idle")
            yield running
        finally:
            running.close()


def test_the_language_button_is_on_every_screen(kiosk: Kiosk) -> None:
    kiosk.press("TapLanguage")
    kiosk.wait("state", lambda state: state["other_language"] == "中文" and "Show your volunteer card" in state["view"])
    kiosk.tell("check-in")
    kiosk.wait_view("check_in", "Hello, 张建明")
    kiosk.press("TapLanguage")
    kiosk.wait_view("check_in", "张建明，您好！")


def test_another_service_is_one_touch_away(kiosk: Kiosk) -> None:
    kiosk.tell("check-in")
    kiosk.wait_view("check_in", "已记录")
    kiosk.press("TapService(service='tutoring')")
    assert kiosk.wait("intent") == "ChooseServiceIntent(session_id='session-1', service='tutoring')"
    kiosk.wait_view("check_in", "正在更改服务项目")


def test_the_scan_is_taken_back_from_the_card_and_from_the_bar(kiosk: Kiosk) -> None:
    kiosk.tell("check-in")
    kiosk.wait_view("check_in")
    kiosk.press("TapUndo")
    assert kiosk.wait("intent") == "UndoIntent(event_id='event-1')"
    kiosk.tell("check-out")
    kiosk.wait_view("check_out", "感谢您")
    kiosk.press("TapClose")
    kiosk.wait_view("idle", "撤销下岗")
    kiosk.press("TapUndo")
    assert kiosk.wait("intent") == "UndoIntent(event_id='event-2')"


def test_counts_are_kept_and_sent_as_the_card_is_closed_beside_its_controls(kiosk: Kiosk) -> None:
    kiosk.tell("check-out")
    kiosk.wait_view("check_out")
    for expected in (1, 2):
        kiosk.press("TapCount(kind=<TallyKind.TEA: 'tea'>, step=1)")
        kiosk.wait_view("check_out", f"count={expected}")
    kiosk.press("TapCount(kind=<TallyKind.TEA: 'tea'>, step=-1)")
    kiosk.wait_view("check_out", "count=1")
    kiosk.xdotool("mousemove", "6", "400", "click", "1")
    assert kiosk.wait("intent") == "TallyIntent(session_id='session-1', counts={'tea': 1})"
    kiosk.wait_view("idle")


def test_a_question_is_answered(kiosk: Kiosk) -> None:
    kiosk.tell("question")
    kiosk.wait_view("question", "您刚刚上岗")
    kiosk.press("TapClose")
    kiosk.wait_view("idle")


def test_a_number_is_typed_for_a_spoilt_card(kiosk: Kiosk) -> None:
    kiosk.press("TapNumberPad")
    kiosk.wait_view("number_pad", "照着证面输入")
    spots = kiosk.where()
    for digit in "4103020001707":
        (x, y, *_) = spots[f"TapDigit(digit='{digit}')"]
        kiosk.xdotool("mousemove", str(round(x)), str(round(y)), "click", "1")
    kiosk.wait_view("number_pad", "typed='4103 0200 0170 7'")
    kiosk.press("TapErase")
    kiosk.wait_view("number_pad", "typed='4103 0200 0170'")
    kiosk.press("TapConfirm")
    assert kiosk.wait("intent") == "TypedNumberIntent(number='410302000170')"
    kiosk.wait_view("number_pad", "正在核对")
    kiosk.tell("refusal-number")
    kiosk.wait_view("notice", "编号输得不对")


def test_nobody_gets_out(kiosk: Kiosk) -> None:
    for keys in (["click", "3"], ["key", "Escape"], ["key", "F1"], ["key", "alt+F4"], ["key", "ctrl+q"]):
        kiosk.xdotool("mousemove", "640", "300", *keys)
    for _ in range(4):  # each answer is a frame later: what was pressed has been taken in
        kiosk.where()
    kiosk.tell("refusal")
    kiosk.wait_view("notice", "付款码")
    assert kiosk.process.poll() is None
    kiosk.tell("stop")
    kiosk.wait("stopped")
    assert kiosk.process.wait(PATIENCE_S) == 0


@pytest.mark.parametrize("kiosk", [(1280, 800), (1024, 600), (800, 1280)], ids=str, indirect=True)
@pytest.mark.parametrize("outcome", ["check-in", "check-out", "question", "refusal"])
def test_controls_are_20_mm_and_inside_the_window(kiosk: Kiosk, outcome: str, request: pytest.FixtureRequest) -> None:
    kiosk.tell(outcome)
    kiosk.wait("state", lambda state: state["screen"] != "idle")
    hold_controls_to_size(kiosk, *request.node.callspec.params["kiosk"])


@pytest.mark.parametrize("kiosk", [(1280, 800), (1024, 600), (800, 1280)], ids=str, indirect=True)
def test_the_number_pad_and_the_way_to_it_are_20_mm_too(kiosk: Kiosk, request: pytest.FixtureRequest) -> None:
    hold_controls_to_size(kiosk, *request.node.callspec.params["kiosk"])
    kiosk.press("TapNumberPad")
    kiosk.wait_view("number_pad")
    hold_controls_to_size(kiosk, *request.node.callspec.params["kiosk"])


@pytest.mark.parametrize("kiosk", [(1280, 800), (1024, 600), (800, 1280)], ids=str, indirect=True)
def test_own_records_are_led_by_controls_of_20_mm(kiosk: Kiosk, request: pytest.FixtureRequest) -> None:
    size = request.node.callspec.params["kiosk"]
    kiosk.press("TapMyRecords")
    kiosk.wait_view("ask_card")
    kiosk.tell("records")
    kiosk.wait_view("own_records", "张建明")
    hold_controls_to_size(kiosk, *size)
    for tab, screen in (("HOURS", "own_hours"), ("PLAN", "own_plan")):
        kiosk.press(tab)
        kiosk.wait_view(screen)
        hold_controls_to_size(kiosk, *size)
    for way, screen in (("swap-1", "own_exchange"), ("mine-2", "own_place")):
        kiosk.press(way)
        kiosk.wait_view(screen)
        hold_controls_to_size(kiosk, *size)
        if way == "swap-1":
            kiosk.press("TapBack")
            kiosk.wait_view("own_plan")
    kiosk.press("LEAVE")
    kiosk.wait_view("objection", "不说原因")
    hold_controls_to_size(kiosk, *size)
    kiosk.press("TapBack")
    kiosk.wait_view("own_place")
    kiosk.press("ASK_SWAP")
    kiosk.wait_view("own_plan", "想换同事的哪一班")
    hold_controls_to_size(kiosk, *size)
    kiosk.press("TapClose")
    kiosk.wait_view("idle")
    kiosk.press("TapFaces")
    kiosk.wait_view("faces")
    hold_controls_to_size(kiosk, *size)


def hold_controls_to_size(kiosk: Kiosk, width: int, height: int) -> None:
    for tap, (x, y, across, along) in kiosk.where().items():
        assert min(across, along) >= TARGET_PX - 1, tap
        assert across / 2 <= x <= width - across / 2 + 1, tap
        assert along / 2 <= y <= height - along / 2 + 1, tap


@pytest.mark.parametrize("kiosk", [(1280, 800), (1024, 600), (800, 1280)], ids=str, indirect=True)
def test_what_is_asked_after_a_scan_is_answered_by_controls_of_20_mm(
    kiosk: Kiosk, request: pytest.FixtureRequest
) -> None:
    size = request.node.callspec.params["kiosk"]
    kiosk.tell("forgotten")
    kiosk.wait_view("question", "没有下岗登记")
    hold_controls_to_size(kiosk, *size)
    kiosk.press("TapOtherTime")
    kiosk.wait_view("time_picker")
    hold_controls_to_size(kiosk, *size)
    kiosk.tell("elsewhere")
    kiosk.wait_view("question", "还没有下岗")
    hold_controls_to_size(kiosk, *size)
    kiosk.tell("check-out")
    kiosk.wait_view("check_out")
    kiosk.press("TapChange")
    kiosk.wait_view("change")
    hold_controls_to_size(kiosk, *size)
    kiosk.tell("check-in-training")
    kiosk.wait_view("check_in", "先培训")
    hold_controls_to_size(kiosk, *size)
    kiosk.tell("group")
    kiosk.wait_view("group", "赵＊满")
    hold_controls_to_size(kiosk, *size)
