"""What a device says and asks beside events: ``POST /v1/contact``, ``/v1/events/missing``, ``/v1/keys``.

Upstream: ``door``, ``sync.platform.{contacting,reconciling,rotating}``.
Downstream: ``routes``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from sync.platform.api.answers import answer, refuse
from sync.platform.api.door import Door
from sync.platform.contacting import take_contact
from sync.platform.credentials import Caller
from sync.platform.ports import Clock, unix_ms
from sync.platform.reconciling import find_missing
from sync.platform.rotating import rotate
from sync.platform.store import Database, Unit
from sync.protocol.contact import ContactRequest
from sync.protocol.enrolling import KeyRotation
from sync.protocol.errors import BatchError, BatchTooLargeError
from sync.protocol.packing import unpack
from sync.protocol.problems import NOT_UNDERSTOOD, TOO_LARGE, Problem
from sync.protocol.reconciling import MissingRequest

Said = TypeVar("Said")
Deed = Callable[[Caller, Said, Unit, int], object]


@dataclass(frozen=True, slots=True)
class DeviceCalls:
    """Three calls that differ in what they are told and in what they do."""

    door: Door
    database: Database
    clock: Clock

    async def contact(self, request: Request) -> Response:
        """Take a sign of life."""
        return await self._posted(request, ContactRequest, take_contact)

    async def keys(self, request: Request) -> Response:
        """Take a device's next key."""
        return await self._posted(request, KeyRotation, rotate)

    async def missing(self, request: Request) -> Response:
        """Tell which events are not held here."""
        return await self.door.posted(request, self._missing)

    async def _posted(self, request: Request, kind: type[Said], deed: Deed[Said]) -> Response:
        def act(caller: Caller) -> Response:
            said = read(caller.body, kind)
            if isinstance(said, Problem):
                return refuse(said)
            with self.database.writing(caller.device.id) as unit:
                outcome = deed(caller, said, unit, unix_ms(self.clock()))
            return told(outcome)

        return await self.door.posted(request, act)

    def _missing(self, caller: Caller) -> Response:
        asked = read(caller.body, MissingRequest)
        if isinstance(asked, Problem):
            return refuse(asked)
        with self.database.reading() as unit:
            return told(find_missing(caller, asked, unit, unix_ms(self.clock())))


def read(body: bytes, kind: type[Said]) -> Said | Problem:
    """Return what a body says, or what is wrong with it."""
    try:
        return unpack(body, kind)
    except BatchTooLargeError:
        return TOO_LARGE
    except BatchError:
        return NOT_UNDERSTOOD


def told(outcome: object) -> Response:
    """Return an outcome as an answer: a problem as one, any other value as JSON."""
    return refuse(outcome) if isinstance(outcome, Problem) else answer(outcome)
