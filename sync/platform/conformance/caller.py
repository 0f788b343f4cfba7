"""Plain HTTP to the platform under test; every answer is kept, so that the last promises can be held over all of them.

Upstream: requests, ``sync.protocol.signing``.
Downstream: ``tester``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
import requests

from sync.platform.conformance.promises import BrokenPromiseError
from sync.platform.ports import Clock
from sync.protocol.packing import pack
from sync.protocol.signing.keys import SigningKey
from sync.protocol.signing.requests import HttpRequest, nonce_of, sign_request

SECONDS = (10.0, 60.0)  # to connect, between two bytes
GZIPPED = {"Content-Type": "application/json", "Content-Encoding": "gzip"}


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole answer; ``problem`` is the type of an RFC 9457 problem, else empty."""

    method: str
    target: str
    status: int
    media_type: str
    nonce: str | None
    content: bytes

    @property
    def problem(self) -> str:
        """The type of the problem."""
        try:
            return str(msgspec.json.decode(self.content)["type"])
        except (msgspec.DecodeError, KeyError, TypeError):
            return ""

    @property
    def said(self) -> str:
        """Status and problem, as a sentence names them."""
        return f"{self.status} {self.problem}".strip()


@dataclass(slots=True)
class Caller:
    """Speaks to one platform, and keeps its newest nonce; ``authority``: a PEM file to believe, None: the system's."""

    url: str
    clock: Clock
    authority: str | None = None
    nonce: str | None = None
    replies: list[Reply] = field(default_factory=list)

    def call(self, method: str, target: str, headers: dict[str, str], body: bytes | None = None) -> Reply:
        """Make a call as it is.

        Raises:
            BrokenPromiseError: no whole answer came.
        """
        try:
            with requests.Session() as session:
                session.trust_env = False
                session.verify = self.authority or True
                answer = session.request(
                    method, self.url + target, headers=headers, data=body, timeout=SECONDS, allow_redirects=False
                )
        except requests.RequestException as error:
            raise BrokenPromiseError(f"{method} {target}: no whole answer came ({type(error).__name__})") from error
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
        reply = Reply(method, target, answer.status_code, kind, nonce_of(answer.headers), answer.content)
        self.replies.append(reply)
        self.nonce = reply.nonce or self.nonce
        return reply

    def signed(self, request: HttpRequest, key: SigningKey, key_id: str, nonce: str | None) -> dict[str, str]:
        """Return a request's headers with a signature."""
        sign_request(request, key, key_id, self.clock(), nonce)
        return dict(request.headers)

    def post(self, path: str, said: object, key: SigningKey, key_id: str) -> Reply:
        """Say something, signed with a fresh nonce; once more with a newer one where the platform asks so."""
        body = said if isinstance(said, bytes) else pack(said)
        return self._fresh("POST", path, body, key, key_id)

    def get(self, target: str, key: SigningKey, key_id: str) -> Reply:
        """Ask something, signed with a fresh nonce."""
        return self._fresh("GET", target, None, key, key_id)

    def _fresh(self, method: str, target: str, body: bytes | None, key: SigningKey, key_id: str) -> Reply:
        reply = self._once(method, target, body, key, key_id)
        return self._once(method, target, body, key, key_id) if reply.problem == "stale-nonce" else reply

    def _once(self, method: str, target: str, body: bytes | None, key: SigningKey, key_id: str) -> Reply:
        request = HttpRequest(method, self.url + target, dict(GZIPPED) if body is not None else {}, body or b"")
        return self.call(method, target, self.signed(request, key, key_id, self.nonce), body)
