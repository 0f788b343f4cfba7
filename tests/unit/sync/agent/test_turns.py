"""Whose turn it is: every deed comes to be done, none waits for another's failures, and no clock confuses it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.agent.backoff import Backoff
from sync.agent.drain import Drain
from sync.agent.plan import (
    NEW,
    TIMER_S,
    Answer,
    Deed,
    Known,
    Plan,
    Turn,
    after,
    answer_to,
    choose,
    held_off,
    isolates,
    let_in,
    narrowed,
    sets_aside,
    turned,
)

INSTANTS = st.floats(0, 10**7)
KNOWN = st.builds(
    Known,
    now_s=INSTANTS,
    fresh=st.booleans(),
    again=st.booleans(),
    asks=st.booleans(),
    rotates=st.booleans(),
    contacted_s=st.none() | INSTANTS,
)
TURNS = st.fixed_dictionaries({deed: st.builds(Turn, st.builds(Plan), INSTANTS) for deed in Deed})
EVERYTHING = Known(0.0, fresh=True, again=True, asks=True, rotates=True)


@given(KNOWN, TURNS)
def test_something_is_tried_every_fifteen_minutes_whatever_the_clock_says(
    known: Known, turns: dict[Deed, Turn]
) -> None:
    following = choose(known, turns, 2.0)
    assert 0 <= following.wait_s <= TIMER_S
    assert (following.deed is None) == (following.wait_s > 0)


@given(KNOWN, TURNS)
def test_nothing_is_done_that_there_is_no_cause_for(known: Known, turns: dict[Deed, Turn]) -> None:
    deed = choose(known, turns, 2.0).deed
    causes = {Deed.SEND: known.fresh, Deed.SEND_AGAIN: known.again, Deed.RECONCILE: known.asks}
    assert deed is None or {**causes, Deed.ROTATE: known.rotates, Deed.CONTACT: True}[deed]


@given(st.lists(st.sampled_from(Answer), min_size=40, max_size=60))
def test_no_deed_waits_for_the_failures_of_another(answers: list[Answer]) -> None:
    """However each goes, and though deeds take no time at all, every one has its turn."""
    turns, now_s, done, contacted_s = NEW, 0.0, Counter[Deed](), None
    for answer in answers * 3:
        following = choose(replace(EVERYTHING, now_s=now_s, contacted_s=contacted_s), turns, 2.0)
        if following.deed is None:
            now_s += following.wait_s
            continue
        plan = after(turns[following.deed].plan, answer, None, 0.5, Backoff())
        turns = turned(turns, following.deed, plan, now_s)
        done[following.deed] += 1
        contacted_s = now_s if following.deed is Deed.CONTACT and answer is Answer.RECEIPT else contacted_s
    assert set(done) == set(Deed)


def test_a_long_drain_leaves_room_for_the_contact_and_for_what_is_sent_again() -> None:
    turns, now_s, done, contacted_s = NEW, 0.0, Counter[Deed](), 0.0
    for _ in range(4000):
        known = Known(now_s, fresh=True, again=True, asks=True, contacted_s=contacted_s)
        deed = choose(known, turns, 2.0).deed
        if deed is None:
            break
        now_s += 1.0  # a batch takes a second
        turns = turned(turns, deed, after(turns[deed].plan, Answer.RECEIPT, None, 0.5, Backoff()), now_s)
        done[deed] += 1
        contacted_s = now_s if deed is Deed.CONTACT else contacted_s
    assert done[Deed.CONTACT] == 4
    assert min(done[Deed.SEND], done[Deed.SEND_AGAIN], done[Deed.RECONCILE]) > 1300


def test_the_first_that_is_heard_of_an_agent_is_its_contact() -> None:
    assert choose(EVERYTHING, NEW, 2.0).deed is Deed.CONTACT


def test_the_contact_is_made_fifteen_minutes_after_the_last_though_batches_go_all_the_time() -> None:
    before = choose(Known(899.0, fresh=True, contacted_s=0.0), turned(NEW, Deed.SEND, Plan(), 899.0), 2.0)
    later = choose(Known(900.0, fresh=True, contacted_s=0.0), turned(NEW, Deed.SEND, Plan(), 900.5), 2.0)
    assert (before.deed, later.deed) == (Deed.SEND, Deed.CONTACT)


@pytest.mark.parametrize(("fresh", "wait_s"), [(False, 2.0), (True, 60.0)])
def test_new_records_are_looked_for_while_nothing_is_known_to_come(fresh: bool, wait_s: float) -> None:
    turns = held_off(NEW, Deed.SEND, 60.0, 0.0)
    assert choose(Known(0.0, fresh=fresh, contacted_s=0.0), turns, 2.0).wait_s == wait_s


@pytest.mark.parametrize("ahead_s", [10.0**9, float("inf")])
def test_a_turn_that_lies_in_another_age_comes_within_the_timer(ahead_s: float) -> None:
    turns = {deed: Turn(Plan(), ahead_s) for deed in Deed}
    assert choose(Known(0.0, fresh=True, contacted_s=ahead_s), turns, 2.0).wait_s == TIMER_S


def test_what_was_refused_has_its_turn_as_soon_as_the_platform_knows_the_device_again() -> None:
    turns = held_off(NEW, Deed.SEND, TIMER_S, 0.0)
    assert let_in(turns, [Deed.SEND], 7.0)[Deed.SEND].from_s == 7.0


def test_holding_off_never_brings_a_turn_forward() -> None:
    turns = held_off(held_off(NEW, Deed.SEND_AGAIN, 60.0, 0.0), Deed.SEND_AGAIN, 2.0, 0.0)
    assert turns[Deed.SEND_AGAIN].from_s == 60.0


# One event that breaks every call


def test_answers_that_go_on_failing_narrow_the_batch_until_one_event_is_left() -> None:
    plan, sizes = Plan(8), []
    for _ in range(6):
        plan = narrowed(after(plan, Answer.FAILED, None, 0.5, Backoff()))
        sizes.append(plan.batch_size)
    assert sizes == [8, 8, 4, 2, 1, 1]
    assert isolates(plan)


def test_only_two_events_in_a_row_are_set_aside_as_unreadable() -> None:
    plan, aside = Plan(1), []
    for _ in range(4):
        aside.append(sets_aside(plan))
        plan = after(plan, Answer.UNFIT, None, 0.5, Backoff())
    assert aside == [True, True, False, False]
    assert sets_aside(after(plan, Answer.RECEIPT, None, 0.5, Backoff()))


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (301, Answer.FAILED),
        (400, Answer.FAILED),
        (401, Answer.REFUSED),
        (403, Answer.REFUSED),
        (404, Answer.FAILED),
        (413, Answer.TOO_LARGE),
        (429, Answer.BUSY),
        (500, Answer.FAILED),
        (503, Answer.BUSY),
    ],
)
def test_what_a_status_means(status: int, answer: Answer) -> None:
    assert answer_to(status) is answer


# A backlog


def test_a_drain_tells_its_rate_and_the_time_that_is_left() -> None:
    drain = Drain().after(500, 10.0, 12.0).after(500, 12.0, 14.0)
    assert (drain.moved, drain.rate, drain.left_s(1000)) == (1000, 250.0, 4.0)


def test_a_drain_that_stood_still_says_nothing() -> None:
    assert Drain().rate is None
    assert Drain().left_s(10) is None
    assert Drain().after(500, 1.0, 2.0).after(0, 2.0, 3.0) == Drain()
    assert Drain().after(5, 1.0, 1.0).rate is None
