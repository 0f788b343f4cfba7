"""One signed call to the platform, with a deadline for the whole of it. The only place that speaks HTTP.

Upstream: ``requests``, ``deadline``, ``sync.protocol.signing.requests``.
Downstream: ``relay``, ``contacting``, ``reconciling``, ``changes``, ``enrolling``.

Every answer brings a nonce, the next call is signed with it, so no device needs a clock to sign. Where the platform
finds it stale it gives a fresh one, and the call is repeated with that: once, at once, within the same deadline.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from sync.agent.deadline import OpenSockets, within
from sync.agent.wording import Trouble, Wrong, trouble
from sync.protocol.batch import CONTENT_TYPE
from sync.protocol.errors import SignatureError
from sync.protocol.problems import Problem
from sync.protocol.signing.requests import HttpRequest, nonce_of, sign_request

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from datetime import datetime

    from sync.agent.pinning import Pinned
    from sync.protocol.signing.keys import SigningKey

EVENTS_PATH = "/v1/events"
STALE_NONCE = "stale-nonce"
UNAUTHORIZED = 401
MOST_ANSWER_BYTES = 1024 * 1024
MOST_PAGE_BYTES = 8 * 1024 * 1024  # of a GET: a page of changes may hold a city's revocation list
_problem = msgspec.json.Decoder(Problem)


class TransportError(Exception):
    """No whole answer came: unreachable, reset, cut, or past the deadline; ``trouble`` says which."""

    def __init__(self, trouble: Trouble) -> None:
        """Take the sentence for people."""
        super().__init__(trouble)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A whole answer: status, body (capped), and ``Retry-After`` in seconds where it was given so."""

    status: int
    body: bytes
    retry_after_s: float | None

    @property
    def problem(self) -> str | None:
        """The type of the problem that the body states (``sync.protocol.problems``), or None."""
        try:
            return _problem.decode(self.body).type
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None


class Transport(Protocol):
    """How the agent reaches the platform."""

    def exchange(self, method: str, target: str, body: bytes | None) -> HttpAnswer:
        """Make one signed call and return the whole answer.

        Args:
            method: ``GET`` or ``POST``.
            target: path and query, ``/v1/changes?scope=station``.
            body: gzip JSON of a POST; None of a GET.

        Raises:
            TransportError: no whole answer came.
        """
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: to connect, between two bytes, and for the whole call."""

    connect_s: float = 10.0
    read_s: float = 20.0
    whole_s: float = 60.0


class HttpTransport:
    """The transport of one device to one platform; one call at a time, another thread takes another transport."""

    def __init__(
        self,
        platform_url: str,
        key_id: str,
        key: SigningKey,
        now: Callable[[], datetime],
        limits: Limits,
        tls: Pinned | None = None,
    ) -> None:
        """Take the platform's address, who signs, a clock for the signature's (unchecked) date, and whom TLS believes.

        Without ``tls`` the system's authorities are believed.
        """
        self._origin = platform_url.rstrip("/")
        self._key_id = key_id
        self._key = key
        self._now = now
        self._limits = limits
        self._tls = tls
        self._nonce: str | None = None

    def exchange(self, method: str, target: str, body: bytes | None) -> HttpAnswer:
        """Make one signed call and return the whole answer; see :class:`Transport`."""
        with within(self._limits.whole_s) as sockets:
            try:
                return self._under_right_dates(method, target, body, sockets)
            except (requests.RequestException, HTTPError, OSError, ValueError, SignatureError) as error:
                raise TransportError(_trouble(error, sockets, self._limits)) from error

    def _under_right_dates(self, method: str, target: str, body: bytes | None, sockets: OpenSockets) -> HttpAnswer:
        """Call; where the certificate's dates do not fit the wall clock, ask for the platform's time and call again."""
        try:
            return self._with_fresh_nonce(method, target, body, sockets)
        except requests.exceptions.SSLError as error:
            if self._tls is None or not self._tls.may_ask(error):
                raise
            nonce, question = self._tls.question()
            answer = self._call("GET", question, None, sockets, self._tls.undated())
            self._tls.learn(answer.body, nonce)
        return self._with_fresh_nonce(method, target, body, sockets)

    def _with_fresh_nonce(self, method: str, target: str, body: bytes | None, sockets: OpenSockets) -> HttpAnswer:
        used = self._nonce
        answer = self._call(method, target, body, sockets)
        is_stale = answer.status == UNAUTHORIZED and answer.problem == STALE_NONCE
        return self._call(method, target, body, sockets) if is_stale and self._nonce != used else answer

    def _call(
        self,
        method: str,
        target: str,
        body: bytes | None,
        sockets: OpenSockets,
        context: ssl.SSLContext | None = None,
    ) -> HttpAnswer:
        headers = {} if body is None else {"Content-Type": CONTENT_TYPE, "Content-Encoding": "gzip"}
        request = HttpRequest(method, self._origin + target, headers, body or b"")
        sign_request(request, self._key, self._key_id, self._now(), self._nonce)
        most = MOST_ANSWER_BYTES if body is not None else MOST_PAGE_BYTES
        with requests.Session() as session:
            session.trust_env = False
            adapter = _WatchedAdapter(sockets, self._tls, context)
            session.mount("http://", adapter)
            session.mount("https://", adapter)
            prepared = requests.Request(method, request.url, headers=request.headers, data=body).prepare()
            timeout = (self._limits.connect_s, self._limits.read_s)
            with session.send(prepared, timeout=timeout, stream=True, allow_redirects=False) as response:
                content = _whole(response, most, sockets)
                self._nonce = nonce_of(response.headers) or self._nonce
                return HttpAnswer(response.status_code, content, _seconds(response.headers.get("Retry-After")))


class _WatchedAdapter(HTTPAdapter):
    """An adapter whose connections register their socket, and believe the pinned authority alone where there is one."""

    def __init__(self, sockets: OpenSockets, tls: Pinned | None, context: ssl.SSLContext | None) -> None:
        self._pools = sockets.pools(_believe if tls is None or context is not None else tls.check)
        self._context = context or (None if tls is None else tls.context())
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        host, tls = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, tls if self._context is None else {"ssl_context": self._context}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        if self._context is None:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]


def _believe(_certificate: dict[str, Any]) -> None:
    """Leave dates to OpenSSL, or, where only the time is asked for, to nobody."""


def _whole(response: requests.Response, most: int, sockets: OpenSockets) -> bytes:
    content: bytes = response.raw.read(most + 1, decode_content=True)
    if sockets.were_shut:
        raise requests.Timeout
    length = response.headers.get("Content-Length", "")
    is_cut = length.isdecimal() and int(length) > len(content) and "Content-Encoding" not in response.headers
    if is_cut or len(content) > most:
        raise requests.ConnectionError
    return content


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after is not None and retry_after.isdecimal() else None


def _trouble(error: Exception, sockets: OpenSockets, limits: Limits) -> Trouble:
    if sockets.were_shut:
        return trouble(Wrong.SLOW, f"{limits.whole_s:g}")
    if isinstance(error, requests.ConnectTimeout | requests.ReadTimeout):
        return trouble(Wrong.SILENT)
    if isinstance(error, requests.exceptions.SSLError | SignatureError):
        return trouble(Wrong.UNTRUSTED)
    return trouble(Wrong.UNREACHABLE, type(error).__name__)
