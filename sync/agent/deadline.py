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
from typing import TYPE_CHECKING, Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


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

    def pool_classes(self, check: Callable[[dict[str, Any]], None]) -> dict[str, type[HTTPConnectionPool]]:
        """Return urllib3's pools by scheme, with connections that register their socket as soon as they have one.

        Args:
            check: is given the certificate of whoever answers by TLS, and raises where it is not to be believed.
        """
        sockets = self

        class Plain(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                sockets.add(self.sock)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                opened = super()._new_conn()
                sockets.add(opened)
                return opened

            def connect(self) -> None:
                super().connect()
                check(self.sock.getpeercert())  # type: ignore[union-attr]

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        return {"http": PlainPool, "https": SecurePool}


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
