"""Calendar links by their digest: whose they are; and the places that such a calendar tells of.

Upstream: ``tables``, ``rosters``.
Downstream: ``rostering.feeding``, ``certificates``.
"""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sync.platform.records import Volunteer
from sync.platform.rostering.model import TOLD
from sync.platform.store import mapping
from sync.platform.store.rosters import Rosters
from sync.platform.store.tables import CalendarLinkRow, VolunteerRow


class CalendarLinks:
    """The rows of one transaction that open calendars."""

    def __init__(self, session: Session, rosters: Rosters) -> None:
        self._session = session
        self._rosters = rosters

    def open(self, link: str, volunteer: str, at_ms: int) -> None:
        """Note a new link of a volunteer."""
        self._session.add(CalendarLinkRow(link=link, volunteer=volunteer, opened_ms=at_ms))
        self._session.flush()

    def close_all(self, volunteer: str, at_ms: int) -> None:
        """Close every open link of a volunteer."""
        query = update(CalendarLinkRow).where(CalendarLinkRow.volunteer == volunteer)
        self._session.execute(query.where(CalendarLinkRow.closed_ms.is_(None)).values(closed_ms=at_ms))

    def opened_ms(self, volunteer: str) -> int | None:
        """Return since when a volunteer's calendar is open (UTC ms), or None."""
        query = select(CalendarLinkRow.opened_ms).where(CalendarLinkRow.volunteer == volunteer)
        return self._session.scalar(query.where(CalendarLinkRow.closed_ms.is_(None)).limit(1))

    def find(self, link: str) -> Volunteer | None:
        """Return whose an open link is."""
        query = select(VolunteerRow).join(CalendarLinkRow, CalendarLinkRow.volunteer == VolunteerRow.number)
        row = self._session.scalar(query.where(CalendarLinkRow.link == link, CalendarLinkRow.closed_ms.is_(None)))
        return None if row is None else mapping.volunteer_of(row)

    def was_told(self, assignment: str) -> bool:
        """Tell whether a volunteer ever knew of a place; of a draft that was thrown away, nobody did."""
        told = {state.value for state in TOLD}
        changes = self._rosters.changes_of("assignment", assignment)
        return any(each.after is not None and each.after.get("state") in told for each in changes)
