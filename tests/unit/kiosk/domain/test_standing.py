"""Who may begin duty, by standing and by what is known of the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.closing import limit_of
from kiosk.domain.policy import DutyPolicy
from kiosk.domain.refusal import RefusalReason
from kiosk.domain.standing import FREE, Caution, Leave, Want, is_minor, leave_to_begin, wanting
from sync.protocol.reference import ServiceRule, Standing, Training
from sync.protocol.vocabulary import AutoCloseReason

POLICY, ZONE = DutyPolicy(), ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 12, 10, 4, 0, tzinfo=UTC)
ADULT_MS = int(datetime(2030, 1, 1, tzinfo=UTC).timestamp() * 1000)
MINOR = Standing("V1", adult_from_ms=ADULT_MS, guardian_consent=True)


@dataclass(frozen=True)
class Now:
    at: datetime
    earliest: datetime
    latest: datetime | None
    calibrated: bool = True


def sure(at: datetime, minutes: float = 1) -> Now:
    return Now(at, at - timedelta(minutes=minutes), at + timedelta(minutes=minutes))


def unsure(at: datetime, *, calibrated: bool = True) -> Now:
    return Now(at, at - timedelta(days=30), None, calibrated)


def leave(standing: Standing | None, now: Now) -> Leave:
    return leave_to_begin(standing, now, POLICY, ZONE)


@pytest.mark.parametrize("standing", [None, Standing("V1"), MINOR])
def test_most_may_begin_by_day(standing: Standing | None) -> None:
    assert leave(standing, sure(NOON)) == FREE


def test_nobody_suspended_begins() -> None:
    assert leave(Standing("V1", suspended=True), unsure(NOON)) == Leave(RefusalReason.SUSPENDED)


def test_consent_is_asked_where_the_clock_is_not_known_to_be_wrong() -> None:
    alone = Standing("V1", adult_from_ms=ADULT_MS)
    assert leave(alone, unsure(NOON)).refusal is RefusalReason.GUARDIAN_NEEDED
    assert leave(alone, unsure(NOON, calibrated=False)) == Leave(cautions=(Caution.GUARDIAN,))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (sure(NOON + timedelta(hours=9)), Leave(RefusalReason.MINOR_AT_NIGHT)),
        (unsure(NOON + timedelta(hours=9)), Leave(cautions=(Caution.NIGHT,))),
        (sure(NOON + timedelta(hours=8, minutes=1), 5), Leave(cautions=(Caution.NIGHT,))),
        (sure(NOON + timedelta(hours=14), 8 * 60), Leave(cautions=(Caution.NIGHT,))),
    ],
    ids=["sure", "unsure", "perhaps still day", "perhaps day again"],
)
def test_a_night_is_refused_only_where_it_is_surely_one(now: Now, expected: Leave) -> None:
    assert leave(MINOR, now) == expected


def test_a_birthday_ends_it() -> None:
    birthday = datetime.fromtimestamp(ADULT_MS / 1000, UTC)
    assert is_minor(MINOR, birthday - timedelta(milliseconds=1))
    assert not is_minor(MINOR, birthday)
    assert not is_minor(None, NOON)


def test_a_training_is_wanted_unless_it_is_held_and_has_not_lapsed() -> None:
    rules = [ServiceRule("a", "x", strict=True), ServiceRule("b", "y"), ServiceRule("c"), ServiceRule("d", "z")]
    past_ms, future_ms = (int((NOON + timedelta(days=days)).timestamp() * 1000) for days in (-1, 1))
    held = Standing("V1", trained=[Training("x"), Training("y", past_ms), Training("z", future_ms)])
    assert wanting(held, rules, sure(NOON)) == {"b": Want("y", strict=False)}
    assert wanting(None, rules, sure(NOON))["a"] == Want("x", strict=True)


@given(st.integers(0, 24 * 60 - 1), st.booleans())
def test_a_minors_limit_is_never_later_and_at_latest_a_quarter_past_the_day(minute: int, closes: bool) -> None:
    policy = POLICY if closes else DutyPolicy(closes_at=None)
    start = NOON.replace(hour=0) + timedelta(minutes=minute)
    mine, adults = limit_of(start, policy, ZONE, minor=True), limit_of(start, policy, ZONE)
    assert start < mine.at <= adults.at
    if mine.reason is AutoCloseReason.DAYTIME:
        assert mine.at.astimezone(ZONE).strftime("%H:%M") == "20:15"
