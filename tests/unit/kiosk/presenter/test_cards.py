"""The words of the cards: punctuality, warnings, what counts and why, the way to the next star."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.domain.roster import Punctuality
from kiosk.presenter.acts import TapClose
from kiosk.presenter.check_in import check_in_view
from kiosk.presenter.check_out import check_out_view
from kiosk.presenter.contents import CheckInCard, CheckOutCard
from kiosk.presenter.icons import Icon
from kiosk.presenter.phrases import Language
from kiosk.presenter.question import just_started_view
from kiosk.presenter.stars import star_ring
from kiosk.presenter.views import Button, CheckInView, CheckOutView, Countdown, Tone
from kiosk.usecases.outcomes import CheckedIn, CheckedOut, JustStarted
from tests.unit.kiosk.presenter.station import NOW, a_check_in, a_check_out, a_match, a_voice

CLOSE, LEFT = Button("好了", Icon.CHECK, TapClose()), Countdown(8, 1.0)
H = 60


def card_in(outcome: CheckedIn, language: Language = Language.CHINESE) -> CheckInView:
    return check_in_view(CheckInCard(outcome, outcome.service), a_voice(language), None, CLOSE, LEFT)


def card_out(outcome: CheckedOut) -> CheckOutView:
    return check_out_view(CheckOutCard(outcome), a_voice(), None, CLOSE, LEFT)


@pytest.mark.parametrize(
    ("punctuality", "word"),
    [(Punctuality.EARLY, "早到"), (Punctuality.ON_TIME, "准时"), (Punctuality.LATE, "迟到")],
)
def test_the_shift_and_how_it_was_met(punctuality: Punctuality, word: str) -> None:
    card = card_in(a_check_in(match=a_match(punctuality)))
    assert card.punctuality.text == word
    assert card.shift == "班次 09:00–12:00"


def test_each_punctuality_has_a_shape_of_its_own() -> None:
    cards = [card_in(a_check_in(match=a_match(kind))) for kind in Punctuality]
    assert len({card.punctuality.icon for card in cards}) == len(Punctuality)


def test_a_walk_in_is_welcome() -> None:
    card = card_in(a_check_in())
    assert card.punctuality.text == "临时"
    assert "欢迎" in card.shift
    assert card.warnings == ()


def test_what_the_captain_should_hear_is_said() -> None:
    card = card_in(a_check_in(unfinished_since=NOW - timedelta(days=9), validity_unchecked=True))
    assert card.warnings[0].text == "7月3日没有下岗登记，已记为待确认，请告诉队长"
    assert "时钟" in card.warnings[1].text
    assert {warning.tone for warning in card.warnings} == {Tone.WARN}


def test_a_name_with_braces_is_a_name() -> None:
    assert card_in(a_check_in("{name}[b]")).greeting.startswith("{name}[b]")


def test_english_dates_name_the_month() -> None:
    card = card_in(a_check_in(unfinished_since=NOW - timedelta(days=9)), Language.ENGLISH)
    assert "3 July" in card.warnings[0].text


@pytest.mark.parametrize(
    ("served_min", "credited_min", "provisional", "says"),
    [
        (135, 135, False, "计入时长 2小时15分"),
        (195, 180, False, "计入 3小时，班次"),
        (30, 0, False, "计入 0分钟，班次"),
        (4, 0, False, "不足5分钟，不计时长"),
        (745, 0, True, "超过12小时，队长确认后才计入"),
    ],
)
def test_what_counts_and_why(served_min: int, credited_min: int, provisional: bool, says: str) -> None:
    card = card_out(
        a_check_out(original_s=served_min * 60 + 59, credited_minutes=credited_min, provisional=provisional)
    )
    assert card.credited.text.startswith(says)


def test_a_rule_of_a_later_version_is_told_with_the_limits_known_here() -> None:
    assert "5分钟" in card_out(a_check_out(original_s=200, credited_minutes=0, rule="luoyang-9")).credited.text


def test_time_is_said_large_and_whole() -> None:
    assert card_out(a_check_out(original_s=2 * 3600 + 59)).served == "2小时"
    assert card_out(a_check_out(original_s=45 * 60)).served == "45分钟"
    assert card_out(a_check_out(original_s=36)).served == "36秒"
    assert card_out(a_check_out()).month == "12小时30分"


@pytest.mark.parametrize(
    ("total_min", "credited_min", "centre", "target", "caption", "reached"),
    [
        (0, 0, "0", "/ 100 小时", "离一星级还差\n100小时", False),
        (96 * H + 30, 135, "96", "/ 100 小时", "离一星级还差\n3小时30分", False),
        (100 * H, 60, "100", "/ 300 小时", "您已满100小时\n可申请一星级", True),
        (301 * H, 60, "301", "/ 600 小时", "离三星级还差\n299小时", False),
        (1500 * H, 1, "1500", "/ 1500 小时", "您已满1500小时\n可申请五星级", True),
        (1700 * H, 60, "1700", "/ 1500 小时", "已满1500小时\n谢谢您", False),
    ],
)
def test_the_way_to_the_next_star(
    total_min: int, credited_min: int, centre: str, target: str, caption: str, reached: bool
) -> None:
    ring = star_ring(total_min, credited_min, a_voice())
    assert (ring.centre, ring.target, ring.caption, ring.reached) == (centre, target, caption, reached)
    assert 0 <= ring.fraction <= 1


def test_a_question_without_an_undo_has_one_answer() -> None:
    started = JustStarted("e", "s", "LY-1", "张建明", NOW, "directions")
    assert len(just_started_view(started, a_voice(), None, LEFT).answers) == 1
