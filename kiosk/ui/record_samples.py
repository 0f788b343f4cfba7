"""Made-up own records for the gallery and for tests of the window; nobody here exists.

Upstream: ``kiosk.usecases.record_outcomes``, ``samples`` (the day it is).
Downstream: ``gallery``, ``tests/integration/ui``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from kiosk.domain.record_refusal import RecordRefusal
from kiosk.ui import plan_samples
from kiosk.ui.samples import NOW, ZONE
from kiosk.usecases.record_outcomes import (
    FreshScan,
    HoursFrom,
    ObjectionSeen,
    OwnRecords,
    RecordSheet,
    StarStanding,
    Times,
)
from kiosk.usecases.record_ports import RecordRow
from sync.protocol.envelope import Stamp
from sync.protocol.events import Presented
from sync.protocol.judgements import Rating
from sync.protocol.totals import Line, totals_of
from sync.protocol.vocabulary import (
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
)

SCAN = FreshScan("LY-000-001", "张建明", Presented("410302", "0001", "00"), Stamp("boot", 1, 0, 0, "anchored"))


def _ms(day: date, hour: int, minute: int) -> int:
    return round(datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).timestamp() * 1000)


def _row(number: int, day: date, span: tuple[int, int, int], state: SessionState, **changes: object) -> RecordRow:
    hour, minute, minutes = span
    begin_ms = _ms(day, hour, minute)
    plain = RecordRow(
        session=f"session-{number}",
        service="directions",
        state=state,
        provenance=Provenance.TWO_SCANS,
        started_on=day,
        started_ms=begin_ms,
        ended_ms=begin_ms + minutes * 60_000,
        original_s=minutes * 60 + 20,
        credited_minutes=minutes,
        counts_from_ms=begin_ms,
        quality=None,
        matters=frozenset(),
        drill=False,
        paid=False,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def rows() -> tuple[RecordRow, ...]:
    """Return sessions in every state a volunteer sees, latest first, with some weeks before them."""
    confirmed, closed = SessionState.CONFIRMED, SessionState.CLOSED
    rated = {"quality": Quality.EXCELLENT}
    unknown = {
        "provenance": Provenance.ONE_SCAN_AUTO,
        "credited_minutes": 0,
        "matters": frozenset({Matter.END_UNKNOWN}),
        "service": "tea_charging",
    }
    typed = {"provenance": Provenance.CAPTAIN_ENTRY, "service": "tutoring", "quality": Quality.GOOD}
    latest = (
        _row(1, date(2025, 7, 12), (7, 2, 135), closed, matters=frozenset({Matter.CONFIRM})),
        _row(2, date(2025, 7, 9), (14, 0, 0), SessionState.PROVISIONAL, **unknown),
        _row(3, date(2025, 7, 5), (8, 58, 182), confirmed, **rated, service="environment"),
        _row(4, date(2025, 6, 28), (15, 0, 120), confirmed, **typed),
        _row(5, date(2025, 6, 21), (9, 1, 179), SessionState.AMENDED, provenance=Provenance.CORRECTION, **rated),
    )
    weeks = range(100)
    earlier = tuple(
        _row(6 + week, date(2025, 6, 14) - timedelta(weeks=week), (9, week % 9, 170 + week % 11), confirmed, **rated)
        for week in weeks
    )
    return latest + earlier


def own_records(*, applied: bool = False) -> OwnRecords:
    """Return the records of somebody who may apply for the second star."""
    sessions = rows()
    lines = [
        Line(row.session, row.state, row.provenance, row.counts_from_ms, row.credited_minutes, row.original_s)
        for row in sessions
    ]
    level = frozenset({2}) if applied else frozenset[int]()
    return OwnRecords(
        scan=SCAN,
        at=NOW,
        rows=sessions,
        totals=totals_of(lines),
        star=StarStanding(1, 318 * 60 + 25, HoursFrom.PLATFORM, level, None if applied else 2),
        plan=plan_samples.plan(SCAN.volunteer),
        trained={"急救知识": NOW + timedelta(days=400), "文明引导": None},
        kit={KitItem.CAP: 1, KitItem.ARMBAND: 1},
    )


def sheet(*, corrected: bool = False) -> RecordSheet:
    """Return one record whole; ``corrected``: with a correction beside the original, and what was objected."""
    day = date(2025, 6, 21)
    begin, end = (datetime(day.year, day.month, day.day, hour, 1, tzinfo=ZONE) for hour in (9, 12))
    times = Times(begin, end, BoundsQuality.ANCHORED, "directions", 3 * 3600, Provenance.TWO_SCANS)
    rating = Rating("session-5", Quality.EXCELLENT, "LY-000-009", [Effect.PROBLEM_SOLVED, Effect.PEOPLE_SATISFIED])
    plain = RecordSheet(
        session="session-5",
        state=SessionState.CONFIRMED,
        now=times,
        original=None,
        credited_minutes=180,
        flags=frozenset(),
        rating=rating,
        faces={Face.SATISFIED: 12, Face.NEUTRAL: 1},
        objections=(),
        may_object=None,
    )
    if not corrected:
        return plain
    first = replace(times, started_at=begin + timedelta(minutes=48), original_s=132 * 60)
    decided = ObjectionSeen(ObjectionReason.WRONG_TIME, upheld=True, decided=DecisionReason.CORRECTED)
    return replace(
        plain,
        state=SessionState.AMENDED,
        now=replace(times, quality=BoundsQuality.STATED, provenance=Provenance.CORRECTION),
        original=first,
        objections=(decided, ObjectionSeen(ObjectionReason.WRONG_RATING)),
        may_object=RecordRefusal.ALREADY_OBJECTED,
    )
