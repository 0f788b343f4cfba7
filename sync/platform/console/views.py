"""What a page shows of sessions, as plain values: grouped, added up and in words, so that templates only place them.

Upstream: ``records``, ``wording``, ``reader``.
Downstream: ``pages``, the templates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from sync.platform import terms, wording
from sync.platform.console.reader import Reader
from sync.platform.records import Entry, Faces, LedgerPage, Total
from sync.protocol.judgements import Rating
from sync.protocol.sessions import COUNTING, DECIDED, DRILL, PAID, Session
from sync.protocol.vocabulary import BoundsQuality, Matter, Provenance, SessionState
from sync.protocol.working_days import Countdown, countdown

NO_BREAK = "\u00a0"
MOST_STARS = 200  # star applications counted for the first page
UNANNOUNCED = wording.marked(" (holidays not announced yet)")


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a total came about in one way."""

    provenance: str
    word: str
    sessions: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures above the ledger: what counts by provenance, and apart from it what does not.

    Attributes:
        minutes: every minute once; ``waiting`` are those of them that a captain has not confirmed yet.
        doubled: minutes recorded at two places at once, which count once.
    """

    minutes: int
    sessions: int
    shares: tuple[Share, ...]
    on_duty: int
    provisional: int
    withdrawn: int
    waiting: int = 0
    doubled: int = 0
    drill: int = 0
    paid: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person said of a session's worth: quality, effects and counts, in words."""

    quality: str
    quality_word: str
    effects: tuple[str, ...]


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
    id: str
    rating: Judged | None
    waits_for: tuple[str, ...]
    countdown: str
    is_overdue: bool
    faces: Faces | None
    is_overlapping: bool


@dataclass(frozen=True, slots=True)
class Day:
    """The sessions that began on one local day."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside sessions on a page: the local date today, faces by session, and who was at two places."""

    today: date
    faces: Mapping[str, Faces] = field(default_factory=dict)
    overlapping: frozenset[str] = frozenset()


def days_of(entries: Iterable[Entry], beside: Beside, reader: Reader) -> tuple[Day, ...]:
    """Return the lines of a page under the local day of their start."""
    grouped = groupby(entries, key=lambda entry: reader.day_of(entry.session.started.est_ms))
    return tuple(
        Day(reader.day_title(day), tuple(line_of(entry, day, beside, reader) for entry in lines))
        for day, lines in grouped
    )


def line_of(entry: Entry, day: date, beside: Beside, reader: Reader) -> Line:
    """Return one session as it stands under its day."""
    session = entry.session
    shown_end = session.ended is not None and session.provenance is not Provenance.ONE_SCAN_AUTO
    left = _left(session, beside.today, reader)
    waits_for = (reader.word(terms.MATTERS, matter) for matter in Matter if matter in session.matters)
    return Line(
        volunteer=session.volunteer,
        name=entry.name,
        begins=reader.clock(session.started.est_ms, day),
        ends=reader.clock(session.ended.est_ms, day) if shown_end and session.ended else None,
        is_begin_exact=session.started.quality is not BoundsQuality.CLAMPED,
        minutes=session.credited_minutes,
        rule=session.rule,
        counts=session.state in COUNTING and apart_of(session) is None,
        service=reader.word(wording.SERVICES, session.service),
        tallies=counted(session.tallies, reader),
        provenance=session.provenance,
        provenance_word=reader.word(wording.PROVENANCES, session.provenance),
        state=session.state,
        state_word=reader.word(wording.STATES, session.state),
        remarks=tuple(reader.word(wording.FLAGS, flag) for flag in sorted(session.flags)),
        service_point=entry.service_point_name or session.service_point,
        awaits_rating=session.rating is None and session.state is not SessionState.VOID and apart_of(session) is None,
        id=session.id,
        rating=judged_of(session.rating, reader) if session.rating else None,
        waits_for=tuple(waits_for),
        countdown=_countdown_words(left, reader) if left else "",
        is_overdue=left is not None and left.is_overdue,
        faces=beside.faces.get(session.id),
        is_overlapping=session.id in beside.overlapping,
    )


def apart_of(session: Session) -> str | None:
    """Return what keeps a session out of every total, ``drill`` or ``paid``, or None."""
    return next((flag for flag in (DRILL, PAID) if flag in session.flags), None)


def counted(counts: Mapping[str, int], reader: Reader) -> tuple[str, ...]:
    """Return counts in words, those of nothing left out."""
    named = ((reader.word(wording.TALLIES, kind), count) for kind, count in sorted(counts.items()))
    return tuple(f"{word}{NO_BREAK}{count}" for word, count in named if count)


def judged_of(rating: Rating, reader: Reader) -> Judged:
    """Return a captain's rating in words."""
    effects = (reader.word(terms.EFFECTS, effect) for effect in rating.effects)
    word = reader.word(terms.QUALITIES, rating.quality)
    return Judged(rating.quality, word, (*effects, *counted(rating.counts, reader)))


def _left(session: Session, today: date, reader: Reader) -> Countdown | None:
    """Return the working days left to complete a record, or None where nothing counts down."""
    if not session.matters or session.ended is None:
        return None
    return countdown(reader.day_of(session.ended.est_ms), today)


def _countdown_words(left: Countdown, reader: Reader) -> str:
    days = abs(left.days_left)
    if left.is_overdue:
        words = reader.ngettext("%(num)s working day overdue", "%(num)s working days overdue", days)
    else:
        words = reader.ngettext("%(num)s working day left", "%(num)s working days left", days)
    return words if left.announced else f"{words}{reader.say(UNANNOUNCED)}"


def summary_of(page: LedgerPage, reader: Reader) -> Summary:
    """Return the figures of a selection; only what counts is added up, everything else stands apart."""
    lasting = [total for total in page.totals if total.apart is None]
    counting = [total for total in lasting if total.state in COUNTING]
    shares = tuple(
        _share_of(provenance, [total for total in counting if total.provenance == provenance], reader)
        for provenance in Provenance
        if any(total.provenance == provenance for total in counting)
    )

    def count(state: SessionState) -> int:
        return sum(total.sessions for total in lasting if total.state == state)

    def apart(word: str) -> int:
        return sum(total.sessions for total in page.totals if total.apart == word)

    return Summary(
        minutes=sum(share.minutes for share in shares),
        sessions=sum(share.sessions for share in shares),
        shares=shares,
        on_duty=count(SessionState.OPEN),
        provisional=count(SessionState.PROVISIONAL),
        withdrawn=count(SessionState.VOID),
        waiting=sum(total.credited_minutes for total in counting if total.state not in DECIDED),
        doubled=page.doubled_minutes,
        drill=apart(DRILL),
        paid=apart(PAID),
    )


def _share_of(provenance: Provenance, totals: Sequence[Total], reader: Reader) -> Share:
    sessions, minutes = (
        sum(figures) for figures in zip(*((t.sessions, t.credited_minutes) for t in totals), strict=True)
    )
    return Share(provenance, reader.word(wording.PROVENANCES, provenance), sessions, minutes)
