"""An appointment holds for its person, its role and its term, the end excluded."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.domain.operators import VOUCHING_ROLES, appointment_of
from sync.protocol.reference import Appointment
from tests.support.community import ISSUED, milliseconds

TERM = Appointment("V1", "王队长", "captain", milliseconds(ISSUED), milliseconds(ISSUED + timedelta(days=365)))
MS = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("after", "holds"),
    [(-MS, False), (0 * MS, True), (timedelta(days=365) - MS, True), (timedelta(days=365), False)],
)
def test_a_term_holds_from_its_first_instant_until_its_end(after: timedelta, holds: bool) -> None:
    assert (appointment_of("V1", ISSUED + after, [TERM]) is TERM) is holds


@pytest.mark.parametrize(
    ("role", "holds"),
    [("head", True), ("deputy_head", True), ("captain", True), ("organiser", False), ("publicist", False)],
)
def test_a_head_their_deputy_and_captains_speak_for_others(role: str, holds: bool) -> None:
    appointment = Appointment("V1", "王队长", role, TERM.from_ms, TERM.until_ms)
    assert (appointment_of("V1", ISSUED, [appointment]) is appointment) is holds
    assert (role in VOUCHING_ROLES) is holds


def test_nobody_elses_appointment_counts() -> None:
    assert appointment_of("V2", ISSUED, [TERM]) is None
    assert appointment_of("V1", ISSUED, []) is None
