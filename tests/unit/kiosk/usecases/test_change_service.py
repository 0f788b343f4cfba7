"""换岗: one session ends and the next begins at the same instant, no gap (duty-rules.md 9)."""

from __future__ import annotations

import pytest

from kiosk.domain.refusal import MoveRefusal, UndoRefusal
from kiosk.usecases.outcomes import CheckedIn, JustStarted, MoveRefused, Undone, UndoRefused
from sync.protocol.envelope import open_body
from sync.protocol.events import CheckIn
from sync.protocol.reference import RosteredShift, ServiceRule, Standing
from sync.protocol.vocabulary import SessionState
from tests.support.rules import tell
from tests.support.station import Booth

ME, HOUR = "4103020000000017", 3600


def changed(booth: Booth, check_out: str, service: str = "tutoring") -> CheckedIn:
    outcome = booth.station.answers.change_service(check_out, service)
    assert isinstance(outcome, CheckedIn), outcome
    return outcome


def test_the_next_session_begins_at_the_very_instant_the_last_one_ended(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.elapse(HOUR)
    ended = booth.check_out()
    booth.clocks.elapse(20)
    outcome = changed(booth, ended.event_id)
    out, following = booth.events()[-2:]
    body = open_body(following)
    assert isinstance(body, CheckIn)
    assert following.stamp == out.stamp
    assert (body.follows, body.service) == (ended.session_id, "tutoring")
    assert (outcome.follows, outcome.at, outcome.name) == (True, ended.at, "张晓明")
    booth.clocks.elapse(HOUR)
    again = booth.check_out()
    assert again.original_s == HOUR + 20
    assert again.total_minutes == 120


def test_shift_team_and_paid_work_go_on(booth: Booth) -> None:
    start_ms = booth.clocks.true_ms
    shift = RosteredShift("shift-1", ME, "张晓明", "directions", start_ms, start_ms + 3 * HOUR * 1000, "队一")
    tell(booth, Standing(ME, paid=True), roster=(shift,))
    booth.check_in()
    booth.clocks.elapse(HOUR)
    ended = booth.check_out()
    outcome = changed(booth, ended.event_id)
    session = booth.session(outcome.session_id).session
    assert session.shift is not None
    assert (session.shift.id, session.team, outcome.paid) == ("shift-1", "队一", True)
    assert outcome.match.shift is not None
    assert "paid" in session.flags


def test_an_undo_takes_the_new_session_back_and_not_the_end_of_the_last(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.elapse(HOUR)
    ended = booth.check_out()
    outcome = changed(booth, ended.event_id)
    booth.clocks.elapse(5)
    assert booth.station.undo(ended.event_id) == UndoRefused(UndoRefusal.TOO_LATE)
    assert booth.station.undo(outcome.event_id) == Undone(outcome.session_id, "张晓明", was_check_in=True)
    assert booth.session(outcome.session_id).session.state is SessionState.VOID
    assert booth.session(ended.session_id).session.state is SessionState.CLOSED


def test_it_is_offered_once_and_for_a_moment(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.elapse(HOUR)
    ended = booth.check_out()
    changed(booth, ended.event_id)
    before = booth.kinds()
    twice = booth.station.answers.change_service(ended.event_id, "environment")
    assert twice == MoveRefused(MoveRefusal.SETTLED)
    booth.clocks.elapse(181)
    late = booth.station.answers.change_service(ended.event_id, "environment")
    assert late == MoveRefused(MoveRefusal.SCAN_AGAIN)
    assert booth.kinds() == before


def test_not_across_a_power_cut(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.elapse(HOUR)
    ended = booth.check_out()
    booth.reboot(off_s=1)
    refused = booth.station.answers.change_service(ended.event_id, "tutoring")
    assert refused == MoveRefused(MoveRefusal.SCAN_AGAIN)


def test_not_from_a_check_out_that_was_taken_back(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.elapse(HOUR)
    ended = booth.check_out()
    booth.station.undo(ended.event_id)
    refused = booth.station.answers.change_service(ended.event_id, "tutoring")
    assert refused == MoveRefused(MoveRefusal.SETTLED)


@pytest.mark.parametrize("what", ["nothing", "check_in"])
def test_only_from_a_check_out(booth: Booth, what: str) -> None:
    event = booth.check_in().event_id if what == "check_in" else "no such event"
    refused = booth.station.answers.change_service(event, "tutoring")
    assert isinstance(refused, MoveRefused)
    assert booth.kinds() == (["check_in"] if what == "check_in" else [])


def test_not_into_a_kind_whose_training_is_missing(booth: Booth) -> None:
    tell(booth, services=[ServiceRule("legal_advice", training="law", strict=True)])
    booth.check_in()
    booth.clocks.elapse(HOUR)
    ended = booth.check_out()
    refused = booth.station.answers.change_service(ended.event_id, "legal_advice")
    assert refused == MoveRefused(MoveRefusal.TRAINING)


def test_the_next_scan_soon_after_is_a_reminder(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.elapse(HOUR)
    changed(booth, booth.check_out().event_id)
    booth.clocks.elapse(30)
    assert isinstance(booth.station.present(booth.card()), JustStarted)
