"""What the device's file knows of people beyond their numbers, and how it is erased so that no byte of it is left.

Upstream: ``tables``, ``sync.mailbox``.
Downstream: ``device_file``, ``kiosk doctor --privacy``; implements the port ``Memory``.

SQLite overwrites what is deleted (``secure_delete``, set where the file is opened). That leaves one place: pages that
were split keep stale copies of rows that moved to a neighbour. So the two tables that hold names, asides and outbox,
are emptied and filled anew with what they hold, in order, within the transaction in which somebody is forgotten: a
year of names and a month of copies are some tens of milliseconds.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, text, update

from kiosk.store.faults import translated
from kiosk.store.tables import AsideRow, LedgerRow, OperatorPinRow, ReferenceRow, SeenCodeRow
from kiosk.usecases.privacy_ports import Held, Holding
from sync.mailbox import inbox, link
from sync.mailbox.engine import checkpoint, file_of, reading, writing
from sync.mailbox.tables import OutboxRow, OutboxState
from sync.protocol.changes import Scope
from sync.protocol.entries import Told, told_by
from sync.protocol.envelope import Envelope
from sync.protocol.reference import ReferenceData
from sync.protocol.sessions import OPENINGS
from sync.protocol.signing.documents import SignedDocument

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from sqlalchemy import Engine

log = logging.getLogger(__name__)
CODE_KEPT_S = 24 * 3600  # a code lives for minutes; the newest of each issuer stays, it is the replay cache's mark
MS_PER_S = 1000
_named = text(
    "SELECT DISTINCT s.volunteer FROM asides a JOIN ledger l ON l.id = a.event_id JOIN sessions s ON s.id = l.session"
    " WHERE NOT EXISTS (SELECT 1 FROM sessions t WHERE t.volunteer = s.volunteer"
    " AND (t.state = 'open' OR max(t.started_ms, coalesce(t.ended_ms, 0)) >= :before_ms)) ORDER BY s.volunteer"
)
_on_their_way = text(
    "SELECT DISTINCT coalesce(s.volunteer, json_extract(CAST(l.body AS TEXT), '$.volunteer')) FROM outbox o"
    " JOIN ledger l ON l.id = o.event_id LEFT JOIN sessions s ON s.id = l.session WHERE o.state <> 'acknowledged'"
)
_openings = text(
    "SELECT l.id FROM sessions s JOIN ledger l ON l.session = s.id JOIN asides a ON a.event_id = l.id"
    " WHERE s.volunteer = :volunteer"
)
_envelope_decoder = msgspec.json.Decoder(Envelope)


@dataclass(frozen=True, slots=True)
class DeviceMemory:
    """The port ``Memory`` on the device's file."""

    engine: Engine

    def forget(self, absent_ms: int, operators: frozenset[str], most: int) -> int:
        """Erase what is known by name of up to ``most`` people, and of operators without appointment."""
        with translated(file_of(self.engine)):
            with reading(self.engine) as connection:
                contact_ms = link.read_link(connection).last_contact_ms
            if contact_ms is None:
                return 0
            with writing(self.engine) as connection:
                people = _absent(connection, contact_ms - absent_ms)[:most]
                erased = _erase_names(connection, people)
                gone = _forget_operators(connection, operators) + _forget_codes(connection, contact_ms // MS_PER_S)
            if erased or gone:
                checkpoint(self.engine, "TRUNCATE")
        return len(people)

    def held(self) -> list[Held]:
        """Return what the file holds of people: how much, and since when."""
        with translated(file_of(self.engine), looking=True), reading(self.engine) as connection:
            return list(_held(connection))


def _absent(connection: Connection, before_ms: int) -> list[str]:
    waiting = set(connection.execute(_on_their_way).scalars())
    found = connection.execute(_named, {"before_ms": before_ms}).scalars()
    return [volunteer for volunteer in found if volunteer not in waiting]


def _erase_names(connection: Connection, people: Iterable[str]) -> int:
    events = [event for each in people for event in connection.execute(_openings, {"volunteer": each}).scalars()]
    if not events:
        return 0
    for event in events:
        connection.execute(delete(AsideRow).where(AsideRow.event_id == event))
        _scrub(connection, event)
    inbox.blank_names(connection, people)
    _write_anew(connection, AsideRow, AsideRow.event_id)
    _write_anew(connection, OutboxRow, OutboxRow.position)
    return len(events)


def _write_anew(connection: Connection, table: Any, key: Any) -> None:
    """Empty a table and fill it again with the same rows, in order, so that no page keeps a stale copy of any."""
    kept = [dict(row) for row in connection.execute(select(table.__table__).order_by(key)).mappings()]
    connection.execute(delete(table))
    if kept:
        connection.execute(insert(table), kept)


def _scrub(connection: Connection, event_id: str) -> None:
    """Take the name out of a copy that the platform has acknowledged; what it has not is never touched."""
    mine = (OutboxRow.event_id == event_id, OutboxRow.state == OutboxState.ACKNOWLEDGED.value)
    row = connection.execute(select(OutboxRow.envelope).where(*mine)).one_or_none()
    if row is not None:
        nameless = msgspec.structs.replace(_envelope_decoder.decode(row.envelope), aside=None)
        connection.execute(update(OutboxRow).where(*mine).values(envelope=msgspec.json.encode(nameless)))


def _forget_operators(connection: Connection, operators: frozenset[str]) -> int:
    kept = connection.execute(select(OperatorPinRow.operator)).scalars().all()
    gone = [each for each in kept if each not in operators]
    for operator in gone:
        connection.execute(delete(OperatorPinRow).where(OperatorPinRow.operator == operator))
    return len(gone)


def _forget_codes(connection: Connection, now_s: int) -> int:
    marks = select(SeenCodeRow.issuer, func.max(SeenCodeRow.issued_s)).group_by(SeenCodeRow.issuer)
    gone = 0
    for issuer, mark in connection.execute(marks).all():
        old = (SeenCodeRow.expires_s < now_s - CODE_KEPT_S, SeenCodeRow.issued_s < mark)
        gone += connection.execute(delete(SeenCodeRow).where(SeenCodeRow.issuer == issuer, *old)).rowcount
    return gone


def _held(connection: Connection) -> Iterator[Held]:
    named = select(func.count(), func.min(LedgerRow.wall_ms)).join_from(AsideRow, LedgerRow)
    yield Held(Holding.NAMES, *connection.execute(named).one())
    copies = select(func.count(), func.min(LedgerRow.wall_ms)).join_from(
        OutboxRow, LedgerRow, LedgerRow.id == OutboxRow.event_id
    )
    yield Held(
        Holding.NAMES_ON_THEIR_WAY,
        *connection.execute(copies.where(LedgerRow.kind.in_(sorted(OPENINGS)), _carries_name())).one(),
    )
    yield from _in_reference(connection)
    yield Held(Holding.PINS, _count(connection, OperatorPinRow))
    oldest_s = connection.execute(select(func.min(SeenCodeRow.issued_s))).scalar_one()
    yield Held(Holding.CODES, _count(connection, SeenCodeRow), None if oldest_s is None else oldest_s * MS_PER_S)
    recorded = select(func.count(), func.min(LedgerRow.wall_ms))
    yield Held(Holding.RECORDS, *connection.execute(recorded).one())


def _carries_name() -> Any:
    return text("json_extract(CAST(outbox.envelope AS TEXT), '$.aside') IS NOT NULL")


def _in_reference(connection: Connection) -> Iterator[Held]:
    """What the platform told, by file and by feed, each person once."""
    document = connection.execute(select(ReferenceRow.document)).scalar_one_or_none()
    told = [_feed(connection)]
    if document is not None:
        data = msgspec.convert(msgspec.json.decode(document, type=SignedDocument).payload, ReferenceData)
        told.append((Told(**{each: getattr(data, each) for each in Told.__struct_fields__}), data.issued_ms))
    known = [(each, issued_ms) for each, issued_ms in told if each is not None]
    if not known:
        return
    oldest_ms = min(issued_ms for _, issued_ms in known)
    people = {one.volunteer for each, _ in known for one in each.directory}
    people |= {one.volunteer for each, _ in known for one in each.roster}
    people |= {one.volunteer for each, _ in known for one in each.appointments}
    people |= {who for each, _ in known for one in each.swaps for who in (one.volunteer, one.colleague)}
    people |= {one.volunteer for each, _ in known for one in each.settled}
    people |= {one.volunteer for each, _ in known for one in each.nearby}
    yield Held(Holding.DIRECTORY, len(people), oldest_ms)
    yield Held(Holding.STANDINGS, len({one.volunteer for each, _ in known for one in each.standings}), oldest_ms)


def _feed(connection: Connection) -> tuple[Told | None, int]:
    kept = inbox.read(connection, Scope.STATION)
    issued_ms = kept.seal.payload.get("issued_ms", 0) if kept else 0
    return told_by(kept.entries) if kept else None, issued_ms


def _count(connection: Connection, table: Any) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
