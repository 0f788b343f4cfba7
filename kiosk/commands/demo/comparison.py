"""The two ledgers side by side, with their difference.

Upstream: ``kiosk.commands.ledger``, ``python -m sync.platform ledger --json``.
Downstream: ``play``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

SHOWN = (
    "volunteer",
    "started_at",
    "ended_at",
    "original_seconds",
    "credited_minutes",
    "service",
    "state",
    "provenance",
)
HASH_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Difference:
    """What one ledger has and the other has not, or has otherwise; empty lists mean that they agree."""

    only_kiosk: list[str]
    only_platform: list[str]
    unlike: list[str]

    @property
    def is_none(self) -> bool:
        """Whether the ledgers agree, event by event and session by session."""
        return not (self.only_kiosk or self.only_platform or self.unlike)


def compare(kiosk: dict[str, Any], platform: dict[str, Any]) -> Difference:
    """Compare two ledgers as ``ledger --json`` prints them: every event by id and hash, every session by its fields."""
    difference = Difference([], [], [])
    for part, fields in (("events", ("stream", "seq", "kind", "h")), ("sessions", SHOWN)):
        ours = {each["id"]: _values(each, fields) for each in kiosk[part]}
        theirs = {each["id"]: _values(each, fields) for each in platform[part]}
        difference.only_kiosk.extend(f"{part}: {i}" for i in ours.keys() - theirs.keys())
        difference.only_platform.extend(f"{part}: {i}" for i in theirs.keys() - ours.keys())
        difference.unlike.extend(f"{part}: {i}" for i in ours.keys() & theirs.keys() if ours[i] != theirs[i])
    return difference


def tables(kiosk: dict[str, Any], platform: dict[str, Any], local: Callable[[datetime], str]) -> list[RenderableType]:
    """Return both ledgers side by side: sessions, then events."""
    sessions = Table(title="台账 sessions", title_justify="left", show_lines=True)
    for column in ("volunteer", "kiosk", "platform", ""):
        sessions.add_column(column)
    theirs = {each["id"]: each for each in platform["sessions"]}
    for each in kiosk["sessions"]:
        other = theirs.get(each["id"])
        same = other is not None and _values(other, SHOWN) == _values(each, SHOWN)
        there = "—" if other is None else _session(other, local)
        sessions.add_row(each["name"], _session(each, local), there, "=" if same else "≠")
    events = Table(title="事件 events", title_justify="left")
    for column in ("seq", "kind", "kiosk", "platform", ""):
        events.add_column(column)
    hashes = {each["id"]: each["h"] for each in platform["events"]}
    for each in kiosk["events"]:
        other_h = hashes.get(each["id"], "—")
        mark = "=" if other_h == each["h"] else "≠"
        events.add_row(str(each["seq"]), each["kind"], each["h"][:HASH_SHOWN], other_h[:HASH_SHOWN], mark)
    return [sessions, events]


def _values(entry: dict[str, Any], fields: tuple[str, ...]) -> list[object]:
    """Return the fields of an entry; instants as instants, for UTC has more than one spelling."""
    return [_value(field, entry[field]) for field in fields]


def _value(field: str, value: object) -> object:
    return datetime.fromisoformat(value) if field.endswith("_at") and isinstance(value, str) else value


def _session(session: dict[str, Any], local: Callable[[datetime], str]) -> str:
    begin, end = (
        "—" if session[at] is None else local(datetime.fromisoformat(session[at])) for at in ("started_at", "ended_at")
    )
    counted = f"{session['original_seconds']} s → {session['credited_minutes']} min ({session['rule']})"
    return f"{begin} – {end}\n{counted}\n{session['service']} · {session['state']} · {session['provenance']}"
