"""Events whole, as they leave this platform: with the names that stand beside them.

Upstream: ``tables``, ``mapping``.
Downstream: ``upward`` (relay), ``transfer`` (bundles).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec
from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session

from sync.platform.store import mapping
from sync.platform.store.tables import EventRow, NameRow, TimeMarkRow
from sync.protocol.envelope import Envelope
from sync.protocol.events import Aside
from sync.protocol.timeline import Place

CHUNK = 500  # names in one IN (…)
T = TypeVar("T")


class Outgoing:
    """The events of one transaction, as others get them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def histories(self, sessions: Iterable[str]) -> dict[str, list[Envelope]]:
        """Return every event that names one of these sessions, in the order of its stream, by session id."""
        found: dict[str, list[Envelope]] = {}
        for chunk in _chunks(sorted(set(sessions))):
            for envelope in self._whole(EventRow.session.in_(chunk)):
                found.setdefault(str(envelope.body["session"]), []).append(envelope)
        return found

    def marks(self, places: Mapping[str, Iterable[Place]]) -> tuple[Envelope, ...]:
        """Return the events that state time at some places of some streams."""
        ids = [
            id_
            for stream, wanted in places.items()
            for chunk in _chunks(sorted(set(wanted)))
            for id_ in self._session.scalars(
                select(TimeMarkRow.event).where(
                    TimeMarkRow.stream == stream, tuple_(TimeMarkRow.boot_n, TimeMarkRow.bt_ns).in_(chunk)
                )
            )
        ]
        return tuple(each for chunk in _chunks(sorted(ids)) for each in self._whole(EventRow.id.in_(chunk)))

    def _whole(self, condition: ColumnElement[bool]) -> Iterable[Envelope]:
        query = select(EventRow, NameRow).outerjoin(NameRow, NameRow.event == EventRow.id).where(condition)
        rows = self._session.execute(query.order_by(EventRow.stream, EventRow.seq, EventRow.id))
        return (envelope_of(row, name) for row, name in rows)


def envelope_of(row: EventRow, name: NameRow | None) -> Envelope:
    """Return an event as it came, with the name beside it where one still stands."""
    envelope = mapping.recorded_of(row).envelope
    return envelope if name is None else msgspec.structs.replace(envelope, aside=Aside(name.name, name.salt))


def _chunks(ordered: Sequence[T]) -> Iterable[Sequence[T]]:
    return (ordered[at : at + CHUNK] for at in range(0, len(ordered), CHUNK))
