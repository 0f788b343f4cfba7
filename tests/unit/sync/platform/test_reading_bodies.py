"""A body is read within a size and a time, and never held beyond them."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request

from sync.platform.api.body import read_body
from sync.protocol.packing import MAX_COMPRESSED_BYTES
from sync.protocol.problems import NOT_UNDERSTOOD, TOO_LARGE, TOO_SLOW, Problem


def read(*chunks: bytes | None, seconds: float = 5) -> bytes | Problem:
    """Read a body that comes in chunks; None stands for a sender who falls silent, the end for one who hangs up."""
    coming = iter(chunks)
    taken = 0

    async def receive() -> Any:
        nonlocal taken
        chunk = next(coming, b"")
        if chunk is None:
            await asyncio.sleep(60)
        if not chunk:
            return {"type": "http.disconnect"}
        taken += len(chunk)
        assert taken <= MAX_COMPRESSED_BYTES + 65_536, "more was taken than can be used"
        return {"type": "http.request", "body": chunk.rstrip(b"."), "more_body": not chunk.endswith(b".")}

    return asyncio.run(read_body(Request({"type": "http", "headers": []}, receive), seconds))


def test_a_body_is_joined() -> None:
    assert read(b"ab", b"cd", b"ef.") == b"abcdef"


def test_one_byte_too_many_ends_the_reading() -> None:
    assert read(*[b"x" * 65_536] * 4, b".") == b"x" * MAX_COMPRESSED_BYTES
    assert read(*[b"x" * 65_536] * 40, b".") is TOO_LARGE


def test_who_falls_silent_is_too_slow() -> None:
    assert read(b"ab", None, b"cd.", seconds=0.05) is TOO_SLOW


def test_who_hangs_up_said_nothing() -> None:
    assert read(b"ab") is NOT_UNDERSTOOD
