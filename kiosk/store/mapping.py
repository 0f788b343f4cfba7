"""Between rows and values.

Upstream: ``tables``, ``sync.protocol``.
Downstream: ``transaction``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from kiosk.store.faults import DamagedError
from sync.protocol.envelope import NS_PER_US, Envelope, Stamp
from sync.protocol.errors import ProtocolError
from sync.protocol.sessions import DRILL, session_id_of

if TYPE_CHECKING:
    from datetime import tzinfo

    from sqlalchemy import Row

    from sync.protocol.sessions import Session

from kiosk.timekeeping.moment import instant_of

NS_PER_S = 1_000_000_000
_body_decoder = msgspec.json.Decoder(dict[str, Any])


def ledger_values(envelope: Envelope) -> dict[str, object]:
    """Return the column values of an envelope."""
    stamp = envelope.stamp
    return {
        "id": envelope.id,
        "stream": envelope.stream,
        "seq": envelope.seq,
        "kind": envelope.kind,
        "session": session_id_of(envelope),
        "body": msgspec.json.encode(envelope.body),
        "boot_id": stamp.boot_id,
        "boot_n": stamp.boot_n,
        "bt_ns": stamp.bt_ns,
        "wall_ms": stamp.wall_ms,
        "clk": stamp.clk,
        "prev": envelope.prev,
        "h": envelope.h,
    }


def envelope_of(row: Row[Any]) -> Envelope:
    """Return the envelope of a ledger row, without its aside.

    Raises:
        DamagedError: the row is not what was sealed.
    """
    try:
        stamp = Stamp(row.boot_id, row.boot_n, row.bt_ns // NS_PER_US, row.wall_ms, row.clk)
        body = _body_decoder.decode(row.body)
        envelope = Envelope(row.id, row.stream, row.seq, row.kind, body, stamp, row.prev, row.h)
        sealed = envelope.digest() == envelope.h
    except (msgspec.MsgspecError, ProtocolError, TypeError, ValueError) as error:
        raise DamagedError("a row of the ledger cannot be read") from error
    if not sealed:
        raise DamagedError("a row of the ledger was changed on the disk")
    return envelope


def session_values(session: Session, check_in: Envelope, zone: tzinfo) -> dict[str, object]:
    """Return the column values of a session; ``zone`` gives the local date it belongs to."""
    return {
        "id": session.id,
        "check_in": check_in.id,
        "volunteer": session.volunteer,
        "service": session.service,
        "team": session.team,
        "state": session.state.value,
        "provenance": session.provenance.value,
        "started_ms": session.started.est_ms,
        "started_on": instant_of(session.started.est_ms).astimezone(zone).date().isoformat(),
        "ended_ms": None if session.ended is None else session.ended.est_ms,
        "original_s": session.original_ns // NS_PER_S,
        "credited_minutes": session.credited_minutes,
        "counts_from_ms": session.counts_from_ms,
        "quality": None if session.rating is None else session.rating.quality.value,
        "matters": " ".join(sorted(session.matters)),
        "drill": DRILL in session.flags,
        "boot_n": check_in.stamp.boot_n,
    }
