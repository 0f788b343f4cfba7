"""The table of screens is total where it must be, and every screen but the idle one ends by itself."""

from __future__ import annotations

import typing

import pytest

from kiosk.domain.policy import DutyPolicy
from kiosk.presenter.navigation import CUES, TABLE, Cue, Screen, next_screen, stays_s
from kiosk.usecases.outcomes import Outcome

POLICY = DutyPolicy(card_s=8, refusal_s=6)
STAYING = {Cue.SERVICE_CHOSEN, Cue.CHOICE_REFUSED, Cue.TALLIED}


def test_every_outcome_has_its_cue() -> None:
    assert set(CUES) == set(typing.get_args(Outcome))


@pytest.mark.parametrize("screen", Screen)
def test_a_scan_is_answered_on_every_screen(screen: Screen) -> None:
    silent = STAYING if screen is Screen.IDLE else STAYING | {Cue.NUMBER_ASKED}
    assert {cue for cue in Cue if (screen, cue) not in TABLE} == silent
    assert all(next_screen(screen, cue) is screen for cue in STAYING)


@pytest.mark.parametrize("screen", Screen)
def test_the_way_home_is_always_open(screen: Screen) -> None:
    assert next_screen(screen, Cue.CLOSED) is next_screen(screen, Cue.TIME_IS_UP) is Screen.IDLE


@pytest.mark.parametrize("cue", Cue)
def test_whatever_covers_the_idle_screen_ends_by_itself(cue: Cue) -> None:
    covers = next_screen(Screen.IDLE, cue) is not Screen.IDLE
    assert (stays_s(cue, POLICY) > 0) is covers


def test_how_long_each_stays() -> None:
    assert stays_s(Cue.CHECKED_IN, POLICY) == stays_s(Cue.CHECKED_OUT, POLICY) == 8
    assert stays_s(Cue.REFUSED, POLICY) == 6
    assert stays_s(Cue.NOT_RECORDED, POLICY) == 10
    assert stays_s(Cue.NUMBER_ASKED, POLICY) == 30
