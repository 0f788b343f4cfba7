"""``POST /v1/events``: a batch of events; the receipt is sent after the commit is durable.

What volunteers answered in it is settled after the receipt was sent, so that it delays and refuses no upload; what
fails there waits for whoever settles next (``sync.platform.rostering.answering``).

Upstream: ``door``, ``sync.platform.receiving``.
Downstream: ``routes``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from sync.platform.api.answers import answer, come_again, refuse
from sync.platform.api.door import Door
from sync.platform.api.turns import Turns
from sync.platform.credentials import Caller
from sync.platform.receiving import Receiver
from sync.protocol.problems import Problem

EVENTS_PATH = "/v1/events"


def _nothing() -> None:
    """Leave answers to whoever settles next."""


@dataclass(frozen=True, slots=True)
class EventsCall:
    """Takes batches; ``settle`` is run after one brought answers to the roster."""

    door: Door
    receiver: Receiver
    turns: Turns = field(default_factory=Turns)
    settle: Callable[[], None] = _nothing

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
        outcome = self.receiver.take_in(caller.device, caller.body)
        if isinstance(outcome, Problem):
            return refuse(outcome)
        response = answer(outcome.receipt)
        if outcome.brought_answers:
            response.background = BackgroundTask(self.settle)
        return response
