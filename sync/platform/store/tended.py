"""One device as those look at it who tend it: its batches, what it recorded, its notes, alarms and who saw them.

Upstream: ``tables``.
Downstream: ``console``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.platform.records import DeviceRemark
from sync.platform.store.tables import AccountRow, AlarmNoteRow, AlarmRow, BatchRow, DeviceRow, EventRow
from sync.protocol.vocabulary import EventKind

DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class AnsweredBatch:
    """One answered batch (UTC ms): how many events were new, known already, set apart."""

    received_ms: int
    accepted: int
    duplicate: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class RaisedAlarm:
    """One kind of alarm of a device: how often, when last (UTC ms), and how often since somebody saw it."""

    word: str
    times: int
    last_ms: int
    unseen: int


@dataclass(frozen=True, slots=True)
class AlarmNote:
    """Who saw an alarm, when (UTC ms), and what was done."""

    word: str
    who: str
    at_ms: int
    note: str


class Tended:
    """What is known of single devices, in one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def batches(self, device: str, limit: int) -> tuple[AnsweredBatch, ...]:
        """Return the latest answered batches."""
        query = select(BatchRow).where(BatchRow.device == device)
        rows = self._session.scalars(query.order_by(BatchRow.received_ms.desc(), BatchRow.id.desc()).limit(limit))
        return tuple(AnsweredBatch(row.received_ms, row.accepted, row.duplicate, row.quarantined) for row in rows)

    def accepted_by_day(self, device: str, since_ms: int, zone_ms: int) -> dict[int, int]:
        """Return new events by day, counted in days since 1970 where a day begins ``zone_ms`` before UTC's."""
        query = select(BatchRow.received_ms, BatchRow.accepted)
        found: dict[int, int] = defaultdict(int)
        for at_ms, accepted in self._session.execute(
            query.where(BatchRow.device == device, BatchRow.received_ms >= since_ms, BatchRow.accepted > 0)
        ):
            found[(at_ms + zone_ms) // DAY_MS] += accepted
        return dict(found)

    def kinds(self, device: str) -> tuple[tuple[str, int], ...]:
        """Return how many events of each kind a device brought, most first."""
        count = func.count()
        query = select(EventRow.kind, count).where(EventRow.device == device).group_by(EventRow.kind)
        rows = self._session.execute(query.order_by(count.desc(), EventRow.kind))
        return tuple((kind, int(times)) for kind, times in rows)

    def remarks(self, device: str, limit: int) -> tuple[DeviceRemark, ...]:
        """Return the notes of a device, the latest received first."""
        query = (
            select(DeviceRow.name, EventRow.body, EventRow.received_ms)
            .join(DeviceRow, DeviceRow.id == EventRow.device)
            .where(EventRow.device == device, EventRow.kind == EventKind.DEVICE_NOTE.value)
            .order_by(EventRow.received_ms.desc(), EventRow.id)
        )
        return tuple(
            DeviceRemark(name, str(msgspec.json.decode(body, type=dict).get("note", "")), at_ms)
            for name, body, at_ms in self._session.execute(query.limit(limit))
        )

    def alarms(self, device: str | None = None) -> dict[str, tuple[RaisedAlarm, ...]]:
        """Return the alarms of every device, or of one, by device."""
        seen = self._seen()
        query = select(AlarmRow.device, AlarmRow.word, AlarmRow.raised_ms)
        if device is not None:
            query = query.where(AlarmRow.device == device)
        grouped: dict[tuple[str, str], list[int]] = defaultdict(list)
        for id_, word, raised_ms in self._session.execute(query.order_by(AlarmRow.device, AlarmRow.word)):
            grouped[id_, word].append(raised_ms)
        found: dict[str, list[RaisedAlarm]] = defaultdict(list)
        for (id_, word), raised in grouped.items():
            unseen = sum(at_ms > seen.get((id_, word), -1) for at_ms in raised)
            found[id_].append(RaisedAlarm(word, len(raised), max(raised), unseen))
        return {id_: tuple(alarms) for id_, alarms in found.items()}

    def alarm_notes(self, device: str) -> tuple[AlarmNote, ...]:
        """Return what people noted on the alarms of a device, the latest first."""
        query = select(AlarmNoteRow, AccountRow.name).join(AccountRow, AccountRow.id == AlarmNoteRow.account)
        rows = self._session.execute(query.where(AlarmNoteRow.device == device).order_by(AlarmNoteRow.id.desc()))
        return tuple(AlarmNote(row.word, name, row.at_ms, row.note) for row, name in rows)

    def note_alarm(self, device: str, word: str, until_ms: int, account: str, at_ms: int, note: str) -> None:
        """Note that somebody saw the alarms raised until an instant (UTC ms)."""
        self._session.add(
            AlarmNoteRow(device=device, word=word, until_ms=until_ms, at_ms=at_ms, account=account, note=note)
        )
        self._session.flush()

    def _seen(self) -> dict[tuple[str, str], int]:
        query = select(AlarmNoteRow.device, AlarmNoteRow.word, func.max(AlarmNoteRow.until_ms))
        rows = self._session.execute(query.group_by(AlarmNoteRow.device, AlarmNoteRow.word))
        return {(device, word): int(until_ms) for device, word, until_ms in rows}
