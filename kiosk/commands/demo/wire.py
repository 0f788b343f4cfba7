"""A wire between the agent and the platform that can be cut: a small TCP relay on the loopback.

Upstream: the agent's connections.
Downstream: the platform.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self

CHUNK = 64 * 1024
LOOPBACK = "127.0.0.1"


class Wire:
    """Relays connections to a port while it is whole; cut, it drops them and refuses new ones."""

    def __init__(self, platform_port: int) -> None:
        """Listen on a free port of the loopback."""
        self._platform_port = platform_port
        self._listener = socket.create_server((LOOPBACK, 0))
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._whole = True
        threading.Thread(target=self._serve, name="demo-wire", daemon=True).start()

    def __enter__(self) -> Self:
        """Return the wire itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Take the wire down."""
        self.cut()
        self._listener.close()

    @property
    def url(self) -> str:
        """Where the agent finds the platform."""
        return f"http://{LOOPBACK}:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        """Take the network away, open connections too."""
        with self._lock:
            self._whole = False
            for end in self._open:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            self._open.clear()

    def mend(self) -> None:
        """Bring the network back."""
        with self._lock:
            self._whole = True

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._join, args=(near,), name="demo-wire-link", daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        with near, contextlib.suppress(OSError):
            if not self._whole:
                return
            with socket.create_connection((LOOPBACK, self._platform_port)) as far:
                with self._lock:
                    self._open |= {near, far}
                back = threading.Thread(target=_pour, args=(far, near), daemon=True)
                back.start()
                _pour(near, far)
                back.join()
                with self._lock:
                    self._open -= {near, far}


def _pour(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(CHUNK):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
