"""The ledger in the terminal: JSON for programs, aligned columns for people whose names are two cells wide.

Upstream: ``records``.
Downstream: ``__main__`` (ledger, device list).
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sync.platform.records import DeviceStanding, Entry, StoredEvent
from sync.protocol.sessions import DRILL, PAID, Session
from sync.protocol.timeline import Bounds
from sync.protocol.totals import Line, totals_of

NS_PER_SECOND = 1_000_000_000
WIDE = frozenset("WF")  # East Asian Width: two cells of a terminal
WIDTHLESS = frozenset({"Mn", "Me", "Cf"})
GAP = "  "
LAST_MS = 253_402_214_400_000  # 9999-12-31: a calendar ends, a wrong clock need not


def ledger_document(entries: Iterable[Entry], events: Iterable[StoredEvent]) -> dict[str, Any]:
    """Return sessions and events as plain values: times ISO 8601 UTC, durations whole seconds."""
    return {
        "sessions": [_session_document(entry) for entry in entries],
        "events": [
            {"id": event.id, "stream": event.stream, "seq": event.seq, "kind": event.kind, "h": event.h}
            for event in events
        ],
    }


def ledger_table(entries: Sequence[Entry], zone: ZoneInfo) -> str:
    """Return the sessions as columns, times local; the total counts every minute of a volunteer once."""
    head = (
        "开始 start",
        "结束 end",
        "分钟 min",
        "姓名 name",
        "编号 number",
        "内容 service",
        "来源 provenance",
        "状态 state",
        "服务点 place",
    )
    rows = [
        (
            _local(entry.session.started, zone),
            _local(entry.session.ended, zone),
            str(entry.session.credited_minutes),
            entry.name or "—",
            entry.session.volunteer,
            entry.session.service,
            entry.session.provenance.value,
            entry.session.state.value,
            entry.service_point_name or entry.session.service_point,
        )
        for entry in entries
    ]
    lines: dict[str, list[Line]] = defaultdict(list)
    for entry in entries:
        lines[entry.session.volunteer].append(_totals_line(entry.session))
    totals = [totals_of(own) for own in lines.values()]
    credited = sum(each.minutes for each in totals)
    confirmed = sum(each.confirmed.minutes for each in totals)
    counted = f"{credited} 分钟 credited minutes (已确认 confirmed: {confirmed})"
    return f"{table(head, rows)}\n{len(entries)} 条 sessions, {counted}"


def _totals_line(session: Session) -> Line:
    seconds, apart = session.original_ns // NS_PER_SECOND, bool(session.flags & {DRILL, PAID})
    times = session.counts_from_ms, session.credited_minutes, seconds
    return Line(session.id, session.state, session.provenance, *times, apart)


def device_table(standings: Iterable[DeviceStanding], zone: ZoneInfo) -> str:
    """Return the devices as columns, times local."""
    head = (
        "设备 device",
        "名称 name",
        "服务点 place",
        "最近联系 last contact",
        "记录 records",
        "缺 missing",
        "状态 state",
    )
    rows = []
    for standing in standings:
        device = standing.device
        heard = _moment(device.last_contact_ms, zone) if device.last_contact_ms is not None else "—"
        state = "revoked" if device.revoked_ms is not None else "registered"
        figures = (str(standing.events), str(standing.missing), state)
        rows.append((device.id, device.name, standing.service_point_name, heard, *figures))
    return table(head, rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows under their head, aligned by the cells a terminal gives each character."""
    lines = [head, *([printable(text) for text in row] for row in rows)]
    widths = [max(cells(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        GAP.join(text + " " * (width - cells(text)) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def cells(text: str) -> int:
    """Return how many cells of a terminal a text takes."""
    return sum(_cells_of(character) for character in text)


def printable(text: str) -> str:
    """Return a text that cannot steer a terminal: control characters become U+FFFD."""
    return "".join(
        "\ufffd" if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} else character for character in text
    )


def _cells_of(character: str) -> int:
    if unicodedata.category(character) in WIDTHLESS:
        return 0
    return 2 if unicodedata.east_asian_width(character) in WIDE else 1


def _session_document(entry: Entry) -> dict[str, Any]:
    session = entry.session
    return {
        "id": session.id,
        "volunteer": session.volunteer,
        "name": entry.name,
        "service": session.service,
        "service_point": session.service_point,
        "state": session.state.value,
        "provenance": session.provenance.value,
        "started_at": _iso(session.started),
        "ended_at": _iso(session.ended) if session.ended else None,
        "original_seconds": session.original_ns // NS_PER_SECOND,
        "credited_minutes": session.credited_minutes,
        "rule": session.rule,
        "flags": sorted(session.flags),
        "tallies": dict(sorted(session.tallies.items())),
        "matters": sorted(session.matters),
        "stated_end_at": _instant_iso(session.stated_end_ms) if session.stated_end_ms is not None else None,
        "quality": session.rating.quality.value if session.rating else None,
        "effects": [effect.value for effect in session.rating.effects] if session.rating else [],
        "complete": session.is_complete,
    }


def _iso(bounds: Bounds) -> str:
    return _instant_iso(bounds.est_ms)


def _instant_iso(ms: int) -> str:
    return _instant(ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _local(bounds: Bounds | None, zone: ZoneInfo) -> str:
    return "—" if bounds is None else _moment(bounds.est_ms, zone)


def _moment(ms: int, zone: ZoneInfo) -> str:
    return _instant(ms).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _instant(ms: int) -> datetime:
    return datetime.fromtimestamp(min(ms, LAST_MS) / 1000, UTC)
