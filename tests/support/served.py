"""An application behind a real HTTP server in a thread of this process.

Upstream: uvicorn.
Downstream: tests of the wire.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from tests.integration.platform.fleet import NONCES


@contextmanager
def served(app: Any, port: int = 0, **configured: Any) -> Iterator[str]:
    """Serve an application on a port, 0: a free one; yield its address. ``configured`` are settings of uvicorn's."""
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, **configured))
    with socket.create_server(("127.0.0.1", port)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as the platform's own ``serve``
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        NONCES.forget(url)
        try:
            yield url
        finally:
            server.should_exit = True
            thread.join(10)
