"""The operator's desk with a real window, a real pointer and a real ledger: from the card to the lock."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.integration.ui.test_window import Kiosk, hold_controls_to_size
from tests.support.operators import HEAD, PIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.ui.conftest import Display

PAUSE_S = "0.6"  # a person between two keys
PROGRAM = Path(__file__).with_name("desk_program.py")

pytestmark = pytest.mark.window


@pytest.fixture(params=[(1280, 800)], ids=str)
def kiosk(request: pytest.FixtureRequest, display: Display, tmp_path: Path) -> Iterator[Kiosk]:
    with display(*request.param) as name:
        running = Kiosk(name, tmp_path, request.param, PROGRAM)
        try:
            running.wait_view("idle", "TapFaces")  # with the board; the ways stand still
            yield running
        finally:
            running.close()


def sign_in(kiosk: Kiosk) -> None:
    kiosk.press("TapDesk")
    kiosk.wait_view("desk", "出示任职人员的志愿者证")
    kiosk.tell("scan")
    kiosk.wait_view("desk", "请输入您的密码")
    spots = kiosk.where()
    for digit in PIN:
        (x, y, *_) = spots[f"TapDigit(digit='{digit}')"]
        kiosk.xdotool("mousemove", str(round(x)), str(round(y)), "click", "1")
    kiosk.wait_view("desk", "●●●●●●", "tap=TapConfirm()")
    kiosk.press("TapConfirm")
    kiosk.wait_view("desk", "站长", "figure='1'")


def test_a_stated_end_is_confirmed_and_rated_and_the_desk_locked(kiosk: Kiosk) -> None:
    sign_in(kiosk)
    kiosk.tell("scan")
    kiosk.wait_view("desk", "这是您自己的证件")
    kiosk.press("Place.QUEUE")
    kiosk.wait_view("desk", "张晓明", "TapMark")
    kiosk.press("TapPick")
    kiosk.wait_view("desk", "本人说 11:30 离开")
    kiosk.press("Act.CONFIRM")
    kiosk.wait_view("desk", "确认这条服务记录属实？", "本人说 11:30 离开")
    kiosk.press("Act.CONFIRM")
    kiosk.wait_view("desk", "已确认：", "3小时30分", "未评价")
    kiosk.press("Act.RATE")
    kiosk.wait_view("desk", "服务质量")
    kiosk.press("Quality.GOOD")
    kiosk.wait_view("desk", "chosen=True")
    kiosk.press("Effect.PEOPLE_SATISFIED")
    kiosk.press("Act.GO_ON")
    kiosk.wait_view("desk", "已评价：")
    kiosk.press("TapLock")
    kiosk.wait_view("idle")
    kiosk.tell("stop")
    ledger = kiosk.wait("ledger")
    assert kiosk.wait("complete") is True
    assert (ledger["state"], ledger["minutes"]) == ("confirmed", 210)
    said = {kind: body for kind, body in ledger["written"] if kind in {"confirmation", "rating"}}
    assert said["confirmation"]["confirmed_by"] == HEAD
    assert (said["rating"]["rated_by"], said["rating"]["quality"]) == (HEAD, "good")
    assert said["rating"]["effects"] == ["people_satisfied"]
    shown = [body["volunteer"] for kind, body in ledger["written"] if kind == "check_in"]
    assert HEAD not in shown, "the card shown at the desk, and still in hand there, is no duty"


def test_a_person_at_a_keyboard_presses_what_is_framed_and_a_reader_that_types_presses_nothing(kiosk: Kiosk) -> None:
    kiosk.press("TapDesk")
    kiosk.wait_view("desk", "出示任职人员的志愿者证")
    kiosk.xdotool("key", "--delay", "20", "1", "Tab", "Return", "2", "Tab", "Return")
    kiosk.xdotool("sleep", PAUSE_S, "key", "Escape", "key", "Return", "key", "Tab", "key", "Tab", "key", "shift+Tab")
    kiosk.xdotool("sleep", PAUSE_S, "key", "Return")  # back stands first
    kiosk.wait_view("idle")
    kiosk.press("TapDesk")
    kiosk.wait_view("desk", "出示任职人员的志愿者证")


@pytest.mark.parametrize("kiosk", [(1024, 600)], ids=str, indirect=True)  # the smallest display
def test_the_desks_controls_are_20_mm_and_inside_the_window(kiosk: Kiosk, request: pytest.FixtureRequest) -> None:
    size = request.node.callspec.params["kiosk"]
    sign_in(kiosk)
    hold_controls_to_size(kiosk, *size)
    kiosk.press("Place.QUEUE")
    kiosk.wait_view("desk", "TapMark")
    hold_controls_to_size(kiosk, *size)
    kiosk.press("TapPick")
    kiosk.wait_view("desk", "原记录")
    hold_controls_to_size(kiosk, *size)
    kiosk.press("Act.AMEND")
    kiosk.wait_view("desk", "哪里不对")
    kiosk.press("WRONG_CLOCK")
    kiosk.wait_view("desk", "TapStep")
    hold_controls_to_size(kiosk, *size)
    for tap in (*["TapBack"] * 4, "Place.ENTER_HOURS", "TapPick"):
        kiosk.press(tap)
        kiosk.wait("state")
    kiosk.press("tutoring")
    kiosk.wait_view("desk", "前一天")
    hold_controls_to_size(kiosk, *size)
