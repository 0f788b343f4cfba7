"""``POST /v1/events``: a batch of events; the receipt is sent after the commit is durable.

Upstream: ``door``, ``sync.platform.receiving``.
Downstream: ``routes``.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from sync.platform.api.answers import answer, refuse
from sync.platform.api.door import Door
from sync.platform.credentials import Caller
from sync.platform.receiving import Receiver
from sync.protocol.problems import Problem

EVENTS_PATH = "/v1/events"


@dataclass(frozen=True, slots=True)
class EventsCall:
    """Takes batches."""

    door: Door
    receiver: Receiver

    async def __call__(self, request: Request) -> Response:
        """Answer one call."""
        return await self.door.posted(request, self._take)

    def _take(self, caller: Caller) -> Response:
        outcome = self.receiver.receive(caller.device, caller.body)
        return refuse(outcome) if isinstance(outcome, Problem) else answer(outcome)
