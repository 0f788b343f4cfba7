"""What devices said of their time, and the part of it that matters to some scans.

Upstream: ``tables``, ``sync.protocol.timeline``, ``sync.protocol.timebook``.
Downstream: ``receiving``.

However many years a stream has grown, one query brings what stands around the scans that are asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from sqlalchemy import BigInteger, and_, bindparam, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from sync.platform.store import bulk
from sync.platform.store.tables import TimeMarkRow
from sync.protocol.envelope import Envelope, Stamp
from sync.protocol.timebook import EVER, NEVER, Reach, TimeBook, hull_of, hull_of_news
from sync.protocol.timeline import AnchorPoint, Beat, Place, TimeLog, entry_of, log_of

Entry: TypeAlias = AnchorPoint | Beat
_COLUMNS = ("event", "stream", "boot_n", "bt_ns", "boot_id", "server_ms", "rtt_ns")
_BOOT, _NS = TimeMarkRow.boot_n, TimeMarkRow.bt_ns
_PLACE = tuple_(_BOOT, _NS)
_FIRST = tuple_(bindparam("first_boot", type_=BigInteger), bindparam("first_ns", type_=BigInteger))
_LAST = tuple_(bindparam("last_boot", type_=BigInteger), bindparam("last_ns", type_=BigInteger))
_OF_STREAM = TimeMarkRow.stream == bindparam("stream")
_IS_ANCHOR = TimeMarkRow.server_ms.is_not(None)
_BEFORE = select(literal(0).label("side"), _BOOT, _NS).where(_OF_STREAM, _IS_ANCHOR, _FIRST > _PLACE)
_AFTER = select(literal(1).label("side"), _BOOT, _NS).where(_OF_STREAM, _IS_ANCHOR, _LAST < _PLACE)
_SIDES = union_all(
    select(_BEFORE.order_by(_BOOT.desc(), _NS.desc()).limit(1).subquery()),
    select(_AFTER.order_by(_BOOT, _NS).limit(1).subquery()),
)
_BETWEEN = select(TimeMarkRow.boot_id, _BOOT, _NS, TimeMarkRow.server_ms, TimeMarkRow.rtt_ns).where(
    _OF_STREAM,
    _BOOT.between(bindparam("from_boot", type_=BigInteger), bindparam("to_boot", type_=BigInteger)),
    or_(TimeMarkRow.server_ms.is_(None), and_(_IS_ANCHOR, _PLACE.between(_FIRST, _LAST))),
)


class Times:
    """The time marks of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, envelopes: Iterable[Envelope]) -> None:
        """Store what stored events state of time."""
        rows = [row for envelope in envelopes if (row := _row_of(envelope))]
        bulk.add(self._session.connection(), TimeMarkRow.__tablename__, _COLUMNS, rows)

    def around_scans(
        self, scans: Sequence[Envelope], fresh: Mapping[str, TimeLog] | None = None
    ) -> dict[str, TimeBook]:
        """Return, by stream, what places these scans; those of one stream are looked up in the others too.

        Args:
            scans: check-ins and check-outs.
            fresh: what is known of time beside what is stored.
        """
        hull = hull_of(scan.stamp for scan in scans)
        return {
            stream: self._book(stream, hull, (fresh or {}).get(stream, TimeLog()))
            for stream in {scan.stream for scan in scans}
        }

    def around_news(self, stream: str, fresh: TimeLog) -> TimeBook:
        """Return what a stream says of time around something new."""
        return self._book(stream, hull_of_news(fresh), TimeLog())

    def over(self, stream: str, stamps: Iterable[Stamp]) -> TimeLog:
        """Return all that a stream says of time from the first to the last of some stamps, and beside them."""
        return self._log(stream, hull_of(stamps))

    def _book(self, stream: str, hull: Reach, fresh: TimeLog) -> TimeBook:
        stored = self._log(stream, hull)
        return TimeBook(TimeLog(stored.anchors + fresh.anchors, stored.beats + fresh.beats))

    def _log(self, stream: str, hull: Reach) -> TimeLog:
        """All within a hull, and the nearest anchors outside it."""
        before, after = self._sides(stream, hull)
        numbers = (hull.first if before == EVER else before)[0], (hull.last if after == NEVER else after)[0]
        asked = {**_asked(stream, Reach(before, after)), "from_boot": numbers[0], "to_boot": numbers[1]}
        return log_of(_entry_of(*row) for row in self._session.connection().execute(_BETWEEN, asked))

    def _sides(self, stream: str, hull: Reach) -> tuple[Place, Place]:
        sides = [EVER, NEVER]
        for side, boot_n, bt_ns in self._session.connection().execute(_SIDES, _asked(stream, hull)):
            sides[side] = (boot_n, bt_ns)
        return sides[0], sides[1]


def _asked(stream: str, reach: Reach) -> dict[str, str | int]:
    (first_boot, first_ns), (last_boot, last_ns) = reach.first, reach.last
    return {
        "stream": stream,
        "first_boot": first_boot,
        "first_ns": first_ns,
        "last_boot": last_boot,
        "last_ns": last_ns,
    }


def _row_of(envelope: Envelope) -> bulk.Cells | None:
    """Return the row of what an event states of time, or None."""
    entry = entry_of(envelope)
    if entry is None:
        return None
    if isinstance(entry, Beat):
        return envelope.id, envelope.stream, entry.boot_n, entry.bt_ns, entry.boot_id, None, None
    where = envelope.id, envelope.stream, entry.boot_n, entry.bt_recv_ns, entry.boot_id
    return *where, entry.server_ms, entry.rtt_ns


def _entry_of(boot_id: str, boot_n: int, bt_ns: int, server_ms: int | None, rtt_ns: int | None) -> Entry:
    if server_ms is None or rtt_ns is None:
        return Beat(boot_id, boot_n, bt_ns)
    return AnchorPoint(boot_id, boot_n, bt_ns, server_ms, rtt_ns)
