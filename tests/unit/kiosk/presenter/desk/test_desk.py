"""The desk as a whole: every page in both languages, acts sent once, answers that lead back, volunteers who come by."""

from __future__ import annotations

import pytest

from kiosk.domain.operator_refusal import DeskRefusal, OperatorRefusal
from kiosk.domain.operators import Right
from kiosk.domain.refusal import RecordingFault, RefusalReason
from kiosk.presenter.acts import TapLanguage, TapOutside
from kiosk.presenter.desk.desk import Desk
from kiosk.presenter.desk.home import NEEDS
from kiosk.presenter.desk.intents import Answered, ConfirmMany, DrillIntent, ScanIntent, ScansBeside
from kiosk.presenter.desk.page import Context, Page
from kiosk.presenter.desk.taps import Act, Place, TapAct, TapBack, TapDesk, TapLock, TapPick, TapPlace, TapTurn
from kiosk.presenter.desk.views import ChoicesBody, MessageBody, SessionBody
from kiosk.presenter.kiosk_presenter import KioskPresenter
from kiosk.presenter.navigation import Screen
from kiosk.presenter.phrases import Language
from kiosk.presenter.views import IdleView, Sound
from kiosk.ui import desk_samples
from kiosk.ui.samples import NOW
from kiosk.usecases.desk import Awaiting
from kiosk.usecases.desk_outcomes import Batch, DeskRefused, DrillStarted, SessionConfirmed
from kiosk.usecases.operator_outcomes import OperatorRefused
from kiosk.usecases.outcomes import NotRecorded, Refused, Undone
from kiosk.usecases.receive_operator import OwnCard
from sync.protocol.vocabulary import SessionState
from tests.unit.kiosk.presenter.desk.bench import Bench, inside, on
from tests.unit.kiosk.presenter.station import CATALOGUES, POLICY, ZONE, a_board, a_check_in, a_check_out
from tests.unit.kiosk.presenter.test_words_for_every_value import message_ids

CONFIRMED = SessionConfirmed("s0", "张建明", Awaiting.STATEMENT, SessionState.CONFIRMED, 208)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("place", Place)
def test_every_place_has_its_words_before_and_after_it_is_read(place: Place, language: Language) -> None:
    bench = on(place)
    assert message_ids(bench.view(language)) == []
    assert isinstance(bench.area, Desk)
    unread = Desk(Context(desk_samples.OPERATOR), (type(bench.area.pages[-1])(),))
    assert message_ids(Bench(unread).view(language)) == []


def test_three_taps_lead_to_any_record() -> None:
    assert isinstance(on(Place.QUEUE).tap(TapPick("s0")).body, SessionBody)
    assert isinstance(on(Place.ON_DUTY).tap(TapPick("o1")).body, SessionBody)


def test_back_and_lock_stand_in_the_same_place_everywhere() -> None:
    for place in Place:
        band = on(place).view().band
        assert (band.back.tap, band.lock.tap, band.language.tap) == (TapBack(), TapLock(), TapLanguage())
    assert inside().view().band.back.tap is None
    assert inside().tap(TapBack()).title == "值班台"
    assert on(Place.HEALTH).tap(TapLock()).area is None


def test_nothing_is_offered_that_the_office_does_not_allow() -> None:
    bench = inside(rights=frozenset({Right.REPORTS.value}))
    out_of_reach = {each for each, tile in zip(Place, bench.body.choices, strict=True) if tile.tap is None}
    assert out_of_reach == set(NEEDS)
    assert {tile.note for tile in bench.body.choices if tile.tap is None} == {"您的职务不办理"}
    assert isinstance(bench.tap(TapPlace(Place.DRILL), TapOutside()).body, ChoicesBody)


def test_the_home_page_says_what_is_urgent() -> None:
    sample = desk_samples.board(drill=True, group=True)
    notes = [tile.note for tile in inside(drill=sample.drill, group=sample.group).body.choices]
    assert {"1 条已超期", "进行中 · 12 人", "进行中，到 10:52", "请查看：与平台联系"} <= set(notes)
    calm = desk_samples.board()
    health = calm.health.__class__(0, NOW, "anchored", calibrated=True, machine=calm.health.machine)
    assert {tile.note for tile in inside(overdue=0, health=health).body.choices} == {"", "件在外"}


def test_an_act_is_sent_once_however_often_the_finger_comes_down() -> None:
    bench = on(Place.DRILL).tap(TapAct(Act.BEGIN), TapAct(Act.BEGIN))
    assert bench.sent == [DrillIntent(desk_samples.OPERATOR, on=True)]
    bench.answered(DrillStarted(NOW))
    assert "演练开始" in bench.word
    assert bench.tap(TapOutside()).word == ""


def test_what_was_done_leads_back_to_where_it_began() -> None:
    bench = on(Place.QUEUE).tap(TapPick("s0"), TapAct(Act.CONFIRM), TapAct(Act.CONFIRM))
    assert bench.act == ConfirmMany(desk_samples.OPERATOR, ("s0",))
    bench.answered(CONFIRMED)
    assert bench.shows(SessionBody)
    assert bench.word == "已确认：张建明，计入 3小时28分"
    assert bench.last is not None


def test_what_was_refused_leads_one_page_back_and_says_why() -> None:
    bench = on(Place.QUEUE).tap(TapPick("s0"), TapAct(Act.CONFIRM), TapAct(Act.CONFIRM))
    bench.answered(DeskRefused(DeskRefusal.SAME_PERSON))
    assert bench.shows(SessionBody)
    assert bench.word
    bench = on(Place.DRILL).tap(TapAct(Act.BEGIN))
    bench.answered(DeskRefused(DeskRefusal.NOT_ALLOWED))
    assert bench.shows(MessageBody)


def test_a_disk_that_fails_frees_the_buttons_again() -> None:
    bench = on(Place.DRILL).tap(TapAct(Act.BEGIN))
    bench.show(NotRecorded(RecordingFault.DISK_FULL))
    assert bench.word
    assert len(bench.tap(TapAct(Act.BEGIN)).sent) == 2


def test_an_office_that_ended_meanwhile_is_said() -> None:
    bench = inside()
    bench.show(Answered(DeskRefused(DeskRefusal.NOT_ALLOWED)))
    assert bench.word
    bench.show(Answered(OperatorRefused(OperatorRefusal.NOT_APPOINTED)))
    assert bench.word


@pytest.mark.parametrize(
    ("came", "said", "sound"),
    [
        (a_check_in(), "张＊明 已上岗", Sound.START),
        (a_check_out(), "张＊明 已下岗", Sound.END),
        (Refused(RefusalReason.EXPIRED), "", Sound.REFUSAL),
    ],
)
def test_a_volunteer_at_the_camera_is_recorded_and_said_and_the_desk_stays(
    came: object, said: str, sound: Sound
) -> None:
    bench = on(Place.QUEUE)
    step = bench.show(came, ScanIntent(desk_samples.OPERATOR, "text"))  # type: ignore[arg-type]
    assert step is not None
    assert (step.sound, step.touched) == (sound, False)
    assert said in bench.word
    assert bench.word
    assert bench.title == "待处理"


def test_the_operators_own_card_still_in_hand_is_no_duty() -> None:
    bench = inside()
    assert bench.area is not None
    assert bench.area.scan_as == ScansBeside(desk_samples.OPERATOR)
    assert ScansBeside(desk_samples.OPERATOR)("text") == ScanIntent(desk_samples.OPERATOR, "text")
    bench.show(Answered(OwnCard()), ScanIntent(desk_samples.OPERATOR, "text"))
    assert "没有记录" in bench.word


def test_what_belongs_to_others_is_left_to_them() -> None:
    assert inside().show(Undone("s", "张建明", was_check_in=True)) is None


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        (Batch((CONFIRMED,), ()), "已确认：张建明"),
        (Batch((CONFIRMED, CONFIRMED), ()), "已完成 2 条"),
        (Batch((CONFIRMED,), (("s1", DeskRefusal.OWN_RECORD),)), "已完成 1 条，1 条没有办成"),
        (Batch((), ()), "已完成 0 条"),
    ],
)
def test_several_at_once_say_how_many(batch: Batch, said: str) -> None:
    bench = on(Place.QUEUE).tap(TapAct(Act.ALL), TapAct(Act.CONFIRM), TapAct(Act.CONFIRM))
    assert len(bench.act.sessions) == 4
    assert said in bench.answered(batch).word


def test_several_of_which_none_was_done_say_why() -> None:
    bench = on(Place.QUEUE).tap(TapAct(Act.ALL), TapAct(Act.CONFIRM), TapAct(Act.CONFIRM))
    assert bench.answered(Batch((), (("s1", DeskRefusal.OWN_RECORD),))).word


def test_a_page_need_say_no_more_than_it_must() -> None:
    class Bare(Page):
        title = body = None  # type: ignore[assignment]

    bare, context = Bare(), Context(desk_samples.OPERATOR)
    assert bare.took(OwnCard()) is bare
    assert (bare.wants(context), bare.follows(OwnCard(), context), bare.leaves) == ((), (), ())
    assert bare.tapped(TapTurn(1), context).page is None
    assert (bare.is_base, bare.asks_once) == (False, False)
    assert not context.may(Right.DRILL)


def a_kiosk() -> KioskPresenter:
    kiosk = KioskPresenter("站", POLICY, ZONE, CATALOGUES)
    kiosk.board(a_board(), 0.0)
    kiosk.tap(TapDesk(), 0.0)
    operator = desk_samples.OPERATOR
    kiosk.show(Answered(operator), 0.0)
    return kiosk


def test_the_desk_locks_itself_after_a_minute_untouched() -> None:
    kiosk = a_kiosk()
    assert kiosk.tick(59.9).screen is Screen.DESK
    state = kiosk.tick(60.0)
    assert state.scan_as is None
    assert isinstance(state.view, IdleView)


def test_volunteers_who_come_by_never_keep_it_open() -> None:
    kiosk = a_kiosk()
    for second in range(0, 60, 5):
        kiosk.show(a_check_in(), float(second), ScanIntent(desk_samples.OPERATOR, "text"))
    assert isinstance(kiosk.tick(60.0).view, IdleView)


def test_an_answer_after_the_lock_shows_nothing() -> None:
    kiosk = a_kiosk()
    kiosk.tap(TapLock(), 1.0)
    assert isinstance(kiosk.show(Answered(desk_samples.board()), 2.0).view, IdleView)
