"""On duty at another place: the check-in here stands, and the end there is offered as one choice (duty-rules.md 7)."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.domain.refusal import MoveRefusal
from kiosk.usecases.outcomes import CheckedIn, CheckedInAsking, Elsewhere, EndedElsewhere, MoveRefused, ScanOutcome
from sync.protocol.envelope import open_body
from sync.protocol.events import Aside, CheckIn, CheckOut
from sync.protocol.reference import OpenElsewhere
from sync.protocol.vocabulary import SessionState
from tests.support.rules import tell
from tests.support.station import Booth

ME, OTHER, HOUR = "4103020000000017", "4103020000000025", 3600


def known_elsewhere(booth: Booth, *, since_s: float = HOUR, volunteer: str = ME, point: str = "point-2") -> None:
    started_ms = booth.clocks.true_ms - round(since_s * 1000)
    tell(booth, elsewhere=[OpenElsewhere("session-there", volunteer, point, "牡丹广场", started_ms)])


def moved(booth: Booth) -> CheckedIn:
    """Leave a session open at this device and bring the device to another place."""
    began = booth.check_in()
    event = next(each for each in booth.events() if each.id == began.event_id)
    body = open_body(event)
    assert isinstance(body, CheckIn)
    there = msgspec.structs.replace(body, session="session-there", volunteer=OTHER, service_point="point-0")
    with booth.station.device.ledger.writing() as writing:
        writing.append(there, event.stamp, Aside("李㛃", "00" * 16))
    return began


def asked(outcome: ScanOutcome) -> tuple[CheckedInAsking, Elsewhere]:
    assert isinstance(outcome, CheckedInAsking), outcome
    assert isinstance(outcome.asks, Elsewhere)
    return outcome, outcome.asks


def test_the_check_in_here_is_on_record_and_nothing_more(booth: Booth) -> None:
    known_elsewhere(booth)
    came, elsewhere = asked(booth.station.present(booth.card()))
    assert (elsewhere.session_id, elsewhere.place) == ("session-there", "牡丹广场")
    assert booth.kinds() == ["check_in"]
    assert booth.session(came.session_id).session.state is SessionState.OPEN


def test_the_end_there_is_the_very_instant_of_the_start_here(booth: Booth) -> None:
    known_elsewhere(booth)
    came, _ = asked(booth.station.present(booth.card()))
    booth.clocks.elapse(20)
    assert booth.station.answers.end_elsewhere(came.event_id, "session-there") == EndedElsewhere("session-there")
    start, end = booth.events()
    assert (end.kind, end.stamp) == ("check_out", start.stamp)
    body = open_body(end)
    assert isinstance(body, CheckOut)
    assert (body.session, body.volunteer) == ("session-there", ME)


def test_what_was_ended_from_here_is_not_asked_again(booth: Booth) -> None:
    known_elsewhere(booth)
    came, _ = asked(booth.station.present(booth.card()))
    booth.station.answers.end_elsewhere(came.event_id, "session-there")
    booth.clocks.elapse(HOUR)
    booth.check_out()
    assert type(booth.check_in()) is CheckedIn
    again = booth.station.answers.end_elsewhere(came.event_id, "session-there")
    assert again == MoveRefused(MoveRefusal.SCAN_AGAIN)


def test_a_session_that_this_device_left_at_another_place_is_asked_about_too(booth: Booth) -> None:
    moved(booth)
    booth.clocks.elapse(HOUR)
    came, elsewhere = asked(booth.station.present(booth.card(OTHER)))
    assert (elsewhere.session_id, elsewhere.place) == ("session-there", "")
    assert booth.station.answers.end_elsewhere(came.event_id, "session-there") == EndedElsewhere("session-there")
    there = booth.session("session-there").session
    assert (there.state, there.original_ns) == (SessionState.CLOSED, HOUR * 1_000_000_000)
    twice = booth.station.answers.end_elsewhere(came.event_id, "session-there")
    assert twice == MoveRefused(MoveRefusal.SETTLED)


@pytest.mark.parametrize(
    "changes",
    [{"since_s": 13 * HOUR}, {"volunteer": OTHER}, {"point": "point-1"}, {"since_s": -HOUR}],
    ids=["long ago", "somebody else", "here", "not yet"],
)
def test_what_cannot_be_going_on_is_not_asked(booth: Booth, changes: dict[str, object]) -> None:
    known_elsewhere(booth, **changes)  # type: ignore[arg-type]
    assert type(booth.check_in()) is CheckedIn


def test_nobody_ends_the_duty_of_another(booth: Booth) -> None:
    known_elsewhere(booth)
    stranger = booth.check_in(OTHER)
    refused = booth.station.answers.end_elsewhere(stranger.event_id, "session-there")
    assert refused == MoveRefused(MoveRefusal.SETTLED)
    mine = booth.station.answers.end_elsewhere(stranger.event_id, stranger.session_id)
    assert mine == MoveRefused(MoveRefusal.SETTLED)


def test_after_an_undo_nothing_is_ended_elsewhere(booth: Booth) -> None:
    known_elsewhere(booth)
    came, _ = asked(booth.station.present(booth.card()))
    booth.station.undo(came.event_id)
    refused = booth.station.answers.end_elsewhere(came.event_id, "session-there")
    assert refused == MoveRefused(MoveRefusal.SCAN_AGAIN)
    assert booth.kinds() == ["check_in", "undo"]
