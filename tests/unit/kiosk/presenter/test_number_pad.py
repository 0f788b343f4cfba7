"""The number pad: digits come and go, a number is asked for once, and nobody finds what another one typed."""

from __future__ import annotations

import pytest

from kiosk.domain.refusal import RecordingFault, RefusalReason
from kiosk.presenter.acts import (
    TapClear,
    TapClose,
    TapConfirm,
    TapCount,
    TapDigit,
    TapErase,
    TapLanguage,
    TapNumberPad,
    TapOutside,
    TypedNumberIntent,
)
from kiosk.presenter.kiosk_presenter import KioskPresenter
from kiosk.presenter.navigation import NUMBER_PAD_S, Screen
from kiosk.presenter.number_pad import MOST_DIGITS
from kiosk.presenter.views import IdleView, NoticeView, NumberPadView, ScreenState, Sound, Tone
from kiosk.usecases.outcomes import CaptainNeeded, NotRecorded, Refused
from sync.protocol.vocabulary import TallyKind
from tests.unit.kiosk.presenter.station import a_board, a_check_in, a_check_out, a_presenter

NUMBER = "410302000170"


@pytest.fixture
def pad() -> KioskPresenter:
    """A presenter with the number pad open since second 0."""
    presenter = a_presenter()
    presenter.board(a_board(), 0.0)
    presenter.tap(TapNumberPad(), 0.0)
    return presenter


def seen(state: ScreenState) -> NumberPadView:
    assert isinstance(state.view, NumberPadView)
    return state.view


def typed(pad: KioskPresenter, digits: str = NUMBER, at_s: float = 1.0) -> NumberPadView:
    for digit in digits:
        pad.tap(TapDigit(digit), at_s)
    return seen(pad.tick(at_s))


def test_the_idle_screen_offers_it() -> None:
    view = a_presenter().tick(0.0).view
    assert isinstance(view, IdleView)
    assert isinstance(view.number.tap, TapNumberPad)
    assert "输入编号" in view.number.text


def test_it_opens_empty_and_says_what_to_type(pad: KioskPresenter) -> None:
    view = seen(pad.tick(0.0))
    assert (view.typed, view.confirm.tone) == ("", Tone.QUIET)
    assert min(map(len, (view.title, view.prompt, view.hint, view.note))) > 4
    assert [key.text for key in view.keys] == [*"123456789", "清空", "0", ""]


def test_digits_are_shown_in_groups(pad: KioskPresenter) -> None:
    view = typed(pad)
    assert (view.typed, view.prompt, view.confirm.tone) == ("4103 0200 0170", "", Tone.ACCENT)


def test_digits_are_taken_back_one_by_one_and_all_at_once(pad: KioskPresenter) -> None:
    typed(pad, "123")
    assert seen(pad.tap(TapErase(), 2.0)).typed == "12"
    assert seen(pad.tap(TapClear(), 2.0)).typed == ""
    assert seen(pad.tap(TapErase(), 2.0)).typed == ""


def test_there_is_an_end_to_digits(pad: KioskPresenter) -> None:
    assert len(typed(pad, "7" * 99).typed.replace(" ", "")) == MOST_DIGITS


def test_a_number_is_asked_for_once(pad: KioskPresenter) -> None:
    typed(pad)
    state = pad.tap(TapConfirm(), 2.0)
    assert state.intents == (TypedNumberIntent(NUMBER),)
    assert "正在" in seen(state).confirm.text
    for tap in (TapConfirm(), TapDigit("1"), TapClear()):
        state = pad.tap(tap, 2.1)
        assert (state.intents, seen(state).typed) == ((), "4103 0200 0170")


def test_nothing_typed_is_not_asked_for(pad: KioskPresenter) -> None:
    state = pad.tap(TapConfirm(), 1.0)
    assert (state.intents, state.screen) == ((), Screen.NUMBER_PAD)


@pytest.mark.parametrize("reason", [RefusalReason.WRONG_NUMBER, RefusalReason.NOT_LISTED])
def test_a_refused_number_has_its_sentence_and_the_next_begins_empty(
    pad: KioskPresenter, reason: RefusalReason
) -> None:
    typed(pad)
    pad.tap(TapConfirm(), 2.0)
    state = pad.show(Refused(reason), 2.1, TypedNumberIntent(NUMBER))
    assert (state.screen, state.sound) == (Screen.NOTICE, Sound.REFUSAL)
    assert isinstance(state.view, NoticeView)
    assert "编号" in state.view.what
    pad.tap(TapClose(), 3.0)
    assert seen(pad.tap(TapNumberPad(), 4.0)).typed == ""


def test_the_captain_is_asked_for_and_the_card_follows(pad: KioskPresenter) -> None:
    typed(pad)
    pad.tap(TapConfirm(), 2.0)
    notice = pad.show(CaptainNeeded(NUMBER[:-1], "张建明"), 2.1, TypedNumberIntent(NUMBER)).view
    assert isinstance(notice, NoticeView)
    assert "队长" in notice.what
    assert pad.show(a_check_in(), 10.0).screen is Screen.CHECK_IN


def test_what_could_not_be_written_is_told_as_of_a_scan(pad: KioskPresenter) -> None:
    typed(pad)
    pad.tap(TapConfirm(), 2.0)
    notice = pad.show(NotRecorded(RecordingFault.DISK_FULL), 2.1, TypedNumberIntent(NUMBER)).view
    assert isinstance(notice, NoticeView)
    assert "09:41" in notice.note


def test_untouched_it_goes_and_forgets(pad: KioskPresenter) -> None:
    typed(pad, at_s=1.0)
    assert pad.tick(1.0 + NUMBER_PAD_S - 0.1).screen is Screen.NUMBER_PAD
    state = pad.tick(1.0 + NUMBER_PAD_S)
    assert (state.screen, state.intents) == (Screen.IDLE, ())
    assert seen(pad.tap(TapNumberPad(), 40.0)).typed == ""


def test_a_card_left_before_the_lens_does_not_hold_it(pad: KioskPresenter) -> None:
    for second in range(1, NUMBER_PAD_S):
        pad.still_shown(float(second))
    assert pad.tick(float(NUMBER_PAD_S)).screen is Screen.IDLE


def test_a_finger_beside_a_key_loses_nothing(pad: KioskPresenter) -> None:
    typed(pad)
    assert seen(pad.tap(TapOutside(), 2.0)).typed == "4103 0200 0170"
    assert pad.tap(TapClose(), 3.0).screen is Screen.IDLE


def test_the_language_changes_under_the_digits(pad: KioskPresenter) -> None:
    typed(pad)
    view = seen(pad.tap(TapLanguage(), 2.0))
    assert (view.cancel.text, view.typed) == ("Cancel", "4103 0200 0170")


def test_a_card_shown_meanwhile_has_the_screen(pad: KioskPresenter) -> None:
    typed(pad)
    assert pad.show(a_check_in(), 2.0).screen is Screen.CHECK_IN


def test_over_a_card_it_does_not_open() -> None:
    presenter = a_presenter()
    presenter.show(a_check_out(), 0.0)
    presenter.tap(TapCount(TallyKind.TEA, 1), 0.5)
    for tap in (TapNumberPad(), TapDigit("1"), TapConfirm()):
        state = presenter.tap(tap, 1.0)
        assert (state.screen, state.intents) == (Screen.CHECK_OUT, ())
