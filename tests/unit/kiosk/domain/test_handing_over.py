"""交接 by the roster: who comes next, whom one relieves, and that nobody is blamed for an empty afternoon."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kiosk.domain.handing_over import HandOver, NobodyNext, comes_next, is_relieved
from kiosk.domain.roster import starts_at
from sync.protocol.reference import RosteredShift
from sync.protocol.vocabulary import AssignmentState

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2027, 3, 5, 4, 0, tzinfo=UTC)  # twelve in Luoyang
H = 60


def shift(
    start_min: int, who: str, *, lasts: int = 3 * H, asked: bool = False, service: str = "tutoring"
) -> RosteredShift:
    starts_ms = round((NOON + timedelta(minutes=start_min)).timestamp() * 1000)
    state = AssignmentState.OFFERED if asked else AssignmentState.ACCEPTED
    ends_ms = starts_ms + lasts * 60_000
    return RosteredShift(f"{who}{start_min}", who, f"name of {who}", service, starts_ms, ends_ms, state=state)


def after(*roster: RosteredShift, minute: int = 0) -> HandOver | NobodyNext | None:
    return comes_next("me", NOON + timedelta(minutes=minute), roster, ZONE)


def at(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute)


def test_the_next_to_begin_today_takes_over() -> None:
    mine = shift(-3 * H, "me")
    assert after(mine, shift(2 * H, "late"), shift(30, "next")) == HandOver("name of next", at(30))
    assert after(mine, shift(-10, "just came")) == HandOver("name of just came", at(-10))
    assert after(mine, shift(-16, "long here")) == NobodyNext()


def test_those_who_begin_together_are_counted_and_who_agreed_is_named() -> None:
    found = after(shift(0, "asked", asked=True), shift(0, "b"), shift(0, "c"))
    assert found == HandOver("name of b", at(0), others=1)
    assert after(shift(0, "asked", asked=True)) == HandOver("name of asked", at(0), asked=True)


def test_the_own_next_shift_is_said_as_such_and_the_one_being_left_is_not_next() -> None:
    assert after(shift(0, "me"), shift(0, "other")) == HandOver("name of me", at(0), others=0 + 1, own=True)
    assert after(shift(-10, "me"), minute=0) == NobodyNext()


def test_nobody_is_said_only_where_anything_is_planned() -> None:
    assert after() is None
    assert after(shift(24 * H, "tomorrow")) == NobodyNext()


def test_over_midnight_what_comes_soon_is_next() -> None:
    night = after(shift(12 * H + 30, "night"), minute=11 * H + 50)
    assert night == HandOver("name of night", at(12 * H + 30))


def test_whose_shift_ends_as_mine_begins_is_relieved() -> None:
    roster = [shift(-3 * H, "before", service="tea"), shift(-3 * H - 5, "same kind", lasts=3 * H), shift(0, "me")]
    mine = roster[-1]
    assert is_relieved("me", at(-4), mine, roster) == HandOver("name of same kind", at(-5), others=1)
    assert is_relieved("me", at(3), None, [shift(-3 * H, "before")]) == HandOver("name of before", at(0))


def test_nobody_is_relieved_long_after_or_by_who_was_only_asked_or_by_oneself() -> None:
    mine = shift(0, "me")
    assert is_relieved("me", at(16), mine, [shift(-3 * H, "before")]) is None
    assert is_relieved("me", at(0), mine, [shift(-3 * H, "asked", asked=True), shift(-3 * H, "me")]) is None
    assert is_relieved("me", at(0), mine, [shift(-3 * H, "before", lasts=2 * H)]) is None
    assert is_relieved("me", at(0), mine, [shift(5, "short", lasts=5)]) is None
    assert starts_at(mine) == at(0)
