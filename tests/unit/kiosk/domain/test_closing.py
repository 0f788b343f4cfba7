"""No scan of the next morning can end a session of the evening before, where a station closes at night."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.closing import limit_of
from kiosk.domain.policy import DutyPolicy
from kiosk.timekeeping.moment import FAR_MS, instant_of
from sync.protocol.vocabulary import AutoCloseReason

LUOYANG = ZoneInfo("Asia/Shanghai")
ZONES = st.sampled_from([LUOYANG, *map(ZoneInfo, ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "UTC"))])
USUAL = DutyPolicy()
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given a zone
TIMES = st.times()
POLICIES = st.builds(
    DutyPolicy, cap_min=st.integers(1, 1440), closes_at=TIMES | st.none(), grace_min=st.integers(0, 360)
)


def local(hour: int, minute: int = 0, *, day: int = 5) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=LUOYANG).astimezone(UTC)


@given(INSTANTS, POLICIES.filter(lambda policy: policy.closes_at is not None))
def test_a_next_day_scan_is_never_a_check_out(started_at: datetime, policy: DutyPolicy) -> None:
    next_day = started_at.astimezone(LUOYANG).date() + timedelta(days=1)
    six_o_clock = datetime.combine(next_day, time(6), LUOYANG)
    assert limit_of(started_at, policy, LUOYANG).at <= six_o_clock


@given(INSTANTS, POLICIES, ZONES)
def test_the_limit_is_after_the_start_and_never_after_the_cap(
    started_at: datetime, policy: DutyPolicy, zone: ZoneInfo
) -> None:
    limit = limit_of(started_at, policy, zone)
    assert started_at < limit.at <= started_at + timedelta(minutes=policy.cap_min)
    assert limit.at.utcoffset() == timedelta(0)


@given(INSTANTS, ZONES, st.integers(1, 1440))
def test_a_station_that_never_closes_has_only_the_cap(started_at: datetime, zone: ZoneInfo, cap_min: int) -> None:
    limit = limit_of(started_at, replace(USUAL, closes_at=None, cap_min=cap_min), zone)
    assert (limit.at, limit.reason) == (started_at + timedelta(minutes=cap_min), AutoCloseReason.CAP)


@pytest.mark.parametrize(
    ("started", "limit", "reason"),
    [
        (local(9), local(21), AutoCloseReason.CAP),
        (local(11), local(23), AutoCloseReason.CAP),
        (local(11, 1), local(23), AutoCloseReason.CLOSING_TIME),
        (local(21, 59), local(23), AutoCloseReason.CLOSING_TIME),
        (local(22), local(23), AutoCloseReason.CLOSING_TIME),
        (local(22, 59), local(23), AutoCloseReason.CLOSING_TIME),
        (local(23), local(1, day=6), AutoCloseReason.CLOSING_TIME),
        (local(23, 59), local(1, day=6), AutoCloseReason.CLOSING_TIME),
        (local(0, 30), local(1), AutoCloseReason.CLOSING_TIME),
        (local(1), local(13), AutoCloseReason.CAP),
        (local(6), local(18), AutoCloseReason.CAP),
    ],
)
def test_closing_at_ten_with_an_hour_of_grace(started: datetime, limit: datetime, reason: AutoCloseReason) -> None:
    found = limit_of(started, USUAL, LUOYANG)
    assert (found.at, found.reason) == (limit, reason)


@pytest.mark.parametrize(("fold", "minutes"), [(0, 75), (1, 15)])
def test_an_hour_that_comes_twice_is_met_once(fold: int, minutes: int) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    started = datetime(2027, 10, 31, 2, 30, tzinfo=berlin, fold=fold).astimezone(UTC)
    policy = replace(USUAL, closes_at=time(2, 45), grace_min=0)
    assert limit_of(started, policy, berlin).at > started
    assert limit_of(started, policy, berlin).at <= started + timedelta(minutes=24 * 60 + minutes)


def test_the_farthest_clock_has_a_limit_too() -> None:
    assert limit_of(instant_of(FAR_MS * 2), USUAL, LUOYANG).at > instant_of(FAR_MS)
    assert limit_of(instant_of(-1), USUAL, LUOYANG).at > instant_of(-1)
