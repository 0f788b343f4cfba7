"""Devices for tests: they seal events like a kiosk and send signed batches like an agent.

Upstream: ``sync.protocol``.
Downstream: the platform's tests, ``showcase``.
"""

from __future__ import annotations

import gzip
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import msgspec

from sync.protocol.batch import CONTENT_TYPE, Batch, Receipt, encode_batch, read_receipt
from sync.protocol.checkpoint import Checkpoint
from sync.protocol.contact import Reached, StreamHead
from sync.protocol.envelope import Envelope, Position, Stamp, seal
from sync.protocol.events import Anchor, Aside, AutoClose, Body, CheckIn, CheckOut, Presented, Shift, Tally, Undo
from sync.protocol.signing.keys import SigningKey
from sync.protocol.signing.requests import HttpRequest, nonce_of, sign_request
from sync.protocol.vocabulary import AutoCloseReason

SALT = "5a" * 16
CARD = Presented("410302", "0a0b", "00112233")
NS_PER_MS = 1_000_000
EVENTS_PATH = "/v1/events"
BOOT_MS = 60_000  # how long after its boot a fake device begins to record


@dataclass(slots=True)
class FakeDevice:
    """One device: its key, its stream, its boot, and what it has recorded.

    ``started_ms`` is the true UTC time of its boot; stamps carry a wall clock that says exactly that.
    """

    id: str
    key: SigningKey
    service_point: str
    started_ms: int
    stream: str = field(default_factory=lambda: str(uuid.uuid4()))
    boot_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    boot_n: int = 1
    log: list[Envelope] = field(default_factory=list)

    def record(self, body: Body, at_ms: int, name: str | None = None) -> Envelope:
        """Seal a body at a true instant, UTC ms."""
        head = self.log[-1] if self.log else None
        position = Position(self.stream, head.seq, head.h) if head else Position(self.stream)
        bt_ns = (at_ms - self.started_ms) * NS_PER_MS
        stamp = Stamp(self.boot_id, self.boot_n, bt_ns // 1000, at_ms, "anchored")
        aside = Aside(name, SALT) if name is not None else None
        sealed = seal(body, id_=str(uuid.uuid4()), at=position, stamp=stamp, aside=aside)
        self.log.append(sealed)
        return sealed

    def check_in(
        self, volunteer: str, name: str, at_ms: int, service: str = "directions", shift: Shift | None = None
    ) -> str:
        """Record a start of duty and return its session id."""
        session = str(uuid.uuid4())
        digest = Aside(name, SALT).digest()
        body = CheckIn(session, volunteer, CARD, digest, service, self.service_point, shift=shift)
        self.record(body, at_ms, name)
        return session

    def check_out(self, session: str, volunteer: str, at_ms: int, **counts: int) -> None:
        """Record an end of duty, and tallies where given."""
        self.record(CheckOut(session, volunteer, CARD), at_ms)
        if counts:
            self.record(Tally(session, counts), at_ms)

    def auto_close(self, session: str, at_ms: int) -> None:
        """Record that the rules closed a session."""
        self.record(AutoClose(session, AutoCloseReason.CAP, at_ms), at_ms)

    def undo_last(self, session: str, at_ms: int) -> None:
        """Record that the latest event was taken back."""
        self.record(Undo(session, self.log[-1].id), at_ms)

    def anchor(self, at_ms: int, rtt_ms: int = 40) -> None:
        """Record an exchange with the platform."""
        bt_ns = (at_ms - self.started_ms) * NS_PER_MS
        self.record(Anchor(self.boot_id, self.boot_n, bt_ns // 1000, at_ms - rtt_ms, rtt_ms * 1000), at_ms)

    def reached(self, at_ms: int, before: Sequence[Envelope] = ()) -> Reached:
        """Return its statement at a true instant; ``before`` are the heads of streams that its file had earlier."""
        stamp = Stamp(self.boot_id, self.boot_n, (at_ms - self.started_ms) * 1000, at_ms, "anchored")
        heads = [StreamHead(each.stream, each.seq, each.h) for each in (*before, *self.log[-1:])]
        return Reached(heads, stamp)

    def batch(self, events: Sequence[Envelope] | None = None) -> Batch:
        """Return some of its events, or all, as a batch."""
        return Batch(str(uuid.uuid4()), self.id, list(self.log if events is None else events))


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent and what came back."""

    batch: Batch
    body: bytes
    response: httpx.Response

    @property
    def receipt(self) -> Receipt:
        """The receipt, which must be the one of this batch."""
        assert self.response.status_code == 200, self.response.text
        return read_receipt(self.response.content, self.batch, self.body)

    @property
    def outcomes(self) -> list[str]:
        """The outcome of each event, in order."""
        return [event.outcome.value for event in self.receipt.events]


class Nonces:
    """What each platform gave with its last answer, as an agent keeps it."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def of(self, url: str) -> str | None:
        """Return the newest nonce of a platform; a first one is asked for."""
        if url not in self._kept:
            self.keep(url, httpx.get(f"{url}/v1/time", timeout=30, trust_env=False))
        return self._kept.get(url)

    def keep(self, url: str, response: httpx.Response) -> None:
        """Take the nonce of an answer."""
        nonce = nonce_of(response.headers)
        if nonce is not None:
            self._kept[url] = nonce

    def forget(self, url: str) -> None:
        """Begin anew, as after a platform was restarted with another secret."""
        self._kept.pop(url, None)


NONCES = Nonces()  # by address; every test has a platform of its own at its own port
GZIPPED = {"content-type": CONTENT_TYPE, "content-encoding": "gzip"}


def signed_headers(url: str, body: bytes, key: SigningKey, key_id: str, path: str = EVENTS_PATH) -> dict[str, str]:
    """Return the headers of a signed POST, ``/v1/events`` unless told, with the platform's newest nonce."""
    request = HttpRequest("POST", f"{url}{path}", dict(GZIPPED), body)
    return {**request.headers, **sign_request(request, key, key_id, datetime.now(UTC), NONCES.of(url))}


def send(
    url: str, device: FakeDevice, events: Sequence[Envelope] | None = None, checkpoint: Checkpoint | None = None
) -> Sent:
    """Send events of a device over HTTP."""
    batch = msgspec.structs.replace(device.batch(events), checkpoint=checkpoint)
    body = encode_batch(batch)
    response = post(url, body, signed_headers(url, body, device.key, device.id))
    if is_stale(response):
        response = post(url, body, signed_headers(url, body, device.key, device.id))
    return Sent(batch, body, response)


def is_stale(response: httpx.Response) -> bool:
    """Tell whether a platform wants the call signed again with the nonce that it gave now."""
    return response.status_code == httpx.codes.UNAUTHORIZED and response.json()["type"] == "stale-nonce"


def post(url: str, body: bytes, headers: dict[str, str], path: str = EVENTS_PATH) -> httpx.Response:
    """Post bytes to the platform's events call, or to another; its answer's nonce is kept."""
    response = httpx.post(f"{url}{path}", content=body, headers=headers, timeout=30, trust_env=False)
    NONCES.keep(url, response)
    return response


def tell(url: str, device: FakeDevice, path: str, said: object, key_id: str | None = None) -> httpx.Response:
    """Say something else than events to a platform, signed by a device: a value goes as gzip JSON."""
    body = gzip.compress(msgspec.json.encode(said), mtime=0)

    def once() -> httpx.Response:
        return post(url, body, signed_headers(url, body, device.key, key_id or device.id, path), path)

    response = once()
    return once() if is_stale(response) else response


def ask(url: str, device: FakeDevice, target: str, key_id: str | None = None) -> httpx.Response:
    """Ask a platform for ``path?query`` with a signed GET."""

    def once() -> httpx.Response:
        request = HttpRequest("GET", f"{url}{target}", {}, b"")
        headers = sign_request(request, device.key, key_id or device.id, datetime.now(UTC), NONCES.of(url))
        response = httpx.get(f"{url}{target}", headers=dict(headers), timeout=30, trust_env=False)
        NONCES.keep(url, response)
        return response

    response = once()
    return once() if is_stale(response) else response
