"""Who was where, and which devices stood there: what plan against service is decided by.

Upstream: ``tables``, ``marks``, ``rostering.served`` (values).
Downstream: ``rostering.reviewing``.

Three statements for any number of points and days, each along an index.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from sync.platform.completeness import reach_of
from sync.platform.rostering.served import CAP_MS, Stay, Watch
from sync.platform.store.marks import Marks
from sync.platform.store.tables import DeviceRow, SessionRow
from sync.protocol.events import Shift
from sync.protocol.vocabulary import BoundsQuality, SessionState

DAY_MS = 24 * 3600 * 1000
VAGUE_MS = 15 * DAY_MS  # so far off may the best guess be of a session that a wrong clock dated
_EXACT = (BoundsQuality.ANCHORED.value, BoundsQuality.STATED.value)
_COLUMNS = (
    *(SessionRow.id, SessionRow.volunteer, SessionRow.service_point, SessionRow.shift, SessionRow.state),
    *(SessionRow.started_lo_ms, SessionRow.started_est_ms, SessionRow.started_hi_ms),
    *(SessionRow.ended_est_ms, SessionRow.ended_hi_ms, SessionRow.stated_end_ms),
)


class Presence:
    """What one transaction sees of presence."""

    def __init__(self, session: Session, marks: Marks) -> None:
        self._session = session
        self._marks = marks

    def at(self, points: Collection[str], from_ms: int, until_ms: int, now_ms: int) -> tuple[Stay, ...]:
        """Return the stays at some points that may lie in part within [from, until), UTC ms."""
        return self._stays(SessionRow.service_point.in_(sorted(points)), from_ms, until_ms, now_ms)

    def of(self, volunteers: Collection[str], from_ms: int, until_ms: int, now_ms: int) -> tuple[Stay, ...]:
        """Return the same of some volunteers, wherever they were."""
        return self._stays(SessionRow.volunteer.in_(sorted(volunteers)), from_ms, until_ms, now_ms)

    def watches(self, points: Collection[str], now_ms: int) -> tuple[Watch, ...]:
        """Return the devices that stand or stood at some points, and how far each is known complete."""
        query = select(DeviceRow).where(DeviceRow.service_point.in_(sorted(points))).order_by(DeviceRow.id)
        rows = self._session.scalars(query).all()
        lines = self._marks.of([row.id for row in rows]) if rows else {}
        return tuple(
            Watch(
                device=row.id,
                name=row.name,
                point=row.service_point,
                from_ms=row.registered_ms,
                until_ms=row.revoked_ms,
                reach=reach_of(lines.get(row.id, {}).values(), now_ms),
                heard_ms=row.last_contact_ms,
            )
            for row in rows
        )

    def _stays(self, chosen: ColumnElement[bool], from_ms: int, until_ms: int, now_ms: int) -> tuple[Stay, ...]:
        began = SessionRow.started_est_ms
        vague = and_(
            SessionRow.started_quality.not_in(_EXACT),
            SessionRow.started_lo_ms < until_ms,
            func.coalesce(SessionRow.ended_hi_ms, SessionRow.started_hi_ms) > from_ms,
        )
        query = select(*_COLUMNS).where(
            chosen,
            began.between(from_ms - VAGUE_MS, until_ms + VAGUE_MS),
            or_(began.between(from_ms - DAY_MS, until_ms), vague),
            SessionRow.state != SessionState.VOID.value,
            SessionRow.apart.is_(None),
        )
        return tuple(_stay_of(*row, now_ms=now_ms) for row in self._session.execute(query))


def _stay_of(  # noqa: PLR0913, PLR0917 - the columns, named once
    session: str,
    volunteer: str,
    point: str,
    shift: str | None,
    state: str,
    lo_ms: int,
    est_ms: int,
    hi_ms: int,
    end_ms: int | None,
    end_hi_ms: int | None,
    stated_ms: int | None,
    *,
    now_ms: int,
) -> Stay:
    is_open, confirmed = state == SessionState.OPEN.value, state != SessionState.PROVISIONAL.value
    until_ms = None if is_open else (end_ms if confirmed else stated_ms or end_ms) or est_ms
    latest_ms = min(now_ms, hi_ms + CAP_MS) if is_open else end_hi_ms or hi_ms
    named = None if shift is None else msgspec.json.decode(shift, type=Shift).id
    return Stay(session, volunteer, point, est_ms, until_ms, lo_ms, max(latest_ms, hi_ms), named, confirmed)
