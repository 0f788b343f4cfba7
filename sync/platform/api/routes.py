"""The calls of devices: ``POST /v1/events``, ``GET /v1/time``, and ``GET /healthz`` for those who watch the server.

Upstream: FastAPI, ``receiving``, ``body``, ``answers``.
Downstream: ``app``.

This is the API's one broad ``except``: whatever goes wrong inside is logged once under an id, without any content, and
the device is told to come again.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sync.platform.api.answers import answer, refuse
from sync.platform.api.body import read_body
from sync.platform.ports import Clock, Ids, unix_ms
from sync.platform.receiving import Receiver
from sync.platform.store import Database
from sync.protocol.batch import encode_receipt
from sync.protocol.problems import UNAVAILABLE, Problem
from sync.protocol.signing.requests import HttpRequest

EVENTS_PATH = "/v1/events"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeviceApi:
    """The calls of devices over one database."""

    receiver: Receiver
    database: Database
    clock: Clock
    ids: Ids

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter()
        router.add_api_route(EVENTS_PATH, self.events, methods=["POST"], response_model=None)
        router.add_api_route("/v1/time", self.time, methods=["GET"], response_model=None)
        router.add_api_route("/healthz", self.health, methods=["GET"], response_model=None)
        return router

    async def events(self, request: Request) -> Response:
        """Take a batch of events; the receipt is sent after the commit is durable."""
        body = await read_body(request)
        if isinstance(body, Problem):
            return refuse(body)
        headers = {name.lower(): value for name, value in request.headers.items()}
        signed = HttpRequest(request.method, str(request.url), headers, body)
        return await run_in_threadpool(self._guarded, lambda: self._receive(signed))

    def time(self) -> Response:
        """Tell the platform's time (UTC ms) and the epoch of its database."""
        return self._guarded(lambda: answer(msgspec.json.encode(self._now())))

    def health(self) -> Response:
        """Tell whether the database answers."""
        return self._guarded(lambda: answer(msgspec.json.encode({"status": "ok", **self._now()})))

    def _receive(self, request: HttpRequest) -> Response:
        outcome = self.receiver.receive(request)
        return refuse(outcome) if isinstance(outcome, Problem) else answer(encode_receipt(outcome))

    def _now(self) -> dict[str, int | str]:
        with self.database.reading() as unit:
            epoch = unit.registry.epoch() or ""
        return {"server_ms": unix_ms(self.clock()), "epoch": epoch}

    def _guarded(self, work: Callable[[], Response]) -> Response:
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - the API's one broad except, see above
            where = "".join(traceback.format_tb(error.__traceback__))
            _log.error("request %s failed with %s at\n%s", self.ids(), type(error).__name__, where)
            return refuse(UNAVAILABLE)
