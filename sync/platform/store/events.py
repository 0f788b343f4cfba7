"""The events: what is known of them, adding them, and reading the histories of sessions.

Upstream: ``tables``, ``mapping``.
Downstream: ``receiving``, the ``ledger`` command.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from sync.platform.ingest import Known, Recorded
from sync.platform.records import StoredEvent
from sync.platform.store import mapping
from sync.platform.store.tables import EventRow, NameRow
from sync.protocol.envelope import Envelope
from sync.protocol.sessions import DATED
from sync.protocol.timebook import Reach
from sync.protocol.vocabulary import EventKind

BESIDE = (EventKind.RECIPIENT_RATING.value, EventKind.KIT.value, EventKind.STAR_APPLICATION.value)
_PLACE = tuple_(EventRow.boot_n, EventRow.bt_ns)
CHUNK = 500  # names in one IN (…): far below every database's limit


class Events:
    """The event rows of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def known(self, envelopes: Sequence[Envelope], forked: frozenset[str] = frozenset()) -> Known:
        """Return what is stored under the ids and at the places that a batch names; ``forked`` of its streams are."""
        hashes = {
            id_: h
            for ids in _chunks({envelope.id for envelope in envelopes})
            for id_, h in self._session.execute(select(EventRow.id, EventRow.h).where(EventRow.id.in_(ids)))
        }
        places: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
        numbers: dict[str, set[int]] = defaultdict(set)
        for envelope in envelopes:
            numbers[envelope.stream] |= {envelope.seq, envelope.seq - 1}
        for stream, seqs in numbers.items():
            query = select(EventRow.seq, EventRow.id, EventRow.h)
            for seq, id_, h in self._session.execute(query.where(EventRow.stream == stream, EventRow.seq.in_(seqs))):
                places[stream, seq][id_] = h
        return Known(hashes, places, forked)

    def add(self, envelopes: Iterable[Envelope], device: str, received_ms: int) -> None:
        """Store accepted events, and what they say beside sessions: faces, kit, star applications."""
        accepted = tuple(envelopes)
        self._session.add_all(mapping.event_row(envelope, device, received_ms) for envelope in accepted)
        self._session.flush()
        self._session.add_all(row for envelope in accepted for row in mapping.rows_beside(envelope))
        self._session.flush()

    def add_beside_again(self, after: str, limit: int) -> str | None:
        """Write anew what some events say beside sessions, in the order of their ids; return the last id, or None."""
        query = select(EventRow).where(EventRow.kind.in_(BESIDE), EventRow.id > after)
        last = None
        for recorded in self._recorded(query.order_by(EventRow.id).limit(limit)):
            last = recorded.envelope.id
            for row in mapping.rows_beside(recorded.envelope):
                self._session.merge(row)
        self._session.flush()
        return last

    def sessions_after(self, session: str, limit: int) -> tuple[str, ...]:
        """Return the ids of sessions that events name, in their order, that come after one."""
        query = select(EventRow.session).where(EventRow.session > session).distinct()
        found = self._session.scalars(query.order_by(EventRow.session).limit(limit))
        return tuple(id_ for id_ in found if id_ is not None)

    def name_at(self, event: str) -> str | None:
        """Return the name that stands beside a check-in or entry; None once erased."""
        row = self._session.get(NameRow, event)
        return None if row is None else row.name

    def add_names(self, envelopes: Iterable[Envelope]) -> None:
        """Store the names beside some check-ins where none stands yet."""
        rows = {row.event: row for envelope in envelopes if (row := mapping.name_row(envelope))}
        for ids in _chunks(rows):
            for held in self._session.scalars(select(NameRow.event).where(NameRow.event.in_(ids))):
                del rows[held]
        self._session.add_all(rows.values())
        self._session.flush()

    def sessions_across(self, device: str, reach: Reach) -> frozenset[str]:
        """Return the sessions of which a device recorded a scan within a reach, or one on either side of it."""
        begun = self._scans(device).where(tuple_(*reach.last) >= _PLACE)
        ended = self._scans(device).where(tuple_(*reach.first) <= _PLACE)
        return frozenset(str(each) for each in self._session.scalars(begun.intersect(ended)))

    @staticmethod
    def _scans(device: str) -> Select[str | None]:
        scans = select(EventRow.session).where(EventRow.device == device, EventRow.kind.in_(sorted(DATED)))
        return scans.where(EventRow.session.is_not(None))

    def histories(self, sessions: Iterable[str]) -> dict[str, list[Recorded]]:
        """Return every stored event that names one of these sessions, by session id."""
        found: dict[str, list[Recorded]] = defaultdict(list)
        for ids in _chunks(sessions):
            query = select(EventRow).where(EventRow.session.in_(ids))
            for recorded in self._recorded(query):
                found[recorded.envelope.body["session"]].append(recorded)
        return found

    def all(self) -> Iterator[StoredEvent]:
        """Yield every event by what identifies it, in the order of its stream."""
        columns = (EventRow.id, EventRow.stream, EventRow.seq, EventRow.kind, EventRow.h)
        query = select(*columns).order_by(EventRow.stream, EventRow.seq, EventRow.id)
        for row in self._session.execute(query):
            yield StoredEvent(*row)

    def _recorded(self, query: Select[EventRow]) -> Iterator[Recorded]:
        for row in self._session.scalars(query):
            yield mapping.recorded_of(row)


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(sorted(ids))
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk
