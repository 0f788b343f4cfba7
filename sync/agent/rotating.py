"""A new key for the device: made, written down, named to the platform by the present one, and only then used.

Upstream: ``asking``, ``enrolment_file``, ``lines``.
Downstream: ``errands``, ``commands``.

Whatever the moment of a crash, the file holds a key that the platform takes::

    enrolment file          platform takes      what is done next
    ──────────────────────  ──────────────────  ──────────────────────────────────────────────────────
    seed                    seed                next_seed is written, then the platform is asked
    seed, next_seed         seed                asked again with the same next_seed
    seed, next_seed         both                asked again: the same answer
    seed, next_seed         next_seed           30 days went by: asked by the next key, the same answer
    next_seed as seed       both, later it      done; the earlier key's turn comes once more where the platform
                                                was restored from a backup of the days before
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from sync.agent.asking import Unanswered, ask
from sync.agent.enrolment_file import EnrolmentError, EnrolmentFile, key_ids
from sync.agent.plan import Answer, Plan, after
from sync.agent.relay import Try
from sync.agent.wording import Trouble, Wrong, trouble
from sync.protocol.enrolling import KEY_ROTATION, KEYS_PATH, KeyAccepted, KeyRotation
from sync.protocol.signing.documents import sign_document
from sync.protocol.signing.keys import SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.agent.asking import Told, World
    from sync.agent.backoff import Backoff
    from sync.agent.lines import Lines
    from sync.agent.transport import Transport
    from sync.protocol.enrolment import Enrolment

UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True)
class Rotator:
    """Changes the key of one device.

    Attributes:
        file: its enrolment.
        lines: to the platform.
        backoff, world: as everywhere.
        new_seed: 32 random bytes.
    """

    file: EnrolmentFile
    lines: Lines
    backoff: Backoff
    world: World
    new_seed: Callable[[], bytes]

    def step(self, plan: Plan, now_ms: int | None = None) -> Try:
        """Do what is left of a rotation, or begin one; ``now_ms`` is the platform's time, UTC ms."""
        try:
            enrolment = self._prepared()
            outcome = self._asked(enrolment)
            if isinstance(outcome, Unanswered):
                following = after(plan, outcome.answer, outcome.retry_after_s, self.world.chance(), self.backoff)
                return Try(outcome.answer, following, outcome.trouble)
            self._promote(enrolment, now_ms)
        except EnrolmentError as error:
            return self._failed(plan, trouble(Wrong.ENROLMENT, error))
        return Try(Answer.RECEIPT, Plan())

    def remind(self, plan: Plan) -> Try:
        """Name the present key to a platform that has forgotten it; the key before it does so."""
        try:
            enrolment = self.file.read()
            ids = key_ids(enrolment)
            if enrolment.earlier_seed is None or ids.earlier is None:
                return Try(None, plan)
            line = self.lines.signed_by(enrolment, enrolment.earlier_seed, ids.earlier)
        except EnrolmentError as error:
            return self._failed(plan, trouble(Wrong.ENROLMENT, error))
        outcome = self._ask(line, enrolment.device, enrolment.seed)
        if isinstance(outcome, Unanswered):
            following = after(plan, outcome.answer, outcome.retry_after_s, self.world.chance(), self.backoff)
            return Try(outcome.answer, following, outcome.trouble)
        return Try(Answer.RECEIPT, Plan())

    def _prepared(self) -> Enrolment:
        with self.file.locked():
            enrolment = self.file.read()
            if enrolment.next_seed is None:
                enrolment = msgspec.structs.replace(enrolment, next_seed=self.new_seed().hex())
                self.file.write(enrolment)
            return enrolment

    def _asked(self, enrolment: Enrolment) -> Told[KeyAccepted] | Unanswered:
        coming, ids = enrolment.next_seed or "", key_ids(enrolment)
        outcome = self._ask(self.lines.of(enrolment), enrolment.device, coming)
        if isinstance(outcome, Unanswered) and outcome.status == UNAUTHORIZED and ids.coming is not None:
            return self._ask(self.lines.signed_by(enrolment, coming, ids.coming), enrolment.device, coming)
        return outcome

    def _ask(self, line: Transport, device: str, coming: str) -> Told[KeyAccepted] | Unanswered:
        key = SigningKey(bytes.fromhex(coming))
        public = key.public.hex()
        proof = sign_document(KEY_ROTATION, {"device": device, "public": public}, key).signature
        rotation = KeyRotation(device, public, proof)
        outcome = ask(line, KEYS_PATH, rotation, KeyAccepted, self.world.boottime_ns)
        if isinstance(outcome, Unanswered) or outcome.content.public == public:
            return outcome
        return Unanswered(Answer.FAILED, trouble(Wrong.NOT_AN_ANSWER))

    def _promote(self, asked: Enrolment, now_ms: int | None) -> None:
        with self.file.locked():
            enrolment = self.file.read()
            if enrolment.next_seed is None or enrolment.next_seed != asked.next_seed:
                return  # another did it meanwhile, or the device was enrolled anew
            public = SigningKey(bytes.fromhex(enrolment.seed)).public.hex()
            self.file.write(
                msgspec.structs.replace(
                    enrolment,
                    seed=enrolment.next_seed,
                    next_seed=None,
                    earlier_seed=enrolment.seed,
                    earlier_public=[*enrolment.earlier_public, public],
                    key_since_ms=now_ms,
                )
            )

    def _failed(self, plan: Plan, sentence: Trouble) -> Try:
        return Try(Answer.FAILED, after(plan, Answer.FAILED, None, self.world.chance(), self.backoff), sentence)


def is_wanted(enrolment: Enrolment, days: int | None, now_ms: int | None) -> bool:
    """Tell whether the key is to be changed: a change was begun, or it is older than so many days (None: never).

    Args:
        enrolment: the device's.
        days: of a key's life.
        now_ms: the platform's time, UTC ms; None where it has not been heard.
    """
    if enrolment.next_seed is not None:
        return True
    if days is None or now_ms is None:
        return False
    return enrolment.key_since_ms is None or now_ms - enrolment.key_since_ms >= days * 24 * 3600 * 1000
