"""luoyang-1: never negative, never more than was served, never less for serving longer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.crediting import LUOYANG_1, RULES, CreditRule, credited_minutes, is_over_cap
from sync.protocol.events import Shift
from tests.support.envelopes import START_MS

NS_PER_S = 1_000_000_000
NS_PER_MIN = 60 * NS_PER_S
MS_PER_MIN = 60_000
SPANS = st.integers(-NS_PER_MIN, 3000 * NS_PER_MIN)
MINUTES = st.integers(0, 3000)


@st.composite
def shifts(draw: st.DrawFn) -> Shift | None:
    if draw(st.booleans()):
        return None
    start_ms = START_MS + draw(st.integers(-2000, 2000)) * MS_PER_MIN
    return Shift("shift-1", start_ms, start_ms + draw(MINUTES) * MS_PER_MIN)


@st.composite
def rules(draw: st.DrawFn) -> CreditRule:
    return CreditRule("test", *(draw(MINUTES) for _ in range(4)))


@given(SPANS, shifts(), rules())
def test_credited_is_never_negative_and_never_more_than_served(
    span_ns: int, shift: Shift | None, rule: CreditRule
) -> None:
    credited = credited_minutes(START_MS, span_ns, shift, rule)
    assert credited >= 0
    assert credited * NS_PER_MIN <= max(0, span_ns)
    assert credited <= rule.cap


@given(SPANS, st.integers(0, 500 * NS_PER_MIN), shifts(), rules())
def test_serving_longer_never_lowers_it(span_ns: int, more_ns: int, shift: Shift | None, rule: CreditRule) -> None:
    assert credited_minutes(START_MS, span_ns, shift, rule) <= credited_minutes(
        START_MS, span_ns + more_ns, shift, rule
    )


@given(SPANS, shifts(), rules())
def test_a_shift_never_adds_to_what_a_walk_in_gets(span_ns: int, shift: Shift | None, rule: CreditRule) -> None:
    assert credited_minutes(START_MS, span_ns, shift, rule) <= credited_minutes(START_MS, span_ns, None, rule)


@pytest.mark.parametrize(
    ("seconds", "credited"),
    [
        (0, 0),
        (299, 0),
        (300, 5),
        (359, 5),
        (360, 6),
        (3600, 60),
        (3659, 60),
        (43_200, 720),
        (43_260, 720),
        (90_000, 720),
    ],
)
def test_whole_minutes_from_five_up_to_the_cap(seconds: int, credited: int) -> None:
    assert credited_minutes(START_MS, seconds * NS_PER_S, None) == credited


def test_a_minute_is_sixty_whole_seconds() -> None:
    assert credited_minutes(START_MS, 360 * NS_PER_S - 1, None) == 5


def rostered(start_min: int, end_min: int, served: tuple[int, int]) -> int:
    """Return the minutes credited for serving from … to …, all in minutes after a common instant."""
    shift = Shift("shift-1", START_MS + start_min * MS_PER_MIN, START_MS + end_min * MS_PER_MIN)
    begun, ended = served
    return credited_minutes(START_MS + begun * MS_PER_MIN, (ended - begun) * NS_PER_MIN, shift)


@pytest.mark.parametrize(
    ("served", "credited"),
    [
        ((100, 200), 100),  # just the shift
        ((60, 200), 115),  # forty minutes early: fifteen count
        ((85, 200), 115),
        ((84, 200), 115),
        ((100, 260), 115),  # an hour late: fifteen count
        ((100, 215), 115),
        ((60, 260), 130),
        ((120, 180), 60),  # within it
        ((0, 90), 5),  # over before it began: what lay within its first fifteen minutes before
        ((0, 89), 0),  # four minutes are below the minimum
        ((0, 80), 0),
        ((216, 300), 0),  # begun after all of it
    ],
)
def test_a_rostered_session_counts_from_fifteen_minutes_before_to_fifteen_after(
    served: tuple[int, int], credited: int
) -> None:
    assert rostered(100, 200, served) == credited


def test_over_the_cap_is_more_than_twelve_hours() -> None:
    assert not is_over_cap(12 * 60 * NS_PER_MIN)
    assert is_over_cap(12 * 60 * NS_PER_MIN + 1)


def test_the_rule_is_found_by_its_name() -> None:
    assert RULES["luoyang-1"] is LUOYANG_1
    assert (LUOYANG_1.cap, LUOYANG_1.minimum, LUOYANG_1.early, LUOYANG_1.late) == (720, 5, 15, 15)
