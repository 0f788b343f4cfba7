"""``POST /v1/enrol``: a one-time code and a new key become a device.

Upstream: ``door``, ``limiting``, ``sync.platform.enrolling``.
Downstream: ``routes``.

The request is signed by the new key, which is its key id; so it is known to be held before the code is looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from sync.platform.api.answers import refuse
from sync.platform.api.devices import read, told
from sync.platform.api.door import Door
from sync.platform.api.limiting import Limiter, Rate
from sync.platform.enrolling import Enroller
from sync.platform.ports import Clock
from sync.platform.store import Database
from sync.protocol.enrolling import EnrolRequest
from sync.protocol.errors import SignatureError
from sync.protocol.problems import STALE_NONCE, TOO_MANY, UNSIGNED, Problem
from sync.protocol.signing.requests import HttpRequest, read_signature

ATTEMPTS = Rate(burst=30, a_second=0.2)  # a whole office behind one address enrols its booths within minutes
PUBLIC_HEX = re.compile("[0-9a-f]{64}")
REGISTRY = "registry"  # whose writers are held: the same as the keeper's commands


@dataclass(frozen=True, slots=True)
class EnrolCall:
    """Makes devices of codes."""

    door: Door
    enroller: Enroller
    database: Database
    clock: Clock
    limiter: Limiter

    async def __call__(self, request: Request) -> Response:
        """Answer one call."""
        address = request.client.host if request.client else ""
        if not self.limiter.takes(address, self.clock().timestamp()):
            return refuse(TOO_MANY)
        return await self.door.posted_by_stranger(request, self._enrol)

    def _enrol(self, request: HttpRequest) -> Response:
        try:
            signature = read_signature(request, _key_named)
        except SignatureError:
            return refuse(UNSIGNED)
        if not self.door.credentials.nonces.accepts(signature.nonce):
            return refuse(STALE_NONCE)
        asked = read(request.body, EnrolRequest)
        if isinstance(asked, Problem):
            return refuse(asked)
        with self.database.reading() as unit:
            refusal = self.enroller.refusal(asked, signature.key_id, unit)
        if refusal is not None:
            return refuse(refusal)
        with self.database.writing(REGISTRY) as unit:
            return told(self.enroller.enrol(asked, signature.key_id, unit))


def _key_named(key_id: str) -> bytes | None:
    return bytes.fromhex(key_id) if PUBLIC_HEX.fullmatch(key_id) else None
