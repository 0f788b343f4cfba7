"""One signed POST of one batch, with a deadline for the whole of it. The only place that speaks HTTP.

Upstream: ``requests``, ``sync.protocol.signing.requests``.
Downstream: ``relay``.

``requests`` times out between bytes, not over a call: a server that trickles holds it as long as it likes. So the
socket registers itself as it connects, and a timer shuts it down at the deadline (protocol.md).
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from sync.protocol.batch import CONTENT_TYPE
from sync.protocol.signing.requests import HttpRequest, sign_request

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sync.protocol.signing.keys import SigningKey

EVENTS_PATH = "/v1/events"
MOST_ANSWER_BYTES = 1024 * 1024


class TransportError(Exception):
    """No whole answer came: unreachable, reset, cut, or past the deadline. The sentence says which."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A whole answer: status, body (at most 1 MiB), and ``Retry-After`` in seconds where it was given so."""

    status: int
    body: bytes
    retry_after_s: float | None


class Transport(Protocol):
    """How the relay reaches the platform."""

    def post(self, body: bytes) -> HttpAnswer:
        """Send a batch's body and return the whole answer.

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
    """The transport of one device to one platform."""

    def __init__(
        self, platform_url: str, device: str, key: SigningKey, now: Callable[[], datetime], limits: Limits
    ) -> None:
        """Take the platform's address, the device that signs, and a clock for the signature's (unchecked) date."""
        self._url = platform_url.rstrip("/") + EVENTS_PATH
        self._device = device
        self._key = key
        self._now = now
        self._limits = limits

    def post(self, body: bytes) -> HttpAnswer:
        """Send a batch's body and return the whole answer.

        Raises:
            TransportError: no whole answer came.
        """
        sockets = _OpenSockets()
        timer = threading.Timer(self._limits.whole_s, sockets.shut)
        timer.daemon = True
        timer.start()
        try:
            return self._exchange(body, sockets)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise TransportError(_sentence(error, sockets, self._limits)) from error
        finally:
            timer.cancel()

    def _exchange(self, body: bytes, sockets: _OpenSockets) -> HttpAnswer:
        request = HttpRequest("POST", self._url, {"Content-Type": CONTENT_TYPE, "Content-Encoding": "gzip"}, body)
        sign_request(request, self._key, self._device, self._now())
        with requests.Session() as session:
            session.trust_env = False
            adapter = _WatchedAdapter(sockets)
            session.mount("http://", adapter)
            session.mount("https://", adapter)
            timeout = (self._limits.connect_s, self._limits.read_s)
            with session.post(
                self._url, data=body, headers=request.headers, timeout=timeout, stream=True, allow_redirects=False
            ) as response:
                content = response.raw.read(MOST_ANSWER_BYTES, decode_content=True)
                if sockets.were_shut:
                    raise requests.Timeout
                length = response.headers.get("Content-Length", "")
                if length.isdecimal() and int(length) > len(content) and "Content-Encoding" not in response.headers:
                    raise requests.ConnectionError
                return HttpAnswer(response.status_code, content, _seconds(response.headers.get("Retry-After")))


class _OpenSockets:
    """The sockets of one call, to be shut at its deadline."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.were_shut = False

    def add(self, opened: socket.socket) -> None:
        with self._lock:
            self._sockets.append(opened)
            if self.were_shut:
                _shut(opened)

    def shut(self) -> None:
        with self._lock:
            self.were_shut = True
            for opened in self._sockets:
                _shut(opened)


def _shut(opened: socket.socket) -> None:
    with suppress(OSError):
        opened.shutdown(socket.SHUT_RDWR)


class _WatchedAdapter(HTTPAdapter):
    """An adapter whose connections register their socket as soon as they have one."""

    def __init__(self, sockets: _OpenSockets) -> None:
        self._sockets = sockets
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        sockets = self._sockets

        class Plain(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                sockets.add(self.sock)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                opened = super()._new_conn()
                sockets.add(opened)
                return opened

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after is not None and retry_after.isdecimal() else None


def _sentence(error: Exception, sockets: _OpenSockets, limits: Limits) -> str:
    if sockets.were_shut:
        return f"the platform did not finish its answer within {limits.whole_s:g} s"
    if isinstance(error, requests.ConnectTimeout | requests.ReadTimeout):
        return "the platform did not answer in time"
    return f"the platform cannot be reached ({type(error).__name__})"
