"""The way between an agent and a platform, where a call meets whatever its fate is.

Upstream: ``wire_platform``, ``sync.agent.transport`` (whose port ``Transport`` a line is), ``sync.protocol.signing``.
Downstream: ``wire_device``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from sync.agent.lines import Lines
from sync.agent.transport import EVENTS_PATH, STALE_NONCE, HttpAnswer, TransportError
from sync.agent.wording import Wrong, trouble
from sync.protocol.batch import CONTENT_TYPE, EventReceipt, Receipt, decode_batch, encode_receipt
from sync.protocol.enrolment import Enrolment
from sync.protocol.envelope import Envelope
from sync.protocol.signing.keys import SigningKey
from sync.protocol.signing.requests import HttpRequest, nonce_of, sign_request
from sync.protocol.vocabulary import EventOutcome
from tests.machines.wire_platform import Heard, Platform

ORIGIN = "http://platform.test"
PORTAL = "<html><body>请先登录 Wi-Fi</body></html>".encode()
NEVER = datetime(1999, 1, 1, tzinfo=UTC)  # nobody checks the date of a signature
OK, UNAUTHORIZED = 200, 401
MOST_KEPT = 12  # old requests that somebody may send again


class KilledError(BaseException):
    """The agent's process is dead; nothing of ours catches this."""


class Fate(StrEnum):
    """What becomes of one call."""

    SOUND = "sound"
    REQUEST_LOST = "request_lost"
    REPLY_LOST = "reply_lost"
    REPLY_CUT = "reply_cut"
    DOUBLED = "doubled"
    LATER = "later"
    PORTAL = "portal"
    OTHER_ANSWER = "other_answer"
    FORGED = "forged"
    STATUS_500 = "500"
    STATUS_503 = "503"
    STATUS_429 = "429"
    STATUS_400 = "400"
    STATUS_401 = "401"
    STATUS_403 = "403"
    STATUS_404 = "404"
    STATUS_413 = "413"
    PLATFORM_DIES_BEFORE_COMMIT = "platform_dies_before_commit"
    PLATFORM_DIES_AFTER_COMMIT = "platform_dies_after_commit"
    AGENT_DIES_BEFORE_SENDING = "agent_dies_before_sending"
    AGENT_DIES_AFTER_SENDING = "agent_dies_after_sending"
    AGENT_DIES_SETTLING = "agent_dies_settling"


_WORDS = {
    Fate.STATUS_500: (500, None),
    Fate.STATUS_503: (503, 30.0),
    Fate.STATUS_429: (429, None),
    Fate.STATUS_400: (400, None),
    Fate.STATUS_401: (401, None),
    Fate.STATUS_403: (403, None),
    Fate.STATUS_404: (404, None),
    Fate.STATUS_413: (413, None),
}


@dataclass
class Way:
    """The way of one machine; what it keeps outlives the agent's process.

    Attributes:
        platform: where it leads.
        dies_settling: makes the agent die at its next commit.
        fates: of the next calls, one after another; every later one is sound.
        without: paths that answer 404: what an older platform, or a wrong proxy, does not have.
        late: requests that have not arrived yet; ``old`` may be sent again by anybody.
        sent: every envelope that ever went this way, by id and hash.
    """

    platform: Platform
    dies_settling: Callable[[], None] = lambda: None
    fates: list[Fate] = field(default_factory=list)
    without: frozenset[str] = frozenset()
    late: list[HttpRequest] = field(default_factory=list)
    old: list[HttpRequest] = field(default_factory=list)
    sent: dict[tuple[str, str], Envelope] = field(default_factory=dict)
    answers: dict[str, list[bytes]] = field(default_factory=dict)


@dataclass
class Line:
    """The port ``Transport``: one key signs, and remembers the platform's last nonce."""

    way: Way
    key: SigningKey
    key_id: str
    nonce: str | None = None

    def exchange(self, method: str, target: str, body: bytes | None) -> HttpAnswer:
        """Make one signed call, whatever its fate; see ``sync.agent.transport.Transport``."""
        fate = self.way.fates.pop(0) if self.way.fates else Fate.SOUND
        path = target.partition("?")[0]
        if path == EVENTS_PATH and body is not None:
            self._remember(body)
        if fate is Fate.AGENT_DIES_BEFORE_SENDING:
            raise KilledError
        answer = self._on_the_way(fate, path, body)
        if answer is None:
            answer = self._arrive(method, target, body, fate)
        if fate is Fate.AGENT_DIES_SETTLING:
            self.way.dies_settling()
        return answer

    def _on_the_way(self, fate: Fate, path: str, body: bytes | None) -> HttpAnswer | None:
        """Return what somebody answers who is not the platform; None where it goes through."""
        if fate in _WORDS:
            status, retry_after_s = _WORDS[fate]
            return HttpAnswer(status, b"{}", retry_after_s)
        if path in self.way.without:
            return HttpAnswer(404, b"{}", None)
        if fate is Fate.PORTAL:
            return HttpAnswer(200, PORTAL, None)
        if fate is Fate.OTHER_ANSWER:
            return HttpAnswer(200, self.way.answers.get(path, [b'{"status": "ok"}'])[0], None)
        return HttpAnswer(200, _forged(path, body), None) if fate is Fate.FORGED else None

    def _arrive(self, method: str, target: str, body: bytes | None, fate: Fate) -> HttpAnswer:
        request = self._signed(method, target, body)
        if fate is Fate.REQUEST_LOST:
            raise _no_answer()
        if fate is Fate.LATER:
            self.way.late.append(request)
            raise _no_answer()
        if fate is Fate.DOUBLED:
            self.way.platform.call(request)
        self.way.old = [*self.way.old[1 - MOST_KEPT :], request]
        dies = fate is Fate.PLATFORM_DIES_BEFORE_COMMIT
        heard = self.way.platform.call(request, dies_at_commit=dies)
        if heard is not None and self._is_stale(heard):
            heard = self.way.platform.call(self._signed(method, target, body), dies_at_commit=dies)
        if fate is Fate.AGENT_DIES_AFTER_SENDING:
            raise KilledError
        return self._come_back(heard, target.partition("?")[0], fate)

    def _come_back(self, heard: Heard | None, path: str, fate: Fate) -> HttpAnswer:
        if fate is Fate.PLATFORM_DIES_AFTER_COMMIT:
            self.way.platform.die()
        if heard is None or fate in {Fate.REPLY_LOST, Fate.PLATFORM_DIES_AFTER_COMMIT}:
            raise _no_answer()
        if heard.status == OK:
            kept = self.way.answers.setdefault(path, [])
            kept[:] = [*kept[-1:], heard.body]
        content = heard.body[: len(heard.body) // 2] if fate is Fate.REPLY_CUT else heard.body
        retry_after = heard.headers.get("retry-after", "")
        return HttpAnswer(heard.status, content, float(retry_after) if retry_after.isdecimal() else None)

    def _is_stale(self, heard: Heard) -> bool:
        answer = HttpAnswer(heard.status, heard.body, None)
        used, self.nonce = self.nonce, nonce_of(heard.headers) or self.nonce
        return heard.status == UNAUTHORIZED and answer.problem == STALE_NONCE and self.nonce != used

    def _signed(self, method: str, target: str, body: bytes | None) -> HttpRequest:
        headers = {} if body is None else {"Content-Type": CONTENT_TYPE, "Content-Encoding": "gzip"}
        request = HttpRequest(method, ORIGIN + target, headers, body or b"")
        sign_request(request, self.key, self.key_id, NEVER, self.nonce)
        return request

    def _remember(self, body: bytes) -> None:
        for envelope in decode_batch(body).batch.events:
            self.way.sent[envelope.id, envelope.h] = envelope


@dataclass(frozen=True)
class LinesOnTheWay(Lines):
    """Lines over the way of one machine."""

    way: Way | None = None

    def signed_by(self, enrolment: Enrolment, seed: str, key_id: str) -> Line:
        """Return a line on which one key signs."""
        assert self.way is not None
        return Line(self.way, SigningKey(bytes.fromhex(seed)), key_id)


def _no_answer() -> TransportError:
    return TransportError(trouble(Wrong.SILENT))


def _forged(path: str, body: bytes | None) -> bytes:
    """What somebody answers who has read the protocol and not the request: all is well, nothing is missing."""
    if path != EVENTS_PATH or body is None:
        told = {"missing": "[]", "server_ms": "1", "epoch": '"of-a-portal"', "body_sha256": f'"{"0" * 64}"'}
        return ("{" + ", ".join(f'"{name}": {value}' for name, value in told.items()) + "}").encode()
    batch = decode_batch(body).batch
    events = [EventReceipt(each.id, EventOutcome.ACCEPTED) for each in batch.events]
    return encode_receipt(Receipt(batch.id, "0" * 64, events, 1_800_000_000_000, "epoch-of-a-portal"))
