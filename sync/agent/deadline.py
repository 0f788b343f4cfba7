"""The sockets of one call, shut at its deadline.

Upstream: ``urllib3``.
Downstream: ``transport``.

``requests`` times out between bytes, not over a call: a server that trickles holds it as long as it likes. So each
socket registers itself as it connects, and a timer shuts it down at the deadline (protocol.md).
"""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Check = Callable[[dict[str, Any]], None]


class OpenSockets:
    """The sockets of one call, to be shut at its deadline."""

    def __init__(self) -> None:
        """Begin without any."""
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.were_shut = False

    def add(self, opened: socket.socket) -> None:
        """Take a socket; where the deadline has passed it is shut at once."""
        with self._lock:
            self._sockets.append(opened)
            if self.were_shut:
                _shut(opened)

    def shut(self) -> None:
        """End whatever is under way."""
        with self._lock:
            self.were_shut = True
            for opened in self._sockets:
                _shut(opened)

    def pools(self, check: Check) -> dict[str, Callable[..., HTTPConnectionPool]]:
        """Return what makes urllib3's pools by scheme; their connections register their socket as soon as they can.

        Args:
            check: is given the certificate of whoever answers by TLS, and raises where it is not to be believed.
        """
        return {"http": partial(_PlainPool, self), "https": partial(_SecurePool, self, check)}


class _Plain(HTTPConnection):
    """A connection that registers its socket as it connects."""

    sockets: OpenSockets

    def connect(self) -> None:
        super().connect()
        self.sockets.add(self.sock)


class _Secure(HTTPSConnection):
    """As the plain one, before TLS begins; whose certificate is checked once it has."""

    sockets: OpenSockets
    check: Check

    def _new_conn(self) -> socket.socket:
        opened = super()._new_conn()
        self.sockets.add(opened)
        return opened

    def connect(self) -> None:
        super().connect()
        self.check(self.sock.getpeercert())  # type: ignore[union-attr]


class _PlainPool(HTTPConnectionPool):
    """Makes plain connections; classes made for each call would be garbage that is seldom collected."""

    ConnectionCls = _Plain

    def __init__(self, sockets: OpenSockets, *args: Any, **kwargs: Any) -> None:
        self._sockets = sockets
        super().__init__(*args, **kwargs)

    def _new_conn(self) -> Any:
        made = super()._new_conn()
        made.sockets = self._sockets  # type: ignore[attr-defined]
        return made


class _SecurePool(HTTPSConnectionPool):
    """Makes connections by TLS."""

    ConnectionCls = _Secure

    def __init__(self, sockets: OpenSockets, check: Check, *args: Any, **kwargs: Any) -> None:
        self._sockets = sockets
        self._check = check
        super().__init__(*args, **kwargs)

    def _new_conn(self) -> Any:
        made: Any = super()._new_conn()
        made.sockets, made.check = self._sockets, self._check
        return made


@contextmanager
def within(whole_s: float) -> Iterator[OpenSockets]:
    """Give a call its sockets, and shut them ``whole_s`` seconds later if it has not ended."""
    sockets = OpenSockets()
    timer = threading.Timer(whole_s, sockets.shut)
    timer.daemon = True
    timer.start()
    try:
        yield sockets
    finally:
        timer.cancel()


def _shut(opened: socket.socket) -> None:
    with suppress(OSError):
        opened.shutdown(socket.SHUT_RDWR)
