"""Local days: where a span of a day lies, whatever it lasts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from sync.platform.rostering.hours import (
    clock_time,
    day_of,
    instant_of,
    is_by_day,
    minute_of,
    minutes_of,
    span_of,
    week_days,
)

SUNDAY = date(2026, 7, 5)


def test_a_local_day_begins_eight_hours_before_that_of_utc() -> None:
    midnight = round(datetime(2026, 7, 4, 16, tzinfo=UTC).timestamp() * 1000)
    assert instant_of(SUNDAY, 0) == midnight
    assert day_of(midnight) == SUNDAY
    assert day_of(midnight - 1) == date(2026, 7, 4)
    assert instant_of(SUNDAY, 1440) == instant_of(date(2026, 7, 6), 0)
    assert minute_of(instant_of(SUNDAY, 555) + 59_999) == 555


@pytest.mark.parametrize(
    ("starts", "ends", "minutes"), [(480, 720, 240), (1320, 360, 480), (480, 480, 1440), (0, 1440, 1440)]
)
def test_a_span_that_ends_no_later_than_it_starts_ends_on_the_next_day(starts: int, ends: int, minutes: int) -> None:
    begin, end = span_of(SUNDAY, starts, ends)
    assert (end - begin) // 60_000 == minutes


@pytest.mark.parametrize(
    ("starts", "ends", "by_day"), [(480, 1200, True), (479, 600, False), (1080, 1201, False), (1320, 540, False)]
)
def test_minors_serve_from_eight_to_eight(starts: int, ends: int, by_day: bool) -> None:
    assert is_by_day(*span_of(SUNDAY, starts, ends)) is by_day


def test_a_week_begins_on_monday_and_ends_on_sunday() -> None:
    week = week_days(SUNDAY)
    assert (week[0], week[-1]) == (date(2026, 6, 29), SUNDAY)
    assert week_days(week[0]) == week


@pytest.mark.parametrize(("text", "minutes"), [("00:00", 0), ("9:05", 545), (" 24:00 ", 1440), ("18：30", 1110)])
def test_a_time_is_read_as_people_write_it(text: str, minutes: int) -> None:
    assert minutes_of(text) == minutes
    assert minutes_of(clock_time(minutes)) == minutes


@pytest.mark.parametrize("text", ["", "9", "9:5", "24:01", "12:60", "-1:00", "a:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no time of a day"):
        minutes_of(text)
