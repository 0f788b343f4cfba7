"""What went another way than the ledger: quarantined events, alarms, and the log of batches.

Upstream: ``tables``.
Downstream: ``taking`` (adds), ``console`` (reads).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.platform.ingest import NUL, Alarm, SetApart
from sync.platform.records import Quarantined
from sync.platform.store import bulk
from sync.platform.store.tables import AlarmRow, BatchRow, DeviceRow, QuarantineRow
from sync.protocol.vocabulary import EventOutcome

_SHOWN_NUL = "\\u0000"
_QUARANTINE = ("fingerprint", "device", "event", "kind", "refusal", "detail", "envelope", "received_ms")
_ALARM = ("device", "word", "event", "raised_ms")


class Incidents:
    """Quarantine, alarms and batches of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def quarantine(self, refused: Iterable[SetApart], device: str, received_ms: int) -> None:
        """Keep refused events whole; one that stands here already is not kept twice."""
        rows = [_quarantine_cells(one, device, received_ms) for one in refused]
        bulk.add_missing(self._session.connection(), QuarantineRow.__tablename__, _QUARANTINE, rows)

    def raise_alarms(self, alarms: Iterable[tuple[Alarm, str]], device: str, raised_ms: int) -> None:
        """Note alarms, each once for what raised it: the id of an event, or the place of a checkpoint."""
        rows = [(device, word.value, _shown(cause), raised_ms) for word, cause in alarms]
        bulk.add_missing(self._session.connection(), AlarmRow.__tablename__, _ALARM, rows)

    def log_batch(
        self, batch: str, device: str, body_sha256: str, received_ms: int, outcomes: Sequence[EventOutcome]
    ) -> None:
        """Note that a batch was answered, and how."""
        self._session.add(
            BatchRow(
                batch=_shown(batch),
                device=device,
                body_sha256=body_sha256,
                received_ms=received_ms,
                accepted=outcomes.count(EventOutcome.ACCEPTED),
                duplicate=outcomes.count(EventOutcome.DUPLICATE),
                quarantined=outcomes.count(EventOutcome.QUARANTINED),
            )
        )

    def quarantined(self, offset: int, limit: int) -> tuple[Quarantined, ...]:
        """Return refused events, latest first."""
        query = select(QuarantineRow, DeviceRow.name).join(DeviceRow, DeviceRow.id == QuarantineRow.device)
        rows = self._session.execute(query.order_by(QuarantineRow.id.desc()).offset(offset).limit(limit))
        return tuple(
            Quarantined(name, row.event, row.kind, row.refusal, row.detail, row.received_ms) for row, name in rows
        )

    def count_quarantined(self) -> int:
        """Return how many refused events are kept."""
        return self._session.scalar(select(func.count()).select_from(QuarantineRow)) or 0


def _quarantine_cells(one: SetApart, device: str, received_ms: int) -> bulk.Cells:
    fingerprint = hashlib.sha256(device.encode() + one.whole.encode()).hexdigest()
    shown = _shown(one.event), _shown(one.kind), one.refusal.value, _shown(one.detail), _shown(one.whole)
    return fingerprint, device, *shown, received_ms


def _shown(text: str) -> str:
    return text.replace(NUL, _SHOWN_NUL)
