"""Holding a booth against the notebook: every session, every volunteer, every month.

Upstream: ``story``.
Downstream: the test, and ``python -m tests.integration.year`` for a whole year.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sync.protocol.sessions import COUNTING

if TYPE_CHECKING:
    from sync.protocol.sessions import Session
    from tests.integration.year.notebook import Line
    from tests.integration.year.story import Story


@dataclass(frozen=True)
class Recount:
    """What the booth has and what the notebook says; empty lists mean that they agree.

    Attributes:
        off: sessions that count less than the booth can prove, or more than there was.
        exact: how many of them must be exactly what the notebook says, because no power cut lay within.
        totals: volunteers whose total on the screen is not the sum of their sessions.
        minutes: by how it came to be.
    """

    sessions: int
    exact: int
    off: list[tuple[Line, Session]]
    unknown: list[str]
    totals: list[tuple[str, int, int]]
    months_agree: bool
    minutes: Counter[str]


def recount(story: Story) -> Recount:
    """Hold every session, every volunteer's total and every month against the notebook."""
    lines, booth = story.notebook.lines, story.booth
    sessions = {session_id: booth.session(session_id).session for session_id in lines}
    with booth.station.device.ledger.reading() as reading:
        listed = [each.session for each in reading.sessions_since(datetime.fromtimestamp(0, UTC))]
        today = booth.station.clock.now().at.date()
        shown = {each.volunteer: reading.minutes_of(each.volunteer, today).total for each in sessions.values()}
        months = {each.astimezone(UTC).date().replace(day=1) for each in _days(story)}
        by_month = sum(sum(reading.minutes_by_day(month).values()) for month in months)
    summed: Counter[str] = Counter()
    minutes: Counter[str] = Counter()
    for session in sessions.values():
        summed[session.volunteer] += session.credited_minutes
        minutes[session.provenance.value] += session.credited_minutes
    return Recount(
        sessions=len(lines),
        exact=sum(line.sure_minutes == line.minutes for line in lines.values()),
        off=[(line, sessions[each]) for each, line in lines.items() if not _fits(line, sessions[each])],
        unknown=[session.id for session in listed if session.id not in lines],
        totals=[(each, shown[each], summed[each]) for each in shown if shown[each] != summed[each]],
        months_agree=by_month == sum(summed.values()),
        minutes=minutes,
    )


def _fits(line: Line, session: Session) -> bool:
    counts = session.state in COUNTING
    return line.sure_minutes <= session.credited_minutes <= line.minutes and (counts or session.credited_minutes == 0)


def _days(story: Story) -> list[datetime]:
    starts = sorted(line.starts_s for line in story.notebook.lines.values())
    step_s = 20 * 86_400
    count = int((starts[-1] - starts[0]) // step_s) + 3
    return [datetime.fromtimestamp(starts[0] + step_s * (number - 1), UTC) for number in range(count)]
