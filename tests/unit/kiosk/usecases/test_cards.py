"""What the two cards add after the scan: another service kind, and counts; each is an event of its own."""

from __future__ import annotations

import pytest

from kiosk.usecases.outcomes import ServiceChosen, Tallied
from tests.support.station import Booth

HOUR = 3600


def test_another_service_is_recorded(booth: Booth) -> None:
    began = booth.check_in()
    assert booth.station.choose(began.session_id, "tutoring") == ServiceChosen(began.session_id, "tutoring")
    assert booth.session(began.session_id).session.service == "tutoring"
    assert booth.kinds() == ["check_in", "choice"]


def test_choosing_what_already_stands_records_nothing(booth: Booth) -> None:
    began = booth.check_in()
    booth.station.choose(began.session_id, "directions")
    assert booth.kinds() == ["check_in"]


def test_a_session_that_has_ended_keeps_its_service(booth: Booth) -> None:
    began = booth.check_in()
    booth.clocks.elapse(HOUR)
    booth.check_out()
    booth.station.choose(began.session_id, "tutoring")
    assert booth.session(began.session_id).session.service == "directions"


def test_an_unknown_session_gets_no_choice_and_no_tally(booth: Booth) -> None:
    booth.station.choose("nobody's", "tutoring")
    booth.station.tally("nobody's", {"tea": 1})
    assert booth.events() == []


def test_the_latest_tally_holds(booth: Booth) -> None:
    began = booth.check_in()
    booth.clocks.elapse(HOUR)
    booth.check_out()
    booth.station.tally(began.session_id, {"tea": 1})
    outcome = booth.station.tally(began.session_id, {"tea": 2, "directions": 7})
    assert outcome == Tallied(began.session_id, {"tea": 2, "directions": 7})
    assert dict(booth.session(began.session_id).session.tallies) == {"tea": 2, "directions": 7}


def test_the_same_tally_again_records_nothing(booth: Booth) -> None:
    began = booth.check_in()
    booth.station.tally(began.session_id, {"tea": 1})
    booth.station.tally(began.session_id, {"tea": 1})
    assert booth.kinds() == ["check_in", "tally"]


@pytest.mark.parametrize(("given", "kept"), [(-1, 0), (0, 0), (9999, 9999), (10**9, 9999)])
def test_counts_are_kept_within_reason(booth: Booth, given: int, kept: int) -> None:
    began = booth.check_in()
    assert booth.station.tally(began.session_id, {"tea": given}) == Tallied(began.session_id, {"tea": kept})
