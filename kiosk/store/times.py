"""What this file's ledger says of time, the part of it that matters to some stamps, and the beats of the boots.

Upstream: ``tables``, ``sync.protocol.timeline``, ``sync.protocol.timebook``.
Downstream: ``transaction``.

A beat is kept for the running boot alone, overwritten every minute; once the boot has ended it is told to the chain as
one heartbeat, and only from then on it counts: the platform knows no more than the chain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, insert, select, tuple_, union_all
from sqlalchemy.dialects.sqlite import insert as upsert

from kiosk.store.tables import AnchorRow, BeatRow, LedgerRow
from sync.protocol.envelope import NS_PER_US
from sync.protocol.events import Heartbeat
from sync.protocol.sessions import DATED
from sync.protocol.timebook import Reach, TimeBook
from sync.protocol.timeline import AnchorPoint, Beat, log_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.protocol.envelope import Stamp

RECORDED_WITHIN_NS = 600 * 1_000_000_000  # no stamp is older than this when it is recorded
WALKED = 200  # rows read at a time
_ORDER = (AnchorRow.boot_n, AnchorRow.bt_recv_ns)
_PLACE = tuple_(*_ORDER)
_in_stream = select(1).where(LedgerRow.stream == bindparam("stream"))  # a join would walk the whole stream
_anchors = select(AnchorRow.__table__).where(_in_stream.where(LedgerRow.id == AnchorRow.event_id).exists())
_FIRST = tuple_(bindparam("first_n"), bindparam("first_ns"))
_LAST = tuple_(bindparam("last_n"), bindparam("last_ns"))


def _nearest(side: ColumnElement[bool], *order: Any) -> Select[Any]:
    """Return the anchors at the nearest place on one side; two may stand at one place."""
    chosen = select(*_ORDER).where(side, _in_stream.where(LedgerRow.id == AnchorRow.event_id).exists())
    nearest = chosen.order_by(*order).limit(1).subquery()
    return _anchors.join(nearest, and_(*(each == nearest.c[each.key] for each in _ORDER)))


_around = union_all(
    _anchors.where(_FIRST <= _PLACE, _PLACE <= _LAST),
    _nearest(_PLACE < _FIRST, *(each.desc() for each in _ORDER)),
    _nearest(_PLACE > _LAST, *_ORDER),
)
_beats = select(BeatRow.__table__).where(_in_stream.where(LedgerRow.id == BeatRow.event_id).exists())
_beats = _beats.where(BeatRow.boot_n.between(bindparam("lo"), bindparam("hi")))
_beat = upsert(BeatRow)
_keep_beat = _beat.on_conflict_do_update(
    index_elements=[BeatRow.boot_n],
    set_={name: func.max(getattr(BeatRow, name), _beat.excluded[name]) for name in ("bt_ns", "floor_ms")},
)
_tell_beat = _beat.on_conflict_do_update(
    index_elements=[BeatRow.boot_n],
    set_={"bt_ns": func.max(BeatRow.bt_ns, _beat.excluded.bt_ns), "event_id": _beat.excluded.event_id},
)
_untold = select(BeatRow.__table__).where(BeatRow.event_id.is_(None), BeatRow.boot_n < bindparam("boot_n"))
_untold = _untold.order_by(BeatRow.boot_n)
_told = select(BeatRow.event_id).where(BeatRow.boot_n == bindparam("boot_n"))
_last_row = select(LedgerRow.boot_id, LedgerRow.boot_n, LedgerRow.bt_ns).where(LedgerRow.boot_n <= bindparam("boot_n"))
_last_row = _last_row.order_by(LedgerRow.position.desc()).limit(1)
_backwards = select(LedgerRow.session, LedgerRow.kind, LedgerRow.boot_n, LedgerRow.bt_ns)
_backwards = _backwards.order_by(LedgerRow.position.desc())


def book_of(connection: Connection, stream: str, hull: Reach) -> TimeBook:
    """Return all that one stream says of time within a hull, and the nearest anchors outside it."""
    places = dict(zip(("first_n", "first_ns", "last_n", "last_ns"), (*hull.first, *hull.last), strict=True))
    rows = connection.execute(_around, {"stream": stream, **places})
    anchors = [AnchorPoint(row.boot_id, row.boot_n, row.bt_recv_ns, row.server_ms, row.rtt_ns) for row in rows]
    numbers = [hull.first[0], hull.last[0], *(anchor.boot_n for anchor in anchors)]
    if min(numbers) == max(numbers):
        return TimeBook(log_of(anchors))  # a beat tells of the way from one boot to another
    within = {"stream": stream, "lo": min(numbers), "hi": max(numbers)}
    beats = [Beat(row.boot_id, row.boot_n, row.bt_ns) for row in connection.execute(_beats, within)]
    return TimeBook(log_of([*anchors, *beats]))


def learn(connection: Connection, event_id: str, entry: AnchorPoint | Beat) -> None:
    """Keep what an event of the ledger says of time."""
    if isinstance(entry, Beat):
        values = {"boot_n": entry.boot_n, "boot_id": entry.boot_id, "bt_ns": entry.bt_ns}
        connection.execute(_tell_beat, {**values, "floor_ms": 0, "event_id": event_id})
        return
    values = {"event_id": event_id, "boot_id": entry.boot_id, "boot_n": entry.boot_n}
    values |= {"bt_recv_ns": entry.bt_recv_ns, "server_ms": entry.server_ms, "rtt_ns": entry.rtt_ns}
    connection.execute(insert(AnchorRow), values)


def sessions_across(connection: Connection, reach: Reach) -> Sequence[str]:
    """Return the sessions with a scan within a reach, or one on either side of it; a few more may be among them.

    Rows are recorded in the order of their stamps but for a moment (换岗, two programs at once), so that whatever ends
    after the reach began is found by walking back to shortly before it.
    """
    boot_n, bt_ns = reach.first
    before = boot_n, bt_ns - RECORDED_WITHIN_NS
    found: dict[str, None] = {}
    with connection.execution_options(yield_per=WALKED).execute(_backwards) as rows:
        for session, kind, *place in rows:
            if tuple(place) < before:
                break
            if kind in DATED and session is not None:
                found[session] = None
    return list(found)


def keep_beat(connection: Connection, stamp: Stamp, floor_ms: int) -> None:
    """Keep that the boot of a stamp was alive then, and the latest instant (UTC ms) that had surely passed."""
    values = {"boot_n": stamp.boot_n, "boot_id": stamp.boot_id, "bt_ns": stamp.bt_ns}
    connection.execute(_keep_beat, {**values, "floor_ms": floor_ms, "event_id": None})


def floor_ms(connection: Connection) -> int:
    """Return the latest instant (UTC ms) that had surely passed at any beat; 0 where none was kept."""
    return int(connection.execute(select(func.coalesce(func.max(BeatRow.floor_ms), 0))).scalar_one())


def untold(connection: Connection, boot_n: int) -> Sequence[Heartbeat]:
    """Return what the chain does not know yet of the boots before one: when each was last surely alive."""
    beats = {row.boot_n: (row.boot_id, row.bt_ns) for row in connection.execute(_untold, {"boot_n": boot_n})}
    last = connection.execute(_last_row, {"boot_n": boot_n - 1}).one_or_none()
    if last is not None and connection.execute(_told, {"boot_n": last.boot_n}).one_or_none() is None:
        beats[last.boot_n] = last.boot_id, last.bt_ns  # it recorded something and no beat of it reached the disk
    return [
        Heartbeat(boot_id, number, max(bt_ns, _last_stamp_ns(connection, boot_id, number)) // NS_PER_US)
        for number, (boot_id, bt_ns) in sorted(beats.items())
    ]


def _last_stamp_ns(connection: Connection, boot_id: str, boot_n: int) -> int:
    row = connection.execute(_last_row, {"boot_n": boot_n}).one_or_none()
    return row.bt_ns if row is not None and (row.boot_id, row.boot_n) == (boot_id, boot_n) else 0
