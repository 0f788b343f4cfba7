"""Drill mode: everything is recorded apart; practice and earnest never touch each other."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.usecases.close_drill import close_drill_sessions
from kiosk.usecases.outcomes import CheckedIn, CheckedInAsking, CheckedOut
from sync.protocol.envelope import open_body
from sync.protocol.events import AutoClose, CheckIn
from sync.protocol.sessions import DRILL
from sync.protocol.vocabulary import AutoCloseReason, SessionState
from tests.support.rules import set_drill, tell
from tests.support.station import Booth, booth_in

ME, HOUR, DAY = "4103020000000017", 3600, 24 * 3600


def test_a_drill_counts_nothing_and_is_on_no_board(booth: Booth) -> None:
    set_drill(booth, on=True)
    assert booth.check_in().drill
    board = booth.station.read_board()
    assert (board.drill, board.on_duty) == (True, ())
    booth.clocks.elapse(2 * HOUR)
    ended = booth.check_out()
    assert (ended.drill, ended.original_s, ended.credited_minutes, ended.total_minutes) == (True, 2 * HOUR, 0, 0)
    assert not any(booth.station.read_board().minutes_by_day.values())


def test_a_drill_sees_no_duty_in_earnest_and_leaves_it_alone(booth: Booth) -> None:
    began = booth.check_in(service="tutoring")
    booth.clocks.elapse(HOUR)
    set_drill(booth, on=True)
    practised = booth.check_in()
    assert practised.session_id != began.session_id
    assert practised.service == "directions"  # what is usual in earnest is not looked at
    set_drill(booth, on=False)
    booth.clocks.elapse(HOUR)
    ended = booth.check_out()
    assert (ended.session_id, ended.credited_minutes) == (began.session_id, 120)
    assert booth.check_in().service == "tutoring"


def test_a_forgotten_check_out_is_not_asked_about_in_a_drill(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.elapse(2 * DAY)
    booth.station.tend()
    set_drill(booth, on=True)
    assert type(booth.check_in()) is CheckedIn
    set_drill(booth, on=False)
    booth.station.tend()
    assert isinstance(booth.station.present(booth.card()), CheckedInAsking)


def test_when_the_drill_ends_nobody_stays_on_duty_in_it(booth: Booth) -> None:
    earnest = booth.check_in("4103020000000025")
    set_drill(booth, on=True)
    practised = booth.check_in()
    with booth.station.device.ledger.writing() as writing:
        assert close_drill_sessions(writing, booth.station.clock.now()) == 1
    body = open_body(booth.events()[-1])
    assert isinstance(body, AutoClose)
    assert (body.session, body.reason) == (practised.session_id, AutoCloseReason.DRILL_ENDED)
    assert booth.session(earnest.session_id).session.state is SessionState.OPEN
    set_drill(booth, on=False)
    assert booth.station.read_board().provisional_count == 0
    assert type(booth.check_in()) is CheckedIn


def test_what_a_drill_left_over_is_closed_by_the_rules(booth: Booth) -> None:
    set_drill(booth, on=True)
    practised = booth.check_in()
    assert booth.station.close_overdue() == 0
    set_drill(booth, on=False)
    assert booth.station.close_overdue() == 1
    assert booth.session(practised.session_id).session.state is SessionState.PROVISIONAL
    assert booth.station.close_overdue() == 0


def test_standings_hold_in_a_drill_too(booth: Booth) -> None:
    tell(booth)
    set_drill(booth, on=True)
    assert isinstance(booth.station.present(booth.card()), CheckedIn)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(["me", "other", "drill", "wait", "day"]), max_size=14))
def test_practice_and_earnest_never_mix_and_nobody_lowers_anothers_record(steps: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, booth_in(Path(folder)) as booth:
        on, numbers = False, {"me": ME, "other": "4103020000000025"}
        for step in steps:
            if step == "drill":
                on = not on
                set_drill(booth, on=on)
            elif step in numbers:
                before = _credited(booth)
                outcome = booth.station.present(booth.card(numbers[step]))
                if isinstance(outcome, CheckedIn | CheckedOut):
                    assert outcome.drill is on
                    assert (DRILL in booth.session(outcome.session_id).session.flags) is on
                after = _credited(booth)
                assert all(after[who] >= minutes for who, minutes in before.items() if who != numbers[step])
            else:
                booth.clocks.elapse({"wait": HOUR, "day": DAY}[step])
        bodies = [open_body(event) for event in booth.events()]
        drilled = {body.session for body in bodies if isinstance(body, CheckIn) and body.drill}
        assert all(booth.session(session).session.credited_minutes == 0 for session in drilled)


def _credited(booth: Booth) -> dict[str, int]:
    rows = booth.rows("SELECT volunteer, SUM(credited_minutes) FROM sessions GROUP BY volunteer")
    return dict(rows)
