"""What the agent does next follows from how the last try went, and from nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.agent.backoff import Backoff
from sync.agent.plan import TIMER_S, Answer, Plan, after
from sync.protocol.batch import MAX_EVENTS

USUAL = Backoff()
CHANCES = st.floats(0, 1, exclude_max=True)
PLANS = st.builds(Plan, st.integers(1, MAX_EVENTS), st.integers(0, 10**6), st.floats(0, TIMER_S))
ANSWERS = st.sampled_from(Answer)


# Backoff


@pytest.mark.parametrize(
    ("failures", "ceiling_s"), [(0, 2), (1, 2), (2, 4), (3, 8), (7, 128), (8, 256), (9, 300), (10, 300), (10**6, 300)]
)
def test_the_ceiling_doubles_from_two_seconds_to_five_minutes(failures: int, ceiling_s: float) -> None:
    assert USUAL.wait_s(failures, 0.5) == ceiling_s / 2
    assert USUAL.wait_s(failures, 0.0) == 0.0


@given(st.integers(0, 10**9), CHANCES)
def test_no_wait_is_longer_than_the_last_ceiling(failures: int, chance: float) -> None:
    assert 0 <= USUAL.wait_s(failures, chance) <= USUAL.most_s


# Plan


@given(PLANS, ANSWERS, st.none() | st.floats(0, 1e12), CHANCES)
def test_something_is_tried_every_fifteen_minutes_whatever_happened(
    plan: Plan, answer: Answer, retry_after_s: float | None, chance: float
) -> None:
    following = after(plan, answer, retry_after_s, chance, Backoff(2.0, 10**6))
    assert 0 <= following.wait_s <= TIMER_S
    assert 1 <= following.batch_size <= MAX_EVENTS


@given(PLANS, CHANCES)
def test_a_receipt_ends_the_waiting_and_doubles_the_batch(plan: Plan, chance: float) -> None:
    following = after(plan, Answer.RECEIPT, None, chance, USUAL)
    assert following == Plan(min(MAX_EVENTS, 2 * plan.batch_size), 0, 0.0)


def test_a_batch_too_large_is_halved_at_once_down_to_one_event() -> None:
    plan, sizes = Plan(), []
    while plan.batch_size > 1:
        plan = after(plan, Answer.TOO_LARGE, None, 0.9, USUAL)
        assert (plan.wait_s, plan.failures) == (0.0, 0)
        sizes.append(plan.batch_size)
    assert sizes == [250, 125, 62, 31, 15, 7, 3, 1]


def test_a_single_event_too_large_is_tried_again_with_patience() -> None:
    assert after(Plan(1, 3), Answer.TOO_LARGE, None, 0.5, USUAL) == Plan(1, 4, 8.0)


def test_a_refused_device_asks_again_every_fifteen_minutes() -> None:
    assert after(Plan(500, 0), Answer.REFUSED, 1.0, 0.5, USUAL) == Plan(500, 1, TIMER_S)


@pytest.mark.parametrize(
    ("asked_s", "wait_s"),
    [(None, 1.0), (0.0, 1.0), (0.5, 1.0), (30.0, 30.0), (10_000.0, TIMER_S), (float("inf"), TIMER_S)],
)
def test_a_busy_platform_is_given_the_time_it_asks_for_up_to_the_timer(asked_s: float | None, wait_s: float) -> None:
    assert after(Plan(), Answer.BUSY, asked_s, 0.5, USUAL) == Plan(MAX_EVENTS, 1, wait_s)


def test_an_appointment_is_kept_however_often_the_platform_was_busy_before() -> None:
    plan = Plan()
    for _ in range(9):
        plan = after(plan, Answer.BUSY, 7.0, 0.99, USUAL)
    assert plan.wait_s == 7


@pytest.mark.parametrize("answer", [Answer.FAILED, Answer.STALLED])
def test_failures_and_receipts_that_move_nothing_wait_longer_and_longer(answer: Answer) -> None:
    plan = Plan(40)
    waits = []
    for _ in range(9):
        plan = after(plan, answer, 77.0, 0.5, USUAL)
        waits.append(plan.wait_s)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 150]
    assert (plan.batch_size, plan.failures) == (40, 9)
