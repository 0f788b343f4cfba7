"""What stands in each column of the 台账 (REQ 2.6a, 2.6b; 令67 Art 7, 民函〔2012〕340号), as plain values. Pure.

Upstream: ``kiosk.usecases.export_ports``, ``kiosk.presenter.phrases``.
Downstream: the writers of each format.

Everything that a person reads is Chinese, as the ledgers of a station are; the heading says it in English too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from kiosk.timekeeping.moment import instant_of
from sync.protocol.envelope import open_body
from sync.protocol.judgements import Amendment, CaptainEntry, Confirmation, Decision, Objection, Rating, Statement, Void
from sync.protocol.sessions import COUNTING_NOTHING, GROUP
from sync.protocol.vocabulary import SessionState
from sync.protocol.working_days import countdown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from kiosk.presenter.phrases import Phrases
    from kiosk.usecases.export_ports import LedgerEntry, Sheet
    from sync.protocol.envelope import Envelope
    from sync.protocol.events import Body
    from sync.protocol.sessions import Session
    from sync.protocol.timeline import Bounds

B = TypeVar("B", bound="Body")
NS_PER_MIN = 60_000_000_000
COLUMNS = (
    "record",
    "volunteer",
    "name",
    "service",
    "date",
    "place",
    "content",
    "started",
    "ended",
    "original",
    "credited",
    "rule",
    "team",
    "in_charge",
    "recorded_by",
    "recipients",
    "effect",
    "quality",
    "quality_by",
    "state",
    "corrections",
    "complete",
)
NUMBERS = frozenset({"original", "credited"})  # minutes; everything else is text
Cell = str | int | None
_countdown = lru_cache(maxsize=4096)(countdown)  # the calendar is asked day by day; a ledger has many lines a day
Row = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Tabulator:
    """Makes rows of entries; ``zone`` is the station's."""

    words: Phrases
    english: Phrases
    zone: tzinfo
    sheet: Sheet

    def headings(self) -> list[str]:
        """Return the headings in Chinese."""
        return [self.words.of("ledger_column", column) for column in COLUMNS]

    def english_headings(self) -> list[str]:
        """Return the headings in English."""
        return [self.english.of("ledger_column", column) for column in COLUMNS]

    def row(self, entry: LedgerEntry) -> Row:
        """Return the cells of one session, by column."""
        session, events = entry.history.session, entry.history.events
        rated = _last(events, Rating)
        return {
            "record": session.id,
            "volunteer": session.volunteer,
            "name": entry.name,
            "service": self.words.name_of("service", session.service),
            "date": self._date(session.started),
            "place": self.sheet.place,
            "content": self._content(session),
            "started": self._time(session.started, session),
            "ended": self._time(session.ended, session),
            "original": entry.history.original.original_ns // NS_PER_MIN,
            "credited": session.credited_minutes,
            "rule": session.rule,
            "team": session.team or "",
            "in_charge": self._in_charge(events),
            "recorded_by": self._recorded_by(session, events),
            "recipients": "",  # category only, and none is asked for at the kiosk yet
            "effect": self._effect(session),
            "quality": "" if session.rating is None else self.words.of("quality", session.rating.quality.value),
            "quality_by": "" if session.rating is None or rated is None else self._by(*rated),
            "state": self._state(session),
            "corrections": "；".join(self._corrections(entry)),
            "complete": self._complete(session),
        }

    def person(self, number: str) -> str:
        """Return an operator by number and, where the station knows it, name."""
        name = self.sheet.names.get(number)
        return number if name is None else f"{name}（{number}）"

    def _content(self, session: Session) -> str:
        counts = (
            f"{self.words.name_of('tally', kind)} {count}" for kind, count in sorted(session.tallies.items()) if count
        )
        parts = [self.words.name_of("service", session.service), *counts]
        if GROUP in session.flags:
            parts.append(self.words.say("ledger_note.group"))
        return "，".join(parts)

    def _effect(self, session: Session) -> str:
        if session.rating is None:
            return ""
        words = [self.words.of("effect", effect.value) for effect in session.rating.effects]
        counts = sorted(session.rating.counts.items())
        return "，".join([*words, *(f"{self.words.name_of('tally', kind)} {count}" for kind, count in counts)])

    def _in_charge(self, events: Sequence[Envelope]) -> str:
        confirmed = _last(events, Confirmation)
        return "" if confirmed is None else self.person(confirmed[1].confirmed_by)

    def _recorded_by(self, session: Session, events: Sequence[Envelope]) -> str:
        how = self.words.of("provenance", session.provenance.value)
        entered = _last(events, CaptainEntry)
        return how if entered is None else f"{how}：{self.person(entered[1].entered_by)}"

    def _by(self, envelope: Envelope, rating: Rating) -> str:
        on = instant_of(envelope.stamp.wall_ms).astimezone(self.zone).date()
        return self.words.say("ledger_note.rated", who=self.person(rating.rated_by), on=on.isoformat())

    def _state(self, session: Session) -> str:
        state = self.words.of("state", session.state.value)
        apart = [self.words.of("ledger_note", flag) for flag in sorted(session.flags & COUNTING_NOTHING)]
        return "，".join([state, *apart])

    def _corrections(self, entry: LedgerEntry) -> Iterator[str]:
        """Yield the original where it differs, and everything that persons said of it, in order."""
        session, original = entry.history.session, entry.history.original
        if (session.started, session.ended, session.service) != (original.started, original.ended, original.service):
            begin, end = self._time(original.started, original), self._time(original.ended, original)
            service = self.words.name_of("service", original.service)
            yield self.words.say("ledger_note.original", begin=begin or "—", end=end or "—", service=service)
        for envelope in entry.history.events:
            said = self._said(open_body(envelope))
            if said:
                on = instant_of(envelope.stamp.wall_ms).astimezone(self.zone).date()
                yield f"{on.isoformat()} {said}"

    def _said(self, body: object) -> str:
        words = self.words
        match body:
            case Amendment():
                why = words.of("amendment_reason", body.reason.value)
                return words.say("ledger_note.amended", why=why, who=self.person(body.entered_by))
            case Void():
                why = words.of("void_reason", body.reason.value)
                return words.say("ledger_note.voided", why=why, who=self.person(body.voided_by))
            case Objection():
                return words.say("ledger_note.objected", why=words.of("objection_reason", body.reason.value))
            case Decision():
                why = words.of("decision_reason", body.reason.value)
                return words.of(
                    "ledger_note", "upheld" if body.upheld else "rejected", why=why, who=self.person(body.decided_by)
                )
            case Statement():
                at = instant_of(body.ends_ms).astimezone(self.zone)
                return words.say("ledger_note.stated", at=f"{at:%H:%M}")
            case _:
                return ""

    def _complete(self, session: Session) -> str:
        if session.is_complete:
            return self.words.say("ledger_note.complete")
        if session.ended is None or session.state is SessionState.VOID or session.flags & COUNTING_NOTHING:
            return ""
        ended_on = instant_of(session.ended.est_ms).astimezone(self.zone).date()
        left = _countdown(ended_on, self.sheet.made_at.astimezone(self.zone).date())
        part = "overdue" if left.is_overdue else "days_left"
        return self.words.of("ledger_note", part, days=abs(left.days_left))

    def _date(self, at: Bounds) -> str:
        return instant_of(at.est_ms).astimezone(self.zone).date().isoformat()

    def _time(self, at: Bounds | None, session: Session) -> str:
        """Return a time of day; with its date where that is not the date of the start."""
        if at is None:
            return ""
        local = instant_of(at.est_ms).astimezone(self.zone)
        same = local.date().isoformat() == self._date(session.started)
        return f"{local:%H:%M}" if same else f"{local:%Y-%m-%d %H:%M}"


def _last(events: Sequence[Envelope], kind: type[B]) -> tuple[Envelope, B] | None:
    for envelope in reversed(events):
        body = open_body(envelope)
        if isinstance(body, kind):
            return envelope, body
    return None
