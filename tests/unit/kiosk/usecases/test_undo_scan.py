"""An accepted scan can be taken back for a moment; the scan and the undo both stay on record."""

from __future__ import annotations

import pytest

from kiosk.domain.refusal import UndoRefusal
from kiosk.usecases.outcomes import Undone, UndoRefused
from sync.protocol.vocabulary import SessionState
from tests.support.station import Booth

HOUR = 3600


def test_an_undone_check_in_is_void_and_the_next_scan_begins_anew(booth: Booth) -> None:
    began = booth.check_in()
    booth.clocks.elapse(9)
    assert booth.station.undo(began.event_id) == Undone(began.session_id, "张晓明", was_check_in=True)
    assert booth.session(began.session_id).session.state is SessionState.VOID
    assert booth.check_in().session_id != began.session_id
    assert booth.kinds() == ["check_in", "undo", "check_in"]


def test_an_undone_check_out_leaves_the_volunteer_on_duty(booth: Booth) -> None:
    began = booth.check_in()
    booth.clocks.elapse(HOUR)
    ended = booth.check_out()
    booth.clocks.elapse(10)
    assert booth.station.undo(ended.event_id) == Undone(began.session_id, "张晓明", was_check_in=False)
    assert booth.session(began.session_id).session.state is SessionState.OPEN
    booth.clocks.elapse(HOUR)
    again = booth.check_out()
    assert (again.session_id, again.credited_minutes, again.total_minutes) == (began.session_id, 120, 120)


def test_a_check_in_may_be_taken_back_while_it_counts_as_just_started(booth: Booth) -> None:
    began = booth.check_in()
    booth.clocks.elapse(180)
    assert isinstance(booth.station.undo(began.event_id), Undone)


@pytest.mark.parametrize(("wait_s", "first"), [(181, True), (11, False)])
def test_after_the_window_the_scan_stands(booth: Booth, wait_s: float, first: bool) -> None:
    scan = booth.check_in().event_id
    if not first:
        booth.clocks.elapse(HOUR)
        scan = booth.check_out().event_id
    booth.clocks.elapse(wait_s)
    before = booth.kinds()
    assert booth.station.undo(scan) == UndoRefused(UndoRefusal.TOO_LATE)
    assert booth.kinds() == before


def test_a_wall_clock_set_back_opens_no_window_again(booth: Booth) -> None:
    began = booth.check_in()
    booth.clocks.elapse(181)
    booth.clocks.wall_error_ms = -181_000
    assert booth.station.undo(began.event_id) == UndoRefused(UndoRefusal.TOO_LATE)


def test_nothing_is_undone_twice(booth: Booth) -> None:
    began = booth.check_in()
    booth.station.undo(began.event_id)
    assert booth.station.undo(began.event_id) == UndoRefused(UndoRefusal.TOO_LATE)
    assert booth.kinds() == ["check_in", "undo"]


def test_a_check_in_whose_session_has_ended_stands(booth: Booth) -> None:
    booth.duty = {"just_started_s": 0}
    booth.restart()
    began = booth.check_in()
    booth.clocks.elapse(1)
    booth.check_out()
    assert booth.station.undo(began.event_id) == UndoRefused(UndoRefusal.TOO_LATE)


def test_an_earlier_check_out_is_not_what_ended_the_session_now(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.elapse(HOUR)
    first = booth.check_out()
    booth.station.undo(first.event_id)
    booth.clocks.elapse(2)
    booth.check_out()
    before = booth.kinds()
    assert isinstance(booth.station.undo(first.event_id), UndoRefused)
    assert booth.kinds() == before


@pytest.mark.parametrize("event_id", ["", "no such event", "' OR 1=1 --"])
def test_an_unknown_scan_cannot_be_taken_back(booth: Booth, event_id: str) -> None:
    booth.check_in()
    assert booth.station.undo(event_id) == UndoRefused(UndoRefusal.UNKNOWN)


def test_only_scans_are_taken_back(booth: Booth) -> None:
    began = booth.check_in()
    booth.station.choose(began.session_id, "tutoring")
    choice = booth.events()[-1]
    assert booth.station.undo(choice.id) == UndoRefused(UndoRefusal.UNKNOWN)


def test_after_a_power_cut_of_unknown_length_it_is_too_late(booth: Booth) -> None:
    began = booth.check_in()
    booth.reboot(off_s=1)
    assert booth.station.undo(began.event_id) == UndoRefused(UndoRefusal.TOO_LATE)
