"""Operators at the door and at the desk: the PIN's tries, the way back, and hours that need a second person."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.hours_entry import HoursEntry
from kiosk.domain.operator_refusal import DeskRefusal, EntryRefusal, OperatorRefusal
from kiosk.domain.refusal import RefusalReason
from kiosk.usecases.desk import Awaiting
from kiosk.usecases.desk_outcomes import DeskRefused, SessionConfirmed
from kiosk.usecases.operator_outcomes import (
    EntryRefused,
    HoursEntered,
    OperatorRefused,
    PinReset,
    SignedIn,
)
from kiosk.usecases.outcomes import CheckedIn, Refused
from sync.protocol.vocabulary import EntryReason, Provenance, SessionState
from tests.support.community import ISSUED
from tests.support.operators import BLUE, CAPTAIN, DEPUTY, HEAD, PIN, UNTIL, VOLUNTEER, manned_booth, set_pin, signed_in
from tests.support.station import Booth

ROOT = Path(__file__).parents[4]
WRONG = "835027"


@pytest.fixture
def manned(tmp_path: Path) -> Iterator[Booth]:
    with manned_booth(tmp_path) as booth:
        yield booth


def hours(booth: Booth, *, ago_h: float = 4, lasted_h: float = 2, team: str | None = "red") -> HoursEntry:
    starts_at = booth.station.clock.now().at - timedelta(hours=ago_h)
    ends_at = starts_at + timedelta(hours=lasted_h)
    return HoursEntry(VOLUNTEER, "tutoring", starts_at, ends_at, EntryReason.FORGOT_CARD, team)


def test_an_appointed_operator_sets_a_pin_and_is_let_in(manned: Booth) -> None:
    operator = signed_in(manned, HEAD)
    assert (operator.operator, operator.roles) == (HEAD, ("head",))
    assert manned.kinds() == ["operator_pin_set", "operator_signed_in"]
    assert PIN.encode() not in manned.file.read_bytes()


@pytest.mark.parametrize(
    ("pin", "reason"),
    [("12345", OperatorRefusal.NOT_A_PIN), ("111111", OperatorRefusal.EASY_PIN)],
)
def test_a_pin_that_is_none_is_not_kept(manned: Booth, pin: str, reason: OperatorRefusal) -> None:
    assert manned.station.operators.set_pin(manned.card(HEAD), pin) == OperatorRefused(reason)
    assert manned.kinds() == []


def test_a_pin_that_stands_is_not_replaced(manned: Booth) -> None:
    set_pin(manned, HEAD)
    again = manned.station.operators.set_pin(manned.card(HEAD), WRONG)
    assert again == OperatorRefused(OperatorRefusal.PIN_STANDS)


def test_who_holds_no_office_here_is_refused_and_it_is_on_record(manned: Booth) -> None:
    desk, card = manned.station.operators, manned.card(VOLUNTEER)
    assert desk.sign_in(card, PIN) == OperatorRefused(OperatorRefusal.NOT_APPOINTED)
    assert desk.set_pin(card, PIN) == OperatorRefused(OperatorRefusal.NOT_APPOINTED)
    assert manned.kinds() == ["operator_refused"]


def test_a_permission_ends_with_its_term(manned: Booth) -> None:
    operator = signed_in(manned, HEAD)
    manned.clocks.set_to(UNTIL)
    desk = manned.station.operators
    assert desk.sign_in(manned.card(HEAD), PIN) == OperatorRefused(OperatorRefusal.NOT_APPOINTED)
    assert desk.enter_hours(operator, hours(manned)) == EntryRefused(EntryRefusal.NOT_ALLOWED)


def test_an_operator_of_another_point_is_none_here(manned: Booth) -> None:
    elsewhere = manned.community.reference(version=3)  # this point's data does not name them
    assert manned.station.apply_reference(elsewhere)
    assert manned.station.operators.sign_in(manned.card(HEAD), PIN) == OperatorRefused(OperatorRefusal.NOT_APPOINTED)


def test_no_pin_and_no_certificate_are_said(manned: Booth) -> None:
    desk = manned.station.operators
    assert desk.sign_in(manned.card(HEAD), PIN) == OperatorRefused(OperatorRefusal.NO_PIN)
    forged = manned.community.certificate(manned.community.stranger, volunteer_number=HEAD)
    assert desk.sign_in(forged, PIN) == Refused(RefusalReason.FORGED)
    assert desk.set_pin(forged, PIN) == Refused(RefusalReason.FORGED)
    assert desk.sign_in(HEAD, PIN) == Refused(RefusalReason.BARE_DIGITS)


def test_the_tenth_wrong_try_locks_and_the_right_pin_opens_no_more(manned: Booth) -> None:
    set_pin(manned, HEAD)
    desk, card = manned.station.operators, manned.card(HEAD)
    for left in range(9, 0, -1):
        assert desk.sign_in(card, WRONG) == OperatorRefused(OperatorRefusal.WRONG_PIN, left)
    assert desk.sign_in(card, WRONG) == OperatorRefused(OperatorRefusal.LOCKED)
    manned.restart()
    for pin in (PIN, WRONG, PIN):
        assert manned.station.operators.sign_in(card, pin) == OperatorRefused(OperatorRefusal.LOCKED)
    assert manned.kinds().count("operator_refused") == 13


def test_the_tenth_try_still_opens_and_a_good_one_clears_the_count(manned: Booth) -> None:
    set_pin(manned, HEAD)
    desk, card = manned.station.operators, manned.card(HEAD)
    for _ in range(9):
        desk.sign_in(card, WRONG)
    assert isinstance(desk.sign_in(card, PIN), SignedIn)
    assert desk.sign_in(card, WRONG) == OperatorRefused(OperatorRefusal.WRONG_PIN, 9)


def test_a_kill_between_the_count_and_the_look_costs_a_try(manned: Booth) -> None:
    set_pin(manned, HEAD)
    command = [sys.executable, "-m", "tests.support.operators", str(manned.folder), manned.card(HEAD)]
    for tries in range(1, 3):
        assert subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode == -9
        assert manned.rows("SELECT tries FROM operator_pins") == [(tries,)]
    left = manned.station.operators.sign_in(manned.card(HEAD), WRONG)
    assert left == OperatorRefused(OperatorRefusal.WRONG_PIN, 7)


def test_the_way_back_is_another_head_or_the_keeper_and_is_on_record(manned: Booth) -> None:
    head, captain = signed_in(manned, HEAD), signed_in(manned, CAPTAIN)
    set_pin(manned, BLUE)
    desk = manned.station.operators
    assert desk.reset_pin(BLUE, captain) == OperatorRefused(OperatorRefusal.NOT_ALLOWED)
    assert desk.reset_pin(HEAD, head) == OperatorRefused(OperatorRefusal.OWN_PIN)
    assert desk.reset_pin(BLUE, head) == PinReset(BLUE)
    assert desk.reset_pin(BLUE, head) == OperatorRefused(OperatorRefusal.NO_PIN)
    assert desk.reset_pin(HEAD, None) == PinReset(HEAD)
    resets = [event.body for event in manned.events() if event.kind == "operator_pin_reset"]
    assert resets == [{"operator": BLUE, "by": HEAD}, {"operator": HEAD}]
    set_pin(manned, HEAD, WRONG)


def test_hours_count_when_a_second_operator_confirms_them(manned: Booth) -> None:
    captain, head = signed_in(manned, CAPTAIN), signed_in(manned, HEAD)
    desk = manned.station.operators
    entered = desk.enter_hours(captain, hours(manned))
    assert isinstance(entered, HoursEntered)
    assert (entered.name, entered.minutes) == ("张晓明", 120)
    proposed = manned.session(entered.session_id).session
    assert (proposed.state, proposed.provenance, proposed.credited_minutes) == (
        SessionState.PROVISIONAL,
        Provenance.CAPTAIN_ENTRY,
        0,
    )
    assert desk.confirm_session(captain, entered.session_id) == DeskRefused(DeskRefusal.SAME_PERSON)
    confirmed = SessionConfirmed(entered.session_id, "张晓明", Awaiting.ENTRY, SessionState.CONFIRMED, 120)
    assert desk.confirm_session(head, entered.session_id) == confirmed
    assert desk.confirm_session(head, entered.session_id) == DeskRefused(DeskRefusal.NOTHING_WAITS)
    with manned.station.device.ledger.reading() as reading:
        assert reading.minutes_of(VOLUNTEER, ISSUED.date()).total == 120
        assert reading.unconfirmed_entries() == []


def test_a_captain_enters_and_confirms_for_the_own_team_alone(manned: Booth) -> None:
    red, blue = signed_in(manned, CAPTAIN), signed_in(manned, BLUE)
    desk = manned.station.operators
    assert desk.enter_hours(blue, hours(manned)) == EntryRefused(EntryRefusal.NOT_ALLOWED)
    entered = desk.enter_hours(red, hours(manned))
    assert isinstance(entered, HoursEntered)
    assert desk.confirm_session(blue, entered.session_id) == DeskRefused(DeskRefusal.OTHER_TEAM)


def test_nobody_confirms_their_own_hours(manned: Booth) -> None:
    head, deputy = signed_in(manned, HEAD), signed_in(manned, DEPUTY)
    at = manned.station.clock.now().at
    own = HoursEntry(DEPUTY, "tea_charging", at - timedelta(hours=2), at, EntryReason.OTHER)
    entered = manned.station.operators.enter_hours(head, own)
    assert isinstance(entered, HoursEntered)
    refused = manned.station.operators.confirm_session(deputy, entered.session_id)
    assert refused == DeskRefused(DeskRefusal.OWN_RECORD)


def test_hours_of_strangers_hours_on_record_and_entries_that_are_none_are_refused(manned: Booth) -> None:
    head, desk = signed_in(manned, HEAD), manned.station.operators
    at = manned.station.clock.now().at
    stranger = HoursEntry("V-unknown", "tutoring", at - timedelta(hours=2), at, EntryReason.OTHER)
    assert desk.enter_hours(head, stranger) == EntryRefused(EntryRefusal.UNKNOWN_VOLUNTEER)
    checked_in = manned.check_in(VOLUNTEER)
    manned.clocks.elapse(3600)
    overlapping = hours(manned, ago_h=1.5, lasted_h=1)
    assert desk.enter_hours(head, overlapping) == EntryRefused(EntryRefusal.OVERLAPS)
    assert desk.confirm_session(head, checked_in.session_id) == DeskRefused(DeskRefusal.STILL_OPEN)
    assert desk.confirm_session(head, "nothing") == DeskRefused(DeskRefusal.UNKNOWN_SESSION)


def test_an_entry_that_waits_is_no_forgotten_check_out(manned: Booth) -> None:
    assert isinstance(manned.station.operators.enter_hours(signed_in(manned, HEAD), hours(manned)), HoursEntered)
    outcome = manned.station.present(manned.card(VOLUNTEER))
    assert isinstance(outcome, CheckedIn)
    assert outcome.unfinished_since is None


def test_names_come_from_earlier_duty_where_the_directory_has_none(manned: Booth) -> None:
    manned.check_in("4103020000000777")
    manned.clocks.elapse(600)
    manned.check_out("4103020000000777")
    at = manned.station.clock.now().at - timedelta(hours=5)
    entry = HoursEntry("4103020000000777", "tutoring", at, at + timedelta(hours=1), EntryReason.OTHER)
    entered = manned.station.operators.enter_hours(signed_in(manned, HEAD), entry)
    assert isinstance(entered, HoursEntered)
    assert entered.name == "张晓明"
