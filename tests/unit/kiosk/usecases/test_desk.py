"""The operator's desk on a real booth: what it shows, who may do what to which record, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.domain.policy import DutyPolicy
from kiosk.domain.refusal import RecordingFault
from kiosk.usecases.confirm_session import ConfirmSession
from kiosk.usecases.desk import Awaiting, DeskAct, DeskBoard, Machine, QueuePage, SessionSheet
from kiosk.usecases.desk_outcomes import (
    Batch,
    Change,
    DeskRefused,
    DrillEnded,
    DrillStarted,
    GroupDone,
    GroupOpen,
    KitMoved,
    Mark,
    ObjectionDecided,
    ProposalDismissed,
    Ruling,
    SessionAmended,
    SessionConfirmed,
    SessionRated,
    SessionVoided,
)
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.hold_drill import HoldDrill
from kiosk.usecases.operator_outcomes import SignedIn
from kiosk.usecases.outcomes import NotRecorded
from kiosk.usecases.ports import Ledger, Writing
from kiosk.usecases.rate_service import RateService
from kiosk.usecases.reach import DeskRoom
from sync.protocol.events import AutoClose, Body, CheckIn, CheckOut, Presented, Shift
from sync.protocol.judgements import Objection, RecipientRating, Statement
from sync.protocol.vocabulary import (
    AmendmentReason,
    AutoCloseReason,
    BoundsQuality,
    DecisionReason,
    Effect,
    Face,
    KitItem,
    Matter,
    ObjectionReason,
    Provenance,
    Quality,
    SessionState,
    StatementAnswer,
    VoidReason,
)
from tests.support.operators import BLUE, CAPTAIN, DEPUTY, HEAD, UNTIL, VOLUNTEER, manned_booth, office
from tests.support.station import Booth

CARD = Presented("410302", "0001", "010203040506")
HOUR = 3600
GOOD = Mark(Quality.GOOD, (Effect.PEOPLE_SATISFIED,), {"tea": 3})
STRANGER = "4103020000000999"


@pytest.fixture
def booth(tmp_path: Path) -> Iterator[Booth]:
    with manned_booth(tmp_path) as booth:
        yield booth


def at_desk(number: str) -> SignedIn:
    """Somebody who was let in; what they may do is asked anew with every act."""
    return SignedIn(number, "", ())


def record(booth: Booth, *bodies: Body) -> list[str]:
    with booth.station.device.ledger.writing() as writing:
        return [writing.append(body, booth.station.clock.now().stamp).id for body in bodies]


def begun(booth: Booth, session: str, volunteer: str = VOLUNTEER, team: str | None = "red", **more: object) -> str:
    body = CheckIn(session, volunteer, CARD, "d", "directions", "point-1", team=team, **more)  # type: ignore[arg-type]
    record(booth, body)
    return session


def served(booth: Booth, session: str, volunteer: str = VOLUNTEER, hours: float = 2, **more: object) -> str:
    begun(booth, session, volunteer, **more)  # type: ignore[arg-type]
    booth.clocks.elapse(hours * HOUR)
    record(booth, CheckOut(session, volunteer, CARD))
    return session


def forgotten(booth: Booth, session: str = "s1") -> str:
    begun(booth, session)
    booth.clocks.elapse(13 * HOUR)
    at_ms = int(booth.station.clock.now().at.timestamp() * 1000) - HOUR * 1000
    record(booth, AutoClose(session, AutoCloseReason.CAP, at_ms))
    return session


def disputed(booth: Booth, session: str, reason: ObjectionReason = ObjectionReason.WRONG_TIME) -> str:
    return record(booth, Objection(session, VOLUNTEER, CARD, reason))[0]


def longer(booth: Booth, session: str, minutes: float = 30) -> Change:
    ended = booth.session(session).session.ended
    assert ended is not None
    starts_at = booth.station.clock.now().at - timedelta(hours=2, minutes=minutes)
    return Change(AmendmentReason.WRONG_START, starts_at=starts_at)


def state_of(booth: Booth, session: str) -> tuple[SessionState, int]:
    found = booth.session(session).session
    return found.state, found.credited_minutes


def board_of(booth: Booth, operator: str = HEAD) -> DeskBoard:
    board = booth.station.operators.read_desk(at_desk(operator))
    assert isinstance(board, DeskBoard)
    return board


def sheet_of(booth: Booth, session: str, operator: str = HEAD) -> SessionSheet:
    sheet = booth.station.operators.read_session(at_desk(operator), session)
    assert isinstance(sheet, SessionSheet), sheet
    return sheet


# What it shows


def test_the_board_shows_who_is_on_duty_and_what_waits(booth: Booth) -> None:
    served(booth, "s1")
    begun(booth, "s2", CAPTAIN)
    booth.clocks.elapse(HOUR)
    board = board_of(booth)
    assert [(each.session_id, each.tail, each.over_limit) for each in board.on_duty] == [("s2", CAPTAIN[-4:], False)]
    assert board.on_duty[0].since == board.now - timedelta(hours=1)
    assert board.counts == {
        Matter.END_UNKNOWN: 0,
        Matter.CONFIRM: 1,
        Matter.SECOND_PERSON: 0,
        Matter.OBJECTION: 0,
        Matter.RATE: 1,
    }
    line = board.queue.lines[0]
    assert (line.session_id, line.matters, line.credited_minutes) == ("s1", (Matter.CONFIRM, Matter.RATE), 120)
    assert line.countdown is not None
    assert (line.countdown.days_left, board.overdue) == (10, 0)


def test_the_board_says_how_the_device_does(booth: Booth) -> None:
    machine = Machine(disk_free_bytes=5, camera="seeing", last_beat=booth.station.clock.now().at)
    served(booth, "s1")
    board = booth.station.operators.read_desk(at_desk(HEAD), machine)
    assert isinstance(board, DeskBoard)
    assert (board.health.waiting_to_upload, board.health.last_contact, board.health.machine) == (
        len(booth.events()),
        None,
        machine,
    )


def test_a_duty_past_its_limit_is_marked_before_it_is_closed(booth: Booth) -> None:
    begun(booth, "s1")
    booth.clocks.elapse(12.5 * HOUR)
    assert board_of(booth).on_duty[0].over_limit


def test_the_countdown_runs_out_and_is_stopped_by_confirmation_and_rating(booth: Booth) -> None:
    desk, head = booth.station.operators, at_desk(HEAD)
    served(booth, "s1")
    booth.clocks.elapse(40 * 24 * HOUR)
    with_office(booth)
    board = board_of(booth)
    countdown = board.queue.lines[0].countdown
    assert countdown is not None
    assert (countdown.is_overdue, board.overdue) == (True, 1)
    assert isinstance(desk.confirm_session(head, "s1"), SessionConfirmed)
    assert board_of(booth).overdue == 1
    assert desk.rate_service(head, "s1", GOOD) == SessionRated("s1", "", Quality.GOOD, complete=True)
    board = board_of(booth)
    assert (board.overdue, board.queue.total) == (0, 0)
    assert sheet_of(booth, "s1").line.countdown is None


def with_office(booth: Booth) -> None:
    """Let the head's office reach far."""
    long_head = office(HEAD, "head").__class__(HEAD, "王站长", "head", 0, 2**52)
    assert booth.station.apply_reference(booth.community.reference(version=3, appointments=[long_head]))


def test_a_captain_sees_what_waits_of_the_own_team_alone(booth: Booth) -> None:
    served(booth, "s1", team="red")
    served(booth, "s2", team="blue")
    served(booth, "s3", team=None)
    seen = {operator: board_of(booth, operator) for operator in (HEAD, CAPTAIN, BLUE)}
    assert [seen[each].queue.total for each in (HEAD, CAPTAIN, BLUE)] == [3, 1, 1]
    assert [line.session_id for line in seen[BLUE].queue.lines] == ["s2"]
    assert seen[CAPTAIN].counts[Matter.RATE] == 1
    assert booth.station.operators.read_session(at_desk(CAPTAIN), "s2") == DeskRefused(DeskRefusal.OTHER_TEAM)


def test_who_holds_no_office_sees_nothing(booth: Booth) -> None:
    served(booth, "s1")
    desk, nobody = booth.station.operators, at_desk(VOLUNTEER)
    refused = DeskRefused(DeskRefusal.NOT_ALLOWED)
    assert desk.read_desk(nobody) == desk.read_queue(nobody) == desk.read_session(nobody, "s1") == refused
    assert desk.read_session(at_desk(HEAD), "s9") == DeskRefused(DeskRefusal.UNKNOWN_SESSION)


def test_the_queue_is_read_by_pages_the_oldest_first(booth: Booth) -> None:
    for number in range(10):
        served(booth, f"s{number}", hours=0.2)
    read = booth.station.operators.read_queue
    pages = [read(at_desk(HEAD), Matter.CONFIRM, number) for number in (-1, 0, 1, 9)]
    assert all(isinstance(page, QueuePage) for page in pages)
    shown = [[line.session_id for line in page.lines] for page in pages if isinstance(page, QueuePage)]
    first, second = [f"s{number}" for number in range(8)], ["s8", "s9"]
    assert shown == [first, first, second, second]
    assert [(page.page, page.pages, page.total) for page in pages if isinstance(page, QueuePage)][2] == (1, 2, 10)
    empty = read(at_desk(HEAD), Matter.OBJECTION)
    assert isinstance(empty, QueuePage)
    assert (empty.lines, empty.pages, empty.total) == ((), 1, 0)


def test_practice_and_paid_duty_wait_for_nobody(booth: Booth) -> None:
    served(booth, "s1", drill=True)
    served(booth, "s2", paid=True)
    assert board_of(booth).queue.total == 0


def test_paid_duty_stays_paid_while_a_correction_of_it_waits_and_an_entry_never_becomes_it(booth: Booth) -> None:
    for session in ("s1", "s2"):
        served(booth, session, paid=session == "s1")
        longer_now = booth.station.operators.amend_session(at_desk(CAPTAIN), session, longer(booth, session))
        assert isinstance(longer_now, SessionAmended)
        booth.clocks.elapse(HOUR)
    with booth.station.device.ledger.reading() as reading:
        rows = {
            row.session: (row.paid, Matter.SECOND_PERSON in row.matters) for row in reading.record_rows_of(VOLUNTEER)
        }
    assert rows == {"s1": (True, True), "s2": (False, True)}


def test_a_sheet_tells_everything_that_was_said_of_a_session(booth: Booth) -> None:
    desk, head, captain = booth.station.operators, at_desk(HEAD), at_desk(CAPTAIN)
    served(booth, "s1")
    raised = disputed(booth, "s1")
    desk.rate_service(captain, "s1", GOOD)
    desk.amend_session(captain, "s1", longer(booth, "s1"))
    desk.void_session(head, "s1", VoidReason.TRIAL)
    desk.decide_objection(head, "s1", Ruling(DecisionReason.WITNESS))
    record(booth, RecipientRating(Face.SATISFIED, "point-1", ["s1"]))
    record(booth, RecipientRating(Face.NEUTRAL, "point-1", ["s1"], burst=True))
    sheet = sheet_of(booth, "s1")
    assert (sheet.recorded.original_minutes, sheet.recorded.credited_minutes, sheet.recorded.state) == (
        120,
        0,
        SessionState.CLOSED,
    )
    assert sheet.judged.credited_minutes == 120
    assert (sheet.clock.wide, sheet.clock.end) == (False, sheet.clock.start)
    assert [(each.by, each.by_name, each.holds) for each in sheet.amendments] == [(CAPTAIN, "王站长", False)]
    assert [(each.by, each.reason, each.holds) for each in sheet.voids] == [(HEAD, VoidReason.TRIAL, False)]
    objection = sheet.objections[0]
    assert (objection.event_id, objection.upheld, objection.by) == (raised, False, HEAD)
    assert [(each.quality, each.effects, dict(each.counts)) for each in sheet.ratings] == [
        (Quality.GOOD, GOOD.effects, {"tea": 3})
    ]
    assert (sheet.faces, sheet.bursts) == ({Face.SATISFIED: 1, Face.NEUTRAL: 1}, 1)
    assert [(each.what, each.by) for each in sheet.waits] == [
        (Awaiting.HOURS, None),
        (Awaiting.AMENDMENT, CAPTAIN),
        (Awaiting.VOID, HEAD),
    ]


def test_a_sheet_shows_an_amendment_beside_the_original(booth: Booth) -> None:
    desk = booth.station.operators
    served(booth, "s1")
    desk.amend_session(at_desk(CAPTAIN), "s1", longer(booth, "s1"))
    waiting = next(each for each in sheet_of(booth, "s1").waits if each.what is Awaiting.AMENDMENT)
    confirmed = desk.confirm_session(at_desk(HEAD), "s1", waiting.event_id)
    assert confirmed == SessionConfirmed("s1", "", Awaiting.AMENDMENT, SessionState.AMENDED, 150)
    sheet = sheet_of(booth, "s1")
    assert (sheet.recorded.original_minutes, sheet.recorded.provenance) == (120, Provenance.TWO_SCANS)
    assert (sheet.judged.original_minutes, sheet.judged.provenance) == (150, Provenance.CORRECTION)
    assert sheet.amendments[0].holds


@pytest.mark.parametrize("operator", [HEAD, CAPTAIN, DEPUTY])
def test_what_a_sheet_offers_is_what_the_acts_answer(booth: Booth, operator: str) -> None:
    desk, who = booth.station.operators, at_desk(operator)
    served(booth, "s1")
    served(booth, "s2", DEPUTY)
    forgotten(booth, "s3")
    served(booth, "s4", drill=True)
    begun(booth, "s5")
    served(booth, "s6")
    desk.amend_session(at_desk(CAPTAIN), "s6", longer(booth, "s6"))
    for session in ("s1", "s2", "s3", "s4", "s5", "s6"):
        sheet = sheet_of(booth, session, operator)
        assert {offer.act for offer in sheet.offers} == set(DeskAct)
        decided = desk.decide_objection(who, session, Ruling(DecisionReason.OTHER))
        assert sheet.refusal_of(DeskAct.DECIDE) == _reason(decided)
        assert sheet.refusal_of(DeskAct.RATE) == _reason(desk.rate_service(who, session, GOOD))
        dismissed = desk.dismiss_proposal(who, session, DecisionReason.OTHER)
        assert sheet.refusal_of(DeskAct.DISMISS) == _reason(dismissed)
        if isinstance(dismissed, DeskRefused):
            assert sheet.refusal_of(DeskAct.CONFIRM) == _reason(desk.confirm_session(who, session))
        assert sheet.refusal_of(DeskAct.VOID) == _reason(desk.void_session(who, session, VoidReason.OTHER))


def _reason(outcome: object) -> DeskRefusal | None:
    return outcome.reason if isinstance(outcome, DeskRefused) else None


# Confirming


def test_a_stated_end_is_confirmed_and_counts(booth: Booth) -> None:
    desk = booth.station.operators
    forgotten(booth)
    assert desk.confirm_session(at_desk(HEAD), "s1") == DeskRefused(DeskRefusal.END_NEEDED)
    ends_ms = booth.session("s1").session.started.est_ms + 3 * HOUR * 1000
    record(booth, Statement("s1", VOLUNTEER, CARD, StatementAnswer.OTHER_TIME, ends_ms))
    said = sheet_of(booth, "s1").statement
    assert said is not None
    assert said.answer is StatementAnswer.OTHER_TIME
    confirmed = desk.confirm_session(at_desk(CAPTAIN), "s1")
    assert confirmed == SessionConfirmed("s1", "", Awaiting.STATEMENT, SessionState.CONFIRMED, 180)
    assert booth.kinds()[-1] == "confirmation"
    assert sheet_of(booth, "s1").clock.end is BoundsQuality.CLAMPED


@pytest.mark.parametrize(
    ("operator", "refusal"),
    [
        (VOLUNTEER, DeskRefusal.NOT_ALLOWED),
        (BLUE, DeskRefusal.OTHER_TEAM),
        (CAPTAIN, None),
        (HEAD, None),
        (DEPUTY, None),
    ],
)
def test_who_may_confirm(booth: Booth, operator: str, refusal: DeskRefusal | None) -> None:
    served(booth, "s1")
    before = len(booth.events())
    assert _reason(booth.station.operators.confirm_session(at_desk(operator), "s1")) is refusal
    assert len(booth.events()) == before + (refusal is None)


def test_nobody_decides_about_an_own_record(booth: Booth) -> None:
    desk, head = booth.station.operators, at_desk(HEAD)
    served(booth, "s1", HEAD)
    refused = DeskRefused(DeskRefusal.OWN_RECORD)
    assert desk.confirm_session(head, "s1") == refused
    assert desk.amend_session(head, "s1", longer(booth, "s1")) == refused
    assert desk.void_session(head, "s1", VoidReason.OTHER) == refused
    assert desk.rate_service(head, "s1", GOOD) == refused
    assert desk.decide_objection(head, "s1", Ruling(DecisionReason.OTHER)) == refused
    assert desk.dismiss_proposal(head, "s1", DecisionReason.OTHER) == refused
    assert {offer.refusal for offer in sheet_of(booth, "s1").offers} == {DeskRefusal.OWN_RECORD}
    assert sheet_of(booth, "s1").line.own
    assert "confirmation" not in booth.kinds()


def test_a_right_ends_with_its_term_though_the_operator_is_still_at_the_desk(booth: Booth) -> None:
    served(booth, "s1")
    booth.clocks.elapse((UNTIL - booth.station.clock.now().at).total_seconds())
    desk, head = booth.station.operators, at_desk(HEAD)
    refused = DeskRefused(DeskRefusal.NOT_ALLOWED)
    assert desk.confirm_session(head, "s1") == refused
    assert desk.read_desk(head) == refused
    assert desk.drill.start(head) == desk.group.open(head, "tutoring") == refused
    assert desk.kit.hand_out(head, VOLUNTEER, KitItem.CAP) == refused


def test_time_beyond_the_shift_counts_where_a_captain_says_so_even_later(booth: Booth) -> None:
    desk, head = booth.station.operators, at_desk(HEAD)
    now_ms = int(booth.station.clock.now().at.timestamp() * 1000)
    served(booth, "s1", hours=4, shift=Shift("x", now_ms, now_ms + 2 * HOUR * 1000))
    first = desk.confirm_session(head, "s1")
    assert isinstance(first, SessionConfirmed)
    assert first.credited_minutes == 135
    assert sheet_of(booth, "s1").refusal_of(DeskAct.BEYOND_SHIFT) is None
    again = desk.confirm_session(head, "s1", beyond_shift=True)
    assert again == SessionConfirmed("s1", "", Awaiting.HOURS, SessionState.CONFIRMED, 240)
    assert desk.confirm_session(head, "s1", beyond_shift=True) == DeskRefused(DeskRefusal.NOTHING_WAITS)


def test_where_several_things_wait_the_operator_says_which(booth: Booth) -> None:
    desk, head = booth.station.operators, at_desk(HEAD)
    served(booth, "s1")
    desk.amend_session(at_desk(CAPTAIN), "s1", longer(booth, "s1"))
    assert desk.confirm_session(head, "s1") == DeskRefused(DeskRefusal.SEVERAL_WAIT)
    assert sheet_of(booth, "s1").refusal_of(DeskAct.CONFIRM) is None
    waits = {each.what: each.event_id for each in sheet_of(booth, "s1").waits}
    own = desk.confirm_session(at_desk(CAPTAIN), "s1", waits[Awaiting.AMENDMENT])
    assert own == DeskRefused(DeskRefusal.SAME_PERSON)
    assert isinstance(desk.confirm_session(at_desk(CAPTAIN), "s1", waits[Awaiting.HOURS]), SessionConfirmed)
    assert desk.confirm_session(head, "s1", "another") == DeskRefused(DeskRefusal.NOTHING_WAITS)
    assert sheet_of(booth, "s1", CAPTAIN).refusal_of(DeskAct.CONFIRM) is DeskRefusal.SAME_PERSON


def test_several_are_confirmed_at_once_each_judged_by_itself(booth: Booth) -> None:
    desk = booth.station.operators
    for session, volunteer, team in (("s1", VOLUNTEER, "red"), ("s2", VOLUNTEER, "blue"), ("s3", CAPTAIN, "red")):
        served(booth, session, volunteer, team=team)
    before = len(booth.events())
    batch = desk.confirm_session.several(at_desk(CAPTAIN), ["s1", "s2", "s3", "s1", "s9"])
    assert isinstance(batch, Batch)
    assert [each.session_id for each in batch.done] == ["s1"]
    assert batch.refused == (
        ("s2", DeskRefusal.OTHER_TEAM),
        ("s3", DeskRefusal.OWN_RECORD),
        ("s9", DeskRefusal.UNKNOWN_SESSION),
    )
    assert len(booth.events()) == before + 1


def test_practice_is_not_confirmed(booth: Booth) -> None:
    served(booth, "s1", drill=True)
    assert booth.station.operators.confirm_session(at_desk(HEAD), "s1") == DeskRefused(DeskRefusal.COUNTS_NOTHING)


# Correcting


def test_a_correction_waits_for_another_and_only_one_waits_at_a_time(booth: Booth) -> None:
    desk, captain = booth.station.operators, at_desk(CAPTAIN)
    served(booth, "s1")
    change = longer(booth, "s1")
    assert desk.amend_session(captain, "s1", change) == SessionAmended("s1", "", holds=False, credited_minutes=120)
    assert desk.amend_session(at_desk(HEAD), "s1", change) == DeskRefused(DeskRefusal.ALREADY_WAITS)
    dismissed = desk.dismiss_proposal(at_desk(HEAD), "s1", DecisionReason.NO_EVIDENCE)
    assert dismissed == ProposalDismissed("s1", "", Awaiting.AMENDMENT)
    assert desk.dismiss_proposal(at_desk(HEAD), "s1", DecisionReason.OTHER) == DeskRefused(DeskRefusal.NOTHING_WAITS)
    assert isinstance(desk.amend_session(at_desk(HEAD), "s1", change), SessionAmended)


def test_a_correction_against_another_duty_of_the_same_volunteer_is_refused(booth: Booth) -> None:
    served(booth, "s1")
    served(booth, "s2")
    refused = booth.station.operators.amend_session(at_desk(HEAD), "s2", longer(booth, "s2"))
    assert refused == DeskRefused(DeskRefusal.OVERLAPS)


def test_a_duty_that_is_still_open_is_ended_by_two_persons(booth: Booth) -> None:
    desk = booth.station.operators
    begun(booth, "s1")
    booth.clocks.elapse(3 * HOUR)
    change = Change(AmendmentReason.WRONG_END, ends_at=booth.station.clock.now().at - timedelta(hours=1))
    assert desk.amend_session(at_desk(CAPTAIN), "s1", change) == SessionAmended("s1", "", False, 0)
    assert board_of(booth).counts[Matter.SECOND_PERSON] == 1
    confirmed = desk.confirm_session(at_desk(HEAD), "s1")
    assert confirmed == SessionConfirmed("s1", "", Awaiting.AMENDMENT, SessionState.AMENDED, 120)
    assert board_of(booth).on_duty == ()


def test_what_counts_is_withdrawn_by_two_and_what_counts_nothing_by_one(booth: Booth) -> None:
    desk, captain = booth.station.operators, at_desk(CAPTAIN)
    served(booth, "s1")
    assert desk.void_session(captain, "s1", VoidReason.DUPLICATE) == SessionVoided("s1", "", holds=False)
    assert desk.void_session(captain, "s1", VoidReason.DUPLICATE) == DeskRefused(DeskRefusal.ALREADY_WAITS)
    waits = next(each for each in sheet_of(booth, "s1").waits if each.what is Awaiting.VOID)
    confirmed = desk.confirm_session(at_desk(HEAD), "s1", waits.event_id)
    assert confirmed == SessionConfirmed("s1", "", Awaiting.VOID, SessionState.VOID, 0)
    assert desk.confirm_session(at_desk(HEAD), "s1") == DeskRefused(DeskRefusal.WITHDRAWN)
    forgotten(booth, "s2")
    assert desk.void_session(captain, "s2", VoidReason.NOT_PRESENT) == SessionVoided("s2", "", holds=True)
    assert desk.void_session(captain, "s2", VoidReason.NOT_PRESENT) == DeskRefused(DeskRefusal.WITHDRAWN)


# Objections


def test_an_objection_is_upheld_with_its_correction_at_once(booth: Booth) -> None:
    desk = booth.station.operators
    served(booth, "s1")
    disputed(booth, "s1")
    ruling = Ruling(DecisionReason.CORRECTED, longer(booth, "s1"))
    decided = desk.decide_objection(at_desk(CAPTAIN), "s1", ruling)
    assert decided == ObjectionDecided("s1", "", upheld=True, holds=True, credited_minutes=150)
    assert booth.kinds()[-2:] == ["amendment", "decision"]
    assert state_of(booth, "s1") == (SessionState.AMENDED, 150)
    assert desk.decide_objection(at_desk(HEAD), "s1", ruling) == DeskRefused(DeskRefusal.NO_OBJECTION)


def test_where_the_remedy_is_refused_nothing_is_decided(booth: Booth) -> None:
    desk = booth.station.operators
    served(booth, "s1")
    raised = disputed(booth, "s1")
    before = booth.kinds()
    ahead = Change(AmendmentReason.WRONG_END, ends_at=booth.station.clock.now().at + timedelta(hours=1))
    refused = desk.decide_objection(at_desk(CAPTAIN), "s1", Ruling(DecisionReason.CORRECTED, ahead, raised))
    assert refused == DeskRefused(DeskRefusal.NOT_YET_OVER)
    assert booth.kinds() == before
    assert Matter.OBJECTION in booth.session("s1").session.matters


def test_an_objection_is_dismissed_with_a_reason_and_the_record_stays(booth: Booth) -> None:
    desk = booth.station.operators
    served(booth, "s1")
    disputed(booth, "s1")
    decided = desk.decide_objection(at_desk(CAPTAIN), "s1", Ruling(DecisionReason.RECORDS_AGREE))
    assert decided == ObjectionDecided("s1", "", upheld=False, holds=True, credited_minutes=120)
    assert state_of(booth, "s1") == (SessionState.CLOSED, 120)


def test_an_objection_to_a_rating_is_upheld_with_another_rating(booth: Booth) -> None:
    desk = booth.station.operators
    served(booth, "s1")
    desk.rate_service(at_desk(CAPTAIN), "s1", Mark(Quality.FAIL))
    disputed(booth, "s1", ObjectionReason.WRONG_RATING)
    ruling = Ruling(DecisionReason.WITNESS, Mark(Quality.EXCELLENT))
    decided = desk.decide_objection(at_desk(HEAD), "s1", ruling)
    assert decided == ObjectionDecided("s1", "", upheld=True, holds=True, credited_minutes=120)
    held = booth.session("s1").session.rating
    assert held is not None
    assert held.quality is Quality.EXCELLENT
    assert len(sheet_of(booth, "s1").ratings) == 2


def test_an_objection_upheld_with_a_withdrawal_still_needs_two_operators(booth: Booth) -> None:
    desk = booth.station.operators
    served(booth, "s1")
    disputed(booth, "s1", ObjectionReason.NOT_MINE)
    decided = desk.decide_objection(at_desk(CAPTAIN), "s1", Ruling(DecisionReason.WITNESS, VoidReason.OTHER_PERSON))
    assert decided == ObjectionDecided("s1", "", upheld=True, holds=False, credited_minutes=120)
    assert Matter.SECOND_PERSON in booth.session("s1").session.matters


# Rating


def test_a_later_rating_holds_and_the_earlier_one_stays(booth: Booth) -> None:
    desk = booth.station.operators
    served(booth, "s1")
    desk.rate_service(at_desk(CAPTAIN), "s1", GOOD)
    desk.rate_service(at_desk(HEAD), "s1", Mark(Quality.EXCELLENT, (Effect.ORDER_KEPT, Effect.ORDER_KEPT)))
    ratings = sheet_of(booth, "s1").ratings
    assert [(each.quality, each.by) for each in ratings] == [(Quality.GOOD, CAPTAIN), (Quality.EXCELLENT, HEAD)]
    assert ratings[-1].effects == (Effect.ORDER_KEPT,)
    assert sheet_of(booth, "s1").line.quality is Quality.EXCELLENT


def test_several_are_rated_alike_each_judged_by_itself(booth: Booth) -> None:
    desk = booth.station.operators
    served(booth, "s1")
    begun(booth, "s2")
    batch = desk.rate_service.several(at_desk(HEAD), ["s1", "s2"], GOOD)
    assert batch == Batch((SessionRated("s1", "", Quality.GOOD, complete=False),), (("s2", DeskRefusal.STILL_OPEN),))


# Kit, groups, practice


def test_kit_goes_out_and_comes_back_and_nobody_returns_more_than_they_hold(booth: Booth) -> None:
    kit, captain = booth.station.operators.kit, at_desk(CAPTAIN)
    assert kit.hand_out(captain, VOLUNTEER, KitItem.CAP, 2) == KitMoved(VOLUNTEER, "张晓明", KitItem.CAP, 2, 2, False)
    assert [(each.name, each.item, each.count) for each in board_of(booth).kit] == [("张晓明", KitItem.CAP, 2)]
    assert kit.take_back(captain, VOLUNTEER, KitItem.CAP, 3) == DeskRefused(DeskRefusal.NOT_HELD)
    assert kit.take_back(captain, VOLUNTEER, KitItem.ARMBAND) == DeskRefused(DeskRefusal.NOT_HELD)
    assert kit.take_back(captain, VOLUNTEER, KitItem.CAP, 2) == KitMoved(VOLUNTEER, "张晓明", KitItem.CAP, 2, 0, True)
    assert board_of(booth).kit == ()
    assert kit.hand_out(captain, STRANGER, KitItem.CAP) == DeskRefused(DeskRefusal.UNKNOWN_VOLUNTEER)
    assert kit.hand_out(captain, VOLUNTEER, KitItem.CAP, 0) == DeskRefused(DeskRefusal.BAD_COUNT)


def test_a_group_is_opened_once_and_closed_with_its_members_counted(booth: Booth) -> None:
    group, captain = booth.station.operators.group, at_desk(CAPTAIN)
    assert group.close(captain) == DeskRefused(DeskRefusal.NO_GROUP)
    assert group.open(captain, "juggling") == DeskRefused(DeskRefusal.UNKNOWN_SERVICE)
    assert group.open(captain, "environment", "") == DeskRefused(DeskRefusal.BAD_TEAM)
    opened = group.open(captain, "environment", "市一医院")
    assert isinstance(opened, GroupOpen)
    assert group.open(captain, "environment") == DeskRefused(DeskRefusal.GROUP_IS_OPEN)
    booth.station.present(booth.card(VOLUNTEER))
    shown = board_of(booth).group
    assert shown is not None
    assert (shown.group, shown.team, shown.members, shown.by) == (opened.group, "市一医院", 1, CAPTAIN)
    assert group.close(at_desk(HEAD)) == GroupDone(opened.group, 1)
    assert board_of(booth).group is None


def test_practice_begins_and_ends_and_takes_its_sessions_with_it(booth: Booth) -> None:
    drill, head = booth.station.operators.drill, at_desk(HEAD)
    assert drill.start(at_desk(CAPTAIN)) == DeskRefused(DeskRefusal.NOT_ALLOWED)
    assert drill.end(head) == DeskRefused(DeskRefusal.NO_DRILL)
    assert drill.start(head) == DrillStarted(booth.station.clock.now().at + timedelta(minutes=60))
    assert drill.start(head) == DeskRefused(DeskRefusal.DRILL_IS_ON)
    begun(booth, "s1", drill=True)
    begun(booth, "s2", CAPTAIN)
    shown = board_of(booth).drill
    assert shown is not None
    assert (shown.by, shown.by_name) == (HEAD, "王站长")
    assert drill.end(head) == DrillEnded(closed=1)
    assert board_of(booth).drill is None
    assert [each.session_id for each in board_of(booth).on_duty] == ["s2"]


def test_practice_that_was_forgotten_ends_by_itself(booth: Booth) -> None:
    drill = booth.station.operators.drill
    assert not drill.tend()
    drill.start(at_desk(HEAD))
    booth.clocks.elapse(59 * 60)
    booth.station.tend()
    assert board_of(booth).drill is not None
    booth.clocks.elapse(60)
    booth.station.tend()
    assert board_of(booth).drill is None
    assert booth.events()[-1].body == {"on": False}


class FullDisk:
    """The port ``Ledger`` on a disk that takes nothing more: what was begun fails at its commit."""

    def __init__(self, ledger: Ledger) -> None:
        self.reading = ledger.reading
        self._ledger = ledger

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        with self._ledger.writing() as writing:
            yield writing
            raise RecordingError(RecordingFault.DISK_FULL, "no space left")


def test_an_act_that_could_not_be_written_says_so_and_nothing_of_it_is_kept(booth: Booth) -> None:
    desk, head = booth.station.operators, at_desk(HEAD)
    served(booth, "s1")
    room = DeskRoom(desk.know, booth.station.clock, FullDisk(booth.station.device.ledger))
    before = booth.kinds()
    full = NotRecorded(RecordingFault.DISK_FULL)
    assert ConfirmSession(room)(head, "s1") == ConfirmSession(room).several(head, ["s1"]) == full
    assert RateService(room)(head, "s1", GOOD) == full
    assert HoldDrill(room, DutyPolicy()).start(head) == full
    desk.drill.start(head)
    booth.clocks.elapse(2 * HOUR)
    assert not HoldDrill(room, DutyPolicy()).tend()
    assert booth.kinds() == [*before, "drill"]
