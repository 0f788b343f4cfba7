"""Phone links by their digest: whose they are, and which code each shows now.

Upstream: ``tables``, ``mapping``.
Downstream: ``phone``, ``certificates``.
"""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sync.platform.records import Phone
from sync.platform.store import mapping
from sync.platform.store.tables import PhoneRow, VolunteerRow


class Phones:
    """The phone rows of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, link: str, volunteer: str, at_ms: int) -> None:
        """Note a new link of a volunteer."""
        self._session.add(PhoneRow(link=link, volunteer=volunteer, opened_ms=at_ms))
        self._session.flush()

    def close_all(self, volunteer: str, at_ms: int) -> None:
        """Close every open link of a volunteer."""
        query = update(PhoneRow).where(PhoneRow.volunteer == volunteer, PhoneRow.closed_ms.is_(None))
        self._session.execute(query.values(closed_ms=at_ms))

    def find(self, link: str) -> Phone | None:
        """Return an open link."""
        query = select(PhoneRow, VolunteerRow).join(VolunteerRow, VolunteerRow.number == PhoneRow.volunteer)
        found = self._session.execute(query.where(PhoneRow.link == link, PhoneRow.closed_ms.is_(None))).first()
        if found is None:
            return None
        row, volunteer = found
        return Phone(row.link, mapping.volunteer_of(volunteer), row.serial, row.minted_ms)

    def note_code(self, link: str, serial: str, minted_ms: int) -> None:
        """Note which code a link shows from now on."""
        self._session.execute(update(PhoneRow).where(PhoneRow.link == link).values(serial=serial, minted_ms=minted_ms))
