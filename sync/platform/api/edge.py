"""The edge of the interface for devices: every answer carries a fresh nonce, and what goes wrong inside stays inside.

Upstream: Starlette's ASGI types, ``nonces``.
Downstream: ``app``.

This is the API's one broad ``except``: whatever is raised is logged once under an id, without any content, and the
device is told to come again.
"""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.platform.api.answers import refuse
from sync.platform.nonces import Nonces
from sync.platform.ports import Ids
from sync.protocol.problems import UNAVAILABLE
from sync.protocol.signing.requests import NONCE_HEADER

API_PREFIX = "/v1/"
HEALTH_PATH = "/healthz"
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Edge:
    """ASGI middleware around the whole application; it touches the calls of devices only."""

    app: ASGIApp
    nonces: Nonces
    ids: Ids

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through; see the module."""
        if scope["type"] != "http" or not _is_for_devices(scope["path"]):
            await self.app(scope, receive, send)
            return
        answering = _Answering(self.nonces, send)
        try:
            if not self.nonces.secret.is_known:
                await run_in_threadpool(self.nonces.secret)
            await self.app(scope, receive, answering.send)
        except Exception as error:  # noqa: BLE001 - the API's one broad except, see above
            where = "".join(traceback.format_tb(error.__traceback__))
            _log.error("request %s failed with %s at\n%s", self.ids(), type(error).__name__, where)
            if not answering.begun:
                await refuse(UNAVAILABLE)(scope, receive, answering.send)


@dataclass(slots=True)
class _Answering:
    """One answer on its way; without the database there may be no nonce to give, and the answer is 503."""

    nonces: Nonces
    onward: Send
    begun: bool = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            if self.nonces.secret.is_known:
                MutableHeaders(scope=message)[NONCE_HEADER] = self.nonces.fresh()
        await self.onward(message)


def _is_for_devices(path: str) -> bool:
    return path.startswith(API_PREFIX) or path == HEALTH_PATH
