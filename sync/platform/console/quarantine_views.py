"""What the pages of quarantine show, as plain values: what the device said, where it can be read, and what may follow.

Upstream: ``deciding_words``, ``wording``, ``reader``.
Downstream: ``quarantine_pages``.

What was refused may be anything. So every field is looked at for itself, and what cannot be read is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import msgspec

from sync.platform import wording
from sync.platform.console.reader import Reader
from sync.platform.deciding_words import NEXT, Decision, SetApartRecord, State, Verdict
from sync.platform.wording import marked
from sync.protocol.vocabulary import EventKind, ServiceKind

MOST_TEXT = 64
ABOUT_DUTY = frozenset({EventKind.CHECK_IN, EventKind.CHECK_OUT, EventKind.CAPTAIN_ENTRY, EventKind.AUTO_CLOSE})
STATES: Mapping[State, str] = MappingProxyType(
    {
        State.WAITING: marked("Waits for a decision"),
        State.ASKED: marked("The station was asked"),
        State.PROPOSED: marked("Hours wait for a second person"),
        State.REJECTED: marked("Rejected"),
        State.ENTERED: marked("Hours entered by hand"),
    }
)
VERDICTS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.REJECT: marked("Reject"),
        Verdict.ASK: marked("Ask the station"),
        Verdict.REOPEN: marked("Take up again"),
        Verdict.PROPOSE: marked("Enter the hours by hand"),
        Verdict.CONFIRM: marked("Confirm the hours"),
        Verdict.DECLINE: marked("Decline the hours"),
    }
)


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record in the queue."""

    id: int
    received_at: str
    device: str
    service_point: str
    kind: str
    sentence: str
    state: str
    state_word: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the device said, as far as it can be read; times are UTC ms by the device's own clock."""

    volunteer: str = ""
    name: str = ""
    service: str = ""
    at_ms: int | None = None
    number: str = ""

    def lines(self, reader: Reader) -> Iterable[tuple[str, str]]:
        """Yield label and value of what is known."""
        if self.name or self.volunteer:
            yield reader.say(marked("Volunteer")), f"{self.name} {self.volunteer}".strip()
        if self.at_ms is not None:
            yield reader.say(marked("Time by the device's clock")), reader.moment(self.at_ms)
        if self.service:
            yield reader.say(marked("Service content")), reader.word(wording.SERVICES, self.service)
        if self.number:
            yield reader.say(marked("Number in the device's sequence")), self.number


def record_line(record: SetApartRecord, reader: Reader) -> RecordLine:
    """Return a record as it stands in the queue."""
    return RecordLine(
        id=record.id,
        received_at=reader.moment(record.received_ms),
        device=record.device_name,
        service_point=record.service_point_name,
        kind=reader.word(wording.KINDS, record.kind),
        sentence=reader.word(wording.REFUSALS, record.refusal),
        state=record.state.value,
        state_word=reader.say(STATES[record.state]),
    )


def told_by(whole: str) -> Told:
    """Return what can be read of a refused record's JSON."""
    try:
        read = msgspec.json.decode(whole)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Told()
    record = _table(read)
    body, stamp, aside = (_table(record.get(part)) for part in ("body", "stamp", "aside"))
    seq = record.get("seq")
    return Told(
        volunteer=_text(body.get("volunteer")),
        name=_text(aside.get("name")),
        service=_text(body.get("service")) if _text(body.get("service")) in set(ServiceKind) else "",
        at_ms=_instant(stamp.get("wall_ms")),
        number=str(seq) if isinstance(seq, int) else "",
    )


def verdicts_for(record: SetApartRecord) -> tuple[Verdict, ...]:
    """Return what can be decided now; hours only of what is about a duty."""
    about_duty = record.kind in ABOUT_DUTY
    return tuple(
        verdict for (state, verdict) in NEXT if state is record.state and (about_duty or verdict is not Verdict.PROPOSE)
    )


def past_lines(past: Iterable[Decision], reader: Reader) -> list[tuple[str, str, str, str, str]]:
    """Return when, what, who, why and the session of each decision."""
    return [
        (reader.moment(each.at_ms), reader.say(VERDICTS[each.verdict]), each.who, each.note, each.session or "")
        for each in past
    ]


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value[:MOST_TEXT] if isinstance(value, str) and value.isprintable() else ""


def _instant(value: object) -> int | None:
    return value if isinstance(value, int) and 0 < value < 2**53 else None
