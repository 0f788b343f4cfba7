"""换班, looked at from outside: what is told of exchanges, and which of them a planner's change made impossible.

Upstream: ``tables``, ``rosters`` (writes them).
Downstream: ``rostering.told``, ``rostering.outlook``, ``rostering.swapping``.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from sync.platform.rostering.model import PostState, Swap
from sync.platform.store.rosters import swap_of
from sync.platform.store.tables import AssignmentRow, PostRow, SwapRow
from sync.protocol.roster import SwapAsked
from sync.protocol.vocabulary import AssignmentState, SwapState

_OFFERED, _ITS_POST = aliased(AssignmentRow), aliased(PostRow)
_WANTED, _THAT_POST = aliased(AssignmentRow), aliased(PostRow)
_ACCEPTED, _PUBLISHED, _ASKED = AssignmentState.ACCEPTED.value, PostState.PUBLISHED.value, SwapState.ASKED.value


class Exchanges:
    """The exchanges of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def broken(self) -> tuple[Swap, ...]:
        """Return the open ones of which a place is not accepted by its party any more, or its post is no more."""
        changed = or_(
            *(_OFFERED.state != _ACCEPTED, _OFFERED.volunteer != SwapRow.volunteer, _ITS_POST.state != _PUBLISHED),
            *(_WANTED.state != _ACCEPTED, _WANTED.volunteer != SwapRow.colleague, _THAT_POST.state != _PUBLISHED),
        )
        rows = self._session.scalars(_swaps().where(SwapRow.state == _ASKED, changed).order_by(SwapRow.id))
        return tuple(map(swap_of, rows))

    def told_at(self, service_point: str, now_ms: int, settled_since_ms: int) -> tuple[SwapAsked, ...]:
        """Return those of a place at a point that can be answered, or were settled since an instant; UTC ms."""
        here = or_(_ITS_POST.service_point == service_point, _THAT_POST.service_point == service_point)
        rows = self._session.scalars(_swaps().where(here, _alive(now_ms, settled_since_ms)).order_by(SwapRow.id))
        return tuple(_told_of(row) for row in rows)

    def between(self, volunteer: str, now_ms: int, settled_since_ms: int) -> tuple[Swap, ...]:
        """Return those that a volunteer asked for, or is asked, by when they were asked; as :meth:`told_at`."""
        theirs = or_(SwapRow.volunteer == volunteer, SwapRow.colleague == volunteer)
        query = _swaps().where(theirs, _alive(now_ms, settled_since_ms)).order_by(SwapRow.asked_ms, SwapRow.id)
        return tuple(map(swap_of, self._session.scalars(query)))


def _swaps() -> Select[SwapRow]:
    return (
        select(SwapRow)
        .join(_OFFERED, _OFFERED.id == SwapRow.assignment)
        .join(_ITS_POST, _ITS_POST.id == _OFFERED.post)
        .outerjoin(_WANTED, _WANTED.id == SwapRow.in_return)
        .outerjoin(_THAT_POST, _THAT_POST.id == _WANTED.post)
    )


def _alive(now_ms: int, settled_since_ms: int) -> ColumnElement[bool]:
    ahead = and_(
        _ITS_POST.starts_ms > now_ms,
        or_(SwapRow.in_return.is_(None), _THAT_POST.starts_ms > now_ms),
    )
    return or_(and_(SwapRow.state == _ASKED, ahead), SwapRow.settled_ms >= settled_since_ms)


def _told_of(row: SwapRow) -> SwapAsked:
    return SwapAsked(
        id=row.id,
        assignment=row.assignment,
        volunteer=row.volunteer,
        colleague=row.colleague,
        state=SwapState(row.state),
        version=row.version,
        in_return=row.in_return,
    )
