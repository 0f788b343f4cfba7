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
from sync.platform.store import Database
from sync.platform.taking import Taken, take
from sync.protocol.batch import Delivery, EventReceipt, Receipt, body_sha256, decode_batch
from sync.protocol.errors import BatchError, BatchTooLargeError
from sync.protocol.problems import NOT_A_BATCH, TOO_LARGE, UNSIGNED, Problem
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
