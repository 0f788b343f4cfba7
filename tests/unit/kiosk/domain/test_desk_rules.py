"""What an operator may say of a session, at the edges of every rule."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from kiosk.domain.desk_rules import Surroundings, correction_fault, correction_of, rating_fault, void_fault
from kiosk.domain.operator_refusal import DeskRefusal
from sync.protocol.sessions import Session, fold
from sync.protocol.vocabulary import ServiceKind
from tests.support.envelopes import START_MS, Recorder, auto_close, check_in, check_out, stamp

HOUR, HOUR_MS = 3600, 3_600_000
NOW = datetime.fromtimestamp((START_MS + 24 * HOUR_MS) / 1000, UTC)


def session_of(*deeds: str, **changes: object) -> Session:
    recorder = Recorder()
    begin = recorder.record(replace(check_in(), **changes), stamp(0))
    if "out" in deeds:
        recorder.record(check_out(), stamp(2 * HOUR))
    if "auto" in deeds:
        recorder.record(auto_close(), stamp(13 * HOUR))
    if "undone" in deeds:
        recorder.undo(begin)
    session = fold(recorder.envelopes, {})
    assert session is not None
    return session


def around(*others: Session) -> Surroundings:
    return Surroundings(NOW, 720, frozenset(ServiceKind), others)


def fault(
    session: Session, starts_h: float | None, ends_h: float | None, service: str | None = None, *others: Session
) -> DeskRefusal | None:
    starts_ms, ends_ms = (None if h is None else START_MS + round(h * HOUR_MS) for h in (starts_h, ends_h))
    return correction_fault(session, correction_of(session, starts_ms, ends_ms, service), around(*others))


@pytest.mark.parametrize(
    ("starts_h", "ends_h", "service", "refusal"),
    [
        (None, 3, None, None),
        (0.5, None, None, None),
        (None, None, "tutoring", None),
        (None, 24, None, DeskRefusal.TOO_LONG),
        (23, 24, None, None),
        (23, 24.001, None, DeskRefusal.NOT_YET_OVER),
        (0, 12, None, None),
        (0, 12.001, None, DeskRefusal.TOO_LONG),
        (2, None, None, DeskRefusal.BACKWARDS),
        (5, 4, None, DeskRefusal.BACKWARDS),
        (None, None, None, DeskRefusal.NO_CHANGE),
        (0, 2, "directions", DeskRefusal.NO_CHANGE),
        (None, None, "juggling", DeskRefusal.UNKNOWN_SERVICE),
    ],
)
def test_a_correction_says_something_possible(
    starts_h: float | None, ends_h: float | None, service: str | None, refusal: DeskRefusal | None
) -> None:
    assert fault(session_of("out"), starts_h, ends_h, service) is refusal


@pytest.mark.parametrize("deeds", [(), ("auto",)], ids=["open", "closed by the rules"])
def test_where_nobody_knows_the_end_a_correction_of_times_gives_one(deeds: tuple[str, ...]) -> None:
    assert fault(session_of(*deeds), 0.5, None) is DeskRefusal.END_NEEDED
    assert fault(session_of(*deeds), 0.5, 2) is None
    assert fault(session_of(*deeds), None, None, "tutoring") is None


def test_a_correction_does_not_reach_into_another_duty_of_the_volunteer() -> None:
    other = session_of("out")
    assert fault(session_of("out"), 1.5, 3, None, other) is DeskRefusal.OVERLAPS
    assert fault(session_of("out"), 2, 3, None, other) is None
    assert fault(session_of("out"), None, None, "tutoring", other) is None
    assert fault(session_of("out"), 1.5, 3, None, session_of()) is DeskRefusal.OVERLAPS
    assert fault(session_of("out"), 1.5, 3, None, session_of("undone"), session_of(drill=True)) is None


def test_what_is_withdrawn_and_what_is_practice_is_not_corrected() -> None:
    assert fault(session_of("undone"), 0, 3) is DeskRefusal.WITHDRAWN
    assert fault(session_of("out", drill=True), 0, 3) is DeskRefusal.COUNTS_NOTHING
    assert void_fault(session_of("undone")) is DeskRefusal.WITHDRAWN
    assert void_fault(session_of()) is None


@pytest.mark.parametrize(
    ("deeds", "changes", "refusal"),
    [
        (("out",), {}, None),
        ((), {}, DeskRefusal.STILL_OPEN),
        (("auto",), {}, DeskRefusal.UNDECIDED_HOURS),
        (("undone",), {}, DeskRefusal.WITHDRAWN),
        (("out",), {"drill": True}, DeskRefusal.COUNTS_NOTHING),
        (("out",), {"paid": True}, DeskRefusal.COUNTS_NOTHING),
    ],
)
def test_what_is_not_known_to_have_been_served_is_not_rated(
    deeds: tuple[str, ...], changes: dict[str, object], refusal: DeskRefusal | None
) -> None:
    assert rating_fault(session_of(*deeds, **changes), {}) is refusal


@pytest.mark.parametrize(
    "counts", [{"tea": -1}, {"tea": 10_000}, {"": 1}, {"x" * 65: 1}, {str(each): 1 for each in range(17)}]
)
def test_counts_that_cannot_be_are_refused(counts: dict[str, int]) -> None:
    assert rating_fault(session_of("out"), counts) is DeskRefusal.BAD_COUNT
    assert rating_fault(session_of("out"), {"tea": 9999}) is None
