"""The desk's door: no PIN is ever shown, and nobody comes in who was not let in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.operator_refusal import OperatorRefusal
from kiosk.domain.refusal import RecordingFault, RefusalReason
from kiosk.presenter.acts import TapClear, TapConfirm, TapDigit, TapErase, TapOutside
from kiosk.presenter.desk.desk import Desk
from kiosk.presenter.desk.door import Ask, Doorway
from kiosk.presenter.desk.intents import Answered, ReceiveIntent, SetPinIntent, SignInIntent
from kiosk.presenter.desk.taps import TapBack, TapLock
from kiosk.presenter.desk.views import MessageBody, PadBody
from kiosk.presenter.views import Countdown, Sound
from kiosk.ui.desk_samples import OPERATOR
from kiosk.usecases.operator_outcomes import OperatorRefused, PinSet
from kiosk.usecases.outcomes import NotRecorded, Refused
from tests.unit.kiosk.presenter.desk.bench import Bench, at_the_door, inside
from tests.unit.kiosk.presenter.station import a_check_in

PIN = tuple(map(TapDigit, "274918"))


def test_a_card_shown_at_the_door_is_no_duty() -> None:
    bench = Bench()
    assert bench.area is not None
    assert bench.area.scan_as is ReceiveIntent
    assert bench.shows(MessageBody)
    assert "不会记录上下岗" in str(bench.body)


def test_the_pin_is_dots_and_in_no_representation() -> None:
    bench = at_the_door().tap(*PIN, TapErase())
    assert bench.shows(PadBody)
    assert bench.body.typed == "●●●●●"
    assert "2749" not in repr(SignInIntent("text", "274918"))
    assert "2749" not in repr(SetPinIntent("text", "274918"))
    assert bench.tap(TapClear()).body.typed == ""
    assert bench.body.prompt
    assert bench.body.confirm.tap is None


def test_the_right_pin_opens_the_desk() -> None:
    bench = inside()
    assert isinstance(bench.area, Desk)
    assert bench.title == "值班台"
    assert "欧阳淑兰 · 站长" in bench.view().band.who


def test_what_cannot_be_a_pin_is_no_try() -> None:
    bench = at_the_door().tap(TapConfirm(), TapOutside(), *PIN[:5], TapConfirm())
    assert bench.sent == []
    assert bench.reads == []
    assert bench.tap(*PIN).body.typed == "●●●●●●"


def test_a_wrong_pin_says_how_many_tries_are_left_and_shows_nothing_of_it() -> None:
    bench = at_the_door().tap(*PIN)
    bench.show(Answered(OperatorRefused(OperatorRefusal.WRONG_PIN, 7)), SignInIntent("card", "274918"))
    assert "7" in bench.word
    assert bench.body.typed == ""
    assert bench.last is not None
    assert bench.last.sound is Sound.REFUSAL
    assert bench.tap(TapDigit("2")).word == ""


@pytest.mark.parametrize("refusal", [OperatorRefused(OperatorRefusal.NOT_APPOINTED), Refused(RefusalReason.EXPIRED)])
def test_who_holds_no_office_stays_outside(refusal: OperatorRefused | Refused) -> None:
    bench = Bench()
    bench.show(Answered(refusal), ReceiveIntent("x"))
    assert bench.word
    assert isinstance(bench.tap(*PIN, TapConfirm()).body, MessageBody)


def test_the_first_pin_is_typed_twice() -> None:
    bench = at_the_door("first").tap(*PIN, TapConfirm())
    assert "再输入一次" in bench.body.title
    bench.tap(*PIN, TapConfirm())
    assert bench.act == SetPinIntent("first", "274918")
    assert bench.body.confirm.tap is None
    assert bench.tap(*PIN, TapConfirm()).sent == [bench.act]
    bench.answered(PinSet(OPERATOR.operator))
    assert isinstance(bench.area, Desk)


def test_a_pin_that_was_kept_is_said_while_the_desk_opens() -> None:
    kept = Doorway(Ask.REPEAT, "欧阳淑兰", "first", "274918", came=PinSet(OPERATOR.operator))
    assert Bench(kept).word
    assert Bench(replace(kept, came=OPERATOR)).word == ""


def test_two_pins_that_differ_are_chosen_anew() -> None:
    bench = at_the_door("first").tap(*PIN, TapConfirm(), *reversed(PIN), TapConfirm())
    assert "不一样" in bench.word
    assert "请设置密码" in bench.body.title
    assert bench.sent == []


def test_an_easy_pin_is_chosen_anew() -> None:
    bench = at_the_door("first").tap(*PIN, TapConfirm(), *PIN, TapConfirm())
    bench.answered(OperatorRefused(OperatorRefusal.EASY_PIN))
    assert "请设置密码" in bench.body.title
    assert bench.word


def test_a_disk_that_fails_lets_nobody_in_and_loses_no_hope() -> None:
    bench = at_the_door().tap(*PIN)
    bench.show(NotRecorded(RecordingFault.BROKEN))
    assert bench.word
    assert bench.shows(PadBody)
    assert bench.show(Answered(OPERATOR)) is not None


def test_what_is_nobodys_here_changes_nothing() -> None:
    bench = at_the_door()
    assert bench.show(a_check_in()) is None
    before = bench.area
    bench.show(Answered(a_check_in()))
    assert bench.area == before


def test_back_and_lock_lead_out() -> None:
    assert Bench().tap(TapBack()).area is None
    assert at_the_door().tap(TapLock()).area is None
    assert isinstance(at_the_door().tap(TapBack()).body, MessageBody)


def test_the_lock_counts_its_last_seconds_aloud() -> None:
    assert at_the_door().view(countdown=Countdown(21, 0.3)).band.lock.text == "锁定"
    assert at_the_door().view(countdown=Countdown(20, 0.3)).band.lock.text == "锁定 20"
