"""A forgotten check-out is asked about at the next scan, never guessed, and the answer is a proposal."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.commands.deeds import carry_out
from kiosk.domain.refusal import MoveRefusal, StatementRefusal
from kiosk.domain.unended import ends_offered, times_offered
from kiosk.presenter.asking.acts import ChangeServiceIntent, CloseGroupIntent, EndElsewhereIntent, StateEndIntent
from kiosk.usecases.outcomes import (
    CheckedIn,
    CheckedInAsking,
    CheckedOut,
    EndStated,
    Forgotten,
    GroupEnded,
    MoveRefused,
    NotRecorded,
    StatementRefused,
)
from kiosk.usecases.state_end import Said
from sync.protocol.envelope import open_body
from sync.protocol.judgements import Confirmation, Statement
from sync.protocol.reference import RosteredShift
from sync.protocol.vocabulary import Matter, Provenance, SessionState, StatementAnswer
from tests.support.station import Booth, booth_in

ME, OTHER, CAPTAIN = "4103020000000017", "4103020000000025", "4103020000000033"
HOUR, DAY = 3600, 24 * 3600
NINE = datetime(2026, 12, 10, 1, 0, tzinfo=UTC)  # nine in the morning in Luoyang


def know_the_time(booth: Booth) -> None:
    booth.exchange()
    booth.station.tend()


def asked(booth: Booth, number: str = ME) -> tuple[CheckedInAsking, Forgotten]:
    outcome = booth.station.present(booth.card(number))
    assert isinstance(outcome, CheckedInAsking), outcome
    assert isinstance(outcome.asks, Forgotten)
    return outcome, outcome.asks


def forget(booth: Booth, at: datetime = NINE, number: str = ME) -> CheckedIn:
    booth.clocks.set_to(at)
    know_the_time(booth)
    return booth.check_in(number)


def say(booth: Booth, came: CheckedIn, session: str, ends_at: datetime) -> object:
    said = Said(session, StatementAnswer.OTHER_TIME, ends_at)
    return booth.station.answers.state_end(came.event_id, said)


@pytest.mark.parametrize("wait_s", [14.5 * HOUR, DAY, 9 * DAY, 60 * DAY])
def test_the_check_in_is_on_record_before_the_question_is_asked(booth: Booth, wait_s: float) -> None:
    left = forget(booth)
    booth.clocks.elapse(wait_s)
    know_the_time(booth)
    came, forgotten = asked(booth)
    assert forgotten.session_id == left.session_id
    assert booth.kinds()[-1] == "check_in"
    assert booth.session(came.session_id).session.state is SessionState.OPEN
    assert abs((forgotten.duty.starts_at - left.at).total_seconds()) < 5


def test_the_end_of_the_shift_is_offered_only_where_there_was_one(booth: Booth) -> None:
    start_ms = int(NINE.timestamp() * 1000)
    shift = RosteredShift("shift-1", ME, "张晓明", "directions", start_ms, start_ms + 3 * HOUR * 1000)
    booth.station.apply_reference(booth.community.reference(version=2, roster=(shift,)))
    for number in (ME, OTHER):
        forget(booth, NINE, number)
    booth.clocks.elapse(DAY)
    know_the_time(booth)
    policy, zone = booth.station.present.policy, booth.station.present.zone
    offered = [ends_offered(asked(booth, number)[1].duty, policy, zone) for number in (ME, OTHER)]
    assert offered[0] == {StatementAnswer.SHIFT_END: NINE + timedelta(hours=3)}  # by closing time the cap had passed
    assert StatementAnswer.SHIFT_END not in offered[1]


def test_a_station_that_never_closes_offers_no_closing_time(booth: Booth) -> None:
    booth.duty = {"closes_at": "never"}
    booth.restart()
    forget(booth)
    booth.clocks.elapse(DAY)
    know_the_time(booth)
    duty = asked(booth)[1].duty
    assert ends_offered(duty, booth.station.present.policy, booth.station.present.zone) == {}
    assert times_offered(duty, booth.station.present.zone)[-1] == duty.until


def test_the_answer_is_a_proposal_until_a_captain_stands_for_it(booth: Booth) -> None:
    left = forget(booth)
    booth.clocks.elapse(DAY)
    know_the_time(booth)
    came, forgotten = asked(booth)
    ends_at = forgotten.duty.starts_at + timedelta(hours=2, minutes=30)
    assert say(booth, came, left.session_id, ends_at) == EndStated(left.session_id, ends_at)
    session = booth.session(left.session_id).session
    assert (session.state, session.credited_minutes) == (SessionState.PROVISIONAL, 0)
    assert Matter.CONFIRM in session.matters
    statement = booth.events()[-1]
    body = open_body(statement)
    assert isinstance(body, Statement)
    assert (body.volunteer, body.certificate.serial) == (ME, session.certificate.serial)
    with booth.station.device.ledger.writing() as writing:
        writing.append(Confirmation(left.session_id, statement.id, CAPTAIN), booth.station.clock.now().stamp)
    settled = booth.session(left.session_id).session
    assert (settled.state, settled.credited_minutes) == (SessionState.CONFIRMED, 150)
    assert settled.provenance is Provenance.ONE_SCAN_STATED


def test_no_answer_loses_nothing_and_is_asked_again(booth: Booth) -> None:
    left = forget(booth)
    for _ in range(2):
        booth.clocks.elapse(DAY)
        know_the_time(booth)
        _, forgotten = asked(booth)
        booth.clocks.elapse(2 * HOUR)
        assert isinstance(booth.station.present(booth.card()), CheckedOut)
        assert forgotten.session_id == left.session_id
    assert "statement" not in booth.kinds()


def test_of_several_the_latest_is_asked_first_and_one_a_scan(booth: Booth) -> None:
    lefts = [forget(booth)]
    for _ in range(2):
        booth.clocks.elapse(DAY)
        know_the_time(booth)
        lefts.append(booth.check_in())
    booth.clocks.elapse(DAY)
    know_the_time(booth)
    for left in reversed(lefts):
        came, forgotten = asked(booth)
        assert forgotten.session_id == left.session_id
        assert isinstance(say(booth, came, left.session_id, left.at + timedelta(hours=1)), EndStated)
        booth.clocks.elapse(HOUR)
        booth.check_out()
    assert type(booth.check_in()) is CheckedIn


@pytest.mark.parametrize(
    ("hours", "reason"),
    [
        (0, StatementRefusal.NOT_AFTER_START),
        (-1, StatementRefusal.NOT_AFTER_START),
        (14.1, StatementRefusal.AFTER_LIMIT),
        (40, StatementRefusal.AFTER_LIMIT),
    ],
)
def test_an_end_that_cannot_be_is_refused_as_a_value(booth: Booth, hours: float, reason: StatementRefusal) -> None:
    left = forget(booth)
    booth.clocks.elapse(DAY)
    know_the_time(booth)
    came, forgotten = asked(booth)
    before = booth.kinds()
    ends_at = forgotten.duty.starts_at + timedelta(hours=hours)
    assert say(booth, came, left.session_id, ends_at) == StatementRefused(left.session_id, reason)
    assert booth.kinds() == before


def test_an_answer_needs_a_fresh_scan_of_the_same_volunteer(booth: Booth) -> None:
    left = forget(booth)
    booth.clocks.elapse(DAY)
    know_the_time(booth)
    came, _ = asked(booth)
    stranger = booth.check_in(OTHER)
    ends_at, again = left.at + timedelta(hours=1), StatementRefused(left.session_id, StatementRefusal.SCAN_AGAIN)
    assert say(booth, stranger, left.session_id, ends_at) == again
    booth.clocks.elapse(181)
    assert say(booth, came, left.session_id, ends_at) == again


def test_what_was_answered_is_not_answered_twice(booth: Booth) -> None:
    left = forget(booth)
    booth.clocks.elapse(DAY)
    know_the_time(booth)
    came, _ = asked(booth)
    say(booth, came, left.session_id, left.at + timedelta(hours=1))
    twice = say(booth, came, left.session_id, left.at + timedelta(hours=2))
    assert twice == StatementRefused(left.session_id, StatementRefusal.SETTLED)


def test_under_a_wrong_clock_the_length_is_asked_and_recorded(booth: Booth) -> None:
    booth.clocks.set_wall(0)
    booth.restart()
    left = booth.check_in()
    booth.clocks.elapse(DAY)
    came, forgotten = asked(booth)
    assert not forgotten.duty.dated
    assert ends_offered(forgotten.duty, booth.station.present.policy, booth.station.present.zone) == {}
    first, *_ = times_offered(forgotten.duty, booth.station.present.zone)
    assert first - forgotten.duty.starts_at == timedelta(minutes=15)
    assert isinstance(say(booth, came, left.session_id, first), EndStated)
    session = booth.session(left.session_id).session
    assert session.stated_end_ms is not None
    assert session.stated_end_ms - session.started.est_ms == 15 * 60 * 1000


def test_an_undo_takes_the_scan_back_and_not_the_answer(booth: Booth) -> None:
    left = forget(booth)
    booth.clocks.elapse(DAY)
    know_the_time(booth)
    came, _ = asked(booth)
    say(booth, came, left.session_id, left.at + timedelta(hours=1))
    booth.station.undo(came.event_id)
    assert booth.session(came.session_id).session.state is SessionState.VOID
    assert booth.session(left.session_id).session.stated_end_ms is not None


def test_a_file_that_cannot_be_written_says_so(booth: Booth) -> None:
    left = forget(booth)
    booth.clocks.elapse(DAY)
    know_the_time(booth)
    came, _ = asked(booth)
    booth.station.device.close()
    booth.file.chmod(0o400)
    said = Said(left.session_id, StatementAnswer.OTHER_TIME, left.at + timedelta(hours=1))
    with closing(sqlite3.connect(booth.file)) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        assert isinstance(booth.station.answers.state_end(came.event_id, said), NotRecorded)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    start_min=st.integers(0, 24 * 60 - 1),
    gap_h=st.floats(0.1, 60),
    anchored=st.booleans(),
    closes=st.sampled_from(["22:00", "18:30", "00:00"]),
)
def test_where_a_station_closes_a_scan_of_the_next_day_is_never_a_check_out(
    start_min: int, gap_h: float, anchored: bool, closes: str
) -> None:
    with tempfile.TemporaryDirectory() as folder, booth_in(Path(folder), duty={"closes_at": closes}) as booth:
        booth.clocks.set_to(NINE + timedelta(minutes=start_min))
        if anchored:
            know_the_time(booth)
        began = booth.check_in()
        booth.clocks.elapse(gap_h * HOUR)
        outcome, zone = booth.station.present(booth.card()), booth.station.present.zone
        if isinstance(outcome, CheckedOut):
            evening = outcome.at - timedelta(minutes=booth.station.present.policy.grace_min)
            assert evening.astimezone(zone).date() <= began.at.astimezone(zone).date()
        else:
            assert isinstance(outcome, CheckedIn)
            assert outcome.session_id != began.session_id


def test_what_the_screen_asks_for_is_carried_out(booth: Booth) -> None:
    left = forget(booth)
    booth.clocks.elapse(DAY)
    know_the_time(booth)
    came, _ = asked(booth)
    ends_at = left.at + timedelta(hours=1)
    said = Said(left.session_id, StatementAnswer.OTHER_TIME, ends_at)
    assert carry_out(booth.station, StateEndIntent(came.event_id, said)) == EndStated(left.session_id, ends_at)
    refused = carry_out(booth.station, EndElsewhereIntent(came.event_id, "nowhere"))
    assert refused == MoveRefused(MoveRefusal.SETTLED)
    assert isinstance(carry_out(booth.station, ChangeServiceIntent(came.event_id, "tutoring")), MoveRefused)
    assert carry_out(booth.station, CloseGroupIntent("no group")) == GroupEnded("no group")
