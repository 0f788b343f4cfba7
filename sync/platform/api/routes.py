"""The calls of devices as routes, a module a call; ``GET /healthz`` for those who watch the server.

Upstream: FastAPI, ``door``, the calls.
Downstream: ``app``.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync.platform.api.answers import answer, refuse
from sync.platform.api.door import Door
from sync.platform.api.edge import HEALTH_PATH
from sync.platform.credentials import Caller, Credentials
from sync.platform.nonces import Nonces, SharedSecret
from sync.platform.ports import Clock, Ports, unix_ms
from sync.platform.receiving import Receiver
from sync.platform.store import Database
from sync.protocol.problems import Problem

EVENTS_PATH = "/v1/events"


@dataclass(frozen=True, slots=True)
class DeviceApi:
    """The calls of devices over one database."""

    door: Door
    receiver: Receiver
    database: Database
    clock: Clock

    @classmethod
    def over(cls, database: Database, ports: Ports, receiver: Receiver) -> DeviceApi:
        """Return the calls over a migrated database."""
        nonces = Nonces(SharedSecret(database, ports.entropy), ports.clock)
        door = Door(Credentials(database, ports.clock, nonces))
        return cls(door, receiver, database, ports.clock)

    @property
    def nonces(self) -> Nonces:
        """What every answer carries."""
        return self.door.credentials.nonces

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter()
        router.add_api_route(EVENTS_PATH, self.events, methods=["POST"], response_model=None)
        router.add_api_route("/v1/time", self.time, methods=["GET"], response_model=None)
        router.add_api_route(HEALTH_PATH, self.health, methods=["GET"], response_model=None)
        return router

    async def events(self, request: Request) -> Response:
        """Take a batch of events; the receipt is sent after the commit is durable."""
        return await self.door.posted(request, self._receive)

    def time(self) -> Response:
        """Tell the platform's time (UTC ms) and the epoch of its database."""
        with self.database.reading() as unit:
            epoch = unit.registry.epoch() or ""
        return answer({"server_ms": unix_ms(self.clock()), "epoch": epoch})

    def health(self) -> Response:
        """Tell whether the database answers, and nothing else."""
        with self.database.reading() as unit:
            unit.registry.epoch()
        return answer({"status": "ok"})

    def _receive(self, caller: Caller) -> Response:
        outcome = self.receiver.receive(caller.device, caller.body)
        return refuse(outcome) if isinstance(outcome, Problem) else answer(outcome)
