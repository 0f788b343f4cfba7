"""One decided duty as platforms that speak otherwise are told of it: the fields of a record, as plain values. Pure.

Upstream: ``wording``, ``terms``, ``sync.protocol``.
Downstream: ``delivering`` makes them, adapters carry them.

The fields are those of 令67 Art 7 and 民函〔2012〕340号 (requirements.md): record, volunteer, name at the time,
activity, date, place, content, start, end, original and credited time with its rule, organising unit, person in charge,
recorder, recipients, quality with its author and day, state, corrections. An ID number is none of them.

What was told before is never changed silently: a duty whose fingerprint is another one now goes as 更正 and names the
parcel that it corrects. The fingerprint is of the duty and not of the words it is told in: a new spelling of a place, a
registered name or the catalogue corrects no record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from sync.platform import terms, wording
from sync.platform.records import Entry
from sync.platform.wording import marked
from sync.protocol.envelope import Envelope, open_body
from sync.protocol.errors import ProtocolError
from sync.protocol.events import Body
from sync.protocol.judgements import Amendment, CaptainEntry, Confirmation, Decision, Objection, Rating, Void
from sync.protocol.sessions import DECIDED, Session
from sync.protocol.timeline import Bounds

NS_PER_MIN, MS_PER_MIN = 60_000_000_000, 60_000
LAST_MS = 253_402_214_400_000  # 9999-12-31: a calendar ends, a wrong clock need not
Cell = str | int
B = TypeVar("B", bound=Body)


class EntryKind(StrEnum):
    """What a line is to its reader."""

    NEW = "new"  # 新增
    CORRECTION = "correction"  # 更正


ENTRY_KINDS: Mapping[str, str] = MappingProxyType(
    {EntryKind.NEW: marked("New entry"), EntryKind.CORRECTION: marked("Correction of an entry")}
)
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "kind": marked("Kind of entry"),
        "corrects": marked("Corrects parcel"),
        "record": marked("Record number"),
        "volunteer": marked("Volunteer number"),
        "name": marked("Name at the time"),
        "activity": marked("Activity (project)"),
        "date": marked("Service date"),
        "place": marked("Service place"),
        "content": marked("Service content"),
        "started": marked("Began at"),
        "ended": marked("Ended at"),
        "original": marked("Original minutes"),
        "credited": marked("Credited minutes"),
        "rule": marked("Crediting rule"),
        "unit": marked("Organising unit"),
        "team": marked("Service team"),
        "in_charge": marked("Person in charge"),
        "recorded_by": marked("Recorder and way of recording"),
        "recipients": marked("Category of recipients"),
        "quality": marked("Service quality"),
        "effect": marked("Service effect"),
        "rated_by": marked("Rated by"),
        "rated_on": marked("Rated on"),
        "state": marked("State of the record"),
        "corrections": marked("Corrections and objections"),
    }
)
NUMBERS = frozenset({"original", "credited"})  # minutes; everything else is text


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line: the session it is of, its fingerprint, what it is, and its cells by column.

    ``corrects`` is the number of the parcel that held what it corrects; 0 for a new one.
    """

    session: str
    fingerprint: str
    kind: EntryKind
    corrects: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Clerk:
    """Writes lines: in one language, for one zone, of one organising unit.

    Attributes:
        names: registered names by number, of those who may be named; others stand by their number.
    """

    language: str
    zone: ZoneInfo
    unit: str
    names: Mapping[str, str]

    def line(self, entry: Entry, history: Sequence[Envelope], corrects: int) -> ReportLine:
        """Return the line of a duty.

        Args:
            entry: as the ledger has it.
            history: every event that names it, in the order of its stream.
            corrects: the parcel that held what the target knows of it; 0 where it knows nothing.
        """
        session, bodies = entry.session, _bodies(history)
        kind = EntryKind.CORRECTION if corrects else EntryKind.NEW
        rated = _last(bodies, Rating) if session.rating else None
        entered, confirmed = _last(bodies, CaptainEntry), _last(bodies, Confirmation)
        cells: dict[str, Cell] = {
            "kind": self._word(ENTRY_KINDS, kind),
            "corrects": str(corrects or ""),
            "record": session.id,
            "volunteer": session.volunteer,
            "name": entry.name or "",
            "activity": self._word(wording.SERVICES, session.service),
            "date": self._local(session.started).date().isoformat(),
            "place": entry.service_point_name or session.service_point,
            "content": "，".join(self._content(session)),
            "started": self._time(session.started),
            "ended": self._time(session.ended) if session.ended else "",
            "original": session.original_ns // NS_PER_MIN,
            "credited": session.credited_minutes if session.state in DECIDED else 0,
            "rule": session.rule,
            "unit": self.unit,
            "team": session.team or "",
            "in_charge": self._person(confirmed[1].confirmed_by) if confirmed else "",
            "recorded_by": self._recorder(session, entered[1].entered_by if entered else ""),
            "recipients": "",
            "quality": self._word(terms.QUALITIES, session.rating.quality) if session.rating else "",
            "effect": "，".join(self._effect(session)),
            "rated_by": self._person(rated[1].rated_by) if rated else "",
            "rated_on": self._day(rated[0]) if rated else "",
            "state": self._word(wording.STATES, session.state),
            "corrections": "；".join(self._said(bodies)),
        }
        return ReportLine(session.id, fingerprint_of(session), kind, corrects, cells)

    def headings(self) -> list[str]:
        """Return the headings of the columns."""
        return [self._word(COLUMNS, column) for column in COLUMNS]

    def _content(self, session: Session) -> Iterator[str]:
        yield self._word(wording.SERVICES, session.service)
        yield from (f"{self._word(wording.TALLIES, kind)} {n}" for kind, n in sorted(session.tallies.items()) if n)

    def _effect(self, session: Session) -> Iterator[str]:
        if session.rating is not None:
            yield from (self._word(terms.EFFECTS, effect) for effect in session.rating.effects)
            counts = sorted(session.rating.counts.items())
            yield from (f"{self._word(wording.TALLIES, kind)} {n}" for kind, n in counts)

    def _recorder(self, session: Session, entered_by: str) -> str:
        how = self._word(wording.PROVENANCES, session.provenance)
        return f"{how}：{self._person(entered_by)}" if entered_by else how

    def _said(self, bodies: Sequence[tuple[Envelope, Body]]) -> Iterator[str]:
        for envelope, body in bodies:
            day = self._day(envelope)
            if isinstance(body, Amendment):
                yield f"{day} {self._word(terms.CORRECTIONS, body.reason)}（{self._person(body.entered_by)}）"
            elif isinstance(body, Void):
                yield f"{day} {self._word(terms.WITHDRAWALS, body.reason)}（{self._person(body.voided_by)}）"
            elif isinstance(body, Objection):
                yield f"{day} {self._word(wording.KINDS, envelope.kind)}：{self._word(terms.OBJECTIONS, body.reason)}"
            elif isinstance(body, Decision):
                yield f"{day} {self._word(terms.DECISIONS, body.reason)}（{self._person(body.decided_by)}）"

    def _person(self, number: str) -> str:
        name = self.names.get(number)
        return number if name is None else f"{number}（{name}）"

    def _word(self, words: Mapping[str, str], key: str) -> str:
        """Return the word for a key; a key of a later version stands for itself."""
        return wording.words_in(self.language).gettext(words[key]) if key in words else key

    def _time(self, at: Bounds) -> str:
        return f"{self._local(at):%Y-%m-%d %H:%M}"

    def _day(self, envelope: Envelope) -> str:
        return self._at(envelope.stamp.wall_ms).date().isoformat()

    def _local(self, at: Bounds) -> datetime:
        return self._at(at.est_ms)

    def _at(self, ms: int) -> datetime:
        return datetime.fromtimestamp(min(max(ms, 0), LAST_MS) / 1000, UTC).astimezone(self.zone)


def fingerprint_of(session: Session) -> str:
    """Return what tells whether a target knows a duty as it stands: SHA-256, hex, of all that a line says of it."""
    own = (
        session.id,
        session.volunteer,
        session.service,
        session.service_point,
        session.team,
        session.state,
        session.provenance,
        session.started.est_ms // MS_PER_MIN,
        session.ended and session.ended.est_ms // MS_PER_MIN,
        session.original_ns // NS_PER_MIN,
        session.credited_minutes,
        session.rule,
        sorted(session.tallies.items()),
        session.rating,
    )
    return hashlib.sha256(msgspec.json.encode(own, order="sorted")).hexdigest()


def people_in(histories: Mapping[str, Sequence[Envelope]]) -> frozenset[str]:
    """Return the numbers of those who entered, confirmed, rated or corrected something."""
    names = ("entered_by", "confirmed_by", "voided_by", "decided_by", "rated_by")
    said = (body for history in histories.values() for _, body in _bodies(history))
    return frozenset(str(by) for body in said for name in names if (by := getattr(body, name, None)))


def _bodies(history: Sequence[Envelope]) -> list[tuple[Envelope, Body]]:
    found = []
    for envelope in history:
        try:
            body = open_body(envelope)
        except ProtocolError:
            continue
        if body is not None:
            found.append((envelope, body))
    return found


def _last(bodies: Sequence[tuple[Envelope, Body]], kind: type[B]) -> tuple[Envelope, B] | None:
    return next(((envelope, body) for envelope, body in reversed(bodies) if isinstance(body, kind)), None)
