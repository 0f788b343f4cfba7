"""One batch: from the bytes a device sent to the receipt it may act on, in one durable transaction.

Upstream: ``store``, ``ingest``, ``sync.protocol``.
Downstream: ``api.events``.

::

    request ── signature ── revoked? ── a batch? ── its own? ── sort_out ─┬─▶ events, names
                  │ 401        │ 403        │ 400, 413   │ 401            ├─▶ quarantine, alarms
                                                                          └─▶ sessions ──▶ commit ──▶ receipt
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sync.platform.ingest import Alarm, Refusal, Verdict, derive, opening_of, set_apart, sort_out
from sync.platform.ports import Clock, unix_ms
from sync.platform.records import Device
from sync.platform.store import Database, Unit
from sync.protocol.batch import Delivery, EventReceipt, Receipt, body_sha256, decode_batch
from sync.protocol.envelope import Envelope
from sync.protocol.errors import BatchError, BatchTooLargeError, SignatureError
from sync.protocol.problems import NOT_A_BATCH, REVOKED, TOO_LARGE, UNSIGNED, Problem
from sync.protocol.sessions import session_id_of
from sync.protocol.signing.requests import HttpRequest, verify_request
from sync.protocol.timeline import anchors_in
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

    def receive(self, request: HttpRequest) -> Receipt | Problem:
        """Return the receipt of a request's batch once it is durable, or what was wrong with the request."""
        device = self._signer(request)
        if isinstance(device, Problem):
            return device
        try:
            delivery = decode_batch(request.body)
        except BatchTooLargeError:
            return TOO_LARGE
        except BatchError:
            return NOT_A_BATCH
        if delivery.batch.device != device.id:
            return UNSIGNED
        with self.database.writing(device.id) as unit:
            now_ms = unix_ms(self.clock())
            verdicts = take(delivery, body_sha256(request.body), unit, now_ms)
            epoch = unit.registry.epoch() or ""
        return self._receipt(delivery, request.body, verdicts, now_ms, epoch)

    def _signer(self, request: HttpRequest) -> Device | Problem:
        found: dict[str, Device] = {}

        def public_of(key_id: str) -> bytes | None:
            with self.database.reading() as unit:
                device = unit.devices.find(key_id)
            if device is None:
                return None
            found[key_id] = device
            return device.public

        try:
            device = found[verify_request(request, public_of)]
        except SignatureError:
            return UNSIGNED
        return device if device.revoked_ms is None else REVOKED

    def _receipt(
        self, delivery: Delivery, body: bytes, verdicts: tuple[Verdict, ...], now_ms: int, epoch: str
    ) -> Receipt:
        events = [
            EventReceipt(
                verdict.envelope.id, verdict.outcome, self.sentences(verdict.refusal) if verdict.refusal else None
            )
            for verdict in verdicts
        ]
        events += [
            EventReceipt(one.id, EventOutcome.QUARANTINED, self.sentences(Refusal.SHAPE)) for one in delivery.malformed
        ]
        alarms = sorted({word.value for word, _ in _alarms(verdicts)})
        return Receipt(delivery.batch.id, body_sha256(body), events, now_ms, epoch, alarms)


def take(delivery: Delivery, sha256: str, unit: Unit, now_ms: int) -> tuple[Verdict, ...]:
    """Store what a batch brings and fold every session it touches, within the caller's transaction.

    Args:
        delivery: of a device whose signature was verified.
        sha256: of the body as received, for the log.
        unit: the open transaction.
        now_ms: the platform's time, UTC ms.
    """
    batch = delivery.batch
    verdicts = sort_out(batch.events, unit.events.known(batch.events))
    accepted = [verdict.envelope for verdict in verdicts if verdict.outcome is EventOutcome.ACCEPTED]
    touched = _touched(accepted, batch.device, unit)
    unit.events.add(accepted, batch.device, now_ms)
    unit.events.add_names(verdict.envelope for verdict in verdicts if verdict.refusal is None)
    fold_again(touched, unit)
    unit.incidents.quarantine(set_apart(verdicts, delivery.malformed), batch.device, now_ms)
    unit.incidents.raise_alarms(_alarms(verdicts), batch.device, now_ms)
    outcomes = [verdict.outcome for verdict in verdicts] + [EventOutcome.QUARANTINED] * len(delivery.malformed)
    unit.incidents.log_batch(batch.id, batch.device, sha256, now_ms, outcomes)
    unit.devices.heard_of(batch.device, now_ms)
    return verdicts


def _touched(accepted: list[Envelope], device: str, unit: Unit) -> frozenset[str]:
    """The sessions that new events name, and those whose time new anchors may move."""
    named = frozenset(session for envelope in accepted if (session := session_id_of(envelope)))
    fresh = anchors_in(accepted)
    if not fresh:
        return named
    moved = unit.events.anchors(device).moved(unit.events.boots(device), fresh)
    return named | unit.events.sessions_in(device, moved)


def fold_again(sessions: Iterable[str], unit: Unit) -> None:
    """Write sessions anew from every event that names them."""
    histories = unit.events.histories(sessions)
    openings = (opening_of(history) for history in histories.values())
    anchors = {device: unit.events.anchors(device) for device in {opening.device for opening in openings if opening}}
    unit.ledger.put(derive(histories, anchors))


def _alarms(verdicts: Iterable[Verdict]) -> list[tuple[Alarm, Envelope]]:
    return [(verdict.alarm, verdict.envelope) for verdict in verdicts if verdict.alarm is not None]
