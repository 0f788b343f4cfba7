"""Totals: every minute once, each traceable to its session, and nothing that does not count."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.sessions import COUNTING
from sync.protocol.totals import Line, Share, Totals, totals_of
from sync.protocol.vocabulary import Provenance, SessionState

MIN_MS = 60_000
HOUR_MS = 60 * MIN_MS


def a_line(session: str = "s1", begin_h: float = 9, minutes: int = 60, **changes: object) -> Line:
    plain = Line(
        session, SessionState.CONFIRMED, Provenance.TWO_SCANS, round(begin_h * HOUR_MS), minutes, minutes * 60 + 20
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@st.composite
def lines(draw: st.DrawFn) -> list[Line]:
    count = draw(st.integers(0, 9))
    made = []
    for number in range(count):
        state = draw(st.sampled_from(SessionState))
        minutes = draw(st.integers(0, 720)) if state in COUNTING else 0
        begin_ms = draw(st.integers(0, 30 * HOUR_MS))
        provenance = draw(st.sampled_from(Provenance))
        made.append(Line(f"s{number}", state, provenance, begin_ms, minutes, minutes * 60, draw(st.booleans())))
    return made


def union_ms(some: list[Line]) -> int:
    """The plain way: merge the intervals."""
    total = until = 0
    for begin, end in sorted(
        (each.counts_from_ms, each.counts_from_ms + each.credited_minutes * MIN_MS) for each in some
    ):
        total += max(0, end - max(begin, until))
        until = max(until, end)
    return total


def counting(some: list[Line]) -> list[Line]:
    return [each for each in some if each.state in COUNTING and not each.apart]


@given(lines())
def test_the_total_is_the_union_and_never_more_than_the_sum(some: list[Line]) -> None:
    total = totals_of(some).minutes
    assert total == union_ms(counting(some)) // MIN_MS
    assert total <= sum(each.credited_minutes for each in counting(some))


@given(lines())
def test_every_minute_is_traced_to_a_session_that_credits_as_many(some: list[Line]) -> None:
    totals = totals_of(some)
    credited = {each.session: each.credited_minutes for each in counting(some)}
    assert all(0 < minutes <= credited[session] for session, minutes in totals.counted.items())
    assert totals.confirmed.minutes + totals.waiting.minutes == totals.minutes
    assert sum(share.minutes for share in totals.by_provenance.values()) == totals.minutes
    traced = {session for share in totals.by_provenance.values() for session in share.sessions}
    assert traced == {*totals.confirmed.sessions, *totals.waiting.sessions} >= set(totals.counted)


@given(lines(), st.randoms(use_true_random=False))
def test_the_order_of_sessions_changes_nothing(some: list[Line], chance: object) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert totals_of(shuffled) == totals_of(some) == totals_of([*some, *shuffled])


@given(lines())
def test_what_does_not_count_never_enters(some: list[Line]) -> None:
    outside = {each.session for each in some if each.apart or each.state is SessionState.VOID}
    totals = totals_of(some)
    named = {*totals.counted, *totals.provisional, *totals.overlapping, *totals.confirmed.sessions}
    assert not outside & {*named, *totals.waiting.sessions}
    assert not set(totals.provisional) & set(totals.counted)


@given(lines())
def test_apart_from_overlaps_a_total_is_the_sum(some: list[Line]) -> None:
    totals = totals_of(some)
    lone = [each for each in counting(some) if each.session not in totals.overlapping]
    for each in lone:
        rest = [other for other in some if other.session != each.session]
        assert totals.minutes - totals_of(rest).minutes == each.credited_minutes


def test_what_waits_stands_beside_what_is_confirmed() -> None:
    totals = totals_of([a_line(), a_line("s2", 11, 30, state=SessionState.CLOSED, provenance=Provenance.TYPED)])
    assert totals.confirmed == Share(60, ("s1",))
    assert totals.waiting == Share(30, ("s2",))
    assert totals.by_provenance == {Provenance.TWO_SCANS: Share(60, ("s1",)), Provenance.TYPED: Share(30, ("s2",))}


def test_provisional_time_stands_apart_and_credits_nothing() -> None:
    forgotten = a_line("s2", 11, 0, state=SessionState.PROVISIONAL, original_s=7200)
    totals = totals_of([a_line(), forgotten])
    assert (totals.minutes, totals.provisional, totals.provisional_s) == (60, ("s2",), 7200)


def test_the_hour_that_two_claim_goes_to_the_decided_one() -> None:
    waiting, decided = a_line("a", 9, 60, state=SessionState.CLOSED), a_line("b", 9.5, 60)
    totals = totals_of([waiting, decided])
    assert (totals.counted, totals.overlapping) == ({"a": 30, "b": 60}, ("a", "b"))
    assert (totals.confirmed.minutes, totals.waiting.minutes) == (60, 30)


def test_one_that_lies_within_another_counts_nothing_more() -> None:
    totals = totals_of([a_line("a", 9, 180), a_line("b", 10, 30), a_line("c", 11.5, 30)])
    assert (totals.counted, totals.overlapping) == ({"a": 180}, ("a", "b", "c"))


def test_change_of_service_at_the_same_instant_is_no_overlap() -> None:
    assert totals_of([a_line("a", 9, 60), a_line("b", 10, 60)]).overlapping == ()


def test_nothing_is_nothing() -> None:
    assert totals_of([]) == Totals()
    assert totals_of([]).minutes == 0
