"""Waiting after wrong passwords: a few are free, then each waits longer, and a day without any begins anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.platform.signin.tries import (
    ALLOWANCES,
    FORGOTTEN_AFTER_MS,
    MINUTE_MS,
    Kind,
    Tries,
    after_another,
    wait_ms,
)


def test_the_first_tries_are_free() -> None:
    for count in range(ALLOWANCES[Kind.ACCOUNT].free):
        assert wait_ms(Tries(count, 1000), Kind.ACCOUNT, 1000) == 0


@pytest.mark.parametrize(("count", "wait_minutes"), [(5, 0.5), (6, 1), (7, 2), (8, 4), (9, 8), (10, 15), (99, 15)])
def test_each_later_one_waits_twice_as_long_up_to_a_quarter_of_an_hour(count: int, wait_minutes: float) -> None:
    assert wait_ms(Tries(count, 0), Kind.ACCOUNT, 0) == wait_minutes * MINUTE_MS
    assert wait_ms(Tries(count, 0), Kind.ACCOUNT, round(wait_minutes * MINUTE_MS)) == 0


def test_a_day_without_a_try_begins_anew() -> None:
    assert after_another(Tries(50, 0), FORGOTTEN_AFTER_MS) == Tries(1, FORGOTTEN_AFTER_MS)
    assert after_another(Tries(50, 0), FORGOTTEN_AFTER_MS - 1).count == 51


@given(st.integers(0, 10**6), st.integers(-(10**12), 10**12), st.sampled_from(Kind))
def test_nobody_waits_longer_than_the_limit_whatever_the_clock_does(count: int, now_ms: int, kind: Kind) -> None:
    assert 0 <= wait_ms(Tries(count, 0), kind, now_ms) <= ALLOWANCES[kind].most_ms


def test_no_guesser_gets_a_hundred_tries_in_a_day() -> None:
    tries, now_ms, tried = Tries(), 0, 0
    while now_ms < FORGOTTEN_AFTER_MS:
        tries, tried = after_another(tries, now_ms), tried + 1
        now_ms += wait_ms(tries, Kind.ACCOUNT, now_ms)
    assert tried <= 105  # the free ones, and then four an hour
