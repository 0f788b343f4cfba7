"""One transaction on the device's ledger: the ports ``Reading`` and ``Writing`` over a connection.

Upstream: ``tables``, ``mapping``, ``sync.mailbox.outbox``, ``sync.protocol.sessions``.
Downstream: ``ledger``.

An append seals the event onto the chain, inserts the ledger row, its aside and its outbox row, and brings the session's
row up to date by the same fold that the platform uses; all of it in the caller's one transaction.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, Row, and_, bindparam, delete, func, insert, select, text
from sqlalchemy.dialects.sqlite import insert as upsert

from kiosk.store import heads, operator_pins, projections, seen_codes, times
from kiosk.store.desk_reading import DeskReading
from kiosk.store.exporting import ExportQueries
from kiosk.store.mapping import envelope_of, ledger_values, session_values
from kiosk.store.records import RecordQueries
from kiosk.store.scan_queries import ScanQueries
from kiosk.store.tables import AnchorRow, AsideRow, LedgerRow, SessionRow
from kiosk.usecases.ports import Minutes, RecordedSession
from sync.mailbox import heads as mailbox_heads
from sync.mailbox import outbox
from sync.protocol.envelope import Envelope, Position, Stamp, open_body, seal
from sync.protocol.events import Aside, Body, CheckIn
from sync.protocol.judgements import CaptainEntry
from sync.protocol.sessions import COUNTING, OPENINGS, dated, fold, session_id_of, time_between
from sync.protocol.timebook import Reach, TimeBook, hull_of, hull_of_news
from sync.protocol.timeline import AnchorPoint, Beat, TimeLog, entry_of, log_of
from sync.protocol.vocabulary import Provenance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, tzinfo

    from kiosk.usecases.operator_ports import KeptPin
    from kiosk.usecases.ports import DynamicCode
    from sync.protocol.checkpoint import Checkpoint
    from sync.protocol.events import Heartbeat
    from sync.protocol.timeline import Span

_LEDGER, _SESSIONS, _ASIDES = LedgerRow.__table__, SessionRow.__table__, AsideRow.__table__
_OPEN = text("sessions.state = 'open'")  # spelled as in the partial indexes, so that SQLite uses them
_PROVISIONAL = text("sessions.state = 'provisional'")
_insert_ledger = insert(LedgerRow)
_insert_aside = insert(AsideRow)
_upsert_session = upsert(SessionRow)
_upsert_session = _upsert_session.on_conflict_do_update(
    index_elements=[SessionRow.id],
    set_={
        name: _upsert_session.excluded[name]
        for name in SessionRow.__table__.columns.keys()  # noqa: SIM118 - iterating gives columns, not names
        if name not in {"id", "check_in", "volunteer", "boot_n"}
    },
)
_events_of = select(_LEDGER).where(LedgerRow.session == bindparam("session")).order_by(LedgerRow.position)
_every = select(_LEDGER).order_by(LedgerRow.position)
_sessions_of_ledger = select(LedgerRow.session).where(LedgerRow.session.is_not(None)).distinct()
_minutes = select(
    func.coalesce(func.sum(SessionRow.credited_minutes), 0),
    func.coalesce(
        func.sum(SessionRow.credited_minutes).filter(SessionRow.started_on.between(bindparam("lo"), bindparam("hi"))), 0
    ),
).where(SessionRow.volunteer == bindparam("volunteer"))
_latest_name = select(AsideRow.name).join(SessionRow, SessionRow.check_in == AsideRow.event_id)
_latest_name = _latest_name.where(SessionRow.volunteer == bindparam("volunteer"))
_latest_name = _latest_name.order_by(SessionRow.started_on.desc(), SessionRow.started_ms.desc()).limit(1)
_name_of = select(AsideRow.name).where(AsideRow.event_id == bindparam("event_id"))


class DeviceTransaction(RecordQueries, DeskReading, ScanQueries, ExportQueries):
    """The ports ``Reading`` and ``Writing`` on one open connection."""

    def __init__(self, connection: Connection, stream: str, zone: tzinfo, new_id: Callable[[], str]) -> None:
        """Take the connection of an open transaction, the stream that is written to, and the station's zone."""
        self._connection = connection
        self._stream = stream
        self._zone = zone
        self._new_id = new_id
        self._current: str | None = None
        self._books: dict[str, tuple[Reach, TimeBook]] = {}

    # Reading

    def session(self, session_id: str) -> RecordedSession | None:
        """Return a session by id, or None."""
        rows = self._connection.execute(_events_of, {"session": session_id}).all()
        return self._recorded([envelope_of(row) for row in rows])

    def event(self, event_id: str) -> Envelope | None:
        """Return an event by id, or None."""
        row = self._connection.execute(select(_LEDGER).where(LedgerRow.id == event_id)).one_or_none()
        return None if row is None else envelope_of(row)

    def open_sessions(self) -> Sequence[RecordedSession]:
        """Return all open sessions, earliest first."""
        return self._listed(_OPEN)

    def sessions_since(self, at: datetime) -> Sequence[RecordedSession]:
        """Return the sessions that started at or after an aware UTC instant, earliest first."""
        return self._listed(SessionRow.started_ms >= int(at.timestamp() * 1000))

    def minutes_of(self, volunteer: str, month: date) -> Minutes:
        """Return the credited minutes of a volunteer in the local month of a date, and in all."""
        lo, hi = month.replace(day=1).isoformat(), month.isoformat()[:8] + "31"
        total, in_month = self._connection.execute(_minutes, {"volunteer": volunteer, "lo": lo, "hi": hi}).one()
        return Minutes(month=in_month, total=total)

    def minutes_by_day(self, month: date) -> Mapping[date, int]:
        """Return the credited minutes of all volunteers by local start date within a month."""
        begin = datetime.combine(month.replace(day=1), time(0), self._zone)
        after = begin + timedelta(days=monthrange(month.year, month.month)[1])
        within = SessionRow.started_ms.between(int(begin.timestamp() * 1000), int(after.timestamp() * 1000) - 1)
        chosen = select(SessionRow.started_on, func.sum(SessionRow.credited_minutes))
        chosen = chosen.where(within, SessionRow.state.in_(sorted(COUNTING)))
        rows = self._connection.execute(chosen.group_by(SessionRow.started_on)).all()
        return {month.replace(day=int(started_on[8:])): int(minutes) for started_on, minutes in rows}

    def provisional_count(self) -> int:
        """Return how many sessions wait for a person's word."""
        chosen = select(func.count()).select_from(SessionRow).where(_PROVISIONAL, SessionRow.drill.is_(False))
        return self._connection.execute(chosen).scalar_one()

    def name_of(self, volunteer: str) -> str | None:
        """Return the name that the latest session of a volunteer carries, or None."""
        found = self._connection.execute(_latest_name, {"volunteer": volunteer}).scalar_one_or_none()
        return None if found is None else str(found)

    def sessions_of(self, volunteer: str, since: datetime) -> Sequence[RecordedSession]:
        """Return a volunteer's sessions that started at or after an aware UTC instant, earliest first."""
        began_since = SessionRow.started_ms >= int(since.timestamp() * 1000)
        return self._listed(and_(SessionRow.volunteer == volunteer, began_since))

    def unconfirmed_entries(self) -> Sequence[RecordedSession]:
        """Return the hours entered by hand that wait for a second person, earliest first."""
        return [recorded for recorded in self._listed(_PROVISIONAL) if _is_entry(recorded)]

    def pin_of(self, operator: str) -> KeptPin:
        """Return what is kept of an operator's PIN."""
        return operator_pins.find(self._connection, operator)

    def time_log(self, stamp: Stamp) -> TimeLog:
        """Return what places a stamp of this device."""
        return self._log_of(self._writes_to(), [stamp])

    def lasted(self, event: Envelope, until: Stamp) -> Span:
        """Return the time from an event of the ledger to a stamp of this device."""
        stream, stamps = self._writes_to(), [event.stamp, until]
        logs = {each: self._log_of(each, stamps) for each in {event.stream, stream}}
        return time_between(event, until, stream, logs)

    def untold_beats(self, boot_n: int) -> Sequence[Heartbeat]:
        """Return what the chain does not know yet of the boots before this one."""
        return times.untold(self._connection, boot_n)

    def floor_ms(self) -> int:
        """Return the latest instant that had surely passed at any beat, UTC ms; 0 where none was kept."""
        return times.floor_ms(self._connection)

    def events(self) -> Iterable[Envelope]:
        """Return every envelope of the file in order of recording, with its name where it still stands."""
        joined = select(_LEDGER, AsideRow.name, AsideRow.salt).join(AsideRow, isouter=True)
        for row in self._connection.execute(joined.order_by(LedgerRow.position)):
            aside = None if row.name is None else Aside(row.name, row.salt)
            envelope = envelope_of(row)
            yield msgspec.structs.replace(envelope, aside=aside)

    def head(self) -> Position:
        """Return the head of the stream that is written to."""
        return heads.head_of(self._connection, self._writes_to())

    def newest_checkpoint(self) -> Checkpoint | None:
        """Return the newest checkpoint of the stream that is written to."""
        return mailbox_heads.newest_checkpoint(self._connection, self._writes_to())

    def is_forked(self) -> bool:
        """Tell whether the platform found another machine writing to this stream too."""
        return heads.is_forked(self._connection, self._writes_to())

    def _writes_to(self) -> str:
        if self._current is None:
            self._current = heads.current_stream(self._connection) or self._stream
        return self._current

    # Writing

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint for ever."""
        mailbox_heads.keep_checkpoint(self._connection, checkpoint)

    def begin_stream(self) -> None:
        """Begin another stream; what is appended from now on stands in it."""
        self._current = heads.begin_stream(self._connection, self._new_id)

    def append(self, body: Body, stamp: Stamp, aside: Aside | None = None) -> Envelope:
        """Seal an event onto the chain, put it into the outbox and bring its session up to date."""
        envelope = seal(body, id_=self._new_id(), at=self.head(), stamp=stamp, aside=aside)
        self._record(envelope, body)
        return envelope

    def take_up(self, envelope: Envelope) -> bool:
        """Record an event that was sealed before; False where it does not follow the last one of its stream."""
        head = heads.head_of(self._connection, envelope.stream)
        body = open_body(envelope)
        follows = (envelope.seq, envelope.prev) == (head.seq + 1, head.h)
        if follows and body is not None:
            self._record(envelope, body)
        return follows and body is not None

    def _record(self, envelope: Envelope, body: Body) -> None:
        self._connection.execute(_insert_ledger, ledger_values(envelope))
        if envelope.aside is not None:
            values = {"event_id": envelope.id, "name": envelope.aside.name, "salt": envelope.aside.salt}
            self._connection.execute(_insert_aside, values)
        outbox.append(self._connection, envelope)
        self._project(envelope, body)

    def keep_beat(self, stamp: Stamp, floor_ms: int) -> None:
        """Keep that this boot is alive, and an instant (UTC ms) that has surely passed."""
        times.keep_beat(self._connection, stamp, floor_ms)

    def keep_pin(self, operator: str, pin: KeptPin) -> None:
        """Keep this of an operator's PIN, instead of what was kept."""
        operator_pins.keep(self._connection, operator, pin)

    def take_code(self, code: DynamicCode) -> bool:
        """Remember a dynamic certificate; False where it was taken before, or had ended as the newest was issued."""
        return seen_codes.take(self._connection, code)

    def _project(self, envelope: Envelope, body: Body) -> None:
        entry = entry_of(envelope)
        if entry is not None:
            self._learn(envelope, entry)
        elif isinstance(body, CheckIn | CaptainEntry):
            self._keep([envelope])
        elif (session_id := session_id_of(envelope)) is not None:
            self._refold(session_id)
        projections.project(self._connection, envelope, body)
        self._modes = None

    def rebuild(self) -> None:
        """Make every projection anew from the ledger."""
        for table in (SessionRow, AnchorRow):
            self._connection.execute(delete(table))
        projections.clear(self._connection)
        for envelope in [envelope_of(row) for row in self._connection.execute(_every)]:
            body = open_body(envelope)
            entry = entry_of(envelope)
            if entry is not None:
                times.learn(self._connection, envelope.id, entry)
            elif body is not None:
                projections.project(self._connection, envelope, body)
        self._books.clear()
        for session_id in self._connection.execute(_sessions_of_ledger).scalars().all():
            self._refold(str(session_id))

    def _learn(self, envelope: Envelope, entry: AnchorPoint | Beat) -> None:
        fresh = log_of([entry])
        known = times.book_of(self._connection, envelope.stream, hull_of_news(fresh))
        times.learn(self._connection, envelope.id, entry)
        self._books.clear()
        for reach in known.reaches_of(fresh):
            for session_id in times.sessions_across(self._connection, reach):
                self._refold(session_id)

    def _refold(self, session_id: str) -> None:
        rows = self._connection.execute(_events_of, {"session": session_id}).all()
        self._keep([envelope_of(row) for row in rows])

    def _keep(self, events: Sequence[Envelope]) -> None:
        session = fold(events, self._logs_of(events))
        if session is not None:
            self._connection.execute(_upsert_session, session_values(session, events[0], self._zone))

    # Shared

    def _logs_of(self, events: Sequence[Envelope]) -> Mapping[str, TimeLog]:
        """Return what places the scans among some events; those of one stream are looked up in the others too."""
        scans = dated(events)
        stamps = [scan.stamp for scan in scans]
        return {stream: self._log_of(stream, stamps) for stream in {scan.stream for scan in scans}}

    def _log_of(self, stream: str, stamps: Sequence[Stamp]) -> TimeLog:
        hull = hull_of(stamps)
        known, book = self._books.get(stream, (None, None))
        if book is None or known is None or hull.first < known.first or hull.last > known.last:
            book = times.book_of(self._connection, stream, hull)
            self._books[stream] = hull, book
        return book.around(stamps)

    def _listed(self, condition: Any) -> Sequence[RecordedSession]:
        chosen = select(_LEDGER).join(SessionRow, SessionRow.id == LedgerRow.session).where(condition)
        chosen = chosen.order_by(SessionRow.started_ms, SessionRow.id, LedgerRow.position)
        rows = self._connection.execute(chosen).all()
        self._logs_of([envelope_of(row) for row in rows])  # one reading for all of them
        return [
            recorded
            for _, group in groupby(rows, key=_session_of_row)
            if (recorded := self._recorded([envelope_of(row) for row in group])) is not None
        ]

    def _recorded(self, events: Sequence[Envelope]) -> RecordedSession | None:
        session = fold(events, self._logs_of(events))
        if session is None:
            return None
        check_in = next(envelope for envelope in events if envelope.kind in OPENINGS)
        name = self._connection.execute(_name_of, {"event_id": check_in.id}).scalar_one_or_none()
        return RecordedSession(session, name or "", check_in)


def _is_entry(recorded: RecordedSession) -> bool:
    return recorded.session.provenance is Provenance.CAPTAIN_ENTRY


def _session_of_row(row: Row[Any]) -> str:
    return str(row.session)
