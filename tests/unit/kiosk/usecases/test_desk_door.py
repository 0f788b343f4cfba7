"""Before the PIN, and whom an operator may choose: read from a real device file, nothing recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.domain.operator_refusal import OperatorRefusal
from kiosk.domain.refusal import RefusalReason
from kiosk.usecases.operator_outcomes import OperatorRefused, SignedIn
from kiosk.usecases.outcomes import Refused
from kiosk.usecases.receive_operator import Received
from sync.protocol.reference import ListedVolunteer, RosteredShift, ServiceRule
from tests.support.community import milliseconds
from tests.support.operators import CAPTAIN, HEAD, PIN, VOLUNTEER, manned_booth, office, set_pin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.station import Booth


@pytest.fixture
def booth(tmp_path: Path) -> Iterator[Booth]:
    with manned_booth(tmp_path) as booth:
        yield booth


def test_an_operator_is_received_before_the_first_pin_and_after_it(booth: Booth) -> None:
    receive = booth.station.operators.receive
    assert receive(booth.card(HEAD)) == Received(HEAD, "张晓明", has_pin=False)
    set_pin(booth, HEAD)
    before = booth.kinds()
    assert receive(booth.card(HEAD)) == Received(HEAD, "张晓明", has_pin=True)
    assert booth.kinds() == before, "nobody is let in by it, so nothing is recorded"


def test_who_holds_no_office_stays_outside(booth: Booth) -> None:
    receive = booth.station.operators.receive
    assert receive(booth.card(VOLUNTEER)) == OperatorRefused(OperatorRefusal.NOT_APPOINTED)
    forged = booth.community.certificate(booth.community.stranger, volunteer_number=HEAD)
    assert receive(forged) == Refused(RefusalReason.FORGED)


def test_a_locked_pin_is_said_before_it_is_typed(booth: Booth) -> None:
    set_pin(booth, HEAD)
    for _ in range(10):
        booth.station.operators.sign_in(booth.card(HEAD), "000001")
    assert booth.station.operators.receive(booth.card(HEAD)) == OperatorRefused(OperatorRefusal.LOCKED)
    assert booth.station.operators.sign_in(booth.card(HEAD), PIN) == OperatorRefused(OperatorRefusal.LOCKED)


def test_an_own_card_is_told_from_others(booth: Booth) -> None:
    receive = booth.station.operators.receive
    assert receive.is_own(HEAD, booth.card(HEAD))
    assert not receive.is_own(HEAD, booth.card(CAPTAIN))
    assert not receive.is_own(HEAD, "no certificate")


def test_the_roster_comes_first_then_who_served_lately_then_the_directory(booth: Booth) -> None:
    booth.check_in("4103020000000199")
    now = booth.station.clock.now().at
    begin_ms, end_ms = (milliseconds(now + timedelta(hours=hours)) for hours in (1, 3))
    far_ms = milliseconds(now + timedelta(days=3))
    roster = (
        RosteredShift("a", "4103020000000299", "李㛃", "tutoring", begin_ms, end_ms, "youth"),
        RosteredShift("b", "4103020000000399", "周䶮", "tutoring", far_ms, far_ms + 1000, "party"),
    )
    directory = [ListedVolunteer(VOLUNTEER, "张晓明"), ListedVolunteer("4103020000000299", "李㛃")]
    offices = [office(HEAD, "head"), office(CAPTAIN, "captain", "red")]
    document = booth.community.reference(
        version=3, roster=roster, directory=directory, appointments=offices, services=[ServiceRule("lion_dance")]
    )
    assert booth.station.apply_reference(document)
    people = booth.station.operators.read_people(SignedIn(HEAD, "", ("head",)))
    assert [each.volunteer for each in people.known] == ["4103020000000299", "4103020000000199", VOLUNTEER]
    assert [each.rostered for each in people.known] == [True, False, False]
    assert people.known[0].team == "youth"
    assert (people.services[0], people.services[-1], people.teams) == (
        "directions",
        "lion_dance",
        ("red", "youth", "party"),
    )
    assert people.own_team is None
    assert booth.station.operators.read_people(SignedIn(CAPTAIN, "", ("captain",))).own_team == "red"
