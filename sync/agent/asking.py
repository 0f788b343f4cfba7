"""One call with a JSON body: encoded, sent, timed, and believed only where the answer names that very body.

Upstream: ``transport``.
Downstream: ``contacting``, ``reconciling``, ``rotating``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import msgspec

from sync.agent.plan import OK, Answer, answer_to
from sync.agent.transport import TransportError
from sync.agent.wording import Trouble, Wrong, trouble
from sync.mailbox.link import Exchange
from sync.protocol.batch import body_sha256
from sync.protocol.errors import BatchTooLargeError
from sync.protocol.packing import pack

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.agent.transport import Transport


class NamesItsBody(Protocol):
    """An answer that names the body it answers."""

    @property
    def body_sha256(self) -> str:
        """The SHA-256 of the request body, hex."""
        ...


N_co = TypeVar("N_co", bound=NamesItsBody, covariant=True)


@dataclass(frozen=True, slots=True)
class World:
    """What the agent takes from outside: ids, boot id and boot-time clock (ns), chance in [0, 1)."""

    new_id: Callable[[], str]
    boot_id: str
    boottime_ns: Callable[[], int]
    chance: Callable[[], float]

    def exchange(self, sent_bt_ns: int, received_bt_ns: int, server_ms: int) -> Exchange:
        """Return an answered exchange, for the kiosk's clock; ``server_ms`` is the platform's time in it."""
        return Exchange(self.boot_id, received_bt_ns, server_ms, received_bt_ns - sent_bt_ns)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why there is no answer to act on."""

    answer: Answer
    trouble: Trouble
    status: int | None = None
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Told(Generic[N_co]):
    """An answer of the platform to exactly this body, and when it was asked and came (boot-time ns)."""

    content: N_co
    sent_bt_ns: int
    received_bt_ns: int


def ask(
    transport: Transport, path: str, question: msgspec.Struct, as_type: type[N_co], boottime_ns: Callable[[], int]
) -> Told[N_co] | Unanswered:
    """Post a question and return what the platform told, or why nothing is known."""
    try:
        body = pack(question)
    except BatchTooLargeError:
        return Unanswered(Answer.TOO_LARGE, trouble(Wrong.TOO_LARGE))
    sent_bt_ns = boottime_ns()
    try:
        answer = transport.exchange("POST", path, body)
    except TransportError as error:
        return Unanswered(Answer.FAILED, error.trouble)
    received_bt_ns = boottime_ns()
    if answer.status not in OK:
        kind = answer_to(answer.status)
        return Unanswered(kind, trouble_of(kind, answer.status), answer.status, answer.retry_after_s)
    try:
        content = msgspec.json.decode(answer.body, type=as_type)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Unanswered(Answer.FAILED, trouble(Wrong.NOT_AN_ANSWER))
    if content.body_sha256 != body_sha256(body):
        return Unanswered(Answer.FAILED, trouble(Wrong.NOT_AN_ANSWER))
    return Told(content, sent_bt_ns, received_bt_ns)


def trouble_of(answer: Answer, status: int) -> Trouble:
    """Return the sentence for a status that is not 2xx."""
    if answer is Answer.REFUSED:
        return trouble(Wrong.REFUSED, status)
    return trouble(Wrong.TOO_LARGE) if answer is Answer.TOO_LARGE else trouble(Wrong.STATUS, status)
