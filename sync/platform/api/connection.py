"""A connection that waits for a request's head only so long: who dribbles headers holds no place here.

Upstream: uvicorn.
Downstream: ``app`` (serve).

The body has its own time (``body``), an idle connection uvicorn's. The head may have :data:`HEAD_BYTES`.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_BYTES = 16 * 1024  # a signed request of ours has about 700 bytes of head


class PatientConnection(H11Protocol):
    """One connection; its patience ends where a head has begun, or a connection was made, and no request came of it."""

    head_seconds: ClassVar[float] = 20.0
    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take bytes; with a whole head the wait is over, with a part of one it goes on."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()
        elif self._patience is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._patience = self.loop.call_later(self.head_seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        self._patience = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
