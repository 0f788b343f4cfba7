"""What belongs to no single session: faces, kit that is out, star applications, notes of devices.

Upstream: ``tables``.
Downstream: ``console``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

import msgspec
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from sync.platform.records import Application, DeviceRemark, Faces, KitOut, Person
from sync.platform.store.tables import (
    DeviceRow,
    EventRow,
    FaceRow,
    KitRow,
    ServicePointRow,
    StarApplicationRow,
    VolunteerRow,
)
from sync.protocol.vocabulary import EventKind


class Observations:
    """The rows of one transaction beside sessions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def faces_of(self, sessions: Iterable[str]) -> dict[str, Faces]:
        """Return the faces of some sessions, drills left out."""
        return self._faces(FaceRow.session, func.count(), FaceRow.session.in_(tuple(sessions)))

    def faces_by_place(self) -> dict[str, Faces]:
        """Return the touches of each service point by its name, each touch once, drills left out."""
        found = self._faces(FaceRow.service_point, func.count(FaceRow.event.distinct()), FaceRow.event.is_not(None))
        names = {row.id: row.name for row in self._session.scalars(select(ServicePointRow))}
        return {names.get(place, place): faces for place, faces in sorted(found.items())}

    def kit_out(self) -> tuple[KitOut, ...]:
        """Return what volunteers still have, by number."""
        total = func.sum(KitRow.count)
        query = select(KitRow.volunteer, VolunteerRow.name, KitRow.item, total).outerjoin(
            VolunteerRow, VolunteerRow.number == KitRow.volunteer
        )
        grouped = query.group_by(KitRow.volunteer, VolunteerRow.name, KitRow.item).having(total != 0)
        rows = self._session.execute(grouped.order_by(KitRow.volunteer, KitRow.item))
        return tuple(KitOut(Person(number, name), item, int(count)) for number, name, item, count in rows)

    def applications(self, limit: int) -> tuple[Application, ...]:
        """Return star applications, the latest received first."""
        query = (
            select(StarApplicationRow, VolunteerRow.name, DeviceRow.name, EventRow.received_ms)
            .join(EventRow, EventRow.id == StarApplicationRow.event)
            .join(DeviceRow, DeviceRow.id == EventRow.device)
            .outerjoin(VolunteerRow, VolunteerRow.number == StarApplicationRow.volunteer)
            .order_by(EventRow.received_ms.desc(), EventRow.id)
        )
        return tuple(
            Application(Person(row.volunteer, name), row.level, row.confirmed_minutes, device, at_ms)
            for row, name, device, at_ms in self._session.execute(query.limit(limit))
        )

    def device_remarks(self, limit: int) -> tuple[DeviceRemark, ...]:
        """Return the notes of devices, the latest received first."""
        query = (
            select(DeviceRow.name, EventRow.body, EventRow.received_ms)
            .join(DeviceRow, DeviceRow.id == EventRow.device)
            .where(EventRow.kind == EventKind.DEVICE_NOTE.value)
            .order_by(EventRow.received_ms.desc(), EventRow.id)
        )
        return tuple(
            DeviceRemark(name, str(msgspec.json.decode(body, type=dict).get("note", "")), at_ms)
            for name, body, at_ms in self._session.execute(query.limit(limit))
        )

    def _faces(
        self, key: InstrumentedAttribute[str], count: ColumnElement[int], wanted: ColumnElement[bool]
    ) -> dict[str, Faces]:
        query = select(key, FaceRow.face, FaceRow.burst, count).where(wanted, FaceRow.drill.is_(False))
        found: dict[str, Faces] = defaultdict(Faces)
        for named, face, burst, times in self._session.execute(query.group_by(key, FaceRow.face, FaceRow.burst)):
            before = found[named]
            counted = {face: getattr(before, face) + times, "bursts": before.bursts + (times if burst else 0)}
            found[named] = replace(before, **counted)
        return dict(found)
