"""Which ends can be said of a duty that nobody ended; none of them lies outside of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.policy import DutyPolicy
from kiosk.domain.refusal import StatementRefusal
from kiosk.domain.unended import Unended, ends_offered, fault_of, times_offered
from sync.protocol.vocabulary import StatementAnswer

ZONE = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 7, 3, 1, 2, tzinfo=UTC)  # 09:02 in Luoyang


def local(times: tuple[datetime, ...]) -> list[str]:
    return [f"{time.astimezone(ZONE):%H:%M}" for time in times]


def test_shift_and_closing_time_are_offered_where_they_lie_within() -> None:
    duty = Unended(NINE, NINE + timedelta(hours=14), NINE + timedelta(hours=3))
    closing = datetime(2026, 7, 3, 14, 0, tzinfo=UTC)
    assert ends_offered(duty, DutyPolicy(), ZONE) == {
        StatementAnswer.SHIFT_END: NINE + timedelta(hours=3),
        StatementAnswer.CLOSING_TIME: closing,
    }
    shorter = Unended(NINE, NINE + timedelta(hours=2), NINE + timedelta(hours=3))
    assert ends_offered(shorter, DutyPolicy(), ZONE) == {}


def test_the_same_end_is_offered_once() -> None:
    closing = datetime(2026, 7, 3, 14, 0, tzinfo=UTC)
    duty = Unended(NINE, NINE + timedelta(hours=14), closing)
    assert list(ends_offered(duty, DutyPolicy(), ZONE)) == [StatementAnswer.SHIFT_END]


def test_a_station_without_closing_time_and_a_duty_without_date_offer_less() -> None:
    duty = Unended(NINE, NINE + timedelta(hours=14))
    assert ends_offered(duty, DutyPolicy(closes_at=None), ZONE) == {}
    undated = Unended(NINE, NINE + timedelta(hours=14), NINE + timedelta(hours=1), dated=False)
    assert ends_offered(undated, DutyPolicy(), ZONE) == {}


def test_times_are_quarters_of_the_hour_and_lengths_quarters_since_the_start() -> None:
    duty = Unended(NINE, NINE + timedelta(hours=1))
    assert local(times_offered(duty, ZONE)) == ["09:15", "09:30", "09:45", "10:00"]
    undated = Unended(NINE, NINE + timedelta(hours=1), dated=False)
    assert local(times_offered(undated, ZONE)) == ["09:17", "09:32", "09:47", "10:02"]


def test_where_no_quarter_fits_the_limit_is_left() -> None:
    assert times_offered(Unended(NINE, NINE + timedelta(minutes=5)), ZONE) == (NINE + timedelta(minutes=5),)
    assert times_offered(Unended(NINE, NINE), ZONE) == ()


@given(st.integers(0, 10**6), st.integers(-60, 26 * 60), st.booleans())
def test_nothing_impossible_is_ever_offered(start_s: int, minutes: int, dated: bool) -> None:
    start = NINE + timedelta(seconds=start_s)
    duty = Unended(start, start + timedelta(minutes=minutes), start + timedelta(hours=2), dated=dated)
    offered = [*times_offered(duty, ZONE), *ends_offered(duty, DutyPolicy(), ZONE).values()]
    assert all(fault_of(time, duty) is None for time in offered)


def test_an_end_before_the_start_or_after_the_limit_is_none() -> None:
    duty = Unended(NINE, NINE + timedelta(hours=1))
    assert fault_of(NINE, duty) is StatementRefusal.NOT_AFTER_START
    assert fault_of(NINE + timedelta(hours=1, seconds=1), duty) is StatementRefusal.AFTER_LIMIT
