"""Faces: one anonymous touch for whoever is on duty, not by the volunteer's own finger, and never in a rush unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.domain.recipient_rating import FaceRefusal
from kiosk.usecases.record_outcomes import FaceRefused, FaceTaken
from sync.protocol.events import Drill
from sync.protocol.vocabulary import Face

if TYPE_CHECKING:
    from kiosk.usecases.record_outcomes import FaceOutcome
    from tests.support.station import Booth

ME, OTHER = "4103020000000017", "4103020000000025"


def touched(booth: Booth, face: Face = Face.SATISFIED) -> FaceOutcome:
    return booth.station.records.rate(face)


def test_with_nobody_on_duty_there_is_nobody_to_rate(booth: Booth) -> None:
    assert touched(booth) == FaceRefused(FaceRefusal.NOBODY_ON_DUTY)


def test_a_face_is_bound_to_all_who_are_on_duty_and_names_nobody(booth: Booth) -> None:
    sessions = []
    for number in (ME, OTHER):
        booth.clocks.elapse(1)
        sessions.append(booth.check_in(number).session_id)
    booth.clocks.elapse(20)
    assert touched(booth, Face.NEUTRAL) == FaceTaken(Face.NEUTRAL)
    event = booth.events()[-1]
    assert event.body == {"face": "neutral", "service_point": "point-1", "sessions": sessions}
    scan = booth.station.records.open(booth.card(ME)).scan  # type: ignore[union-attr]
    assert booth.station.records.read(scan, sessions[0]).faces == {Face.NEUTRAL: 1}  # type: ignore[union-attr]


def test_a_volunteer_s_own_card_keeps_the_faces_shut_for_a_while(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.elapse(19.9)
    assert touched(booth) == FaceRefused(FaceRefusal.AFTER_SCAN)
    booth.clocks.elapse(0.1)
    assert touched(booth) == FaceTaken(Face.SATISFIED)


def test_a_card_that_only_opened_records_keeps_them_shut_as_well(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.elapse(60)
    booth.station.records.open(booth.card(ME))
    assert touched(booth) == FaceRefused(FaceRefusal.AFTER_SCAN)


def test_one_upon_the_other_is_refused_even_after_a_restart(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.elapse(30)
    touched(booth)
    booth.restart()
    booth.clocks.elapse(19)
    assert touched(booth) == FaceRefused(FaceRefusal.AFTER_FACE)
    booth.clocks.elapse(1)
    assert touched(booth) == FaceTaken(Face.SATISFIED)


def test_many_within_minutes_are_kept_and_flagged(booth: Booth) -> None:
    booth.check_in()
    for _ in range(6):
        booth.clocks.elapse(30)
        assert touched(booth) == FaceTaken(Face.SATISFIED)
    booth.clocks.elapse(601)
    touched(booth)
    bursts = [event.body.get("burst", False) for event in booth.events() if event.kind == "recipient_rating"]
    assert bursts == [False, False, False, False, True, True, False]


def test_a_wall_clock_that_jumps_changes_no_limit(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.set_wall(0)
    assert touched(booth) == FaceRefused(FaceRefusal.AFTER_SCAN)


def test_what_another_boot_saw_is_long_ago(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.elapse(30)
    touched(booth)
    booth.reboot(off_s=5)
    assert touched(booth) == FaceTaken(Face.SATISFIED)


def test_a_drill_s_faces_are_kept_apart(booth: Booth) -> None:
    real = booth.check_in().session_id
    with booth.station.device.ledger.writing() as writing:
        writing.append(Drill(on=True), booth.station.clock.now().stamp)
    booth.clocks.elapse(30)
    assert touched(booth) == FaceRefused(FaceRefusal.NOBODY_ON_DUTY)
    practised = booth.check_in(OTHER).session_id
    booth.clocks.elapse(30)
    assert touched(booth) == FaceTaken(Face.SATISFIED)
    body = booth.events()[-1].body
    assert (body["sessions"], body["drill"]) == ([practised], True)
    assert real not in body["sessions"]
