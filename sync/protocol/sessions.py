"""From events to duty sessions: the fold that the booth and every platform share, so that they cannot disagree.

Upstream: ``envelope``, ``events``, ``timeline``, ``crediting``.
Downstream: ``kiosk.store`` (its projection), ``sync.platform.ingest``.

Nobody sends a state; a session is what its events say. :data:`TRANSITIONS` is the whole state machine, and the diagram
in docs/ARCHITECTURE.md is drawn from it::

    (no session) ── check_in ──▶ open ── check_out ──▶ closed
                                  ├── auto_close ──▶ provisional
    (no session) ── captain_entry ──▶ provisional ── confirmation ──▶ closed    (by a second person)
    an undo takes the event it names out of the history; without its check-in a session is void
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from sync.protocol.crediting import LUOYANG_1, CreditRule, credited_minutes, is_over_cap
from sync.protocol.envelope import Envelope, open_body
from sync.protocol.events import (
    AutoClose,
    Body,
    CaptainEntry,
    CheckIn,
    CheckOut,
    Choice,
    Confirmation,
    Presented,
    Shift,
    Tally,
    Undo,
)
from sync.protocol.timeline import NS_PER_MS, Bounds, Span, elapsed, locate
from sync.protocol.vocabulary import BoundsQuality, EventKind, Provenance, SessionState, Trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sync.protocol.timeline import AnchorPoint

TRANSITIONS: Mapping[tuple[SessionState | None, str], SessionState] = MappingProxyType(
    {
        (None, EventKind.CHECK_IN.value): SessionState.OPEN,
        (SessionState.OPEN, EventKind.CHECK_OUT.value): SessionState.CLOSED,
        (SessionState.OPEN, EventKind.AUTO_CLOSE.value): SessionState.PROVISIONAL,
        (None, EventKind.CAPTAIN_ENTRY.value): SessionState.PROVISIONAL,
        (SessionState.PROVISIONAL, EventKind.CONFIRMATION.value): SessionState.CLOSED,
    }
)
OPENINGS = frozenset(kind for state, kind in TRANSITIONS if state is None)
WIDE_NS = 5 * 60 * 1_000_000_000  # a duration known less exactly than this is flagged (clock.md)

OVER_CAP = "over_cap"
WIDE_DURATION = "wide_duration"
CLOCK_CLAMPED = "clock_clamped"
VALIDITY_UNCHECKED = "validity_unchecked"
TYPED = "typed"
LISTED = "listed"
NO_CERTIFICATE = Presented("none", "none", "none")  # of hours that a person entered


@dataclass(frozen=True, slots=True)
class Session:
    """服务记录: one stay of one volunteer at one service point for one service kind.

    Attributes:
        started, ended: bounds of the true instants; ``ended`` is None while open, and for a session that the rules
            closed it is the limit that passed.
        original_ns: what the events say, the lower end where it is an interval; 0 where no end was shown.
        credited_minutes: whole minutes that count, 0 unless closed; ``rule`` is the id of the rule that gave them.
        tallies: counts by tally kind.
        flags: words for what a person should look at (``over_cap``, ``wide_duration``, ``clock_clamped`` …).
        ended_by: id of the event that ended it and still stands, or None.
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


@dataclass(slots=True)
class _History:
    """The events of one session that still stand, sorted out by what they do."""

    begin: tuple[Envelope, CheckIn]
    state: SessionState | None = None
    end: tuple[Envelope, Body] | None = None
    service: str = ""
    tallies: dict[str, int] = field(default_factory=dict)


def session_id_of(envelope: Envelope) -> str | None:
    """Return the id of the session an event belongs to, or None."""
    session = envelope.body.get("session")
    return session if isinstance(session, str) else None


def fold(events: Iterable[Envelope], anchors: Sequence[AnchorPoint], rule: CreditRule = LUOYANG_1) -> Session | None:
    """Return the session that the events of one session id describe, in whatever order they arrived.

    Args:
        events: every known event that names this session; other kinds and unknown kinds are passed over.
        anchors: the known anchors of the device that recorded it.
        rule: the crediting rule.

    Returns:
        The session, or None while the event it begins with has not arrived.
    """
    ordered = sorted(events, key=lambda envelope: (envelope.stream, envelope.seq))
    bodies = [(envelope, body) for envelope in ordered if (body := open_body(envelope)) is not None]
    begin = next(((envelope, body) for envelope, body in bodies if envelope.kind in OPENINGS), None)
    if begin is None:
        return None
    undone = {body.of for _, body in bodies if isinstance(body, Undo)}
    standing = [(envelope, body) for envelope, body in bodies if envelope.id not in undone]
    if isinstance(begin[1], CaptainEntry):
        return _describe_entry(begin[1], _state_of_entry((begin[0], begin[1]), standing), rule)
    history = _replay((begin[0], cast("CheckIn", begin[1])), standing)
    return _describe(history, anchors, rule)


def _state_of_entry(begin: tuple[Envelope, CaptainEntry], standing: list[tuple[Envelope, Body]]) -> SessionState:
    """Replay an entry of hours: neither who entered it nor whose hours they are is the second person."""
    (opening, entry), state = begin, None
    for envelope, body in standing:
        seconds = isinstance(body, Confirmation) and body.of == opening.id
        if envelope.id == opening.id or (
            seconds and cast("Confirmation", body).confirmed_by not in {entry.entered_by, entry.volunteer}
        ):
            state = TRANSITIONS.get((state, envelope.kind), state)
    return state or SessionState.VOID


def _describe_entry(entry: CaptainEntry, state: SessionState, rule: CreditRule) -> Session:
    original_ns = max(0, entry.ends_ms - entry.starts_ms) * NS_PER_MS
    over = is_over_cap(original_ns, rule)
    state = SessionState.PROVISIONAL if over and state is SessionState.CLOSED else state
    counts = state is SessionState.CLOSED
    started, ended = (Bounds(ms, ms, ms, BoundsQuality.STATED) for ms in (entry.starts_ms, entry.ends_ms))
    return Session(
        id=entry.session,
        volunteer=entry.volunteer,
        certificate=NO_CERTIFICATE,
        service_point=entry.service_point,
        service=entry.service,
        team=entry.team,
        shift=None,
        state=state,
        provenance=Provenance.CAPTAIN_ENTRY,
        started=started,
        ended=ended,
        original_ns=original_ns,
        credited_minutes=credited_minutes(entry.starts_ms, original_ns, None, rule) if counts else 0,
        rule=rule.id,
        flags=frozenset({OVER_CAP}) if over else frozenset(),
    )


def _replay(begin: tuple[Envelope, CheckIn], standing: list[tuple[Envelope, Body]]) -> _History:
    history = _History(begin, service=begin[1].service)
    for envelope, body in standing:
        if isinstance(body, Choice):
            history.service = body.service
        elif isinstance(body, Tally):
            history.tallies = dict(body.counts)
        elif isinstance(body, CaptainEntry | Confirmation):
            continue  # they tell of hours that no scan recorded
        following = TRANSITIONS.get((history.state, envelope.kind))
        if following is None:
            continue
        history.state = following
        if isinstance(body, CheckOut | AutoClose):
            history.end = (envelope, body)
    return history


def _describe(history: _History, anchors: Sequence[AnchorPoint], rule: CreditRule) -> Session:
    envelope, check_in = history.begin
    started = locate(envelope.stamp, anchors)
    state = history.state or SessionState.VOID
    ended, span, provenance = _ending(history, anchors)
    flags = _flags(_presented(history), started, span, rule)
    if state is SessionState.CLOSED and OVER_CAP in flags:
        state = SessionState.PROVISIONAL
    counts = state is SessionState.CLOSED
    return Session(
        id=check_in.session,
        volunteer=check_in.volunteer,
        certificate=check_in.certificate,
        service_point=check_in.service_point,
        service=history.service,
        team=check_in.team,
        shift=check_in.shift,
        state=state,
        provenance=provenance,
        started=started,
        ended=ended,
        original_ns=span.lo_ns,
        credited_minutes=credited_minutes(started.est_ms, span.lo_ns, check_in.shift, rule) if counts else 0,
        rule=rule.id,
        tallies=history.tallies,
        flags=flags,
        ended_by=None if history.end is None else history.end[0].id,
    )


def _ending(history: _History, anchors: Sequence[AnchorPoint]) -> tuple[Bounds | None, Span, Provenance]:
    if history.end is None:
        return None, Span(0, 0), Provenance.TYPED if _typed(history) else Provenance.ONE_SCAN
    envelope, body = history.end
    if isinstance(body, AutoClose):
        limit = Bounds(body.at_ms, body.at_ms, body.at_ms, BoundsQuality.CLAMPED)
        return limit, Span(0, 0), Provenance.ONE_SCAN_AUTO
    span = elapsed(history.begin[0].stamp, envelope.stamp, anchors)
    return locate(envelope.stamp, anchors), span, Provenance.TYPED if _typed(history) else Provenance.TWO_SCANS


def _typed(history: _History) -> bool:
    return any(each.trust is Trust.TYPED for each in _presented(history))


def _presented(history: _History) -> list[Presented]:
    shown = [history.begin[1].certificate]
    if history.end is not None and isinstance(history.end[1], CheckOut):
        shown.append(history.end[1].certificate)
    return shown


def _flags(shown: Sequence[Presented], started: Bounds, span: Span, rule: CreditRule) -> frozenset[str]:
    raised = {
        OVER_CAP: is_over_cap(span.lo_ns, rule),
        WIDE_DURATION: span.hi_ns - span.lo_ns > WIDE_NS,
        CLOCK_CLAMPED: started.quality is BoundsQuality.CLAMPED,
        VALIDITY_UNCHECKED: shown[0].validity_unchecked,
        TYPED: any(each.trust is Trust.TYPED for each in shown),
        LISTED: any(each.trust is Trust.LISTED for each in shown),
    }
    return frozenset(flag for flag, up in raised.items() if up)
