"""Reads a request's body within a size and a time, and never holds more than that.

Upstream: Starlette.
Downstream: ``door``.
"""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request

from sync.protocol.packing import MAX_COMPRESSED_BYTES
from sync.protocol.problems import NOT_UNDERSTOOD, TOO_LARGE, TOO_SLOW, Problem

BODY_SECONDS = 60.0  # 256 KiB over a 64 kbit/s line take 33 s


async def read_body(request: Request, seconds: float = BODY_SECONDS) -> bytes | Problem:
    """Return the body, or what is wrong with it: too large (refused at the first byte too many), too slow, cut."""
    taken = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                taken += chunk
                if len(taken) > MAX_COMPRESSED_BYTES:
                    return TOO_LARGE
    except TimeoutError:
        return TOO_SLOW
    except ClientDisconnect:
        return NOT_UNDERSTOOD
    return bytes(taken)


def is_too_large(request: Request) -> bool:
    """Tell whether a request says itself that its body is too large to be read."""
    text = request.headers.get("content-length", "0")  # the HTTP server takes at most 20 digits, and nothing else
    return text.isdecimal() and int(text) > MAX_COMPRESSED_BYTES
