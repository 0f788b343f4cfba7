"""Reads a request's body within a size and a time, and never holds more than that.

Upstream: Starlette.
Downstream: ``events``.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request

from sync.protocol.batch import MAX_COMPRESSED_BYTES
from sync.protocol.problems import NOT_A_BATCH, TOO_LARGE, Problem

BODY_SECONDS = 60.0  # 256 KiB over a 64 kbit/s line take 33 s
TOO_SLOW = Problem("too-slow", "The body did not arrive in time", HTTPStatus.REQUEST_TIMEOUT, "Send it again later.")


async def read_body(request: Request) -> bytes | Problem:
    """Return the body, or what is wrong with it: too large (refused at the first byte too many), too slow, cut."""
    if _declared(request) > MAX_COMPRESSED_BYTES:
        return TOO_LARGE
    taken = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                taken += chunk
                if len(taken) > MAX_COMPRESSED_BYTES:
                    return TOO_LARGE
    except TimeoutError:
        return TOO_SLOW
    except ClientDisconnect:
        return NOT_A_BATCH
    return bytes(taken)


def _declared(request: Request) -> int:
    text = request.headers.get("content-length", "0")
    return int(text) if text.isascii() and text.isdigit() else 0
