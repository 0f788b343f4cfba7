"""``GET /v1/time?nonce=``: the platform's time, signed by its own key, for a device whose clock may be wrong.

Upstream: ``limiting``, ``answers``, ``sync.platform.keys``.
Downstream: ``routes``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sync.platform.api.answers import answer, refuse
from sync.platform.api.limiting import Limiter, Rate
from sync.platform.keys import Keyring
from sync.platform.ports import Clock, unix_ms
from sync.platform.store import Database
from sync.protocol.problems import NOT_UNDERSTOOD, TOO_MANY
from sync.protocol.server_time import TIME, ServerTime
from sync.protocol.signing.documents import sign_document

ASKED = Rate(burst=600, a_second=10)  # a district's booths after a power cut, all behind one address


@dataclass(frozen=True, slots=True)
class TimeCall:
    """Tells the time to whoever asks; nothing in the answer is about the asker."""

    database: Database
    clock: Clock
    keys: Keyring
    limiter: Limiter

    async def __call__(self, request: Request) -> Response:
        """Answer one call."""
        address = request.client.host if request.client else ""
        if not self.limiter.takes(address, self.clock().timestamp()):
            return refuse(TOO_MANY)
        asked = request.query_params.multi_items()
        if len(asked) != 1 or asked[0][0] != "nonce":
            return refuse(NOT_UNDERSTOOD)
        return await run_in_threadpool(self._tell, asked[0][1])

    def _tell(self, nonce: str) -> Response:
        with self.database.reading() as unit:
            epoch = unit.registry.epoch() or ""
        try:
            told = msgspec.convert({"nonce": nonce, "server_ms": unix_ms(self.clock()), "epoch": epoch}, ServerTime)
        except msgspec.ValidationError:
            return refuse(NOT_UNDERSTOOD)
        payload = cast("dict[str, Any]", msgspec.to_builtins(told))
        return answer(sign_document(TIME, payload, self.keys.platform()))
