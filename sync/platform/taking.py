"""One batch becomes part of the ledger: judged, stored, every session it touches folded, in the caller's transaction.

Upstream: ``store``, ``ingest``, ``watermark``, ``sync.protocol``.
Downstream: ``receiving``, ``refolding``.

The order is one of locks (``store.locks``): the device's came with the transaction, then those of the streams, so that
what is read of them holds; then those of all sessions that move; then events are written, and sessions folded from what
was stored before and what is new.

::

    streams ─▶ known ─▶ sort_out ─▶ sessions that move ─▶ their histories ─▶ events stored ─▶ folds ─▶ the rest
       ▲                                                                          │
       └── an id came another way meanwhile: all of it again (``store.settling``) ┘
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from sync.platform import watermark
from sync.platform.ingest import Alarm, Recorded, Verdict, derive, judge_checkpoint, set_apart, sort_out
from sync.platform.store import Kind, Unit
from sync.protocol.batch import Batch, Delivery
from sync.protocol.checkpoint import Checkpoint, is_signed_by
from sync.protocol.envelope import Position
from sync.protocol.sessions import dated, session_id_of
from sync.protocol.timebook import merged
from sync.protocol.timeline import logs_in
from sync.protocol.vocabulary import EventOutcome

FOLDED_AT_ONCE = 500  # sessions whose histories are in memory together
Histories: TypeAlias = dict[str, list[Recorded]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch: a verdict an event, what a person must look at with its cause, and the heads held."""

    verdicts: tuple[Verdict, ...]
    alarms: tuple[tuple[Alarm, str], ...]
    heads: tuple[Position, ...]


def take(delivery: Delivery, sha256: str, unit: Unit, now_ms: int) -> Taken:
    """Store what a batch brings and fold every session it touches, within the caller's transaction.

    Args:
        delivery: of a device whose signature was verified.
        sha256: of the body as received, for the log.
        unit: the open transaction, begun for this device.
        now_ms: the platform's time, UTC ms.
    """
    batch = delivery.batch
    streams = frozenset(envelope.stream for envelope in batch.events)
    unit.locks.hold(Kind.STREAM, streams)
    forked = unit.heads.forked(batch.device, streams)
    verdicts = sort_out(batch.events, unit.events.known(batch.events, forked))
    named = _named(_accepted(verdicts))
    moved = _moved(_accepted(verdicts), unit) - named
    unit.locks.hold(Kind.SESSION, named | moved)
    histories = unit.events.histories(named)
    unit.events.add(_accepted(verdicts), batch.device, now_ms)
    _store_beside(verdicts, unit, now_ms)
    _fold(_continued(histories, verdicts, batch.device), unit)
    _fold_stored(moved, unit)
    unit.incidents.quarantine(set_apart(verdicts, delivery.malformed), batch.device, now_ms)
    alarms = (*_alarms(verdicts), *_of_checkpoints(batch, streams, unit, now_ms))
    unit.incidents.raise_alarms(alarms, batch.device, now_ms)
    outcomes = [verdict.outcome for verdict in verdicts] + [EventOutcome.QUARANTINED] * len(delivery.malformed)
    unit.incidents.log_batch(batch.id, batch.device, sha256, now_ms, outcomes)
    watermark.advance(batch.device, unit)
    unit.devices.heard_of(batch.device, now_ms)
    return Taken(verdicts, alarms, tuple(_heads(verdicts, unit)))


def fold_again(sessions: Collection[str], unit: Unit) -> None:
    """Write sessions anew from every event that names them; no other transaction writes them meanwhile."""
    unit.locks.hold(Kind.SESSION, sessions)
    _fold_stored(sessions, unit)


def _accepted(verdicts: Iterable[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.outcome is EventOutcome.ACCEPTED]


def _named(accepted: Iterable[Verdict]) -> frozenset[str]:
    return frozenset(session for verdict in accepted if (session := session_id_of(verdict.envelope)))


def _moved(accepted: Iterable[Verdict], unit: Unit) -> frozenset[str]:
    """The sessions that news of time may move, of those stored before."""
    moved: frozenset[str] = frozenset()
    for stream, fresh in logs_in(verdict.envelope for verdict in accepted).items():
        moved |= unit.events.sessions_across(stream, merged(unit.times.around_news(stream, fresh).reaches_of(fresh)))
    return moved


def _store_beside(verdicts: Sequence[Verdict], unit: Unit, now_ms: int) -> None:
    """Store what events say of time and beside sessions, and the names that came with them."""
    new = [verdict.envelope for verdict in _accepted(verdicts)]
    unit.times.add(new)
    unit.events.add_beside(new, now_ms)
    kept = (verdict.envelope for verdict in verdicts if verdict.refusal is None)
    unit.events.add_names(kept, {envelope.id for envelope in new})


def _continued(histories: Histories, verdicts: Iterable[Verdict], device: str) -> Histories:
    """Return what was stored of some sessions with what a batch adds."""
    for verdict in _accepted(verdicts):
        session = session_id_of(verdict.envelope)
        if session:
            histories.setdefault(session, []).append(Recorded(device, verdict.envelope))
    return histories


def _fold_stored(sessions: Iterable[str], unit: Unit) -> None:
    remaining = iter(sorted(sessions))
    while some := tuple(islice(remaining, FOLDED_AT_ONCE)):
        _fold(unit.events.histories(some), unit)


def _fold(histories: Histories, unit: Unit) -> None:
    scans = dated(recorded.envelope for history in histories.values() for recorded in history)
    unit.ledger.put(derive(histories, unit.times.around_scans(scans)))


def _of_checkpoints(batch: Batch, streams: frozenset[str], unit: Unit, now_ms: int) -> Iterator[tuple[Alarm, str]]:
    """Keep the checkpoint of a batch; hold it and the newest ones before against the events that are here now."""
    brought, kept = batch.checkpoint, unit.heads.kept(batch.device, streams)
    device = unit.devices.find(batch.device) if brought or kept else None
    if device is None:
        return
    publics = unit.device_keys.publics(device)
    if brought is not None and is_signed_by(brought, _signer_of(brought, publics)):
        unit.heads.keep(brought, device.id, now_ms)
        watermark.hear_checkpoint(device.id, brought, unit, now_ms)
    elif brought is not None:
        yield Alarm.CHAIN_BROKEN, f"{brought.stream}/{brought.seq}"
    for each in dict.fromkeys((*kept, *([brought] if brought else []))):
        alarm = judge_checkpoint(each, _signer_of(each, publics), unit.heads.at(each.stream, each.seq))
        if alarm is not None:
            yield alarm, f"{each.stream}/{each.seq}"


def _signer_of(checkpoint: Checkpoint, publics: Sequence[bytes]) -> bytes:
    """Return the key of a device's, ended ones too, that signed a checkpoint; its first one where none did."""
    return next((public for public in publics if is_signed_by(checkpoint, public)), publics[0])


def _heads(verdicts: tuple[Verdict, ...], unit: Unit) -> Iterator[Position]:
    """Return how far each stream is held; of a forked one only what this device itself brought is its own."""
    own: dict[str, Position] = {}
    forked = set()
    for verdict in verdicts:
        envelope = verdict.envelope
        if verdict.refusal is None and envelope.seq > own.get(envelope.stream, Position(envelope.stream)).seq:
            own[envelope.stream] = Position(envelope.stream, envelope.seq, envelope.h)
        if Alarm.STREAM_FORKED in {verdict.alarm, verdict.echo}:
            forked.add(envelope.stream)
    for stream, head in own.items():
        yield head if stream in forked else unit.heads.last(stream) or head


def _alarms(verdicts: Iterable[Verdict]) -> list[tuple[Alarm, str]]:
    return [(verdict.alarm, verdict.envelope.id) for verdict in verdicts if verdict.alarm is not None]
