"""Which office may do what, and who may be the second person (REQ 2.1)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.domain.hours_entry import HoursEntry, fault_of
from kiosk.domain.operator_refusal import EntryRefusal
from kiosk.domain.operators import RIGHTS, Right, Role, appointments_of, may
from sync.protocol.reference import Appointment
from sync.protocol.sessions import Session, fold
from sync.protocol.vocabulary import EntryReason
from tests.support.community import ISSUED, milliseconds
from tests.support.envelopes import Recorder, check_in, check_out, stamp

START, END = milliseconds(ISSUED), milliseconds(ISSUED + timedelta(days=365))
HOUR = timedelta(hours=1)


def office(role: str, team: str | None = None, volunteer: str = "V1") -> Appointment:
    return Appointment(volunteer, "王", role, START, END, team)


def test_every_role_has_its_rights_and_the_heads_have_all() -> None:
    assert set(RIGHTS) == set(Role)
    assert RIGHTS[Role.HEAD] == RIGHTS[Role.DEPUTY_HEAD] == set(Right)


@pytest.mark.parametrize(
    ("role", "right", "allowed"),
    [
        ("head", Right.RESET_PIN, True),
        ("captain", Right.RESET_PIN, False),
        ("organiser", Right.CERTIFICATES, True),
        ("organiser", Right.CONFIRM, False),
        ("publicist", Right.REPORTS, True),
        ("publicist", Right.REGISTER, False),
    ],
)
def test_a_role_may_what_the_table_says(role: str, right: Right, allowed: bool) -> None:
    assert may([office(role)], right) is allowed


def test_a_captain_reaches_the_own_team_alone() -> None:
    held = [office("captain", "red")]
    assert may(held, Right.CONFIRM, "red")
    assert not may(held, Right.CONFIRM, "blue")
    assert not may(held, Right.CONFIRM)
    assert not may([office("captain")], Right.CONFIRM)


def test_an_office_this_version_does_not_know_and_a_term_that_is_over_are_none() -> None:
    assert appointments_of("V1", ISSUED, [office("emperor"), office("head", volunteer="V2")]) == ()
    assert appointments_of("V1", ISSUED + timedelta(days=365), [office("head")]) == ()
    both = [office("captain", "red"), office("publicist")]
    assert appointments_of("V1", ISSUED, both) == tuple(both)


def entry(starts: float = -3, ends: float = -1) -> HoursEntry:
    return HoursEntry("V1", "tutoring", ISSUED + starts * HOUR, ISSUED + ends * HOUR, EntryReason.OTHER)


def recorded(*, ended: bool, undone: bool = False) -> Session:
    """A session from two hours to one hour before the issue."""
    recorder, at = Recorder(), milliseconds(ISSUED - 2 * HOUR)
    begin = recorder.record(check_in(), stamp(0, wall_ms=at))
    if ended:
        recorder.record(check_out(), stamp(3600, boot=2, wall_ms=at + 3_600_000))
    if undone:
        recorder.undo(begin)
    session = fold(recorder.envelopes, {})
    assert session is not None
    return session


@pytest.mark.parametrize(
    ("hours", "fault"),
    [
        (entry(), None),
        (entry(-1, -1), EntryRefusal.BACKWARDS),
        (entry(-1, 0.1), EntryRefusal.NOT_YET_OVER),
        (entry(-13, -0.9), EntryRefusal.TOO_LONG),
    ],
)
def test_hours_that_cannot_have_been_are_refused(hours: HoursEntry, fault: EntryRefusal | None) -> None:
    assert fault_of(hours, ISSUED, 720, []) is fault


@pytest.mark.parametrize(
    ("hours", "ended", "overlaps"),
    [
        (entry(-3, -1.5), True, True),
        (entry(-3, -2), True, False),
        (entry(-1, -0.5), True, False),
        (entry(-1, -0.5), False, True),
    ],
)
def test_hours_that_are_on_record_already_are_refused(hours: HoursEntry, ended: bool, overlaps: bool) -> None:
    fault = fault_of(hours, ISSUED, 720, [recorded(ended=ended)])
    assert (fault is EntryRefusal.OVERLAPS) is overlaps
    assert fault_of(hours, ISSUED, 720, [recorded(ended=ended, undone=True)]) is None
