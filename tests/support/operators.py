"""A booth with a head, two captains and a volunteer, as its reference data names them."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.composition import open_station
from kiosk.usecases.operator_outcomes import PinSet, SignedIn
from kiosk.usecases.sign_in_operator import SignInOperator
from sync.protocol.reference import Appointment, ListedVolunteer
from tests.support.clock import FakeClocks
from tests.support.community import ISSUED, milliseconds
from tests.support.station import Booth, booth_in, settings_in

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD, DEPUTY, CAPTAIN, BLUE, VOLUNTEER = (f"41030200000001{number:02d}" for number in range(5))
PIN = "274918"
UNTIL = ISSUED + timedelta(days=30)


def office(volunteer: str, role: str, team: str | None = None) -> Appointment:
    """Return an appointment from before the issue until thirty days after it."""
    return Appointment(volunteer, "王站长", role, milliseconds(ISSUED - timedelta(days=1)), milliseconds(UNTIL), team)


@contextmanager
def manned_booth(folder: Path) -> Iterator[Booth]:
    """Open a booth whose operators are known and have no PIN yet."""
    offices = [
        office(HEAD, "head"),
        office(DEPUTY, "deputy_head"),
        office(CAPTAIN, "captain", "red"),
        office(BLUE, "captain", "blue"),
    ]
    with booth_in(folder) as booth:
        directory = [ListedVolunteer(VOLUNTEER, "张晓明")]
        document = booth.community.reference(version=2, appointments=offices, directory=directory)
        assert booth.station.apply_reference(document)
        yield booth


def set_pin(booth: Booth, operator: str, pin: str = PIN) -> None:
    """Set a PIN that must be taken."""
    outcome = booth.station.operators.set_pin(booth.card(operator), pin)
    assert outcome == PinSet(operator), outcome


def signed_in(booth: Booth, operator: str) -> SignedIn:
    """Return an operator who was let in, after setting a PIN."""
    set_pin(booth, operator)
    outcome = booth.station.operators.sign_in(booth.card(operator), PIN)
    assert isinstance(outcome, SignedIn), outcome
    return outcome


def die_while_looking(folder: Path, card: str) -> None:
    """Sign in, and be killed at the moment the PIN would be looked at; run as a program of its own."""

    def killed(_kept: str, _pin: str) -> bool:
        os.kill(os.getpid(), signal.SIGKILL)
        return True

    station = open_station(settings_in(folder), FakeClocks())
    SignInOperator(station.operators.know, station.device.ledger, killed)(card, PIN)


if __name__ == "__main__":
    die_while_looking(Path(sys.argv[1]), sys.argv[2])
