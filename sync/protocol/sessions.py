"""From events to duty sessions: the fold that the booth and every platform share, so that they cannot disagree.

Upstream: ``envelope``, ``events``, ``verdicts``, ``timeline``, ``crediting``.
Downstream: ``kiosk.store`` (its projection), ``sync.platform.ingest``.

Nobody sends a state; a session is what its events say. :data:`TRANSITIONS` is the whole state machine, and the diagram
in docs/ARCHITECTURE.md is drawn from it::

    (no session) ── check_in ──▶ open ── check_out ──▶ closed ── confirmation ──▶ confirmed
                                  ├── auto_close ──▶ provisional ── statement, and its confirmation ──▶ confirmed
    (no session) ── captain_entry ──▶ provisional ── confirmation by a second person ──▶ confirmed
    any ── amendment that holds ──▶ amended;   any ── void that holds ──▶ void
    an undo takes the scan it names out of the history; without its check-in a session is void

Facts are replayed first, in the order of their stream; what persons say of them comes after (``verdicts``), so that no
order of arrival, and no second device or console that speaks of the session, changes what it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from sync.protocol.crediting import LUOYANG_1, CreditRule, credited_from_ms, credited_minutes, is_over_cap
from sync.protocol.envelope import Envelope, open_body
from sync.protocol.events import AutoClose, Body, CheckIn, CheckOut, Choice, Presented, Shift, Tally, Undo
from sync.protocol.judgements import Amendment, CaptainEntry, Rating, Statement
from sync.protocol.timeline import NS_PER_MS, Bounds, Span, TimeLog, apart, elapsed, locate
from sync.protocol.verdicts import Verdicts, weigh
from sync.protocol.vocabulary import BoundsQuality, EventKind, Matter, Provenance, SessionState, StatementAnswer, Trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.protocol.envelope import Stamp


_DECIDABLE = (SessionState.OPEN, SessionState.CLOSED, SessionState.PROVISIONAL, SessionState.CONFIRMED)
TRANSITIONS: Mapping[tuple[SessionState | None, str], SessionState] = MappingProxyType(
    {
        (None, EventKind.CHECK_IN.value): SessionState.OPEN,
        (SessionState.OPEN, EventKind.CHECK_OUT.value): SessionState.CLOSED,
        (SessionState.OPEN, EventKind.AUTO_CLOSE.value): SessionState.PROVISIONAL,
        (None, EventKind.CAPTAIN_ENTRY.value): SessionState.PROVISIONAL,
        (SessionState.CLOSED, EventKind.CONFIRMATION.value): SessionState.CONFIRMED,
        (SessionState.PROVISIONAL, EventKind.CONFIRMATION.value): SessionState.CONFIRMED,
        **{(state, EventKind.AMENDMENT.value): SessionState.AMENDED for state in _DECIDABLE},
        **{(state, EventKind.VOID.value): SessionState.VOID for state in (*_DECIDABLE, SessionState.AMENDED)},
    }
)
OPENINGS = frozenset(kind for state, kind in TRANSITIONS if state is None)
DATED = frozenset({EventKind.CHECK_IN.value, EventKind.CHECK_OUT.value})  # their stamps say when; of others bodies do
COUNTING = frozenset({SessionState.CLOSED, SessionState.CONFIRMED, SessionState.AMENDED})
DECIDED = frozenset({SessionState.CONFIRMED, SessionState.AMENDED})
WIDE_NS = 5 * 60 * 1_000_000_000  # a duration known less exactly than this is flagged (clock.md)

OVER_CAP = "over_cap"
WIDE_DURATION = "wide_duration"
CLOCK_CLAMPED = "clock_clamped"
VALIDITY_UNCHECKED = "validity_unchecked"
TYPED = "typed"
LISTED = "listed"
PAID = "paid"
DRILL = "drill"
GROUP = "group"
BEYOND_SHIFT = "beyond_shift"
COUNTING_NOTHING = frozenset({PAID, DRILL})
UNKNOWN_TIME = TimeLog()
NO_CERTIFICATE = Presented("none", "none", "none")  # of hours that a person entered


@dataclass(frozen=True, slots=True)
class Session:
    """服务记录: one stay of one volunteer at one service point for one service kind.

    Attributes:
        started, ended: bounds of the true instants; ``ended`` is None while open, and for a session that the rules
            closed it is the limit that passed. Of an amended session they are what the amendment says.
        original_ns: what the events say, the lower end where it is an interval; 0 where no end was shown.
        credited_minutes: whole minutes that count, 0 unless its state is one of :data:`COUNTING`; ``rule`` is the id
            of the rule that gave them.
        tallies: counts by tally kind.
        flags: words for what a person should look at (``over_cap``, ``wide_duration``, ``clock_clamped`` …), and what
            sets it apart (``paid``, ``drill``, ``group``).
        ended_by: id of the event that ended it and still stands, or None.
        matters: what it waits for a person to do.
        stated_end_ms: what the volunteer says of the end, UTC ms, or None.
        rating: the captain's rating that holds, or None.
    """

    id: str
    volunteer: str
    certificate: Presented
    service_point: str
    service: str
    team: str | None
    shift: Shift | None
    state: SessionState
    provenance: Provenance
    started: Bounds
    ended: Bounds | None
    original_ns: int
    credited_minutes: int
    rule: str
    tallies: Mapping[str, int] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    ended_by: str | None = field(default=None, compare=False)  # not kept in the platform's rows
    matters: frozenset[Matter] = frozenset()
    stated_end_ms: int | None = None
    rating: Rating | None = None

    @property
    def is_complete(self) -> bool:
        """Whether it is confirmed and rated; until then the working days count down (REQ 2.6a, 2.6b)."""
        return self.state in DECIDED and self.rating is not None

    @property
    def counts_from_ms(self) -> int:
        """Where the credited time begins, UTC ms: the start, or the earliest that its shift lets count."""
        return credited_from_ms(self.started.est_ms, self.counting_shift)

    @property
    def counting_shift(self) -> Shift | None:
        """The shift that limits what counts; none limits hours that two persons stand for."""
        return None if self.provenance is Provenance.CORRECTION else self.shift


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the device recorded of one session, before any person judges it."""

    opening: Envelope
    begin: CheckIn | CaptainEntry
    state: SessionState | None = None
    end: tuple[Envelope, CheckOut | AutoClose] | None = None
    service: str = ""
    tallies: Mapping[str, int] = field(default_factory=dict)


def session_id_of(envelope: Envelope) -> str | None:
    """Return the id of the session an event belongs to, or None."""
    session = envelope.body.get("session")
    return session if isinstance(session, str) else None


def dated(events: Iterable[Envelope]) -> list[Envelope]:
    """Return those of some events whose stamps a fold may place in time; of all others it asks no clock."""
    return [envelope for envelope in events if envelope.kind in DATED]


def time_between(begin: Envelope, end: Stamp, stream: str, logs: Mapping[str, TimeLog]) -> Span:
    """Return the time from an event to a stamp of a stream.

    Numbers of boots order nothing unless one file counted both: those of two devices are never compared.
    """
    log = logs.get(stream, UNKNOWN_TIME)
    if stream == begin.stream or end.boot_id == begin.stamp.boot_id or log.knows(begin.stamp):
        return elapsed(begin.stamp, end, log)
    return apart(_placed(begin, logs), locate(end, log))


def fold(events: Iterable[Envelope], logs: Mapping[str, TimeLog], rule: CreditRule = LUOYANG_1) -> Session | None:
    """Return the session that the events of one session id describe, in whatever order they arrived.

    Args:
        events: every known event that names this session; other kinds and unknown kinds are passed over.
        logs: what is known of time, by stream: each event is placed by the log of its own, of any device.
        rule: the crediting rule.

    Returns:
        The session, or None while the event it begins with has not arrived.
    """
    history = _read(events)
    if history is None:
        return None
    facts, standing = history
    return _judged(_recorded(facts, logs, rule), facts, _weighed(facts, standing), rule)


def as_recorded(
    events: Iterable[Envelope], logs: Mapping[str, TimeLog], rule: CreditRule = LUOYANG_1
) -> Session | None:
    """Return the original: the same session before any person judged it, with nothing credited; see :func:`fold`."""
    history = _read(events)
    return None if history is None else _recorded(history[0], logs, rule)


def judged_in(events: Iterable[Envelope]) -> Verdicts:
    """Return what holds of the judgements among the events of one session, as :func:`fold` weighs them."""
    history = _read(events)
    return Verdicts() if history is None else _weighed(*history)


def _weighed(facts: _Facts, standing: list[tuple[Envelope, Body]]) -> Verdicts:
    entered, scanned = isinstance(facts.begin, CaptainEntry), None if facts.end is None else facts.end[0].id
    return weigh(standing, facts.begin.volunteer, facts.opening.id if entered else scanned)


def _read(events: Iterable[Envelope]) -> tuple[_Facts, list[tuple[Envelope, Body]]] | None:
    """Return the facts of a session and all its standing events in a fixed order, or None without a beginning."""
    known = {envelope.id: envelope for envelope in events}.values()
    ordered = sorted(known, key=lambda envelope: (envelope.stream, envelope.seq, envelope.id))
    bodies = [(envelope, body) for envelope in ordered if (body := open_body(envelope)) is not None]
    begin = next(((each, body) for each, body in bodies if isinstance(body, CheckIn | CaptainEntry)), None)
    if begin is None:
        return None
    bodies.sort(key=lambda each: each[0].stream != begin[0].stream)  # the device that opened it speaks first
    scans = {envelope.id for envelope, body in bodies if isinstance(body, CheckIn | CheckOut)}
    undone = scans & {body.of for _, body in bodies if isinstance(body, Undo)}
    standing = [(envelope, body) for envelope, body in bodies if envelope.id not in undone]
    return _replay(_Facts(*begin, service=begin[1].service), standing), standing


def _replay(facts: _Facts, standing: list[tuple[Envelope, Body]]) -> _Facts:
    """Replay what devices recorded; judgements are not facts."""
    for envelope, body in standing:
        if isinstance(body, Choice):
            facts = replace(facts, service=body.service)
        elif isinstance(body, Tally):
            facts = replace(facts, tallies=dict(body.counts))
        elif envelope.id == facts.opening.id:
            facts = replace(facts, state=TRANSITIONS[None, envelope.kind])
        elif isinstance(body, CheckOut | AutoClose) and (facts.state, envelope.kind) in TRANSITIONS:
            facts = replace(facts, state=TRANSITIONS[facts.state, envelope.kind], end=(envelope, body))
    return facts


def _recorded(facts: _Facts, logs: Mapping[str, TimeLog], rule: CreditRule) -> Session:
    """Return the session as recorded, nothing credited yet."""
    if isinstance(facts.begin, CaptainEntry):
        return _entered(facts.begin, facts.state, rule)
    begin, started = facts.begin, _placed(facts.opening, logs)
    ended, span, provenance = _ending(facts, begin, logs)
    flags = _flags(begin, facts, started, span, rule)
    over = facts.state is SessionState.CLOSED and OVER_CAP in flags
    return Session(
        id=begin.session,
        volunteer=begin.volunteer,
        certificate=begin.certificate,
        service_point=begin.service_point,
        service=facts.service,
        team=begin.team,
        shift=begin.shift,
        state=SessionState.PROVISIONAL if over else facts.state or SessionState.VOID,
        provenance=provenance,
        started=started,
        ended=ended,
        original_ns=span.lo_ns,
        credited_minutes=0,
        rule=rule.id,
        tallies=facts.tallies,
        flags=flags,
        ended_by=None if facts.end is None else facts.end[0].id,
    )


def _entered(entry: CaptainEntry, state: SessionState | None, rule: CreditRule) -> Session:
    original_ns = max(0, entry.ends_ms - entry.starts_ms) * NS_PER_MS
    return Session(
        id=entry.session,
        volunteer=entry.volunteer,
        certificate=NO_CERTIFICATE,
        service_point=entry.service_point,
        service=entry.service,
        team=entry.team,
        shift=None,
        state=state or SessionState.VOID,
        provenance=Provenance.CAPTAIN_ENTRY,
        started=_said(entry.starts_ms),
        ended=_said(entry.ends_ms),
        original_ns=original_ns,
        credited_minutes=0,
        rule=rule.id,
        flags=frozenset({OVER_CAP}) if is_over_cap(original_ns, rule) else frozenset(),
    )


def _ending(facts: _Facts, begin: CheckIn, logs: Mapping[str, TimeLog]) -> tuple[Bounds | None, Span, Provenance]:
    typed = any(each.trust is Trust.TYPED for each in _presented(begin, facts))
    if facts.end is None:
        return None, Span(0, 0), Provenance.TYPED if typed else Provenance.ONE_SCAN
    envelope, body = facts.end
    if isinstance(body, AutoClose):
        limit = Bounds(body.at_ms, body.at_ms, body.at_ms, BoundsQuality.CLAMPED)
        return limit, Span(0, 0), Provenance.ONE_SCAN_AUTO
    span = time_between(facts.opening, envelope.stamp, envelope.stream, logs)
    return _placed(envelope, logs), span, Provenance.TYPED if typed else Provenance.TWO_SCANS


def _placed(envelope: Envelope, logs: Mapping[str, TimeLog]) -> Bounds:
    return locate(envelope.stamp, logs.get(envelope.stream, UNKNOWN_TIME))


def _presented(begin: CheckIn, facts: _Facts) -> list[Presented]:
    shown = [begin.certificate]
    if facts.end is not None and isinstance(facts.end[1], CheckOut):
        shown.append(facts.end[1].certificate)
    return shown


def _flags(begin: CheckIn, facts: _Facts, started: Bounds, span: Span, rule: CreditRule) -> frozenset[str]:
    shown = _presented(begin, facts)
    raised = {
        OVER_CAP: is_over_cap(span.lo_ns, rule),
        WIDE_DURATION: span.hi_ns - span.lo_ns > WIDE_NS,
        CLOCK_CLAMPED: started.quality is BoundsQuality.CLAMPED,
        VALIDITY_UNCHECKED: shown[0].validity_unchecked,
        TYPED: any(each.trust is Trust.TYPED for each in shown),
        LISTED: any(each.trust is Trust.LISTED for each in shown),
        PAID: begin.paid,
        DRILL: begin.drill,
        GROUP: begin.group is not None,
    }
    return frozenset(flag for flag, up in raised.items() if up)


def _judged(session: Session, facts: _Facts, verdicts: Verdicts, rule: CreditRule) -> Session:
    """Return the session with every judgement that holds, and what it counts."""
    if session.state is SessionState.VOID:
        return session
    ended_itself = facts.end is not None and isinstance(facts.end[1], AutoClose)
    if verdicts.statement is not None and ended_itself:
        session = _with_statement(session, verdicts.statement, rule, confirmed=verdicts.stated)
    if verdicts.confirmed and not ended_itself:
        session = _moved(session, EventKind.CONFIRMATION)
    if verdicts.beyond_shift and session.state is SessionState.CONFIRMED:
        session = replace(session, flags=session.flags | {BEYOND_SHIFT})
    for amendment in verdicts.amendments:
        session = _amended(session, amendment, rule)
    counts = session.state in COUNTING and not session.flags & COUNTING_NOTHING
    if verdicts.voided or (verdicts.withdrawing and not counts):
        session = _moved(session, EventKind.VOID)
    matters, minutes = _matters(session, verdicts), _credited(session, rule)
    return replace(session, rating=verdicts.rating, credited_minutes=minutes, matters=matters)


def _moved(session: Session, kind: EventKind) -> Session:
    state = TRANSITIONS.get((session.state, kind.value), session.state)
    return session if state is session.state else replace(session, state=state)


def _with_statement(session: Session, said: Statement, rule: CreditRule, *, confirmed: bool) -> Session:
    lasts_ms = _stated_ms(session, said)
    ends_ms = session.started.est_ms + lasts_ms if lasts_ms else said.ends_ms
    session = replace(session, stated_end_ms=ends_ms)
    if not confirmed:
        return session
    ended = replace(session, provenance=Provenance.ONE_SCAN_STATED, ended=_said(ends_ms))
    return _moved(_lasting(ended, lasts_ms * NS_PER_MS, rule), EventKind.CONFIRMATION)


def _stated_ms(session: Session, said: Statement) -> int:
    """Return how long a duty lasted by the volunteer's word: the length that was meant, or up to the instant meant."""
    clamped = session.started.quality is BoundsQuality.CLAMPED
    if said.lasts_ms is not None and (clamped or said.answer is StatementAnswer.OTHER_TIME):
        return said.lasts_ms
    return 0 if clamped else max(0, said.ends_ms - session.started.est_ms)


def _amended(session: Session, amendment: Amendment, rule: CreditRule) -> Session:
    """Apply one amendment.

    Another service kind is no word on the hours: what was open or provisional stays so. Nor is a start without an end,
    where nobody knows when the duty ended.
    """
    session = replace(session, service=amendment.service or session.service)
    if amendment.starts_ms is None and amendment.ends_ms is None:
        return _moved(session, EventKind.AMENDMENT) if session.state in COUNTING else session
    started = session.started if amendment.starts_ms is None else _said(amendment.starts_ms)
    ended = session.ended if amendment.ends_ms is None else _said(amendment.ends_ms)
    if ended is None or (session.provenance is Provenance.ONE_SCAN_AUTO and amendment.ends_ms is None):
        return replace(session, started=started)
    lasted_ns = max(0, ended.est_ms - started.est_ms) * NS_PER_MS
    flags = session.flags - {WIDE_DURATION, CLOCK_CLAMPED}
    changed = replace(session, started=started, ended=ended, provenance=Provenance.CORRECTION, flags=flags)
    return _moved(_lasting(changed, lasted_ns, rule), EventKind.AMENDMENT)


def _lasting(session: Session, lasted_ns: int, rule: CreditRule) -> Session:
    over = frozenset({OVER_CAP}) if is_over_cap(lasted_ns, rule) else frozenset()
    return replace(session, original_ns=lasted_ns, flags=session.flags - {OVER_CAP} | over)


def _credited(session: Session, rule: CreditRule) -> int:
    if session.state not in COUNTING or session.flags & COUNTING_NOTHING:
        return 0
    start_ms, shift = session.started.est_ms, session.counting_shift
    beyond = BEYOND_SHIFT in session.flags
    return credited_minutes(start_ms, session.original_ns, shift, rule, beyond_shift=beyond)


def _matters(session: Session, verdicts: Verdicts) -> frozenset[Matter]:
    entry = session.provenance is Provenance.CAPTAIN_ENTRY
    unsaid = session.state is SessionState.PROVISIONAL and session.provenance is Provenance.ONE_SCAN_AUTO
    unsaid = unsaid and session.stated_end_ms is None
    raised = {
        Matter.END_UNKNOWN: unsaid,
        Matter.CONFIRM: session.state not in DECIDED and not entry and not unsaid,
        Matter.SECOND_PERSON: entry and session.state not in DECIDED,
        Matter.RATE: verdicts.rating is None and session.state is not SessionState.PROVISIONAL,
    }
    if session.state in {SessionState.OPEN, SessionState.VOID} or session.flags & COUNTING_NOTHING:
        raised = {}
    if session.state is not SessionState.VOID and (verdicts.proposed or verdicts.withdrawing):
        raised[Matter.SECOND_PERSON] = True
    raised[Matter.OBJECTION] = bool(verdicts.objections)
    return frozenset(matter for matter, up in raised.items() if up)


def _said(ms: int) -> Bounds:
    return Bounds(ms, ms, ms, BoundsQuality.STATED)
