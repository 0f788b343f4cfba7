"""What a page shows, as plain values: grouped, added up and put into words, so that templates only place them.

Upstream: ``records``, ``wording``, Babel (dates).
Downstream: ``pages``, the templates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_timedelta

from sync.platform import wording
from sync.platform.records import AlarmCount, DeviceStanding, Entry, LedgerPage, Quarantined, Total
from sync.protocol.vocabulary import BoundsQuality, Provenance, SessionState

FRESH_MS = 60 * 60 * 1000  # a device heard of within the hour is in contact
QUIET_MS = 24 * 60 * 60 * 1000
NO_BREAK = "\u00a0"
LAST_SHOWN_MS = 253_402_300_799_000 - 86_400_000  # the last day a calendar has


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a total came about in one way."""

    provenance: str
    word: str
    sessions: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures above the ledger: what counts by provenance, and apart from it what does not."""

    minutes: int
    sessions: int
    shares: tuple[Share, ...]
    on_duty: int
    provisional: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class Line:
    """One session as it stands on the page; words are in the reader's language, times local."""

    volunteer: str
    name: str | None
    begins: str
    ends: str | None
    is_begin_exact: bool
    minutes: int
    rule: str
    counts: bool
    service: str
    tallies: tuple[str, ...]
    provenance: str
    provenance_word: str
    state: str
    state_word: str
    remarks: tuple[str, ...]
    service_point: str
    awaits_rating: bool


@dataclass(frozen=True, slots=True)
class Day:
    """The sessions that began on one local day."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One device as it stands on the page; ``contact`` is fresh, quiet, silent, never or revoked."""

    name: str
    id: str
    service_point: str
    contact: str
    contact_word: str
    contact_at: str | None
    events: int
    missing: int
    quarantined: int
    alarms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """One quarantined record: when, whence, why and what to do."""

    received_at: str
    device: str
    event: str
    kind: str
    sentence: str
    detail: str


@dataclass(frozen=True, slots=True)
class Reader:
    """The eyes a page is made for: a language and a time zone."""

    language: str
    zone: ZoneInfo

    def say(self, msgid: str) -> str:
        """Return a text of the catalogue."""
        return wording.words_in(self.language).gettext(msgid)

    def word(self, words: Mapping[str, str], key: str) -> str:
        """Return the word for a key; a key of a later version stands for itself."""
        return self.say(words[key]) if key in words else key

    def day_of(self, ms: int) -> date:
        """Return the local date of a UTC instant."""
        return self._local(ms).date()

    def day_title(self, day: date) -> str:
        """Return a date with its weekday."""
        return format_date(day, "full", locale=self.language)

    def clock(self, ms: int, on: date) -> str:
        """Return local hours and minutes, with the date where it is another than ``on``."""
        local = self._local(ms)
        hours = local.strftime("%H:%M")
        return hours if local.date() == on else f"{local.month}/{local.day} {hours}"

    def moment(self, ms: int) -> str:
        """Return local date and time to the minute."""
        return self._local(ms).strftime("%Y-%m-%d %H:%M")

    def ago(self, ms: int, now_ms: int) -> str:
        """Return how long ago an instant was, in words."""
        delta = self._local(ms) - self._local(now_ms)
        return format_timedelta(delta, add_direction=True, locale=self.language)

    def _local(self, ms: int) -> datetime:
        return datetime.fromtimestamp(min(max(ms, 0), LAST_SHOWN_MS) / 1000, UTC).astimezone(self.zone)


def days_of(page: LedgerPage, reader: Reader) -> tuple[Day, ...]:
    """Return the lines of a page under the local day of their start."""
    grouped = groupby(page.entries, key=lambda entry: reader.day_of(entry.session.started.est_ms))
    return tuple(
        Day(reader.day_title(day), tuple(line_of(entry, day, reader) for entry in lines)) for day, lines in grouped
    )


def line_of(entry: Entry, day: date, reader: Reader) -> Line:
    """Return one session as it stands under its day."""
    session = entry.session
    shown_end = session.ended is not None and session.provenance is not Provenance.ONE_SCAN_AUTO
    tallies = (
        f"{reader.word(wording.TALLIES, kind)}{NO_BREAK}{count}"
        for kind, count in sorted(session.tallies.items())
        if count
    )
    return Line(
        volunteer=session.volunteer,
        name=entry.name,
        begins=reader.clock(session.started.est_ms, day),
        ends=reader.clock(session.ended.est_ms, day) if shown_end and session.ended else None,
        is_begin_exact=session.started.quality is not BoundsQuality.CLAMPED,
        minutes=session.credited_minutes,
        rule=session.rule,
        counts=session.state is SessionState.CLOSED,
        service=reader.word(wording.SERVICES, session.service),
        tallies=tuple(tallies),
        provenance=session.provenance,
        provenance_word=reader.word(wording.PROVENANCES, session.provenance),
        state=session.state,
        state_word=reader.word(wording.STATES, session.state),
        remarks=tuple(reader.word(wording.FLAGS, flag) for flag in sorted(session.flags)),
        service_point=entry.service_point_name or session.service_point,
        awaits_rating=session.state is not SessionState.VOID,
    )


def summary_of(totals: Iterable[Total], reader: Reader) -> Summary:
    """Return the figures of a selection; only ended sessions count, everything else stands apart."""
    all_totals = tuple(totals)
    closed = [total for total in all_totals if total.state == SessionState.CLOSED]
    shares = tuple(
        Share(
            total.provenance, reader.word(wording.PROVENANCES, total.provenance), total.sessions, total.credited_minutes
        )
        for total in closed
    )

    def count(state: SessionState) -> int:
        return sum(total.sessions for total in all_totals if total.state == state)

    return Summary(
        minutes=sum(share.minutes for share in shares),
        sessions=sum(share.sessions for share in shares),
        shares=shares,
        on_duty=count(SessionState.OPEN),
        provisional=count(SessionState.PROVISIONAL),
        withdrawn=count(SessionState.VOID),
    )


def device_line(standing: DeviceStanding, now_ms: int, reader: Reader) -> DeviceLine:
    """Return one device as it stands on the page."""
    device = standing.device
    heard_ms = device.last_contact_ms
    return DeviceLine(
        name=device.name,
        id=device.id,
        service_point=standing.service_point_name,
        contact=_contact(device.revoked_ms, heard_ms, now_ms),
        contact_word=reader.ago(heard_ms, now_ms) if heard_ms is not None else reader.say(wording.marked("Never")),
        contact_at=reader.moment(heard_ms) if heard_ms is not None else None,
        events=standing.events,
        missing=standing.missing,
        quarantined=standing.quarantined,
        alarms=tuple(_alarm_words(standing.alarms, reader)),
    )


def refused_line(refused: Quarantined, reader: Reader) -> RefusedLine:
    """Return one quarantined record as it stands on the page."""
    sentence = reader.word(wording.REFUSALS, refused.refusal)
    at, kind = reader.moment(refused.received_ms), reader.word(wording.KINDS, refused.kind)
    return RefusedLine(at, refused.device_name, refused.event, kind, sentence, refused.detail)


def _contact(revoked_ms: int | None, heard_ms: int | None, now_ms: int) -> str:
    if revoked_ms is not None:
        return "revoked"
    if heard_ms is None:
        return "never"
    if now_ms - heard_ms < FRESH_MS:
        return "fresh"
    return "quiet" if now_ms - heard_ms < QUIET_MS else "silent"


def _alarm_words(alarms: Iterable[AlarmCount], reader: Reader) -> Iterable[str]:
    for alarm in alarms:
        yield f"{reader.word(wording.ALARMS, alarm.word)} ({alarm.times})"
