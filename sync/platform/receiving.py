"""One batch: from the bytes a device sent to the receipt it may act on, in one durable transaction.

Upstream: ``taking``, ``store``, ``sync.protocol``.
Downstream: ``api.events``.

::

    body of a known device ── a batch? ── its own? ── sort_out ─┬─▶ events, names
    (``credentials``)            │ 400, 413   │ 401            ├─▶ quarantine, alarms
                                                                └─▶ sessions ──▶ commit ──▶ receipt
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sync.platform.ingest import Refusal, Verdict
from sync.platform.ports import Clock, unix_ms
from sync.platform.records import Device
from sync.platform.store import Database, Unit, settled
from sync.platform.taking import Taken, take
from sync.protocol.batch import Delivery, EventReceipt, Receipt, body_sha256, decode_batch
from sync.protocol.errors import BatchError, BatchTooLargeError
from sync.protocol.problems import NOT_A_BATCH, TOO_LARGE, UNSIGNED, Problem
from sync.protocol.vocabulary import EventKind, EventOutcome

Sentences = Callable[[Refusal], str]


@dataclass(frozen=True, slots=True)
class Received:
    """A batch that is durable: its receipt, and whether it brought answers to the roster, which are to be settled."""

    receipt: Receipt
    brought_answers: bool


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
        """Return the receipt of a batch once it is durable, or what was wrong with it; as :meth:`take_in`."""
        taken = self.take_in(device, body)
        return taken if isinstance(taken, Problem) else taken.receipt

    def take_in(self, device: Device, body: bytes) -> Received | Problem:
        """Return the receipt of a batch once it is durable and what is to be done then, or what was wrong with it.

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
        sha256 = body_sha256(body)

        def work(unit: Unit) -> Received:
            now_ms = unix_ms(self.clock())
            taken = take(delivery, sha256, unit, now_ms)
            events = self._answers(delivery, taken)
            epoch = unit.registry.epoch() or ""
            receipt = Receipt(delivery.batch.id, sha256, events, now_ms, epoch, _words(taken), list(taken.heads))
            return Received(receipt, _brings_answers(taken))

        return settled(self.database, device.id, work)

    def _answers(self, delivery: Delivery, taken: Taken) -> list[EventReceipt]:
        odd = self.sentences(Refusal.SHAPE)
        malformed = [EventReceipt(one.id, EventOutcome.QUARANTINED, odd) for one in delivery.malformed]
        return [self._answer(verdict) for verdict in taken.verdicts] + malformed

    def _answer(self, verdict: Verdict) -> EventReceipt:
        reason = self.sentences(verdict.refusal) if verdict.refusal else None
        alarm = verdict.alarm or verdict.echo
        return EventReceipt(verdict.envelope.id, verdict.outcome, reason, alarm.value if alarm else None)


def _brings_answers(taken: Taken) -> bool:
    new = (each.envelope for each in taken.verdicts if each.outcome is EventOutcome.ACCEPTED)
    return any(envelope.kind == EventKind.ROSTER_RESPONSE for envelope in new)


def _words(taken: Taken) -> list[str]:
    echoes = {verdict.echo for verdict in taken.verdicts if verdict.echo is not None}
    return sorted(word.value for word in {word for word, _ in taken.alarms} | echoes)
