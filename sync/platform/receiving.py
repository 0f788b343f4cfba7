"""One batch: from the bytes a device sent to the receipt it may act on, in one durable transaction.

Upstream: ``store``, ``ingest``, ``sync.protocol``.
Downstream: ``api.events``.

::

    body of a known device ── a batch? ── its own? ── sort_out ─┬─▶ events, names
    (``credentials``)            │ 400, 413   │ 401            ├─▶ quarantine, alarms
                                                                └─▶ sessions ──▶ commit ──▶ receipt
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sync.platform.ingest import Alarm, Refusal, Verdict, derive, judge_checkpoint, set_apart, sort_out
from sync.platform.ports import Clock, unix_ms
from sync.platform.records import Device
from sync.platform.store import Database, Unit
from sync.protocol.batch import Batch, Delivery, EventReceipt, Receipt, body_sha256, decode_batch
from sync.protocol.checkpoint import is_signed_by
from sync.protocol.envelope import Envelope, Position
from sync.protocol.errors import BatchError, BatchTooLargeError
from sync.protocol.problems import NOT_A_BATCH, TOO_LARGE, UNSIGNED, Problem
from sync.protocol.sessions import dated, session_id_of
from sync.protocol.timeline import logs_in
from sync.protocol.vocabulary import EventOutcome

Sentences = Callable[[Refusal], str]


@dataclass(frozen=True, slots=True)
class Receiver:
    """Takes batches of devices.

    Attributes:
        database: where events and sessions are kept.
        clock: the platform's time.
        sentences: the plain sentence for each refusal, in the platform's language.
    """

    database: Database
    clock: Clock
    sentences: Sentences

    def receive(self, device: Device, body: bytes) -> Receipt | Problem:
        """Return the receipt of a batch once it is durable, or what was wrong with it.

        Args:
            device: whose signature was verified over ``body``.
            body: as it came, compressed.
        """
        try:
            delivery = decode_batch(body)
        except BatchTooLargeError:
            return TOO_LARGE
        except BatchError:
            return NOT_A_BATCH
        if delivery.batch.device != device.id:
            return UNSIGNED
        with self.database.writing(device.id) as unit:
            now_ms = unix_ms(self.clock())
            taken = take(delivery, body_sha256(body), unit, now_ms)
            epoch = unit.registry.epoch() or ""
        return self._receipt(delivery, body, taken, now_ms, epoch)

    def _receipt(self, delivery: Delivery, body: bytes, taken: Taken, now_ms: int, epoch: str) -> Receipt:
        events = [self._answer(verdict) for verdict in taken.verdicts]
        events += [
            EventReceipt(one.id, EventOutcome.QUARANTINED, self.sentences(Refusal.SHAPE)) for one in delivery.malformed
        ]
        echoes = {verdict.echo for verdict in taken.verdicts if verdict.echo is not None}
        words = sorted(word.value for word in {word for word, _ in taken.alarms} | echoes)
        return Receipt(delivery.batch.id, body_sha256(body), events, now_ms, epoch, words, list(taken.heads))

    def _answer(self, verdict: Verdict) -> EventReceipt:
        reason = self.sentences(verdict.refusal) if verdict.refusal else None
        alarm = verdict.alarm or verdict.echo
        return EventReceipt(verdict.envelope.id, verdict.outcome, reason, alarm.value if alarm else None)


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
        unit: the open transaction.
        now_ms: the platform's time, UTC ms.
    """
    batch = delivery.batch
    streams = frozenset(envelope.stream for envelope in batch.events)
    forked = unit.heads.forked(batch.device, streams)
    verdicts = sort_out(batch.events, unit.events.known(batch.events, forked))
    accepted = [verdict.envelope for verdict in verdicts if verdict.outcome is EventOutcome.ACCEPTED]
    touched = _touched(accepted, batch.device, unit)
    unit.events.add(accepted, batch.device, now_ms)
    unit.times.add(accepted)
    unit.events.add_names(verdict.envelope for verdict in verdicts if verdict.refusal is None)
    fold_again(touched, unit)
    unit.incidents.quarantine(set_apart(verdicts, delivery.malformed), batch.device, now_ms)
    alarms = (*_alarms(verdicts), *_of_checkpoints(batch, streams, unit, now_ms))
    unit.incidents.raise_alarms(alarms, batch.device, now_ms)
    outcomes = [verdict.outcome for verdict in verdicts] + [EventOutcome.QUARANTINED] * len(delivery.malformed)
    unit.incidents.log_batch(batch.id, batch.device, sha256, now_ms, outcomes)
    unit.devices.heard_of(batch.device, now_ms)
    return Taken(verdicts, alarms, tuple(_heads(verdicts, unit)))


def _of_checkpoints(batch: Batch, streams: frozenset[str], unit: Unit, now_ms: int) -> Iterator[tuple[Alarm, str]]:
    """Keep the checkpoint of a batch, and hold every newest one against the events that are here now."""
    device, brought = unit.devices.find(batch.device), batch.checkpoint
    if device is None:
        return
    if brought is not None and is_signed_by(brought, device.public):
        unit.heads.keep(brought, device.id, now_ms)
    elif brought is not None:
        yield Alarm.CHAIN_BROKEN, f"{brought.stream}/{brought.seq}"
    for kept in (*unit.heads.kept(device.id, streams), *([brought] if brought else [])):
        alarm = judge_checkpoint(kept, device.public, unit.heads.at(kept.stream, kept.seq))
        if alarm is not None:
            yield alarm, f"{kept.stream}/{kept.seq}"


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


def _touched(accepted: list[Envelope], device: str, unit: Unit) -> frozenset[str]:
    """The sessions that new events name, and those that news of time may move; before these are stored."""
    touched = {session for envelope in accepted if (session := session_id_of(envelope))}
    for stream, fresh in logs_in(accepted).items():
        for reach in unit.times.around_news(stream, fresh).reaches_of(fresh):
            touched |= unit.events.sessions_across(device, reach)
    return frozenset(touched)


def fold_again(sessions: Iterable[str], unit: Unit) -> None:
    """Write sessions anew from every event that names them."""
    histories = unit.events.histories(sessions)
    scans = dated(recorded.envelope for history in histories.values() for recorded in history)
    unit.ledger.put(derive(histories, unit.times.around_scans(scans)))


def _alarms(verdicts: Iterable[Verdict]) -> list[tuple[Alarm, str]]:
    return [(verdict.alarm, verdict.envelope.id) for verdict in verdicts if verdict.alarm is not None]
