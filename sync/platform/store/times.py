"""What devices said of their time, and the part of it that matters to some scans.

Upstream: ``tables``, ``sync.protocol.timeline``, ``sync.protocol.timebook``.
Downstream: ``receiving``.

However many years a stream has grown, one query brings what stands around the scans that are asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, and_, or_, select, tuple_
from sqlalchemy.orm import Session

from sync.platform.store.tables import TimeMarkRow
from sync.protocol.envelope import Envelope
from sync.protocol.timebook import EVER, NEVER, Reach, TimeBook, hull_of, hull_of_news
from sync.protocol.timeline import AnchorPoint, Beat, Place, TimeLog, entry_of, log_of

_PLACE = tuple_(TimeMarkRow.boot_n, TimeMarkRow.bt_ns)
_IS_ANCHOR = TimeMarkRow.server_ms.is_not(None)


class Times:
    """The time marks of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, envelopes: Iterable[Envelope]) -> None:
        """Store what stored events state of time."""
        self._session.add_all(row for envelope in envelopes if (row := mark_of(envelope)))
        self._session.flush()

    def around_scans(self, scans: Sequence[Envelope]) -> dict[str, TimeBook]:
        """Return, by stream, what places these scans; those of one stream are looked up in the others too."""
        hull = hull_of(scan.stamp for scan in scans)
        return {stream: self._book(stream, hull) for stream in {scan.stream for scan in scans}}

    def around_news(self, stream: str, fresh: TimeLog) -> TimeBook:
        """Return what a stream says of time around something new."""
        return self._book(stream, hull_of_news(fresh))

    def _book(self, stream: str, hull: Reach) -> TimeBook:
        """All within a hull, and the nearest anchors outside it."""
        first, last = hull.first, hull.last
        anchors = select(TimeMarkRow.boot_n, TimeMarkRow.bt_ns).where(TimeMarkRow.stream == stream, _IS_ANCHOR)
        earlier = anchors.where(tuple_(*first) > _PLACE).order_by(TimeMarkRow.boot_n.desc(), TimeMarkRow.bt_ns.desc())
        later = anchors.where(tuple_(*last) < _PLACE).order_by(TimeMarkRow.boot_n, TimeMarkRow.bt_ns)
        before, after = self._first(earlier, EVER), self._first(later, NEVER)
        numbers = (first if before == EVER else before)[0], (last if after == NEVER else after)[0]
        within = and_(_IS_ANCHOR, _PLACE.between(tuple_(*before), tuple_(*after)))
        chosen = select(TimeMarkRow).where(TimeMarkRow.stream == stream, TimeMarkRow.boot_n.between(*numbers))
        rows = self._session.scalars(chosen.where(or_(TimeMarkRow.server_ms.is_(None), within)))
        return TimeBook(log_of(map(_entry_of_row, rows)))

    def _first(self, query: Select[int, int], otherwise: Place) -> Place:
        row = self._session.execute(query.limit(1)).one_or_none()
        return otherwise if row is None else (row.boot_n, row.bt_ns)


def mark_of(envelope: Envelope) -> TimeMarkRow | None:
    """Return the row of what an event states of time, or None."""
    entry = entry_of(envelope)
    if entry is None:
        return None
    row = TimeMarkRow(event=envelope.id, stream=envelope.stream, boot_n=entry.boot_n, boot_id=entry.boot_id)
    if isinstance(entry, Beat):
        row.bt_ns = entry.bt_ns
    else:
        row.bt_ns, row.server_ms, row.rtt_ns = entry.bt_recv_ns, entry.server_ms, entry.rtt_ns
    return row


def _entry_of_row(row: TimeMarkRow) -> AnchorPoint | Beat:
    if row.server_ms is None or row.rtt_ns is None:
        return Beat(row.boot_id, row.boot_n, row.bt_ns)
    return AnchorPoint(row.boot_id, row.boot_n, row.bt_ns, row.server_ms, row.rtt_ns)
