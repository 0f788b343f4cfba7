"""A worker without room says so before it reads a body, and a device with one record is still answered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import msgspec
import pytest
from starlette.requests import Request
from starlette.types import Message

from sync.platform.api.events import EventsCall
from sync.platform.api.routes import DeviceApi
from sync.platform.api.turns import SMALL_BYTES, Lane, Limits, Turns
from sync.platform.ports import Ports
from sync.platform.receiving import Receiver
from tests.integration.platform.conftest import SQLITE, Running


@pytest.fixture
def stored_in() -> str:
    """The database is not the point."""
    return SQLITE


@dataclass
class Asked:
    """A request of which a test sees whether its body was read."""

    size: int
    reads: list[int] = field(default_factory=list)

    @property
    def request(self) -> Request:
        headers = [(b"content-length", str(self.size).encode()), (b"signature-input", b"lyz=()")]
        scope = {"type": "http", "method": "POST", "path": "/v1/events", "raw_path": b"/v1/events"}
        return Request({**scope, "query_string": b"", "headers": headers}, self._receive)

    async def _receive(self) -> Message:
        self.reads.append(1)
        return {"type": "http.request", "body": b"x" * self.size, "more_body": False}


def test_without_room_the_body_is_not_read_and_a_small_one_still_is(platform: Running, ports: Ports) -> None:
    receiver = Receiver(platform.database, ports.clock, str)
    full = Lane(Limits(at_once=1, waiting=0))
    call = EventsCall(DeviceApi.over(platform.database, ports, receiver).door, receiver, Turns(wide=full))
    big, small = Asked(SMALL_BYTES + 1), Asked(10)

    async def story() -> tuple[int, str, int]:
        assert full.enter()
        refused = await call(big.request)
        answered = await call(small.request)
        full.leave()
        assert (await call(Asked(SMALL_BYTES + 1).request)).status_code == 401
        assert full.enter()
        assert msgspec.json.decode(refused.body)["type"] == "unavailable"
        return refused.status_code, refused.headers["retry-after"], answered.status_code

    assert asyncio.run(story()) == (503, "1", 401)
    assert (big.reads, small.reads) == ([], [1])
