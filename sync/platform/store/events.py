"""The events: what is known of them, adding them, and reading the histories of sessions.

Upstream: ``tables``, ``mapping``.
Downstream: ``receiving``, the ``ledger`` command.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from sqlalchemy import BigInteger, and_, bindparam, exists, select, tuple_, union
from sqlalchemy.orm import Session, aliased

from sync.platform.ingest import Known, Recorded, Verdict
from sync.platform.records import StoredEvent
from sync.platform.store import bulk, mapping
from sync.platform.store.tables import EventRow, NameRow, Row
from sync.protocol.envelope import Envelope
from sync.protocol.sessions import DATED
from sync.protocol.timebook import Reach

_PLACE = tuple_(EventRow.boot_n, EventRow.bt_ns)
_WHOLE = tuple(getattr(EventRow, column) for column in mapping.EVENT_READ)
_HASHES = select(EventRow.id, EventRow.h).where(bulk.among(EventRow.id, "ids"))
_PLACES = select(EventRow.seq, EventRow.id, EventRow.h).where(
    EventRow.stream == bindparam("stream"),
    EventRow.seq.between(bindparam("first", type_=BigInteger), bindparam("last", type_=BigInteger)),
    bulk.among_numbers(EventRow.seq, "seqs"),
)
_HISTORIES = select(*_WHOLE).where(bulk.among(EventRow.session, "sessions"))
_FIRST = tuple_(bindparam("first_boot", type_=BigInteger), bindparam("first_ns", type_=BigInteger))
_LAST = tuple_(bindparam("last_boot", type_=BigInteger), bindparam("last_ns", type_=BigInteger))
_SCAN = aliased(EventRow)


_IS_SCAN = and_(
    EventRow.stream == bindparam("stream"),
    bulk.beside_index(EventRow.kind).in_(sorted(DATED)),
    EventRow.session.is_not(None),
)
_EARLIER = exists().where(  # in any stream: one that was begun anew may place scans of the one before it
    _SCAN.session == EventRow.session,
    bulk.beside_index(_SCAN.kind).in_(sorted(DATED)),
    tuple_(_SCAN.boot_n, _SCAN.bt_ns) <= _LAST,
)
_ACROSS = union(
    select(EventRow.session).where(_IS_SCAN, _PLACE >= _FIRST, _PLACE <= _LAST),
    select(EventRow.session).where(_IS_SCAN, _PLACE > _LAST, _EARLIER),
)


class Events:
    """The event rows of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def known(self, envelopes: Sequence[Envelope], forked: frozenset[str] = frozenset()) -> Known:
        """Return what is stored under the ids and at the places that a batch names; ``forked`` of its streams are."""
        connection, ids = self._session.connection(), sorted({envelope.id for envelope in envelopes})
        hashes = {row.id: row.h for row in connection.execute(_HASHES, {"ids": ids})}
        places: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
        numbers: dict[str, set[int]] = defaultdict(set)
        for envelope in envelopes:
            numbers[envelope.stream] |= {envelope.seq, envelope.seq - 1}
        for stream, seqs in numbers.items():
            asked = {"stream": stream, "first": min(seqs), "last": max(seqs), "seqs": sorted(seqs)}
            for seq, id_, h in connection.execute(_PLACES, asked):
                places[stream, seq][id_] = h
        return Known(hashes, places, forked)

    def add(self, accepted: Sequence[Verdict], device: str, received_ms: int) -> None:
        """Store accepted events, in the order of their ids as every transaction does (``locks``)."""
        rows = sorted(mapping.event_cells(verdict, device, received_ms) for verdict in accepted)
        bulk.add(self._session.connection(), EventRow.__tablename__, mapping.EVENT_COLUMNS, rows)

    def add_beside(self, envelopes: Sequence[Envelope], received_ms: int) -> None:
        """Store what stored events say beside sessions: faces, kit, star applications, answers to the roster."""
        rows: dict[type[Row], list[bulk.Cells]] = defaultdict(list)
        for row in (row for envelope in envelopes for row in mapping.rows_beside(envelope, received_ms)):
            rows[type(row)].append(tuple(getattr(row, name) for name in row.__table__.columns.keys()))  # noqa: SIM118
        for kind, cells in rows.items():
            bulk.add(self._session.connection(), kind.__tablename__, kind.__table__.columns.keys(), sorted(cells))

    def add_beside_again(self, after: str, limit: int) -> str | None:
        """Write anew what some events say beside sessions, in the order of their ids; return the last id, or None.

        Only what the event says is written: what became of an answer to the roster stays.
        """
        query = select(*_WHOLE, EventRow.received_ms).where(EventRow.kind.in_(sorted(mapping.BESIDE)))
        last = None
        for *cells, received_ms in self._session.execute(
            query.where(EventRow.id > after).order_by(EventRow.id).limit(limit)
        ).all():
            recorded = mapping.recorded_from(cells)
            last = recorded.envelope.id
            for beside in mapping.rows_beside(recorded.envelope, received_ms):
                self._session.merge(beside)
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

    def add_names(self, envelopes: Iterable[Envelope], new: Collection[str]) -> None:
        """Store the names beside some check-ins and entries where none stands yet; of ``new`` events none does."""
        rows = {envelope.id: row for envelope in envelopes if (row := mapping.name_cells(envelope))}
        fresh = [row for id_, row in rows.items() if id_ in new]
        connection, table = self._session.connection(), NameRow.__tablename__
        bulk.add(connection, table, mapping.NAME_COLUMNS, sorted(fresh))
        older = [row for id_, row in sorted(rows.items()) if id_ not in new]
        bulk.add_missing(connection, table, mapping.NAME_COLUMNS, older)

    def sessions_across(self, stream: str, reaches: Iterable[Reach]) -> frozenset[str]:
        """Return the sessions of which a stream holds a scan within a reach, or one behind it with one before in any.

        By stream and not by device: behind a platform that relays stand the streams of thousands of devices. A session
        that one stream opened and another closed is placed by both; the time between is the later one's to tell.
        """
        found: set[str] = set()
        for reach in reaches:
            (first_boot, first_ns), (last_boot, last_ns) = reach.first, reach.last
            asked: dict[str, object] = {"stream": stream, "first_boot": first_boot, "first_ns": first_ns}
            asked |= {"last_boot": last_boot, "last_ns": last_ns}
            found.update(self._session.connection().scalars(_ACROSS, asked))
        return frozenset(found)

    def histories(self, sessions: Collection[str]) -> dict[str, list[Recorded]]:
        """Return every stored event that names one of these sessions, by session id."""
        found: dict[str, list[Recorded]] = defaultdict(list)
        for row in self._session.connection().execute(_HISTORIES, {"sessions": sessions}):
            recorded = mapping.recorded_from(row)
            found[recorded.envelope.body["session"]].append(recorded)
        return found

    def all(self) -> Iterator[StoredEvent]:
        """Yield every event by what identifies it, in the order of its stream."""
        columns = (EventRow.id, EventRow.stream, EventRow.seq, EventRow.kind, EventRow.h)
        query = select(*columns).order_by(EventRow.stream, EventRow.seq, EventRow.id)
        for row in self._session.execute(query):
            yield StoredEvent(*row)
