"""``POST /v1/events``: a batch of events; the receipt is sent after the commit is durable.

Upstream: ``door``, ``sync.platform.receiving``.
Downstream: ``routes``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from sync.platform.api.answers import answer, come_again, refuse
from sync.platform.api.door import Door
from sync.platform.api.turns import Turns
from sync.platform.credentials import Caller
from sync.platform.receiving import Receiver
from sync.protocol.problems import Problem

EVENTS_PATH = "/v1/events"


@dataclass(frozen=True, slots=True)
class EventsCall:
    """Takes batches."""

    door: Door
    receiver: Receiver
    turns: Turns = field(default_factory=Turns)

    async def __call__(self, request: Request) -> Response:
        """Answer one call, in its turn; where there is no room the body is not read."""
        lane = self.turns.lane_of(request.headers.get("content-length"))
        if not lane.enter():
            return come_again(lane.appointment_s())
        try:
            return await self.door.posted(request, self._take, lane)
        finally:
            lane.leave()

    def _take(self, caller: Caller) -> Response:
        outcome = self.receiver.receive(caller.device, caller.body)
        return refuse(outcome) if isinstance(outcome, Problem) else answer(outcome)
