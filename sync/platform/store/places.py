"""What belongs to a service point and is told to its devices: appointments, notices, who may be known there.

Upstream: ``tables``, ``mapping``.
Downstream: ``publishing``, ``appointments``, the commands.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select, union
from sqlalchemy.orm import Session

from sync.platform.records import Term
from sync.platform.store import mapping
from sync.platform.store.tables import (
    AppointmentRow,
    AssignmentRow,
    NoticeRow,
    PostRow,
    ServicePointRow,
    SessionRow,
    VolunteerRow,
)
from sync.protocol.reference import ListedVolunteer


class Places:
    """The rows of one transaction that belong to service points."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def appoint(self, term: Term) -> None:
        """Note an appointment."""
        given = term.appointment
        self._session.add(
            AppointmentRow(
                id=term.id,
                service_point=term.service_point,
                volunteer=given.volunteer,
                role=given.role,
                team=given.team,
                from_ms=given.from_ms,
                until_ms=given.until_ms,
            )
        )
        self._session.flush()

    def terms(self, service_point: str | None = None) -> tuple[Term, ...]:
        """Return the appointments of a service point, or all, by their begin."""
        query = (
            select(AppointmentRow, ServicePointRow.name, VolunteerRow.name)
            .join(ServicePointRow, ServicePointRow.id == AppointmentRow.service_point)
            .join(VolunteerRow, VolunteerRow.number == AppointmentRow.volunteer)
            .order_by(AppointmentRow.from_ms, AppointmentRow.id)
        )
        if service_point is not None:
            query = query.where(AppointmentRow.service_point == service_point)
        return tuple(mapping.term_of(row, place, name) for row, place, name in self._session.execute(query))

    def end_term(self, id_: str, at_ms: int) -> bool:
        """End an appointment now, or before it begins; return whether there is one of this id that had not ended."""
        row = self._session.get(AppointmentRow, id_)
        if row is None or row.until_ms <= at_ms:
            return False
        row.until_ms = max(at_ms, row.from_ms)
        self._session.flush()
        return True

    def put_notices(self, service_point: str, texts: Iterable[str]) -> None:
        """Write the notices of a service point anew."""
        self._session.execute(delete(NoticeRow).where(NoticeRow.service_point == service_point))
        self._session.add_all(
            NoticeRow(service_point=service_point, place=place, text=text) for place, text in enumerate(texts)
        )
        self._session.flush()

    def notices(self, service_point: str) -> tuple[str, ...]:
        """Return the notices of a service point, in their order."""
        query = select(NoticeRow.text).where(NoticeRow.service_point == service_point).order_by(NoticeRow.place)
        return tuple(self._session.scalars(query))

    def acquainted(self, service_point: str, since_ms: int) -> tuple[ListedVolunteer, ...]:
        """Return the volunteers rostered, appointed or seen on duty here since an instant (UTC ms), by number."""
        placed = select(AssignmentRow.volunteer).join(PostRow, PostRow.id == AssignmentRow.post)
        rostered = placed.where(PostRow.service_point == service_point, PostRow.ends_ms > since_ms)
        appointed = select(AppointmentRow.volunteer).where(
            AppointmentRow.service_point == service_point, AppointmentRow.until_ms > since_ms
        )
        served = select(SessionRow.volunteer).where(
            SessionRow.service_point == service_point, SessionRow.started_est_ms > since_ms
        )
        known = union(rostered, appointed, served).subquery()
        rows = self._session.execute(
            select(VolunteerRow.number, VolunteerRow.name)
            .where(VolunteerRow.number.in_(select(known.c.volunteer)))
            .order_by(VolunteerRow.number)
        )
        return tuple(ListedVolunteer(number, name) for number, name in rows)

    def registered(self) -> tuple[ListedVolunteer, ...]:
        """Return all registered volunteers, by number."""
        rows = self._session.execute(select(VolunteerRow.number, VolunteerRow.name).order_by(VolunteerRow.number))
        return tuple(ListedVolunteer(number, name) for number, name in rows)
