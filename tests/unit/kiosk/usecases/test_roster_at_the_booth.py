"""The roster at the booth: the shift that is meant, the wrong point, who comes next, and staying on without a gap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from kiosk.domain.handing_over import HandOver, NobodyNext
from kiosk.domain.policy import DutyPolicy
from kiosk.domain.refusal import MoveRefusal
from kiosk.domain.roster import Punctuality
from kiosk.usecases.outcomes import CheckedIn, MoveRefused, RosterNews, Undone
from kiosk.usecases.ports import Reading
from kiosk.usecases.roster_here import RosterHere
from sync.protocol.envelope import open_body
from sync.protocol.events import CheckIn
from sync.protocol.reference import NearbyShift, RosteredShift, ServiceRule, Standing
from sync.protocol.roster import AnswerSettled, OpenPost, RosterResponse
from sync.protocol.sessions import NO_CERTIFICATE
from sync.protocol.vocabulary import AnswerOutcome, AssignmentState, RosterAnswer, RosterReason
from tests.support.rules import append, open_group, set_drill, tell
from tests.support.station import Booth

NINE = datetime(2026, 12, 10, 1, 0, tzinfo=UTC)  # nine in Luoyang
NINE_MS = round(NINE.timestamp() * 1000)
ME, OTHER = "4103020000000017", "4103020000000025"
MINUTE, H = 60, 60


def shift(start_min: int, who: str = ME, *, lasts: int = 3 * H, **changes: Any) -> RosteredShift:
    starts_ms = NINE_MS + start_min * 60_000
    id_ = changes.pop("id_", f"{who}{start_min}")
    return RosteredShift(id_, who, "张晓明", "tea_charging", starts_ms, starts_ms + lasts * 60_000, **changes)


def post(start_min: int, **changes: Any) -> OpenPost:
    starts_ms = NINE_MS + start_min * 60_000
    return OpenPost("post-1", "tutoring", starts_ms, starts_ms + 3 * H * 60_000, 1, version=4, **changes)


def at(booth: Booth, minute: float) -> None:
    booth.clocks.elapse((NINE + timedelta(minutes=minute)).timestamp() - booth.clocks.true_ms / 1000)


def body_of(booth: Booth, outcome: CheckedIn) -> CheckIn:
    body = next(open_body(each) for each in booth.events() if each.id == outcome.event_id)
    assert isinstance(body, CheckIn)
    return body


def stays(booth: Booth, check_out: str, post_id: str = "post-1") -> CheckedIn:
    outcome = booth.station.answers.stay_on(check_out, post_id)
    assert isinstance(outcome, CheckedIn), outcome
    return outcome


def served(booth: Booth, *, until_min: float = 180) -> str:
    """Serve the shift at nine; return the id of the check-out."""
    at(booth, -5)
    booth.check_in()
    at(booth, until_min)
    return booth.check_out().event_id


# ---- which shift


def test_who_served_the_first_shift_checks_in_for_the_second(booth: Booth) -> None:
    tell(booth, roster=(shift(0), shift(H * 3 + 20)))
    served(booth, until_min=170)
    at(booth, 174)
    match = booth.check_in().match
    assert match.shift is not None
    assert (match.shift.id, match.punctuality) == (f"{ME}200", Punctuality.EARLY)


def test_a_shift_is_served_once_and_a_break_is_no_end(booth: Booth) -> None:
    tell(booth, roster=(shift(0),))
    served(booth, until_min=60)
    at(booth, 90)
    back = booth.check_in()
    assert (back.match.punctuality, body_of(booth, back).shift is not None) == (Punctuality.BACK, True)
    at(booth, 170)
    booth.check_out()
    at(booth, 175)
    again = booth.check_in()
    assert (again.match.punctuality, body_of(booth, again).shift) == (Punctuality.WALK_IN, None)


def test_a_check_in_that_was_undone_served_nothing(booth: Booth) -> None:
    tell(booth, roster=(shift(0),))
    at(booth, 2)
    booth.station.undo(booth.check_in().event_id)
    at(booth, 10)
    assert booth.check_in().match.punctuality is Punctuality.LATE


def test_two_shifts_in_a_row_are_one_stay_that_counts_whole(booth: Booth) -> None:
    tell(booth, roster=(shift(0), shift(190)))
    at(booth, -10)
    came = booth.check_in()
    bounds = body_of(booth, came).shift
    assert bounds is not None
    assert (bounds.id, bounds.starts_ms, bounds.ends_ms) == (f"{ME}0", NINE_MS, NINE_MS + 370 * 60_000)
    at(booth, 370)
    assert booth.check_out().credited_minutes == 380
    states = [each.state for each in booth.station.read_board().roster]
    assert states == ["served", "served"]


@pytest.mark.parametrize("answer", [RosterAnswer.DECLINE, RosterAnswer.LEAVE])
def test_who_said_no_here_and_comes_is_no_latecomer(booth: Booth, answer: RosterAnswer) -> None:
    tell(booth, roster=(shift(0, version=2),))
    append(booth, RosterResponse(ME, NO_CERTIFICATE, answer, f"{ME}0", 2))
    at(booth, 30)
    assert booth.check_in().match.punctuality is Punctuality.WALK_IN


def test_a_word_on_what_the_planner_changed_since_stands_no_more(booth: Booth) -> None:
    tell(booth, roster=(shift(0, version=3),))
    append(booth, RosterResponse(ME, NO_CERTIFICATE, RosterAnswer.DECLINE, f"{ME}0", 2))
    at(booth, 0)
    assert booth.check_in().match.punctuality is Punctuality.ON_TIME


# ---- the wrong point, what waits, who hands over


def test_at_the_wrong_point_the_scan_is_the_record_and_the_way_is_told(booth: Booth) -> None:
    there = NearbyShift("n", ME, "point-2", "牡丹广场", NINE_MS, NINE_MS + 3 * H * 60_000, "地铁口旁")
    tell(booth, nearby=[there])
    at(booth, -20)
    came = booth.check_in()
    assert (came.nearby, came.match.punctuality) == (there, Punctuality.WALK_IN)
    assert booth.kinds() == ["check_in"]
    assert isinstance(booth.station.undo(came.event_id), Undone)
    assert booth.check_in(OTHER).nearby is None
    tell(booth, nearby=[there], roster=(shift(0),))
    assert booth.check_in().nearby is None


def test_what_waits_is_counted_and_told_on_both_cards(booth: Booth) -> None:
    offered = shift(24 * H, state=AssignmentState.OFFERED)
    lost, why = AnswerOutcome.LOST, RosterReason.POST_FULL
    settled = AnswerSettled("a", ME, RosterAnswer.TAKE, "p", lost, NINE_MS, NINE_MS, "tea", why)
    tell(booth, roster=(offered,), settled=[settled])
    at(booth, 0)
    assert booth.check_in().news == RosterNews(to_answer=1, impossible=1)
    append(booth, RosterResponse(ME, NO_CERTIFICATE, RosterAnswer.ACCEPT, offered.id))
    append(booth, RosterResponse(ME, NO_CERTIFICATE, RosterAnswer.SEEN, "a"))
    at(booth, 60)
    assert booth.check_out().news == RosterNews()
    assert booth.check_in(OTHER).news == RosterNews()


def test_whoever_the_roster_does_not_name_costs_the_scan_no_question(booth: Booth) -> None:
    tell(booth, roster=(shift(0, OTHER), shift(24 * H)), open_posts=[post(0)])
    data = booth.station.device.shelf.current().data
    nothing = cast("Reading", object())  # has no method that could be asked
    at(booth, 0)
    here = RosterHere(nothing, data, DutyPolicy(), ME, booth.station.clock.now())
    assert (here.match().punctuality, here.news(), here.elsewhere()) == (Punctuality.WALK_IN, RosterNews(), None)


def test_the_cards_say_who_goes_and_who_comes(booth: Booth) -> None:
    tell(booth, roster=(shift(-180, OTHER), shift(0), shift(180, OTHER, lasts=60)))
    at(booth, -5)
    assert booth.check_in().relieves == HandOver("张晓明", NINE)
    at(booth, 178)
    assert booth.check_out().comes_next == HandOver("张晓明", NINE + timedelta(hours=3))
    at(booth, 200)
    booth.check_in()
    at(booth, 260)
    assert booth.check_out().comes_next == NobodyNext()


# ---- staying on


def test_staying_on_goes_on_at_the_same_instant_and_loses_no_minute(booth: Booth) -> None:
    tell(booth, roster=(shift(0),), open_posts=[post(180)])
    at(booth, -5)
    booth.check_in()
    at(booth, 178)
    ended = booth.check_out()
    assert ended.stay_on == post(180)
    booth.clocks.elapse(20)
    on = stays(booth, ended.event_id)
    out, take, following = booth.events()[-3:]
    said, body = open_body(take), open_body(following)
    assert isinstance(said, RosterResponse)
    assert isinstance(body, CheckIn)
    assert (said.answer, said.of, said.version, said.volunteer) == (RosterAnswer.TAKE, "post-1", 4, ME)
    assert (body.follows, body.service, body.shift, following.stamp) == (
        ended.session_id,
        "tutoring",
        None,
        out.stamp,
    )
    assert (on.follows, on.stays_for, on.post_taken, on.at) == (True, post(180), True, ended.at)
    at(booth, 6 * H + 10)
    again = booth.check_out()
    assert ended.credited_minutes + again.credited_minutes == 6 * H + 15 == again.total_minutes


def test_a_post_that_has_just_begun_is_asked_for_too(booth: Booth) -> None:
    tell(booth, roster=(shift(0),), open_posts=[post(180)])
    on = stays(booth, served(booth, until_min=194))
    assert (on.post_taken, on.stays_for) == (True, post(180))
    assert booth.kinds() == ["check_in", "check_out", "roster_response", "check_in"]


def test_a_post_that_began_a_quarter_of_an_hour_ago_is_served_and_not_asked_for(booth: Booth) -> None:
    tell(booth, roster=(shift(0),), open_posts=[post(180)])
    on = stays(booth, served(booth, until_min=195))
    assert (on.post_taken, on.stays_for) == (False, post(180))
    assert booth.kinds() == ["check_in", "check_out", "check_in"]


def test_a_word_given_before_is_not_given_twice(booth: Booth) -> None:
    tell(booth, roster=(shift(0),), open_posts=[post(180)])
    append(booth, RosterResponse(ME, NO_CERTIFICATE, RosterAnswer.TAKE, "post-1", 4))
    assert stays(booth, served(booth, until_min=175)).post_taken
    assert booth.kinds().count("roster_response") == 1


def test_staying_on_twice_or_after_an_undo_or_too_late_is_refused(booth: Booth) -> None:
    tell(booth, roster=(shift(0),), open_posts=[post(180)])
    stay_on = booth.station.answers.stay_on
    check_out = served(booth, until_min=178)
    assert stay_on(check_out, "another") == MoveRefused(MoveRefusal.POST_GONE)
    assert stay_on("nobody's", "post-1") == MoveRefused(MoveRefusal.SCAN_AGAIN)
    on = stays(booth, check_out)
    assert stay_on(check_out, "post-1") == MoveRefused(MoveRefusal.SETTLED)
    assert isinstance(booth.station.undo(on.event_id), Undone)
    booth.clocks.elapse(200)
    assert stay_on(check_out, "post-1") == MoveRefused(MoveRefusal.SCAN_AGAIN)
    assert booth.session(on.session_id).session.credited_minutes == 0


def test_a_post_that_is_told_of_no_more_is_gone(booth: Booth) -> None:
    tell(booth, roster=(shift(0),), open_posts=[post(180)])
    check_out = served(booth)
    tell(booth, roster=(shift(0),))
    assert booth.station.answers.stay_on(check_out, "post-1") == MoveRefused(MoveRefusal.POST_GONE)


def test_who_goes_before_the_end_is_asked_nothing(booth: Booth) -> None:
    tell(booth, roster=(shift(0),), open_posts=[post(100)])
    at(booth, 0)
    booth.check_in()
    at(booth, 100)
    assert booth.check_out().stay_on is None


@pytest.mark.parametrize("unlike", ["paid", "drill", "group", "training"])
def test_what_is_no_volunteering_or_not_allowed_is_offered_nothing(booth: Booth, unlike: str) -> None:
    rules = [ServiceRule("tutoring", "家教培训", strict=True)] if unlike == "training" else []
    tell(booth, Standing(ME, paid=unlike == "paid"), open_posts=[post(0)], services=rules)
    at(booth, -60)
    if unlike == "group":
        open_group(booth)
    if unlike == "drill":
        set_drill(booth, on=True)
    booth.station.present(booth.card())
    at(booth, -5)
    ended = booth.station.present(booth.card())
    assert getattr(ended, "stay_on", None) is None
    kept = booth.events()[-1].id
    assert isinstance(booth.station.answers.stay_on(kept, "post-1"), MoveRefused)
