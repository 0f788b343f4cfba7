"""What showing a card does, and how long it can be taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.duty_session import DEEDS, NS_PER_S, Deed, Situation, may_undo, situation_of
from kiosk.domain.policy import DutyPolicy

USUAL = DutyPolicy()
AGES = st.integers(0, 100_000 * NS_PER_S)


def test_every_situation_has_one_deed() -> None:
    assert dict(DEEDS) == {
        Situation.OFF_DUTY: Deed.BEGIN,
        Situation.JUST_STARTED: Deed.REMIND,
        Situation.ON_DUTY: Deed.END,
        Situation.OVERDUE: Deed.CLOSE_AND_BEGIN,
    }


@pytest.mark.parametrize("past_limit", [True, False])
def test_without_an_open_session_duty_begins(past_limit: bool) -> None:
    assert situation_of(None, past_limit=past_limit, policy=USUAL) is Situation.OFF_DUTY


@pytest.mark.parametrize(
    ("seconds", "situation"),
    [
        (0, Situation.JUST_STARTED),
        (5, Situation.JUST_STARTED),
        (179, Situation.JUST_STARTED),
        (180, Situation.ON_DUTY),
        (36_000, Situation.ON_DUTY),
    ],
)
def test_under_three_minutes_a_session_has_just_started(seconds: int, situation: Situation) -> None:
    assert situation_of(seconds * NS_PER_S, past_limit=False, policy=USUAL) is situation


@given(AGES)
def test_past_its_limit_a_session_is_overdue_however_young(age_ns: int) -> None:
    assert situation_of(age_ns, past_limit=True, policy=USUAL) is Situation.OVERDUE


@pytest.mark.parametrize(("seconds", "may"), [(0, True), (10, True), (10.001, False), (180, False)])
def test_a_check_out_can_be_taken_back_for_ten_seconds(seconds: float, may: bool) -> None:
    assert may_undo(round(seconds * NS_PER_S), is_open_check_in=False, policy=USUAL) is may


@pytest.mark.parametrize(("seconds", "may"), [(0, True), (11, True), (180, True), (180.001, False)])
def test_a_check_in_can_be_taken_back_while_it_counts_as_just_started(seconds: float, may: bool) -> None:
    assert may_undo(round(seconds * NS_PER_S), is_open_check_in=True, policy=USUAL) is may


def test_the_undo_window_holds_for_a_check_in_where_it_is_the_longer_one() -> None:
    policy = replace(USUAL, just_started_s=0, undo_s=30)
    assert may_undo(30 * NS_PER_S, is_open_check_in=True, policy=policy)


def test_nothing_of_the_future_is_taken_back() -> None:
    assert not may_undo(-1, is_open_check_in=True, policy=USUAL)
