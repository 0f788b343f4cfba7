"""Hours that a person entered count when a second person stands for them, and are never shown as scanned."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.envelope import Envelope, check
from sync.protocol.errors import ProtocolError
from sync.protocol.events import Aside, AutoClose, DeviceNote
from sync.protocol.judgements import CaptainEntry, Confirmation
from sync.protocol.sessions import NO_CERTIFICATE, OVER_CAP, Session, fold
from sync.protocol.vocabulary import AutoCloseReason, BoundsQuality, EntryReason, Provenance, SessionState
from tests.support.envelopes import NAME, START_MS, Recorder, check_in, check_out

HOUR_MS = 3_600_000


def entry(session: str = "s1", *, hours: float = 2, volunteer: str = "V1", entered_by: str = "O1") -> CaptainEntry:
    ends_ms = START_MS + round(hours * HOUR_MS)
    digest, reason = NAME.digest(), EntryReason.FORGOT_CARD
    return CaptainEntry(session, volunteer, digest, "tutoring", "point-1", START_MS, ends_ms, reason, entered_by, "t")


def folded(recorder: Recorder) -> Session:
    session = fold(recorder.envelopes, {})
    assert session is not None
    return session


def proposed(**changes: object) -> tuple[Recorder, Envelope]:
    recorder = Recorder()
    return recorder, recorder.record(entry(**changes), aside=NAME)  # type: ignore[arg-type]


def test_what_one_person_entered_is_provisional_and_counts_nothing() -> None:
    recorder, _ = proposed()
    session = folded(recorder)
    assert (session.state, session.provenance) == (SessionState.PROVISIONAL, Provenance.CAPTAIN_ENTRY)
    assert (session.credited_minutes, session.original_ns) == (0, 2 * HOUR_MS * 1_000_000)
    assert (session.certificate, session.team, session.service) == (NO_CERTIFICATE, "t", "tutoring")
    assert session.started.quality is BoundsQuality.STATED
    assert (session.started.est_ms, session.ended.est_ms if session.ended else 0) == (START_MS, START_MS + 2 * HOUR_MS)


def test_a_second_persons_word_makes_it_count() -> None:
    recorder, event = proposed()
    recorder.record(Confirmation("s1", event.id, "O2"))
    session = folded(recorder)
    assert (session.state, session.provenance, session.credited_minutes) == (
        SessionState.CONFIRMED,
        Provenance.CAPTAIN_ENTRY,
        120,
    )


@pytest.mark.parametrize("by", ["O1", "V1"], ids=["who entered it", "whose hours they are"])
def test_the_same_person_twice_is_no_second_person(by: str) -> None:
    recorder, event = proposed()
    recorder.record(Confirmation("s1", event.id, by))
    assert folded(recorder).state is SessionState.PROVISIONAL


def test_a_confirmation_of_something_else_confirms_nothing() -> None:
    recorder, _ = proposed()
    recorder.record(Confirmation("s1", "another", "O2"))
    assert folded(recorder).state is SessionState.PROVISIONAL


def test_what_persons_entered_and_confirmed_no_undo_takes_back() -> None:
    recorder, event = proposed()
    word = recorder.record(Confirmation("s1", event.id, "O2"))
    before = folded(recorder)
    recorder.undo(word)
    recorder.undo(event)
    assert folded(recorder) == before


def test_more_than_the_cap_counts_no_more_than_the_cap_though_confirmed() -> None:
    recorder, event = proposed(hours=12.1)
    recorder.record(Confirmation("s1", event.id, "O2"))
    session = folded(recorder)
    assert (session.state, session.credited_minutes, session.flags) == (
        SessionState.CONFIRMED,
        720,
        frozenset({OVER_CAP}),
    )


def test_an_entry_that_ends_before_it_starts_is_worth_nothing() -> None:
    recorder, event = proposed(hours=-1)
    recorder.record(Confirmation("s1", event.id, "O2"))
    assert (folded(recorder).original_ns, folded(recorder).credited_minutes) == (0, 0)


def test_what_scans_recorded_no_confirmation_moves() -> None:
    recorder = Recorder()
    event = recorder.record(check_in())
    recorder.record(AutoClose("s1", AutoCloseReason.CAP, START_MS + 7))
    before = folded(recorder)
    recorder.record(Confirmation("s1", event.id, "O2"))
    recorder.record(entry())
    assert folded(recorder) == before
    assert before.state is SessionState.PROVISIONAL


def test_scans_do_not_move_an_entry() -> None:
    recorder, _ = proposed()
    before = folded(recorder)
    recorder.record(check_in())
    recorder.record(check_out())
    recorder.record(DeviceNote("x"))
    assert folded(recorder) == before


@given(st.integers(0, 24 * 60), st.permutations(range(4)))
def test_no_order_of_arrival_and_no_doubling_changes_it(minutes: int, order: list[int]) -> None:
    recorder, event = proposed(hours=minutes / 60)
    recorder.record(Confirmation("s1", event.id, "O1"))
    recorder.record(Confirmation("s1", event.id, "O2"))
    recorder.record(Confirmation("s1", event.id, "O3"))
    shuffled = [recorder.envelopes[at] for at in order]
    assert fold(shuffled, {}) == fold(recorder.envelopes, {}) == fold(shuffled * 2, {})


def test_the_name_travels_beside_an_entry_as_beside_a_check_in() -> None:
    recorder = Recorder()
    check(recorder.record(entry(), aside=NAME))
    with pytest.raises(ProtocolError):
        check(recorder.record(entry("s2"), aside=Aside("另一个人", NAME.salt)))
