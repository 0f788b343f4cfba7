"""What the product promises for every input (duty-rules.md, clock.md), asked of a real booth against the model.

Upstream: ``model``, ``watch``, ``far_side``.
Downstream: ``duty_machine``: :func:`after_a_step` after every step, :func:`at_the_end` once.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from sync.protocol.envelope import Envelope
from sync.protocol.sessions import OVER_CAP, WIDE_DURATION, as_recorded, fold, session_id_of
from sync.protocol.timeline import TimeLog, elapsed, locate, logs_in
from sync.protocol.totals import Totals
from sync.protocol.vocabulary import SessionState
from tests.machines.far_side import FarSide, platform_after
from tests.machines.model import CAP_MIN, COUNTING, DECIDED, LEAST_MIN, MINUTE_MS, Model, Stay
from tests.machines.watch import RHO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kiosk.usecases.record_outcomes import OwnRecords
    from sync.protocol.sessions import Session
    from tests.support.station import Booth

WIDE_S = 300
_ROWS = (
    "SELECT id, volunteer, service, team, state, provenance, started_ms, original_s, credited_minutes, matters, drill,"
    " quality FROM sessions"
)
_PROJECTED = ("sessions", "anchors", "modes", "faces", "kit", "star_applications", "roster_answers")


@dataclass(frozen=True)
class Row:
    """One session as the booth's file has it."""

    id: str
    volunteer: str
    service: str
    team: str | None
    state: str
    provenance: str
    started_ms: int
    original_s: int
    credited_minutes: int
    matters: str
    drill: int
    quality: str | None


def rows_of(booth: Booth) -> dict[str, Row]:
    """Return the sessions of the file."""
    return {row[0]: Row(*row) for row in booth.rows(_ROWS)}


def after_a_step(booth: Booth, model: Model) -> None:
    """Hold the booth's file against the model."""
    rows = rows_of(booth)
    assert rows.keys() == model.stays.keys(), "the booth has the sessions that there were, and no other"
    for stay in model.stays.values():
        _session_is_right(stay, rows[stay.id], model)
    _nothing_is_lost(booth, model)


def _session_is_right(stay: Stay, row: Row, model: Model) -> None:
    if stay.ended is not None and stay.corrected is None and stay.ended.boot != stay.began.boot:
        stay.measured_ms = row.original_s * 1000  # across a power cut it is learnt from the booth, within bounds
    state = stay.state()
    assert (row.state, row.provenance) == (state.value, stay.provenance().value), (row, stay)
    assert (row.volunteer, row.service, row.team) == (stay.volunteer, stay.kind, stay.team), (row, stay)
    assert bool(row.drill) == stay.drill
    assert row.quality == stay.quality
    assert row.matters == " ".join(sorted(stay.waits_for())), (row, stay)
    _start_is_right(stay, row, model)
    _original_is_right(stay, row, model)
    _credit_is_right(stay, row)


def _start_is_right(stay: Stay, row: Row, model: Model) -> None:
    corrected, began = stay.corrected, stay.began
    if corrected is not None and not stay.undone:
        assert row.started_ms == corrected.starts_ms
    elif stay.entered is None and began.wall_is_right:
        assert abs(row.started_ms - began.true_s * 1000) <= 1000 * (model.watch.slack_s(began) or 0.002)
    elif stay.entered is None and (slack_s := model.watch.slack_s(began)) is not None:
        assert abs(row.started_ms / 1000 - began.true_s) <= slack_s


def _original_is_right(stay: Stay, row: Row, model: Model) -> None:
    """Nobody is credited for more than truly passed, whatever the clocks said; a word alone is no time."""
    said_ms = stay.said_ms()
    if stay.undone or (said_ms is None and stay.ended is None):
        assert row.original_s == 0, (row, stay)
    elif said_ms is not None:
        assert row.original_s == said_ms // 1000, (row, stay)
    elif stay.ended is not None:
        _measured_is_right(stay, row, model)


def _measured_is_right(stay: Stay, row: Row, model: Model) -> None:
    assert stay.ended is not None
    true_s, alive_s = stay.ended.true_s - stay.began.true_s, model.watch.surely_alive_s(stay.began, stay.ended)
    assert row.original_s <= true_s * (1 + RHO) + 0.01, (row, stay, true_s)
    assert row.original_s >= int(alive_s - 0.001), (row, stay, alive_s)
    if stay.began.boot == stay.ended.boot or not model.watch.taken:
        assert row.original_s <= alive_s + 0.001, "without an answer of the platform only what the booth lived is known"


def _credit_is_right(stay: Stay, row: Row) -> None:
    low_ms = row.original_s * 1000
    high_ms = low_ms + 999
    if stay.ended is not None and stay.corrected is None and stay.ended.boot == stay.began.boot:
        low_ms = high_ms = stay.measured_ms
    elif stay.said_ms() is not None:
        low_ms = high_ms = stay.said_ms() or 0
    allowed = {stay.minutes(row.started_ms, original_ms) for original_ms in (low_ms, high_ms)}
    assert row.credited_minutes in allowed, (row, stay, allowed)
    assert 0 <= row.credited_minutes <= min(row.original_s // 60, CAP_MIN)
    assert row.credited_minutes == 0 or row.credited_minutes >= LEAST_MIN


def _nothing_is_lost(booth: Booth, model: Model) -> None:
    """Every record is still there, and on its way or acknowledged; what a person was told is among them."""
    recorded = {row[0] for row in booth.rows("SELECT id FROM ledger")}
    assert recorded >= model.promised, "what a person was told is on record, whatever happened since"
    states = dict(booth.rows("SELECT event_id, state FROM outbox"))
    assert recorded <= states.keys() | model.acknowledged, "every record is in the outbox until it is acknowledged"
    assert {event for event, state in states.items() if state == "acknowledged"} <= model.acknowledged
    assert {event for event, state in states.items() if state == "parked"} == model.parked


def at_the_end(booth: Booth, model: Model, far: FarSide, shuffled: Sequence[Envelope]) -> None:
    """Ask for everything that follows from the events: replay, totals, time, and the platform's own ledger."""
    events = list(booth.events())  # its chain is verified
    sessions = {each: booth.session(each).session for each in model.stays}
    _replay_is_the_same(booth, events, sessions)
    _originals_stand(events, model)
    _wide_ones_are_flagged(sessions, model)
    _time_is_right(events, model)
    _platform_agrees(events, sessions, far, shuffled, model)


def _replay_is_the_same(booth: Booth, events: Sequence[Envelope], sessions: Mapping[str, Session]) -> None:
    logs = logs_in(events)
    for session_id, session in sessions.items():
        own = [event for event in events if session_id_of(event) == session_id]
        assert fold(own, logs) == session, "replaying the events gives the same session"
        assert fold(reversed(own), logs) == session
    before = _projections(booth)
    with booth.station.device.ledger.writing() as writing:
        writing.rebuild()
    assert _projections(booth) == before, "what is kept beside the ledger follows from it"


def _projections(booth: Booth) -> dict[str, list[str]]:
    with closing(sqlite3.connect(booth.file)) as connection:
        return {name: sorted(map(repr, connection.execute(f"SELECT * FROM {name}"))) for name in _PROJECTED}  # noqa: S608


def _originals_stand(events: Sequence[Envelope], model: Model) -> None:
    """Whatever was said of it since, the original can be read."""
    logs = logs_in(events)
    for stay in model.stays.values():
        original = as_recorded([event for event in events if session_id_of(event) == stay.id], logs)
        assert original is not None
        assert original.credited_minutes == 0
        assert original.state is stay.recorded(), (original, stay)
        if stay.ended is not None and stay.ended.boot == stay.began.boot:
            assert original.original_ns // 1_000_000 == (0 if stay.undone else stay.measured_ms)


def _wide_ones_are_flagged(sessions: Mapping[str, Session], model: Model) -> None:
    for stay in model.stays.values():
        if stay.ended is None or stay.undone or stay.corrected is not None:
            continue
        session, true_s = sessions[stay.id], stay.ended.true_s - stay.began.true_s
        if WIDE_DURATION not in session.flags:
            assert session.original_ns / 1e9 >= true_s * (1 - RHO) - WIDE_S - 0.01, "an uncertain duration is flagged"
        assert (OVER_CAP in session.flags) == (session.original_ns > CAP_MIN * MINUTE_MS * 1_000_000)


def _time_is_right(events: Sequence[Envelope], model: Model) -> None:
    """The truth lies within the bounds of every stamp; no reading of a wall clock moves one; durations are exact."""
    logs = logs_in(events)
    for event in events:
        log, truth_ms = logs.get(event.stream), model.watch.truth_ms(event.stamp.boot_n, event.stamp.bt_ns // 1000)
        if log is None:
            continue
        bounds, wrong = locate(event.stamp, log), msgspec.structs.replace(event.stamp, wall_ms=0)
        assert bounds.lo_ms - 0.01 <= truth_ms <= bounds.hi_ms + 1.01, (event.kind, bounds, truth_ms)
        assert bounds.lo_ms <= bounds.est_ms <= bounds.hi_ms
        assert (locate(wrong, log).lo_ms, locate(wrong, log).hi_ms) == (bounds.lo_ms, bounds.hi_ms)
    for first, last in pairwise(event.stamp for event in events):
        if first.boot_id == last.boot_id and first.bt_ns <= last.bt_ns:
            truth = [model.watch.truth_ms(each.boot_n, each.bt_ns // 1000) for each in (first, last)]
            span_ms = elapsed(first, last, TimeLog()).lo_ns / 1e6
            assert abs(span_ms - (truth[1] - truth[0])) <= RHO * (truth[1] - truth[0]) + 0.01


def _platform_agrees(
    events: Sequence[Envelope],
    sessions: Mapping[str, Session],
    far: FarSide,
    shuffled: Sequence[Envelope],
    model: Model,
) -> None:
    """No order of arrival, no loss on the way and no doubling changes what the platform has."""
    now_ms = model.watch.clocks.true_ms
    assert far.holds() >= model.acknowledged, "what was acknowledged is at the platform"
    held = far.holds()
    missing = [event for event in events if event.id not in held]
    if missing:
        far.take(missing, now_ms)
    assert far.sessions() == sessions
    middle = len(shuffled) // 2
    parts = [part for part in (shuffled[:middle], shuffled[middle // 2 :]) if part]
    assert platform_after(parts, now_ms) == sessions


def own_records_are_right(opened: OwnRecords, volunteer: str, rows: Mapping[str, Row], model: Model) -> None:
    """Totals of own records: the union of what counts, every minute once and traceable to its sessions."""
    mine = {each.id: each for each in model.stays.values() if each.volunteer == volunteer and not each.drill}
    assert {row.session for row in opened.rows} == mine.keys()
    totals, counting = opened.totals, [each for each in mine.values() if rows[each.id].credited_minutes]
    spans = [_span_ms(each, rows[each.id]) for each in counting]
    assert totals.minutes == _union_ms(spans) // MINUTE_MS
    assert totals.minutes <= sum(rows[each.id].credited_minutes for each in counting)
    _minutes_are_traced(totals, mine, rows)


def _minutes_are_traced(totals: Totals, mine: Mapping[str, Stay], rows: Mapping[str, Row]) -> None:
    for session, minutes in totals.counted.items():
        assert mine[session].state() in COUNTING
        assert 0 < minutes <= rows[session].credited_minutes + 1  # milliseconds of two sessions may make a minute
    decided = sum(minutes for session, minutes in totals.counted.items() if mine[session].state() in DECIDED)
    assert totals.confirmed.minutes == decided
    assert totals.confirmed.minutes + totals.waiting.minutes == totals.minutes
    assert sum(share.minutes for share in totals.by_provenance.values()) == totals.minutes
    waiting = [each for each in mine.values() if each.state() is SessionState.PROVISIONAL and not each.paid]
    assert set(totals.provisional) == {each.id for each in waiting}


def _span_ms(stay: Stay, row: Row) -> tuple[int, int]:
    begins_ms = row.started_ms
    if stay.shift is not None and stay.corrected is None:
        begins_ms = max(begins_ms, stay.shift[0] - 15 * MINUTE_MS)
    return begins_ms, begins_ms + row.credited_minutes * MINUTE_MS


def _union_ms(spans: Sequence[tuple[int, int]]) -> int:
    whole, until = 0, 0
    for begin, end in sorted(spans):
        whole += max(0, end - max(begin, until))
        until = max(until, end)
    return whole
