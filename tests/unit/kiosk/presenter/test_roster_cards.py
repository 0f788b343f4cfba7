"""What the cards and the idle screen say of the roster; one tap goes on with the next post."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.handing_over import HandOver, NobodyNext
from kiosk.domain.refusal import MoveRefusal, RecordingFault
from kiosk.domain.roster import Match, Punctuality
from kiosk.presenter.acts import TallyIntent, TapCount, TapStayOn
from kiosk.presenter.asking.acts import StayOnIntent
from kiosk.presenter.icons import Icon
from kiosk.presenter.navigation import Screen
from kiosk.presenter.phrases import Language
from kiosk.presenter.views import CheckInView, CheckOutView, IdleView, NoticeView
from kiosk.usecases.board import WantedPost
from kiosk.usecases.outcomes import CheckedIn, CheckedOut, MoveRefused, NotRecorded, RosterNews
from sync.protocol.reference import NearbyShift
from sync.protocol.roster import OpenPost
from sync.protocol.vocabulary import TallyKind
from tests.unit.kiosk.presenter.station import (
    NOW,
    a_board,
    a_check_in,
    a_check_out,
    a_match,
    a_presenter,
    local,
    planned,
)

MS = 1000


def ms(hour: int, minute: int = 0) -> int:
    return round(local(hour, minute).timestamp() * MS)


POST = OpenPost("post-1", "directions", ms(9, 45), ms(12), 1)
ON = StayOnIntent("out-s1", "post-1")


def came(outcome: CheckedIn, language: Language = Language.CHINESE) -> CheckInView:
    presenter = a_presenter()
    presenter.set_language(language, 0.0)
    view = presenter.show(outcome, 0.0).view
    assert isinstance(view, CheckInView)
    return view


def went(outcome: CheckedOut) -> CheckOutView:
    view = a_presenter().show(outcome, 0.0).view
    assert isinstance(view, CheckOutView)
    return view


def test_the_wrong_point_is_one_sentence_and_the_way_to_change_it() -> None:
    there = NearbyShift("n", "LY-1", "point-2", "牡丹广场站", ms(9), ms(12), "地铁口旁")
    card = came(a_check_in(nearby=there))
    assert card.direction is not None
    assert card.direction.sentence == "您今天 09:00 的班在\n牡丹广场站（地铁口旁）"
    assert "10秒内" in card.direction.hint
    assert (card.punctuality.text, card.shift) == ("临时", "")
    assert card.recorded.text.startswith("已记录")


def test_a_place_without_address_and_a_shift_after_midnight_are_said_right() -> None:
    there = NearbyShift("n", "LY-1", "point-2", "牡丹广场站", ms(9) + 86_400_000, ms(12) + 86_400_000)
    direction = came(a_check_in(nearby=there)).direction
    assert direction is not None
    assert direction.sentence == "您7月13日 09:00 的班在\n牡丹广场站"


def test_shifts_in_a_row_are_shown_to_their_end() -> None:
    first = a_match(Punctuality.ON_TIME)
    assert first.shift is not None
    both = Match(Punctuality.BACK, first.shift, (first.shift.starts_ms, ms(15)))
    card = came(a_check_in(match=both))
    assert (card.shift, card.punctuality.text, card.direction, card.line) == ("班次 09:00–15:00", "回岗", None, "")


def test_whom_one_relieves_is_masked_and_leaves_the_question_its_room() -> None:
    before = HandOver("孙桂芝", local(9))
    card = came(a_check_in(relieves=before))
    assert (card.line, bool(card.question)) == ("接孙＊芝的班（到09:00）", True)
    card = came(a_check_in(relieves=replace(before, others=1), news=RosterNews(to_answer=2)))
    assert card.line.startswith("接孙＊芝等2人的班（到09:00）")
    assert card.line.endswith("有2个班次待答复，可在“我的记录”答复")
    assert card.question == ""
    assert came(a_check_in(news=RosterNews(told=1))).line.startswith("排班有1条新消息")


@pytest.mark.parametrize(
    ("after", "news", "line"),
    [
        (None, RosterNews(), ""),
        (NobodyNext(), RosterNews(), "今天后面没有排班"),
        (HandOver("李㛃", local(12)), RosterNews(), "下一班 12:00 李＊ 来接"),
        (HandOver("李㛃", local(12), asked=True), RosterNews(), "下一班 12:00 李＊（待答复）"),
        (HandOver("张建明", local(12), own=True), RosterNews(), "接下来 12:00 还是您的班"),
        (None, RosterNews(to_answer=2, impossible=1, told=3), "有1个答复没有办成，可在“我的记录”查看"),
    ],
)
def test_who_comes_next_and_what_waits(after: HandOver | NobodyNext | None, news: RosterNews, line: str) -> None:
    assert went(a_check_out(comes_next=after, news=news)).line == line


def test_no_open_post_no_offer() -> None:
    assert went(a_check_out()).stay_on is None


def test_one_tap_goes_on_with_the_next_post_and_keeps_what_was_counted() -> None:
    presenter = a_presenter()
    presenter.show(a_check_out(stay_on=POST), 0.0)
    presenter.tap(TapCount(TallyKind.TEA, 2), 1.0)
    state = presenter.tap(TapStayOn("post-1"), 2.0)
    assert state.intents == (ON,)
    assert isinstance(state.view, CheckOutView)
    offer = state.view.stay_on
    assert offer is not None
    assert (offer.title, offer.button.text) == ("正在登记", "09:45–12:00 指路问询")
    assert presenter.tap(TapStayOn("post-1"), 2.5).intents == ()
    on = a_check_in(session="s2", follows=True, stays_for=POST, post_taken=True)
    state = presenter.show(on, 3.0, ON)
    assert (state.screen, state.intents) == (Screen.CHECK_IN, (TallyIntent("s1", {"tea": 2}),))
    assert isinstance(state.view, CheckInView)
    assert (state.view.punctuality.text, state.view.shift) == ("接着值班", "班次 09:45–12:00")
    assert [badge.text for badge in state.view.warnings] == ["这一班已登记，联网后确认"]


def test_the_word_is_said_to_be_noted_only_where_it_is() -> None:
    assert came(a_check_in(follows=True, stays_for=POST)).warnings == ()
    assert came(a_check_in(follows=True)).punctuality.text == "换岗，服务继续"


def test_a_tap_that_comes_too_late_means_nothing() -> None:
    presenter = a_presenter()
    presenter.show(a_check_in(), 0.0)
    assert presenter.tap(TapStayOn("post-1"), 1.0).intents == ()


def test_what_could_not_be_done_says_that_the_check_out_stands() -> None:
    presenter = a_presenter()
    presenter.show(a_check_out(stay_on=POST), 0.0)
    presenter.tap(TapStayOn("post-1"), 1.0)
    gone = presenter.show(MoveRefused(MoveRefusal.POST_GONE), 1.5, ON).view
    assert isinstance(gone, NoticeView)
    assert gone.what == "这一班现在接不了"
    fault = presenter.show(NotRecorded(RecordingFault.DISK_FULL), 2.0, ON).view
    assert isinstance(fault, NoticeView)
    assert fault.note == "下岗已记录；没有接着值下一班"


def test_the_states_of_todays_shifts_are_said_in_words_in_turns() -> None:
    roster = (planned(8, 9, "served"), planned(9, 12, "serving"), planned(14, 16), planned(16, 17, "asked"))
    presenter = a_presenter()
    presenter.board(a_board(roster=roster), 0.0)
    views = [presenter.tick(second).view for second in (0.0, 8.0)]
    assert all(isinstance(view, IdleView) for view in views)
    legends = [[badge.text for badge in view.roster.legend] for view in views if isinstance(view, IdleView)]
    assert sorted(legends) == [["在岗 1", "待值 1"], ["待答复 1", "已服务 1"]]
    crowded = a_board(roster=(*roster[1:3], *(planned(9, 12, name=f"志愿者{n}") for n in range(4))))
    view = presenter.board(crowded, 16.0).view
    assert isinstance(view, IdleView)
    assert (len(view.roster.legend), bool(view.roster.more)) == (1, True)


def test_open_posts_invite_in_turn_with_the_notices() -> None:
    post = WantedPost("directions", NOW + timedelta(days=4), NOW + timedelta(days=4, hours=3), 1)
    presenter = a_presenter()
    presenter.board(a_board(notices=("饮水机已加满",), wanted=(post,)), 0.0)
    views = [presenter.tick(second).view for second in (0.0, 8.0)]
    lines = {(view.notice, view.notice_icon) for view in views if isinstance(view, IdleView)}
    assert lines == {("饮水机已加满", Icon.NOTICE), ("星期四 09:41–12:41 指路问询 缺1人", Icon.WALK_IN)}


def test_it_is_said_in_english_too() -> None:
    there = NearbyShift("n", "LY-1", "point-2", "Peony Square", ms(9), ms(12))
    card = came(a_check_in(nearby=there, relieves=HandOver("孙桂芝", local(9))), Language.ENGLISH)
    assert card.direction is not None
    assert card.direction.sentence == "Your shift at 09:00 today is at\nPeony Square"
    assert card.line == "You take over from 孙＊芝 (until 09:00)"
