"""接着值下一班: offered as the next post begins, to whom all known rules allow it, to nobody who leaves early."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from kiosk.domain.staying_on import Leaving, post_to_stay_for
from sync.protocol.events import Shift
from sync.protocol.reference import NearbyShift, ReferenceData, RosteredShift, ServicePoint, Standing, Training
from sync.protocol.roster import OpenPost
from sync.protocol.signing.documents import SignedDocument

NOON = datetime(2027, 3, 5, 4, 0, tzinfo=UTC)
NOON_MS = round(NOON.timestamp() * 1000)
MINUTE = 60_000
H = 60
MINE = Shift("mine", NOON_MS - 3 * H * MINUTE, NOON_MS)


def post(start_min: int = 0, id_: str = "p", **changes: Any) -> OpenPost:
    starts_ms = NOON_MS + start_min * MINUTE
    return msgspec.structs.replace(OpenPost(id_, "tea", starts_ms, starts_ms + 3 * H * MINUTE, 1), **changes)


def offered(
    *posts: OpenPost, minute: int = 0, shift: Shift | None = MINE, standing: Standing | None = None, **more: Any
) -> str | None:
    leaves = {"team": None, "served_s": 3600, "barred": frozenset()} | {
        key: more.pop(key) for key in ("team", "served_s", "barred") if key in more
    }
    leaving = Leaving("V1", NOON + timedelta(minutes=minute), shift, **leaves)
    point = ServicePoint("point-1", "x", "410302")
    trust = SignedDocument(kind="trust_list", payload={}, signature="")
    standings = [] if standing is None else [standing]
    data = ReferenceData(1, 1, "d", point, trust, open_posts=list(posts), standings=standings, **more)
    found = post_to_stay_for(leaving, data)
    return None if found is None else found.id


def test_the_post_that_begins_as_duty_ends_is_offered() -> None:
    assert offered(post()) == "p"
    assert offered(post(), minute=-15) == "p"
    assert offered(post(), minute=40) == "p"  # it follows the own shift, however late the card was shown
    assert offered(post(16)) is None
    assert offered(post(16), minute=1) == "p"


def test_who_leaves_before_the_end_is_asked_nothing() -> None:
    assert offered(post(), minute=-16) is None
    assert offered(post(-16), minute=-16) is None


def test_a_walk_in_may_stay_for_what_begins_now() -> None:
    assert offered(post(), minute=15, shift=None) == "p"
    assert offered(post(), minute=16, shift=None) is None


def test_the_nearest_is_offered_and_what_is_over_is_not() -> None:
    assert offered(post(10, "far"), post(-2, "near")) == "near"
    assert offered(post(-10, ends_ms=NOON_MS)) is None


def test_a_stay_too_short_to_count_would_be_lost() -> None:
    assert offered(post(), served_s=299) is None
    assert offered(post(), served_s=300) == "p"


@pytest.mark.parametrize(
    ("asks", "standing", "may"),
    [
        ({"skill": "sign language"}, None, False),
        ({"team": "红队"}, None, False),
        ({"training": "急救"}, None, False),
        ({"training": "急救"}, Standing("V1"), False),
        ({"training": "急救"}, Standing("V1", trained=[Training("急救", NOON_MS)]), False),
        ({"training": "急救"}, Standing("V1", trained=[Training("急救")]), True),
        ({}, Standing("V1", suspended=True), False),
        ({}, Standing("V1", adult_from_ms=NOON_MS * 2, guardian_consent=True), True),
        ({"daytime": False}, Standing("V1", adult_from_ms=NOON_MS * 2, guardian_consent=True), False),
        ({"daytime": False}, Standing("V1", adult_from_ms=NOON_MS, guardian_consent=True), True),
        ({}, Standing("V1", adult_from_ms=NOON_MS * 2), False),
    ],
)
def test_what_is_asked_for_must_be_known_to_be_met(asks: dict[str, Any], standing: Standing | None, may: bool) -> None:
    assert (offered(post(**asks), standing=standing) is not None) == may


def test_the_own_teams_post_is_offered_and_a_barred_kind_is_not() -> None:
    assert offered(post(team="红队"), team="红队") == "p"
    assert offered(post(), barred=frozenset({"tea"})) is None


def test_whoever_has_a_shift_of_their_own_then_is_not_asked() -> None:
    at_two = NOON_MS + 2 * H * MINUTE
    own = RosteredShift("own", "V1", "x", "tea", at_two, at_two + H * MINUTE)
    assert offered(post(), roster=[own]) is None
    assert offered(post(), roster=[msgspec.structs.replace(own, volunteer="V2")]) == "p"
    elsewhere = NearbyShift("n", "V1", "point-2", "那边", at_two, at_two + H * MINUTE)
    assert offered(post(), nearby=[elsewhere]) is None
