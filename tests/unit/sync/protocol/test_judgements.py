"""What persons say of a duty: every promise of duty-rules.md on states and credit, for any history there can be."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sync.protocol.envelope import Envelope
from sync.protocol.events import CheckIn, Undo
from sync.protocol.judgements import Amendment, Confirmation, Decision, Objection, Rating, Statement, Void
from sync.protocol.sessions import (
    BEYOND_SHIFT,
    COUNTING,
    COUNTING_NOTHING,
    DRILL,
    OVER_CAP,
    PAID,
    Session,
    as_recorded,
    fold,
    judged_in,
)
from sync.protocol.verdicts import Verdicts
from sync.protocol.vocabulary import Matter, Provenance, Quality, SessionState, StatementAnswer
from tests.support.envelopes import START_MS, auto_close, check_in, check_out, stamp
from tests.support.judged import (
    FACTS,
    FIRST,
    HOUR,
    HOUR_MS,
    SAYINGS,
    SECOND,
    SHIFT,
    THIRD,
    VOLUNTEER,
    Story,
    amendment,
    confirmation,
    decision,
    entry,
    objection,
    rating,
    statement,
    stories,
    void,
)

CAP = 720
NS_PER_MIN = 60_000_000_000
JUDGEMENTS = (Statement, Confirmation, Amendment, Void, Objection, Decision, Rating)

MINUTE_MS = 60_000


def folded(story: Story | list[Envelope]) -> Session:
    session = fold(story if isinstance(story, list) else story.events, {})
    assert session is not None
    return session


def scanned(seconds: float = 2 * HOUR, **changes: object) -> Story:
    """A duty from its start to its end by two scans."""
    story = Story()
    story.device.record(replace(check_in(), **changes), stamp(0))
    story.device.record(check_out(), stamp(seconds))
    return story


def forgotten() -> Story:
    story = Story()
    story.device.record(check_in(), stamp(0))
    story.device.record(auto_close(), stamp(13 * HOUR))
    return story


# For every history there can be


@given(stories())
def test_what_counts_is_never_negative_never_more_than_was_served_and_never_over_the_cap(story: Story) -> None:
    session = folded(story)
    assert 0 <= session.credited_minutes <= min(session.original_ns // NS_PER_MIN, CAP)


@given(stories())
def test_only_what_is_known_and_voluntary_and_no_practice_counts(story: Story) -> None:
    session = folded(story)
    if session.state not in COUNTING or session.flags & COUNTING_NOTHING:
        assert session.credited_minutes == 0
    if story.device.envelopes[0].body.get("drill") or story.device.envelopes[0].body.get("paid"):
        assert session.credited_minutes == 0


@given(st.data(), stories())
def test_no_order_of_arrival_and_no_doubling_changes_a_session(data: st.DataObject, story: Story) -> None:
    shuffled = data.draw(st.permutations([*story.events, *story.events[:3]]))
    assert folded(shuffled) == folded(story)
    assert as_recorded(shuffled, {}) == as_recorded(story.events, {})
    assert judged_in(shuffled) == judged_in(story.events)


@given(stories())
def test_nobody_decides_about_an_own_record(story: Story) -> None:
    others = story.without(Confirmation, Void, Decision, Rating, by=VOLUNTEER)
    assert folded(others) == folded(story)


@given(stories(people=(FIRST,), sayings=tuple(set(SAYINGS) - {"objection", "statement"})))
def test_one_person_alone_corrects_nothing_withdraws_nothing_that_counts_and_credits_no_hours(story: Story) -> None:
    session, original = folded(story), as_recorded(story.events, {})
    assert original is not None
    assert session.provenance is original.provenance
    assert (session.started, session.ended) == (original.started, original.ended)
    if original.provenance is Provenance.CAPTAIN_ENTRY:
        assert session.credited_minutes == 0
    if original.state is SessionState.CLOSED and not original.flags & COUNTING_NOTHING:
        assert session.state is not SessionState.VOID


@given(stories())
def test_the_original_is_readable_whatever_was_said(story: Story) -> None:
    facts = story.without(*JUDGEMENTS)
    original = as_recorded(story.events, {})
    assert original is not None
    assert original == as_recorded(facts, {})
    assert (original.credited_minutes, original.matters, original.rating) == (0, frozenset(), None)


@given(stories(openings=("scan",)))
def test_an_undone_check_in_is_void_whatever_was_said(story: Story) -> None:
    story.device.undo(story.device.envelopes[0], stamp(200 * HOUR))
    session = folded(story)
    assert (session.state, session.credited_minutes, session.matters) == (SessionState.VOID, 0, frozenset())


@given(st.data(), stories(openings=("scan",)))
def test_a_confirmation_of_an_undone_check_out_does_nothing(data: st.DataObject, story: Story) -> None:
    out = story.device.record(check_out(), stamp(200 * HOUR))
    story.device.undo(out, stamp(200 * HOUR + 5))
    before = folded(story)
    by = data.draw(st.sampled_from([FIRST, SECOND]))
    story.console.record(confirmation(out, by, beyond_shift=True), stamp(201 * HOUR))
    assert folded(story) == before


@given(stories())
def test_what_a_person_said_no_undo_takes_back(story: Story) -> None:
    before = folded(story)
    for each in story.without(CheckIn):
        if each.kind not in {"check_out", "undo"}:
            story.device.record(Undo("s1", each.id), stamp(300 * HOUR))
    assert folded(story) == before


@given(stories())
def test_whatever_is_not_complete_waits_for_somebody(story: Story) -> None:
    session = folded(story)
    if session.state in {SessionState.OPEN, SessionState.VOID} or session.flags & COUNTING_NOTHING:
        assert session.matters <= {Matter.SECOND_PERSON, Matter.OBJECTION}
        return
    assert bool(session.matters & {Matter.END_UNKNOWN, Matter.CONFIRM, Matter.SECOND_PERSON, Matter.RATE}) or (
        session.is_complete
    )
    if session.is_complete:
        assert session.matters <= {Matter.SECOND_PERSON, Matter.OBJECTION}


@given(stories(), st.sampled_from([FIRST, SECOND, THIRD]))
def test_every_objection_of_the_volunteer_stands_until_it_is_decided(story: Story, by: str) -> None:
    raised = story.device.record(objection(), stamp(300 * HOUR))
    undone = as_recorded(story.events, {}) is not None and folded(story).state is SessionState.VOID
    if not (undone and not folded(story).matters):
        assert Matter.OBJECTION in folded(story).matters
    assert raised.id in judged_in(story.events).objections
    story.console.record(decision(raised, by, upheld=False), stamp(301 * HOUR))
    assert raised.id not in judged_in(story.events).objections


@given(
    st.lists(st.floats(0, 20 * HOUR), min_size=2, max_size=5).map(sorted), st.booleans(), st.sampled_from([None, SHIFT])
)
def test_more_time_never_counts_less_once_a_captain_confirmed_it(
    lengths: list[float], beyond: bool, shift: object
) -> None:
    counted = []
    for seconds in lengths:
        story = scanned(seconds, shift=shift)
        story.console.record(confirmation(story.events[-1], beyond_shift=beyond), stamp(30 * HOUR))
        counted.append(folded(story).credited_minutes)
    assert all(shorter <= longer for shorter, longer in pairwise(counted))


def test_the_histories_reach_every_kind_of_event() -> None:
    assert len(FACTS) + len(SAYINGS) == 12


# Confirmations


def test_a_captain_confirms_what_two_scans_recorded() -> None:
    story = scanned()
    assert folded(story).matters == {Matter.CONFIRM, Matter.RATE}
    story.console.record(confirmation(story.events[-1]), stamp(3 * HOUR))
    session = folded(story)
    assert (session.state, session.credited_minutes, session.matters) == (
        SessionState.CONFIRMED,
        120,
        frozenset({Matter.RATE}),
    )
    story.console.record(rating(), stamp(3 * HOUR))
    assert (folded(story).is_complete, folded(story).matters) == (True, frozenset())


def test_time_after_the_shift_counts_where_any_captain_confirmed_it() -> None:
    story = scanned(6 * HOUR, shift=SHIFT)
    out = story.events[-1]
    story.console.record(confirmation(out, FIRST), stamp(7 * HOUR))
    assert folded(story).credited_minutes == 15 + 120 + 15
    story.console.record(confirmation(out, SECOND, beyond_shift=True), stamp(8 * HOUR))
    session = folded(story)
    assert (session.credited_minutes, BEYOND_SHIFT in session.flags) == (15 + 5 * 60, True)


def test_a_stated_end_counts_once_a_captain_confirms_it() -> None:
    story = forgotten()
    assert folded(story).matters == {Matter.END_UNKNOWN}
    said = story.device.record(statement(2), stamp(20 * HOUR))
    assert folded(story).matters == {Matter.CONFIRM}
    assert (folded(story).state, folded(story).credited_minutes) == (SessionState.PROVISIONAL, 0)
    story.console.record(confirmation(said), stamp(21 * HOUR))
    session = folded(story)
    assert (session.state, session.provenance, session.credited_minutes) == (
        SessionState.CONFIRMED,
        Provenance.ONE_SCAN_STATED,
        120,
    )


def test_what_was_confirmed_of_the_end_no_later_word_of_the_volunteer_moves() -> None:
    story = forgotten()
    said = story.device.record(statement(2), stamp(20 * HOUR))
    story.console.record(confirmation(said), stamp(21 * HOUR))
    before = folded(story)
    later = story.device.record(statement(12), stamp(22 * HOUR))
    assert folded(story) == before
    story.console.record(confirmation(later, SECOND), stamp(23 * HOUR))
    assert folded(story).credited_minutes == CAP


def test_only_the_volunteers_own_word_is_a_statement() -> None:
    story = forgotten()
    said = story.device.record(statement(2, by=FIRST), stamp(20 * HOUR))
    story.console.record(confirmation(said, SECOND), stamp(21 * HOUR))
    assert folded(story).matters == {Matter.END_UNKNOWN}


def test_a_confirmation_of_the_rules_own_closing_gives_nothing() -> None:
    story = forgotten()
    story.console.record(confirmation(story.events[-1]), stamp(20 * HOUR))
    assert (folded(story).state, folded(story).credited_minutes) == (SessionState.PROVISIONAL, 0)


def test_a_stated_end_that_cannot_be_held_against_the_start_counts_nothing() -> None:
    story = Story()
    story.device.record(check_in(), stamp(0, wall_ms=0))
    story.device.record(auto_close(), stamp(13 * HOUR))
    said = story.device.record(statement(-1), stamp(20 * HOUR))
    story.console.record(confirmation(said), stamp(21 * HOUR))
    assert folded(story).state is SessionState.CONFIRMED
    assert folded(story).credited_minutes <= CAP


@pytest.mark.parametrize("answer", list(StatementAnswer))
@pytest.mark.parametrize("wall_ms", [0, -1])
def test_a_stated_length_counts_whatever_the_clock_was(wall_ms: int, answer: StatementAnswer) -> None:
    story = Story()
    story.device.record(check_in(), stamp(0, wall_ms=wall_ms))
    story.device.record(auto_close(), stamp(13 * HOUR))
    meant = replace(statement(9), answer=answer, ends_ms=4 * HOUR_MS, lasts_ms=4 * HOUR_MS)
    said = story.device.record(meant, stamp(20 * HOUR))
    story.console.record(confirmation(said), stamp(21 * HOUR))
    session = folded(story)
    assert (session.state, session.credited_minutes) == (SessionState.CONFIRMED, 240)
    assert session.stated_end_ms == session.started.est_ms + 4 * HOUR_MS


def test_where_the_clock_knew_the_instant_that_was_named_counts() -> None:
    story = forgotten()
    named = replace(statement(2), answer=StatementAnswer.SHIFT_END, lasts_ms=3 * HOUR_MS)
    said = story.device.record(named, stamp(20 * HOUR))
    story.console.record(confirmation(said), stamp(21 * HOUR))
    assert folded(story).credited_minutes == 120


# Corrections


def test_a_correction_holds_when_a_second_person_stands_for_it() -> None:
    story = scanned()
    proposed = story.device.record(amendment(FIRST, ends_h=3), stamp(3 * HOUR))
    assert (folded(story).credited_minutes, Matter.SECOND_PERSON in folded(story).matters) == (120, True)
    story.console.record(confirmation(proposed, FIRST), stamp(3 * HOUR))
    story.console.record(confirmation(proposed, VOLUNTEER), stamp(3 * HOUR))
    assert folded(story).credited_minutes == 120
    story.console.record(confirmation(proposed, SECOND), stamp(3 * HOUR))
    session = folded(story)
    assert (session.state, session.provenance, session.credited_minutes) == (
        SessionState.AMENDED,
        Provenance.CORRECTION,
        180,
    )
    assert session.matters == {Matter.RATE}
    assert judged_in(story.events).held == (proposed.id,)


def test_a_correction_that_answers_the_volunteer_holds_at_once() -> None:
    story = scanned()
    raised = story.device.record(objection(), stamp(3 * HOUR))
    story.device.record(amendment(FIRST, starts_h=-1, objection=raised), stamp(4 * HOUR))
    session = folded(story)
    assert (session.credited_minutes, session.matters) == (180, frozenset({Matter.RATE}))


def test_one_objection_is_no_leave_for_a_second_correction() -> None:
    story = scanned()
    raised = story.device.record(objection(), stamp(3 * HOUR))
    story.device.record(amendment(FIRST, ends_h=3, objection=raised), stamp(4 * HOUR))
    story.device.record(decision(raised, upheld=True), stamp(4 * HOUR))
    story.device.record(amendment(FIRST, ends_h=12, objection=raised), stamp(5 * HOUR))
    session = folded(story)
    assert (session.credited_minutes, Matter.SECOND_PERSON in session.matters) == (180, True)


def test_an_objection_that_was_dismissed_is_no_leave_for_a_correction() -> None:
    story = scanned()
    raised = story.device.record(objection(), stamp(3 * HOUR))
    story.device.record(decision(raised, FIRST), stamp(4 * HOUR))
    story.device.record(amendment(FIRST, ends_h=12, objection=raised), stamp(5 * HOUR))
    assert folded(story).credited_minutes == 120


def test_who_entered_hours_does_not_make_them_count_by_answering_the_volunteer() -> None:
    story = Story()
    story.device.record(entry(FIRST), stamp(0))
    raised = story.device.record(objection(), stamp(1))
    story.device.record(amendment(FIRST, ends_h=3, objection=raised), stamp(2))
    assert (folded(story).state, folded(story).credited_minutes) == (SessionState.PROVISIONAL, 0)
    story.device.record(amendment(SECOND, ends_h=3, objection=raised), stamp(3))
    assert (folded(story).state, folded(story).credited_minutes) == (SessionState.AMENDED, 180)


def test_an_objection_by_another_is_none() -> None:
    story = scanned()
    raised = story.device.record(objection(by=SECOND), stamp(3 * HOUR))
    story.device.record(amendment(FIRST, ends_h=12, objection=raised), stamp(4 * HOUR))
    assert folded(story).credited_minutes == 120
    assert Matter.OBJECTION not in folded(story).matters


def test_a_correction_of_the_service_is_no_word_on_the_hours() -> None:
    story = forgotten()
    proposed = story.device.record(amendment(FIRST, service="environment"), stamp(20 * HOUR))
    story.console.record(confirmation(proposed, SECOND), stamp(21 * HOUR))
    session = folded(story)
    assert (session.service, session.state, session.matters) == (
        "environment",
        SessionState.PROVISIONAL,
        frozenset({Matter.END_UNKNOWN}),
    )


def test_a_correction_of_the_service_keeps_the_limits_of_the_shift() -> None:
    story = scanned(6 * HOUR, shift=SHIFT)
    before = folded(story).credited_minutes
    proposed = story.device.record(amendment(FIRST, service="environment"), stamp(7 * HOUR))
    story.console.record(confirmation(proposed, SECOND), stamp(8 * HOUR))
    session = folded(story)
    assert (session.state, session.provenance) == (SessionState.AMENDED, Provenance.TWO_SCANS)
    assert session.credited_minutes == before == 150


def test_corrected_hours_count_from_where_they_began_and_not_from_the_shift() -> None:
    story = scanned(6 * HOUR, shift=SHIFT)
    assert folded(story).counts_from_ms == SHIFT.starts_ms - 15 * MINUTE_MS
    proposed = story.device.record(amendment(FIRST, starts_h=0, ends_h=3), stamp(7 * HOUR))
    story.console.record(confirmation(proposed, SECOND), stamp(8 * HOUR))
    session = folded(story)
    assert (session.counts_from_ms, session.credited_minutes) == (START_MS, 180)


def test_a_start_alone_does_not_end_a_duty_that_nobody_ended() -> None:
    story = forgotten()
    proposed = story.device.record(amendment(FIRST, starts_h=0.5), stamp(20 * HOUR))
    story.console.record(confirmation(proposed, SECOND), stamp(21 * HOUR))
    session = folded(story)
    assert (session.state, session.started.est_ms) == (SessionState.PROVISIONAL, START_MS + HOUR_MS // 2)


def test_an_open_duty_is_ended_by_a_correction_and_waits_for_its_second_person_in_sight() -> None:
    story = Story()
    story.device.record(check_in(), stamp(0))
    proposed = story.device.record(amendment(FIRST, ends_h=2), stamp(5 * HOUR))
    assert (folded(story).state, folded(story).matters) == (SessionState.OPEN, frozenset({Matter.SECOND_PERSON}))
    story.console.record(confirmation(proposed, SECOND), stamp(6 * HOUR))
    assert (folded(story).state, folded(story).credited_minutes) == (SessionState.AMENDED, 120)


@pytest.mark.parametrize(("hours", "over"), [(2, False), (13, True)])
def test_a_correction_says_anew_whether_it_is_over_the_cap(hours: float, over: bool) -> None:
    story = scanned(14 * HOUR)
    assert OVER_CAP in folded(story).flags
    proposed = story.device.record(amendment(FIRST, ends_h=hours), stamp(15 * HOUR))
    story.console.record(confirmation(proposed, SECOND), stamp(16 * HOUR))
    assert (OVER_CAP in folded(story).flags, folded(story).credited_minutes) == (over, min(hours * 60, CAP))


def test_a_correction_backwards_counts_nothing() -> None:
    story = scanned()
    proposed = story.device.record(amendment(FIRST, starts_h=5, ends_h=2), stamp(3 * HOUR))
    story.console.record(confirmation(proposed, SECOND), stamp(3 * HOUR))
    assert (folded(story).original_ns, folded(story).credited_minutes) == (0, 0)


def test_what_a_second_person_turned_down_waits_no_longer() -> None:
    story = scanned()
    proposed = story.device.record(amendment(FIRST, ends_h=12), stamp(3 * HOUR))
    withdrawn = story.device.record(void(FIRST), stamp(3 * HOUR))
    story.console.record(decision(proposed, VOLUNTEER), stamp(4 * HOUR))
    assert Matter.SECOND_PERSON in folded(story).matters
    story.console.record(decision(proposed, SECOND), stamp(4 * HOUR))
    story.console.record(decision(withdrawn, SECOND), stamp(4 * HOUR))
    assert folded(story).matters == {Matter.CONFIRM, Matter.RATE}
    story.console.record(confirmation(proposed, THIRD), stamp(5 * HOUR))
    assert folded(story).credited_minutes == CAP  # two persons stand for it after all


# Withdrawals


def test_what_counts_is_withdrawn_by_two_persons() -> None:
    story = scanned()
    withdrawn = story.device.record(void(FIRST), stamp(3 * HOUR))
    assert (folded(story).state, Matter.SECOND_PERSON in folded(story).matters) == (SessionState.CLOSED, True)
    story.console.record(confirmation(withdrawn, FIRST), stamp(3 * HOUR))
    assert folded(story).state is SessionState.CLOSED
    story.console.record(confirmation(withdrawn, SECOND), stamp(3 * HOUR))
    assert (folded(story).state, folded(story).credited_minutes) == (SessionState.VOID, 0)


@pytest.mark.parametrize("flag", [PAID, DRILL])
def test_what_counts_nothing_is_withdrawn_by_one(flag: str) -> None:
    story = scanned(**{flag: True})
    assert folded(story).matters == frozenset()
    story.device.record(void(FIRST), stamp(3 * HOUR))
    assert folded(story).state is SessionState.VOID


def test_an_open_or_a_forgotten_duty_is_withdrawn_by_one() -> None:
    story = forgotten()
    story.device.record(void(FIRST), stamp(20 * HOUR))
    assert folded(story).state is SessionState.VOID


def test_what_two_persons_corrected_one_does_not_withdraw() -> None:
    story = forgotten()
    proposed = story.device.record(amendment(FIRST, ends_h=2), stamp(20 * HOUR))
    story.console.record(confirmation(proposed, SECOND), stamp(21 * HOUR))
    story.device.record(void(FIRST), stamp(22 * HOUR))
    assert (folded(story).state, folded(story).credited_minutes) == (SessionState.AMENDED, 120)


def test_a_volunteer_withdraws_nothing() -> None:
    story = forgotten()
    story.device.record(void(VOLUNTEER), stamp(20 * HOUR))
    assert folded(story).state is SessionState.PROVISIONAL


def test_a_withdrawn_record_can_still_be_disputed() -> None:
    story = forgotten()
    story.device.record(void(FIRST), stamp(20 * HOUR))
    raised = story.device.record(objection(), stamp(21 * HOUR))
    assert folded(story).matters == {Matter.OBJECTION}
    story.device.record(decision(raised, VOLUNTEER), stamp(22 * HOUR))
    assert folded(story).matters == {Matter.OBJECTION}
    story.device.record(decision(raised, SECOND), stamp(22 * HOUR))
    assert folded(story).matters == frozenset()


# Ratings


def test_the_latest_rating_holds_and_none_of_the_volunteers_own() -> None:
    story = scanned()
    for quality, by in ((Quality.FAIL, FIRST), (Quality.EXCELLENT, SECOND), (Quality.GOOD, VOLUNTEER)):
        story.device.record(rating(quality, by), stamp(3 * HOUR))
    held = folded(story).rating
    assert held is not None
    assert (held.quality, held.rated_by) == (Quality.EXCELLENT, SECOND)


def test_without_a_beginning_nothing_is_judged() -> None:
    assert judged_in(scanned().events[1:]) == Verdicts()
