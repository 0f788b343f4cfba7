"""Answers to the roster: by an own card, recorded before anything is said of them, decided by nobody here."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from kiosk.commands.deeds import carry_out
from kiosk.domain.own_roster import PlaceState
from kiosk.domain.record_refusal import RecordRefusal
from kiosk.presenter.records.acts import AnswerIntent
from kiosk.store.memory import DeviceMemory
from kiosk.usecases.outcomes import CheckedIn, NotRecorded
from kiosk.usecases.privacy_ports import Holding
from kiosk.usecases.record_outcomes import OwnRecords, RecordRefused, Reply, RosterAnswered
from sync.protocol.envelope import open_body
from sync.protocol.reference import NearbyShift, RosteredShift, Standing
from sync.protocol.roster import AnswerSettled, OpenPost, RosterResponse, SwapAsked
from sync.protocol.vocabulary import (
    AnswerOutcome,
    AssignmentState,
    LeaveReason,
    RosterAnswer,
    RosterReason,
    SwapState,
)
from tests.support.community import ISSUED, milliseconds

if TYPE_CHECKING:
    from kiosk.usecases.record_outcomes import FreshScan, RosterOutcome
    from tests.support.station import Booth

ME, OTHER = "4103020000000017", "4103020000000025"
HOUR_MS = 3_600_000
BEGAN = milliseconds(ISSUED)


def shift(id_: str, day: float, *, volunteer: str = ME, offered: bool = False, version: int = 1) -> RosteredShift:
    state = AssignmentState.OFFERED if offered else AssignmentState.ACCEPTED
    begin = BEGAN + round(day * 24 * HOUR_MS)
    name = "张晓明" if volunteer == ME else "李桂芳"
    span = begin, begin + 3 * HOUR_MS
    return RosteredShift(id_, volunteer, name, "directions", *span, state=state, post=f"p-{day}", version=version)


def post(id_: str, day: float, **more: Any) -> OpenPost:
    begin = BEGAN + round(day * 24 * HOUR_MS)
    return OpenPost(id_, "tea_charging", begin, begin + 3 * HOUR_MS, 1, 4, **more)


ROSTER = (
    shift("offered", 2, offered=True),
    shift("accepted", 4, version=3),
    shift("theirs", 6, volunteer=OTHER),
)


def told(booth: Booth, version: int = 2, roster: tuple[RosteredShift, ...] = ROSTER, **more: Any) -> None:
    booth.station.apply_reference(booth.community.reference(version=version, roster=roster, **more))


def opened(booth: Booth, number: str = ME) -> OwnRecords:
    found = booth.station.records.open(booth.card(number))
    assert isinstance(found, OwnRecords), found
    return found


def say(booth: Booth, scan: FreshScan, answer: RosterAnswer, of: str, **more: Any) -> RosterOutcome:
    outcome = carry_out(booth.station, AnswerIntent(scan, Reply(answer, of, **more)))
    assert isinstance(outcome, RosterAnswered | RecordRefused | NotRecorded)
    return outcome


def noted(booth: Booth, answer: RosterAnswer, of: str, **more: Any) -> RosterAnswered:
    outcome = say(booth, opened(booth).scan, answer, of, **more)
    assert isinstance(outcome, RosterAnswered), outcome
    return outcome


def refused(booth: Booth, answer: RosterAnswer, of: str, **more: Any) -> RecordRefusal:
    before = len(booth.events())
    outcome = say(booth, opened(booth).scan, answer, of, **more)
    assert isinstance(outcome, RecordRefused), outcome
    assert len(booth.events()) == before
    return outcome.reason


def states(booth: Booth) -> dict[str, PlaceState]:
    return {place.shift.id: place.state for place in opened(booth).plan.places}


def test_an_answer_is_an_event_that_names_its_place_and_its_card_and_nobody_by_name(
    booth: Booth, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told(booth)
    noted(booth, RosterAnswer.ACCEPT, "offered")
    noted(booth, RosterAnswer.LEAVE, "accepted", reason=LeaveReason.ILL)
    accept, leave = booth.events()
    body = open_body(accept)
    assert isinstance(body, RosterResponse)
    assert (body.volunteer, body.answer, body.of, body.version) == (ME, RosterAnswer.ACCEPT, "offered", 1)
    assert body.certificate.serial == opened(booth).scan.presented.serial
    assert (leave.body["reason"], leave.body["version"]) == ("ill", 3)
    written = msgspec.json.encode([accept, leave]).decode() + caplog.text
    assert (accept.aside, "张晓明" in written, ME in caplog.text) == (None, False, False)
    assert booth.rows("SELECT count(*) FROM asides") == [(0,)]


def test_what_is_noted_is_shown_at_once_and_after_a_power_cut(booth: Booth) -> None:
    told(booth)
    assert states(booth) == {"offered": PlaceState.OFFERED, "accepted": PlaceState.ACCEPTED}
    after = noted(booth, RosterAnswer.ACCEPT, "offered").plan.place("offered")
    assert after is not None
    assert after.state is PlaceState.ACCEPTING
    noted(booth, RosterAnswer.LEAVE, "accepted")
    booth.reboot()
    assert states(booth) == {"offered": PlaceState.ACCEPTING, "accepted": PlaceState.LEAVING}


def test_the_later_word_holds_and_the_same_word_is_not_taken_twice(booth: Booth) -> None:
    told(booth)
    noted(booth, RosterAnswer.ACCEPT, "offered")
    assert refused(booth, RosterAnswer.ACCEPT, "offered") is RecordRefusal.ANSWERED_SO
    noted(booth, RosterAnswer.DECLINE, "offered")
    assert states(booth)["offered"] is PlaceState.DECLINING
    noted(booth, RosterAnswer.ACCEPT, "offered")
    assert booth.kinds() == ["roster_response"] * 3


def test_what_the_platform_tells_takes_the_place_of_what_was_noted(booth: Booth) -> None:
    told(booth)
    noted(booth, RosterAnswer.ACCEPT, "offered")
    told(booth, 3, (shift("offered", 2, version=2),))
    assert states(booth) == {"offered": PlaceState.ACCEPTED}


def test_an_answer_that_came_to_nothing_is_told_until_it_was_read(booth: Booth) -> None:
    told(booth, open_posts=[post("open", 8)])
    noted(booth, RosterAnswer.TAKE, "open")
    taken = booth.events()[-1]
    assert taken.body["version"] == 4
    waits = opened(booth).plan.post("open")
    assert waits is not None
    assert waits.noted
    assert refused(booth, RosterAnswer.TAKE, "open") is RecordRefusal.ANSWERED_SO
    span = (BEGAN + 192 * HOUR_MS, BEGAN + 195 * HOUR_MS, "tea_charging")
    lost = AnswerSettled(taken.id, ME, RosterAnswer.TAKE, "open", AnswerOutcome.LOST, *span, RosterReason.POST_FULL)
    told(booth, 3, open_posts=[post("open", 8)], settled=[lost])
    plan = opened(booth).plan
    assert [each.id for each in plan.outcomes] == [taken.id]
    assert [each.noted for each in plan.posts] == [False]
    assert noted(booth, RosterAnswer.SEEN, taken.id).plan.outcomes == ()
    assert refused(booth, RosterAnswer.SEEN, taken.id) is RecordRefusal.ANSWERED_SO
    told(booth, 4, open_posts=[post("open", 8)])  # read, and told no more: it is not noted again
    assert [each.noted for each in opened(booth).plan.posts] == [False]


def test_what_was_decided_and_read_elsewhere_is_noted_no_more(booth: Booth) -> None:
    told(booth, open_posts=[post("open", 8)])
    noted(booth, RosterAnswer.TAKE, "open")
    for before_s, still in ((119, True), (120, False)):  # the platform had it so long before it told anew
        with booth.tampering() as connection:
            received_ms = BEGAN - before_s * 1000
            connection.execute("UPDATE outbox SET state = 'acknowledged', acknowledged_ms = ?", (received_ms,))
        assert [each.noted for each in opened(booth).plan.posts] == [still]


def test_a_colleague_is_asked_and_the_wish_taken_back_before_anybody_knew(booth: Booth) -> None:
    told(booth)
    plan = noted(booth, RosterAnswer.ASK_SWAP, "accepted", colleague=OTHER, in_return="theirs").plan
    place = plan.place("accepted")
    assert place is not None
    assert (place.state, place.asked) == (PlaceState.ASKING, (booth.events()[-1].id, 0))
    assert booth.events()[-1].body["colleague"] == OTHER
    assert place.asked is not None
    plan = noted(booth, RosterAnswer.WITHDRAW_SWAP, place.asked[0]).plan
    assert plan.places[1].state is PlaceState.WITHDRAWING
    assert refused(booth, RosterAnswer.WITHDRAW_SWAP, place.asked[0]) is RecordRefusal.ANSWERED_SO


def test_a_favour_is_asked_of_a_colleague_who_is_free_and_of_nobody_else(booth: Booth) -> None:
    told(booth, roster=(*ROSTER, shift("busy", 4, volunteer="4103020000000033")))
    for colleague, in_return in ((ME, None), ("4103020000000033", None), (OTHER, "busy"), (None, None)):
        reason = refused(booth, RosterAnswer.ASK_SWAP, "accepted", colleague=colleague, in_return=in_return)
        assert reason is RecordRefusal.DOES_NOT_FIT
    noted(booth, RosterAnswer.ASK_SWAP, "accepted", colleague=OTHER)


def test_an_exchange_that_is_asked_of_me_is_answered_and_answered_otherwise(booth: Booth) -> None:
    swap = SwapAsked("swap", "theirs", OTHER, ME, SwapState.ASKED, 2, "accepted")
    told(booth, swaps=[swap])
    noted(booth, RosterAnswer.AGREE_SWAP, "swap")
    assert refused(booth, RosterAnswer.AGREE_SWAP, "swap") is RecordRefusal.ANSWERED_SO
    noted(booth, RosterAnswer.REFUSE_SWAP, "swap")
    assert [each.answered for each in opened(booth).plan.swaps] == [RosterAnswer.REFUSE_SWAP]
    assert refused(booth, RosterAnswer.WITHDRAW_SWAP, "swap") is RecordRefusal.NOT_YOUR_PLACE


def test_an_exchange_between_others_is_nobody_else_s_to_answer(booth: Booth) -> None:
    others = SwapAsked("swap", "theirs", OTHER, "4103020000000033", SwapState.ASKED)
    mine = SwapAsked("mine", "accepted", ME, OTHER, SwapState.ASKED, 5)
    told(booth, swaps=[others, mine])
    assert refused(booth, RosterAnswer.AGREE_SWAP, "swap") is RecordRefusal.NOT_YOUR_PLACE
    assert refused(booth, RosterAnswer.AGREE_SWAP, "gone") is RecordRefusal.PLACE_GONE
    assert refused(booth, RosterAnswer.WITHDRAW_SWAP, "gone") is RecordRefusal.PLACE_GONE
    noted(booth, RosterAnswer.WITHDRAW_SWAP, "mine")
    assert booth.events()[-1].body["version"] == 5


def test_what_is_another_s_gone_begun_or_does_not_fit_is_refused(booth: Booth) -> None:
    soon = (booth.clocks.true_ms - BEGAN) / (24 * HOUR_MS) + 0.01
    told(booth, open_posts=[post("overlaps", 4)])
    assert refused(booth, RosterAnswer.ACCEPT, "theirs") is RecordRefusal.NOT_YOUR_PLACE
    assert refused(booth, RosterAnswer.ACCEPT, "nowhere") is RecordRefusal.PLACE_GONE
    assert refused(booth, RosterAnswer.TAKE, "nowhere") is RecordRefusal.PLACE_GONE
    assert refused(booth, RosterAnswer.TAKE, "overlaps") is RecordRefusal.DOES_NOT_FIT
    told(booth, 3, (shift("offered", soon, offered=True),), open_posts=[post("soon", soon)])
    for hours in (1, 4):  # under way, and over
        booth.clocks.elapse(hours * 3600)
        assert refused(booth, RosterAnswer.ACCEPT, "offered") is RecordRefusal.BEGUN
        assert refused(booth, RosterAnswer.TAKE, "soon") is RecordRefusal.BEGUN


def test_who_is_suspended_takes_no_post_and_may_still_decline(booth: Booth) -> None:
    told(booth, open_posts=[post("open", 8)], standings=[Standing(ME, suspended=True)])
    assert refused(booth, RosterAnswer.TAKE, "open") is RecordRefusal.DOES_NOT_FIT
    noted(booth, RosterAnswer.DECLINE, "offered")


def test_a_card_shown_too_long_ago_answers_nothing(booth: Booth) -> None:
    told(booth)
    scan = opened(booth).scan
    booth.clocks.elapse(61)
    assert say(booth, scan, RosterAnswer.ACCEPT, "offered") == RecordRefused(RecordRefusal.SCAN_AGAIN)
    assert booth.kinds() == []


def test_answering_is_no_duty_and_nobody_sees_another_s_answers(booth: Booth) -> None:
    told(booth, open_posts=[post("open", 8)])
    noted(booth, RosterAnswer.ACCEPT, "offered")
    assert noted(booth, RosterAnswer.TAKE, "open").plan.posts[0].noted
    theirs = opened(booth, OTHER).plan
    assert (theirs.places[0].state, theirs.posts[0].noted) == (PlaceState.ACCEPTED, False)
    assert isinstance(booth.station.present(booth.card(ME)), CheckedIn)


def test_a_disk_that_takes_nothing_notes_nothing(booth: Booth) -> None:
    told(booth)
    scan = opened(booth).scan
    with booth.tampering() as connection:
        connection.execute("DROP TABLE roster_answers")
    assert isinstance(say(booth, scan, RosterAnswer.ACCEPT, "offered"), NotRecorded)
    assert booth.rows("SELECT count(*) FROM ledger") == [(0,)]


def test_the_projection_of_answers_follows_from_the_ledger(booth: Booth) -> None:
    told(booth)
    noted(booth, RosterAnswer.ACCEPT, "offered")
    before = booth.rows("SELECT * FROM roster_answers")
    with booth.station.device.ledger.writing() as writing:
        writing.rebuild()
    assert (booth.rows("SELECT * FROM roster_answers"), len(before)) == (before, 1)


def test_who_is_told_of_in_exchanges_and_outcomes_is_counted_among_the_people_held(booth: Booth) -> None:
    span = (BEGAN, BEGAN + HOUR_MS)
    told(
        booth,
        roster=(),
        swaps=[SwapAsked("swap", "a", OTHER, ME, SwapState.DONE)],
        settled=[AnswerSettled("x", "third", RosterAnswer.TAKE, "p", AnswerOutcome.DONE, *span, "directions")],
        nearby=[NearbyShift("n", "fourth", "point-2", "龙门站", *span)],
    )
    held = {each.holding: each.count for each in DeviceMemory(booth.station.device.ledger.engine).held()}
    assert (held[Holding.DIRECTORY], held[Holding.RECORDS]) == (4, 0)
