"""Stars come one after another from confirmed hours; faces are guarded by time alone."""

from __future__ import annotations

import pytest

from kiosk.domain.admission import Accepts, Shown, may_look
from kiosk.domain.policy import DutyPolicy
from kiosk.domain.recipient_rating import NS_PER_S, FaceRefusal, Lately, is_burst, refusal_of
from kiosk.domain.stars import STAR_HOURS, may_apply_for, minutes_for, next_level

POLICY = DutyPolicy()


def lately(on_duty: int = 1, scan_s: float | None = None, *faces_s: float) -> Lately:
    return Lately(on_duty, None if scan_s is None else int(scan_s * NS_PER_S), [int(s * NS_PER_S) for s in faces_s])


@pytest.mark.parametrize("level", range(1, len(STAR_HOURS) + 1))
def test_each_star_needs_the_one_before_and_its_own_hours(level: int) -> None:
    minutes = minutes_for(level)
    assert may_apply_for(level - 1, minutes, ()) == level
    assert may_apply_for(level - 1, minutes - 1, ()) is None
    assert may_apply_for(level - 1, minutes, {level}) is None
    assert all(may_apply_for(held, 10**9, ()) == held + 1 for held in range(level))


def test_after_the_fifth_there_is_none() -> None:
    assert (next_level(5), may_apply_for(5, 10**9, ())) == (None, None)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        (lately(0), FaceRefusal.NOBODY_ON_DUTY),
        (lately(1), None),
        (lately(1, 19.99), FaceRefusal.AFTER_SCAN),
        (lately(1, 20), None),
        (lately(1, None, 300, 19.99), FaceRefusal.AFTER_FACE),
        (lately(1, 20, 20), None),
    ],
)
def test_when_a_face_is_taken(given: Lately, refusal: FaceRefusal | None) -> None:
    assert refusal_of(given, POLICY) is refusal


def test_the_fifth_within_ten_minutes_is_flagged() -> None:
    assert is_burst(lately(1, None, 30, 60, 90, 599.9), POLICY)
    assert not is_burst(lately(1, None, 30, 60, 90, 600), POLICY)
    assert not is_burst(lately(1, None, 30, 60, 90), POLICY)


def test_who_may_look_at_own_records() -> None:
    assert all(may_look(accepts, shown) for accepts in Accepts for shown in (Shown.CARD, Shown.DYNAMIC, Shown.UNDATED))
    assert not any(may_look(accepts, Shown.TYPED) for accepts in Accepts)
    assert [may_look(accepts, Shown.LISTED) for accepts in Accepts] == [True, True, False]
