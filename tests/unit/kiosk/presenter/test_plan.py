"""The own plan on the screen: all of it is answered with one finger, and nothing is called done here."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from kiosk.domain.own_plan import OwnPlan, own_plan
from kiosk.domain.own_roster import OwnAnswer, PlaceState
from kiosk.domain.record_refusal import RecordRefusal
from kiosk.presenter.acts import TapClose, TapOutside
from kiosk.presenter.kiosk_presenter import KioskPresenter
from kiosk.presenter.navigation import Screen
from kiosk.presenter.phrases import Language
from kiosk.presenter.records.acts import (
    AnswerIntent,
    OpenRecordsIntent,
    Part,
    Tab,
    TapBack,
    TapColleague,
    TapLeaveFor,
    TapMyRecords,
    TapOutcome,
    TapPart,
    TapPlace,
    TapPost,
    TapSay,
    TapStandIns,
    TapSwap,
    TapTab,
    TapTurn,
)
from kiosk.presenter.records.views import AskCardView, ExchangeView, PlaceView, PlanView, ReasonsView
from kiosk.presenter.views import Badge, CheckInView, NoticeView, ScreenState, Sound, Tone, View
from kiosk.ui.plan_samples import FANG, ME, NOW_MS, data, plan, said
from kiosk.ui.record_samples import SCAN, own_records
from kiosk.usecases.record_outcomes import RecordRefused, Reply, RosterAnswered
from sync.protocol.reference import RosteredShift
from sync.protocol.roster import AnswerSettled, SwapAsked
from sync.protocol.vocabulary import AnswerOutcome, LeaveReason, RosterAnswer, RosterReason, SwapState
from tests.unit.kiosk.presenter.station import a_board, a_check_in, a_presenter
from tests.unit.kiosk.presenter.test_words_for_every_value import message_ids, texts_of

RECORDS = own_records()
OPENED = OpenRecordsIntent("")


def opened(shown: OwnPlan | None = None, language: Language = Language.CHINESE) -> KioskPresenter:
    presenter = a_presenter()
    presenter.board(a_board(), 0.0)
    presenter.set_language(language, 0.0)
    presenter.tap(TapMyRecords(), 0.0)
    presenter.show(RECORDS if shown is None else replace(RECORDS, plan=shown), 0.0, OPENED)
    presenter.tap(TapTab(Tab.PLAN), 0.0)
    return presenter


@pytest.fixture
def on_plan() -> KioskPresenter:
    return opened()


def lines(state: ScreenState) -> PlanView:
    assert isinstance(state.view, PlanView)
    return state.view


def place(state: ScreenState) -> PlaceView:
    assert isinstance(state.view, PlaceView)
    return state.view


def pair(state: ScreenState) -> ExchangeView:
    assert isinstance(state.view, ExchangeView)
    return state.view


def badge(view: PlaceView | ExchangeView) -> Badge:
    assert view.state is not None
    return view.state


def taps(view: PlaceView | ExchangeView) -> list[object]:
    return [answer.tap for answer in view.answers]


def answered(presenter: KioskPresenter, state: ScreenState, *answers: OwnAnswer) -> ScreenState:
    """Let the station record what a tap asked for."""
    (intent,) = state.intents
    assert isinstance(intent, AnswerIntent)
    assert intent.scan is SCAN
    return presenter.show(RosterAnswered(intent.reply, plan(ME, *answers)), 3.0, intent)


def reply_of(state: ScreenState) -> Reply:
    (intent,) = state.intents
    assert isinstance(intent, AnswerIntent)
    return intent.reply


# ---- lists


def test_what_waits_comes_first_and_every_line_says_how_it_stands(on_plan: KioskPresenter) -> None:
    view = lines(on_plan.tick(1.0))
    shown = [(line.text, line.badge.text if line.badge else "") for line in view.lines]
    assert shown == [
        ("7月18日 星期五", "没有成"),
        ("7月20日 星期日", "待您答复"),
        ("7月14日 星期一", "待您答复"),
        ("7月19日 星期六", "已接受"),
    ]
    assert view.lines[1].detail == "李＊明想和您换班"
    assert (view.page, view.earlier) == ("1/2", None)
    assert view.later is not None
    after = lines(on_plan.tap(view.later.tap, 1.0))
    assert (len(after.lines), after.later) == (1, None)
    assert after.earlier is not None
    assert lines(on_plan.tap(after.earlier.tap, 1.0)).lines == view.lines
    assert lines(on_plan.tap(TapTurn(99), 1.0)).lines == after.lines


def test_the_lists_lie_side_by_side(on_plan: KioskPresenter) -> None:
    view = lines(on_plan.tap(TapPart(Part.OPEN), 1.0))
    assert [way.text for way in view.ways] == ["我的班次", "空缺班次 5", "培训物品"]
    assert [way.tone is Tone.ACCENT for way in view.ways] == [False, True, False]
    assert [line.badge.text for line in view.lines if line.badge] == [
        "还缺 2 人",
        "暂时不合适",
        "暂时不合适",
        "还缺 1 人",
    ]
    things = lines(on_plan.tap(TapPart(Part.THINGS), 1.0))
    assert [line.detail for line in things.lines] == ["2026年8月16日前有效", "长期有效", "1 件", "1 件"]
    assert [line.tap for line in things.lines] == [None] * 4
    assert on_plan.tap(TapTab(Tab.HOURS), 1.0).screen is Screen.OWN_HOURS


@pytest.mark.parametrize("part", Part)
def test_where_there_is_nothing_it_says_so(part: Part) -> None:
    presenter = a_presenter()
    presenter.tap(TapMyRecords(), 0.0)
    presenter.show(replace(RECORDS, plan=OwnPlan(), trained={}, kit={}), 0.0, OPENED)
    presenter.tap(TapTab(Tab.PLAN), 0.0)
    view = lines(presenter.tap(TapPart(part), 0.0))
    assert (view.lines, bool(view.empty), view.page) == ((), True, "")
    assert lines(presenter.tap(TapTurn(3), 0.0)).empty == view.empty


def test_a_touch_beside_every_control_or_of_what_is_gone_changes_nothing(on_plan: KioskPresenter) -> None:
    for tap in (TapOutside(), TapPlace("x"), TapSwap("x"), TapPost("x"), TapOutcome("x")):
        assert on_plan.tap(tap, 1.0).screen is Screen.OWN_PLAN


# ---- an own shift


def test_an_offered_shift_says_when_where_what_and_with_whom_and_is_accepted_by_one_tap(
    on_plan: KioskPresenter,
) -> None:
    view = place(on_plan.tap(TapPlace("mine-1"), 1.0))
    assert (view.title, view.times, badge(view).text) == ("7月14日 星期一", "09:00–12:00", "待您答复")
    assert [fact.value for fact in view.facts] == ["王城公园志愿服务站", "指路问询", "李＊明"]
    assert taps(view) == [TapSay(RosterAnswer.ACCEPT), TapSay(RosterAnswer.DECLINE)]
    assert on_plan.tap(TapOutside(), 1.0).intents == ()
    state = on_plan.tap(TapSay(RosterAnswer.ACCEPT), 2.0)
    assert reply_of(state) == Reply(RosterAnswer.ACCEPT, "mine-1")
    waiting = place(state)
    assert (waiting.answers, badge(waiting).text) == ((), "待您答复"), "nothing is said to be noted before it is"
    assert on_plan.tap(TapSay(RosterAnswer.DECLINE), 2.0).intents == ()
    noted = answered(on_plan, state, said(RosterAnswer.ACCEPT, "mine-1"))
    assert (badge(place(noted)).text, noted.sound) == ("已登记：去，联网后确认", Sound.END)
    assert [answer.text for answer in place(noted).answers] == ["改成：不去"]
    assert lines(on_plan.tap(TapBack(), 3.0)).lines[2].badge == badge(place(noted))


def test_a_leave_is_one_more_tap_and_needs_no_reason(on_plan: KioskPresenter) -> None:
    on_plan.tap(TapPlace("mine-2"), 1.0)
    view = on_plan.tap(TapSay(RosterAnswer.LEAVE), 1.0).view
    assert isinstance(view, ReasonsView)
    assert [reason.tap for reason in view.reasons] == [
        TapLeaveFor(None),
        *(TapLeaveFor(reason) for reason in LeaveReason),
    ]
    assert view.reasons[0].text == "不说原因"
    assert on_plan.tap(TapOutside(), 1.0).screen is Screen.OBJECTION
    assert isinstance(on_plan.tap(TapBack(), 1.0).view, PlaceView)
    on_plan.tap(TapSay(RosterAnswer.LEAVE), 1.0)
    state = on_plan.tap(TapLeaveFor(LeaveReason.ILL), 2.0)
    assert reply_of(state) == Reply(RosterAnswer.LEAVE, "mine-2", reason=LeaveReason.ILL)
    assert isinstance(state.view, ReasonsView)
    noted = place(answered(on_plan, state, said(RosterAnswer.LEAVE, "mine-2")))
    assert (badge(noted).text, noted.answers[0].tap) == ("已登记：请假，联网后确认", TapSay(RosterAnswer.ACCEPT))


def test_a_colleague_s_shift_is_chosen_by_day_and_time_and_shown_beside_the_own_before_it_is_asked(
    on_plan: KioskPresenter,
) -> None:
    on_plan.tap(TapPlace("mine-3"), 1.0)
    view = lines(on_plan.tap(TapSay(RosterAnswer.ASK_SWAP), 1.0))
    assert view.lines[0].badge is not None
    assert (view.title, view.lines[0].badge.text) == ("想换同事的哪一班？", "赵＊燕")
    assert lines(on_plan.tap(TapTurn(1), 1.0)).page == "2/2"
    assert on_plan.tap(TapColleague("nobody"), 1.0).screen is Screen.OWN_PLAN
    assert on_plan.tap(TapOutside(), 1.0).screen is Screen.OWN_PLAN
    shown = pair(on_plan.tap(TapColleague("fang-2"), 1.0))
    assert (shown.given.month, shown.given.day, shown.given.times) == ("7月", "24", "08:00–11:00")
    assert (shown.got.weekday, shown.got.day, round(shown.got.begin * 24)) == ("星期二", "22", 14)
    assert lines(on_plan.tap(TapBack(), 1.0)).page == "2/2"
    on_plan.tap(TapColleague("fang-2"), 1.0)
    assert on_plan.tap(TapOutside(), 1.0).intents == ()
    state = on_plan.tap(TapSay(RosterAnswer.ASK_SWAP), 2.0)
    assert reply_of(state) == Reply(RosterAnswer.ASK_SWAP, "mine-3", FANG, "fang-2")
    assert pair(state).answers == ()
    noted = place(answered(on_plan, state, said(RosterAnswer.ASK_SWAP, "mine-3")))
    assert badge(noted).text == "已登记：换班，联网后确认"
    back = on_plan.tap(TapSay(RosterAnswer.WITHDRAW_SWAP), 4.0)
    assert reply_of(back) == Reply(RosterAnswer.WITHDRAW_SWAP, "own")


def test_a_favour_asks_for_nothing_in_return(on_plan: KioskPresenter) -> None:
    on_plan.tap(TapPlace("mine-3"), 1.0)
    on_plan.tap(TapSay(RosterAnswer.ASK_SWAP), 1.0)
    view = lines(on_plan.tap(TapStandIns(wanted=True), 1.0))
    assert [line.badge.text for line in view.lines if line.badge] == ["李＊明", "赵＊燕", "王＊芳"]
    assert view.ways[1].tap == TapStandIns(wanted=False)
    shown = pair(on_plan.tap(TapColleague("ming-1"), 1.0))
    assert (shown.got.nothing, shown.got.day) == ("不用还班", "")
    reply = reply_of(on_plan.tap(TapSay(RosterAnswer.ASK_SWAP), 1.0))
    assert (reply.colleague, reply.in_return) == ("LY-000-002", None)


def test_where_no_shift_can_be_swapped_for_colleagues_are_asked_for_a_favour() -> None:
    roster = [
        each
        for each in data().roster
        if each.volunteer == ME or each.id == "ming-1"  # who serves beside me on Monday
    ]
    presenter = opened(own_plan(ME, msgspec.structs.replace(data(), roster=roster), (), NOW_MS))
    presenter.tap(TapPlace("mine-3"), 1.0)
    view = lines(presenter.tap(TapSay(RosterAnswer.ASK_SWAP), 1.0))
    assert view.title.startswith("想请哪位同事代班")
    assert lines(presenter.tap(TapStandIns(wanted=False), 1.0)).empty
    assert isinstance(presenter.tap(TapBack(), 1.0).view, PlaceView)


def test_a_shift_that_has_begun_or_has_nobody_beside_or_many_says_so() -> None:
    shift = next(each for each in data().roster if each.id == "mine-2")
    crowd = [
        RosteredShift(f"c{n}", f"n{n}", f"陈{n}华", "tea_charging", shift.starts_ms, shift.ends_ms, post=shift.post)
        for n in range(4)
    ]
    for beside, words in (((), "现在还没有别人"), (crowd, "陈＊华、陈＊华、陈＊华 等 4 人")):
        told = msgspec.structs.replace(data(), roster=[shift, *beside])
        view = place(opened(own_plan(ME, told, (), shift.starts_ms)).tap(TapPlace("mine-2"), 1.0))
        assert (view.facts[2].value, view.answers, view.sentence[:7]) == (words, (), "这一班已经开始")


def test_a_place_that_is_gone_after_the_answer_leads_back_to_the_list(on_plan: KioskPresenter) -> None:
    for tap, answer in ((TapPlace("mine-1"), RosterAnswer.ACCEPT), (TapPost("post-1"), RosterAnswer.TAKE)):
        on_plan.tap(tap, 1.0)
        (intent,) = on_plan.tap(TapSay(answer), 1.0).intents
        assert isinstance(intent, AnswerIntent)
        assert lines(on_plan.show(RosterAnswered(intent.reply, OwnPlan()), 2.0, intent)).empty
        on_plan.tap(TapClose(), 2.0)
        on_plan.tap(TapMyRecords(), 2.0)
        on_plan.show(RECORDS, 2.0, OPENED)
        on_plan.tap(TapTab(Tab.PLAN), 2.0)
    on_plan.tap(TapSwap("swap-1"), 1.0)
    (intent,) = on_plan.tap(TapSay(RosterAnswer.AGREE_SWAP), 1.0).intents
    assert isinstance(intent, AnswerIntent)
    assert lines(on_plan.show(RosterAnswered(intent.reply, OwnPlan()), 2.0, intent)).empty


# ---- an exchange, a post, an outcome


def test_an_exchange_that_is_asked_for_shows_both_shifts_and_is_answered_either_way(on_plan: KioskPresenter) -> None:
    view = pair(on_plan.tap(TapSwap("swap-1"), 1.0))
    assert (view.title, view.state) == ("李＊明想和您换班", None)
    assert [(leaf.whose, leaf.day) for leaf in (view.given, view.got)] == [
        ("您让出的班", "24"),
        ("您去值李＊明的班", "20"),
    ]
    assert [mark.label for mark in view.marks] == ["0", "6", "12", "18", "24"]
    assert on_plan.tap(TapSay(RosterAnswer.ACCEPT), 1.0).intents == ()
    state = on_plan.tap(TapSay(RosterAnswer.AGREE_SWAP), 2.0)
    assert (reply_of(state), pair(state).answers) == (Reply(RosterAnswer.AGREE_SWAP, "swap-1"), ())
    noted = pair(answered(on_plan, state, said(RosterAnswer.AGREE_SWAP, "swap-1")))
    assert (badge(noted).text, taps(noted)) == ("已登记：同意，联网后确认", [TapSay(RosterAnswer.REFUSE_SWAP)])
    assert on_plan.tap(TapSay(RosterAnswer.AGREE_SWAP), 3.0).intents == ()
    assert lines(on_plan.tap(TapBack(), 3.0)).lines[1].badge == badge(noted)


def test_a_favour_that_is_asked_of_me_costs_no_shift_of_mine() -> None:
    favour = SwapAsked("swap-1", "ming-2", "LY-000-002", ME, SwapState.ASKED)
    told = msgspec.structs.replace(data(), swaps=[favour])
    view = pair(opened(own_plan(ME, told, (), NOW_MS)).tap(TapSwap("swap-1"), 1.0))
    assert (view.title, view.given.nothing) == ("李＊明想请您代班", "不用让出您的班")
    assert [answer.text for answer in view.answers] == ["我来代班", "代不了"]


def test_a_shift_over_midnight_fills_the_day_to_its_end() -> None:
    roster = [
        msgspec.structs.replace(each, starts_ms=each.starts_ms + 8 * 3_600_000, ends_ms=each.ends_ms + 18 * 3_600_000)
        if each.id == "mine-3"
        else each
        for each in data().roster
    ]
    told = msgspec.structs.replace(data(), roster=roster)
    view = pair(opened(own_plan(ME, told, (), NOW_MS)).tap(TapSwap("swap-1"), 1.0))
    assert (round(view.given.begin * 24), view.given.end) == (16, 1.0)


def test_an_open_post_is_taken_by_one_tap_and_then_waits_for_the_platform(on_plan: KioskPresenter) -> None:
    on_plan.tap(TapPart(Part.OPEN), 1.0)
    assert on_plan.tap(TapPost("post-1"), 1.0).screen is Screen.OWN_PLACE
    state = on_plan.tap(TapSay(RosterAnswer.TAKE), 1.0)
    assert (reply_of(state), place(state).answers) == (Reply(RosterAnswer.TAKE, "post-1"), ())
    noted = place(answered(on_plan, state, said(RosterAnswer.TAKE, "post-1")))
    assert (badge(noted).text, noted.answers) == ("已登记，联网后确认", ())
    assert on_plan.tap(TapSay(RosterAnswer.TAKE), 3.0).intents == ()
    assert lines(on_plan.tap(TapBack(), 3.0)).lines[0].badge == badge(noted)


def test_a_post_that_does_not_suit_says_why_instead_of_a_button(on_plan: KioskPresenter) -> None:
    overlap = place(on_plan.tap(TapPost("post-2"), 1.0))
    assert (overlap.sentence, overlap.answers) == ("和您7月19日 星期六 14:00–17:00 的班时间重叠。", ())
    assert on_plan.tap(TapSay(RosterAnswer.TAKE), 1.0).intents == ()
    on_plan.tap(TapBack(), 1.0)
    training = place(on_plan.tap(TapPost("post-3"), 1.0))
    assert "要先参加培训" in training.sentence
    assert training.facts[2].value == "法律援助"


def test_what_became_of_an_answer_is_said_with_its_reason_and_read_away(on_plan: KioskPresenter) -> None:
    view = place(on_plan.tap(TapOutcome("said-1"), 1.0))
    assert (badge(view).text, view.sentence) == ("没有成", "名额满了，别的同事先报了名。")
    assert view.facts[2].value == "报名空缺班次"
    assert on_plan.tap(TapSay(RosterAnswer.TAKE), 1.0).intents == ()
    state = on_plan.tap(TapSay(RosterAnswer.SEEN), 2.0)
    assert (reply_of(state), place(state).answers) == (Reply(RosterAnswer.SEEN, "said-1"), ())
    assert len(lines(answered(on_plan, state, said(RosterAnswer.SEEN, "said-1"))).lines) == 4


@pytest.mark.parametrize(
    ("end", "words", "tone"),
    [
        (SwapState.DONE, "班已经换好", Tone.GOOD),
        (SwapState.REFUSED, "这次不方便", Tone.WARN),
        (SwapState.FAILED, "没有换成", Tone.WARN),
    ],
)
def test_who_asked_for_an_exchange_is_told_how_it_ended(end: SwapState, words: str, tone: Tone) -> None:
    span = NOW_MS + 86_400_000, NOW_MS + 97_200_000
    asked = AnswerSettled("ask", ME, RosterAnswer.ASK_SWAP, "mine-2", AnswerOutcome.DONE, *span, "directions")
    swap = SwapAsked("ask", "mine-2", ME, FANG, end)
    told = msgspec.structs.replace(data(), swaps=[swap], settled=[asked])
    view = place(opened(own_plan(ME, told, (), NOW_MS)).tap(TapOutcome("ask"), 1.0))
    assert words in view.sentence
    assert badge(view).tone is tone


def test_an_outcome_without_a_reason_still_says_what_it_means() -> None:
    told = msgspec.structs.replace(
        data(), settled=[msgspec.structs.replace(data().settled[0], outcome=AnswerOutcome.DONE, why=None)]
    )
    view = place(opened(own_plan(ME, told, (), NOW_MS)).tap(TapOutcome("said-1"), 1.0))
    assert (view.sentence, badge(view).tone) == ("已经按您说的办好了。", Tone.GOOD)


# ---- closing, refusing, privacy, words


def test_every_page_closes_by_itself_and_a_scan_by_anybody_takes_the_screen(on_plan: KioskPresenter) -> None:
    on_plan.tap(TapPlace("mine-1"), 1.0)
    assert on_plan.tick(30.9).screen is Screen.OWN_PLACE
    assert on_plan.tick(31.0).screen is Screen.IDLE
    again = opened()
    again.tap(TapSwap("swap-1"), 1.0)
    assert isinstance(again.show(a_check_in("李㛃"), 2.0).view, CheckInView)
    late = RosterAnswered(Reply(RosterAnswer.AGREE_SWAP, "swap-1"), plan())
    assert isinstance(again.show(late, 3.0, AnswerIntent(SCAN, late.reply)).view, CheckInView)


@pytest.mark.parametrize("tap", [TapPlace("mine-1"), TapSwap("swap-1"), TapPost("post-1"), TapOutcome("said-1")])
def test_every_page_leads_back_and_home(tap: TapPlace) -> None:
    presenter = opened()
    presenter.tap(tap, 1.0)
    assert presenter.tap(TapOutside(), 1.0).screen in {Screen.OWN_PLACE, Screen.OWN_EXCHANGE}
    assert presenter.tap(TapBack(), 1.0).screen is Screen.OWN_PLAN
    presenter.tap(tap, 1.0)
    assert presenter.tap(TapClose(), 1.0).screen is Screen.IDLE


def test_a_card_of_long_ago_is_asked_for_again_and_leads_back_to_the_plan(on_plan: KioskPresenter) -> None:
    on_plan.tap(TapPlace("mine-1"), 1.0)
    (intent,) = on_plan.tap(TapSay(RosterAnswer.ACCEPT), 1.0).intents
    state = on_plan.show(RecordRefused(RecordRefusal.SCAN_AGAIN), 2.0, intent)
    assert isinstance(state.view, AskCardView)
    assert on_plan.show(RECORDS, 3.0, OPENED).screen is Screen.OWN_PLAN


def test_a_refusal_says_why_and_leads_back_to_where_it_was_asked(on_plan: KioskPresenter) -> None:
    on_plan.tap(TapPlace("mine-1"), 1.0)
    (intent,) = on_plan.tap(TapSay(RosterAnswer.ACCEPT), 1.0).intents
    state = on_plan.show(RecordRefused(RecordRefusal.BEGUN), 2.0, intent)
    assert isinstance(state.view, NoticeView)
    assert state.view.what == "这一班已经开始"
    assert place(on_plan.tap(TapOutside(), 3.0)).answers


def pages(language: Language) -> list[View]:
    """Every page there is, with every state of a place."""
    states = (
        (),
        (said(RosterAnswer.ACCEPT, "mine-1"), said(RosterAnswer.LEAVE, "mine-2")),
        (said(RosterAnswer.DECLINE, "mine-1"), said(RosterAnswer.ASK_SWAP, "mine-2")),
        (said(RosterAnswer.ASK_SWAP, "mine-2", id_="x"), said(RosterAnswer.WITHDRAW_SWAP, "x")),
        (said(RosterAnswer.REFUSE_SWAP, "swap-1"), said(RosterAnswer.TAKE, "post-1")),
    )
    found = []
    for answers in states:
        presenter = opened(plan(ME, *answers), language)
        for way in ("mine-1", "mine-2"):
            found.append(presenter.tap(TapPlace(way), 1.0).view)
            for answer in (RosterAnswer.LEAVE, RosterAnswer.ASK_SWAP):
                found.append(presenter.tap(TapSay(answer), 1.0).view)
                found.append(presenter.tap(TapColleague("other-1"), 1.0).view)
                presenter.tap(TapBack(), 1.0)
            presenter.tap(TapBack(), 1.0)
            presenter.tap(TapBack(), 1.0)
        for tap in (TapSwap("swap-1"), TapPost("post-1"), TapPost("post-2"), TapOutcome("said-1")):
            found.append(presenter.tap(tap, 1.0).view)
            presenter.tap(TapBack(), 1.0)
        found += [presenter.tap(TapPart(part), 1.0).view for part in Part]
    return found


@pytest.mark.parametrize("language", Language)
def test_no_colleague_is_named_in_full_and_no_word_is_missing(language: Language) -> None:
    everything = pages(language)
    words = " ".join(text for view in everything for text in texts_of(view))
    assert not [name for name in ("李晓明", "王桂芳", "赵海燕", "LY-000") if name in words]
    assert message_ids(tuple(everything)) == []
    assert any("＊" in text for text in words.split())


def test_every_state_of_a_place_has_a_shape_and_a_word_of_its_own() -> None:
    seen = {}
    for language in Language:
        for state in PlaceState:
            shift = next(each for each in RECORDS.plan.places if each.shift.id == "mine-2")
            shown = replace(RECORDS.plan, places=(replace(shift, state=state),))
            line = lines(opened(shown, language).tick(1.0)).lines[2]
            assert line.badge is not None
            seen[language, state] = line.badge.text
    assert len(set(seen.values())) == len(seen)


def test_every_reason_that_may_come_from_the_platform_has_a_sentence() -> None:
    for why in RosterReason:
        told = msgspec.structs.replace(data(), settled=[msgspec.structs.replace(data().settled[0], why=why)])
        view = place(opened(own_plan(ME, told, (), NOW_MS)).tap(TapOutcome("said-1"), 1.0))
        assert len(view.sentence) > 4
