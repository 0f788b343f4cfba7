"""Answers of the interface for devices: values as JSON and RFC 9457 problems.

Upstream: Starlette, ``sync.protocol``.
Downstream: every call, ``edge``, ``app``.
"""

from __future__ import annotations

import msgspec
from starlette.responses import Response

from sync.protocol.batch import CONTENT_TYPE
from sync.protocol.problems import (
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    NOT_UNDERSTOOD,
    PROBLEM_CONTENT_TYPE,
    TOO_LARGE,
    TOO_MANY,
    TOO_SLOW,
    UNAVAILABLE,
    Problem,
)

RETRY_AFTER_SECONDS = {UNAVAILABLE.type: 30, TOO_MANY.type: 30}
NO_STORE = {"cache-control": "no-store"}
_HANGS_UP = frozenset({TOO_LARGE.type, TOO_SLOW.type})  # what is left of the body is not read


def answer(content: object) -> Response:
    """Return a value, or JSON bytes, as a 200 answer that no cache keeps."""
    encoded = content if isinstance(content, bytes) else msgspec.json.encode(content)
    return Response(encoded, media_type=CONTENT_TYPE, headers=NO_STORE)


def refuse(problem: Problem) -> Response:
    """Return a problem; 429 and 503 say when to come again."""
    headers = dict(NO_STORE)
    if problem.type in RETRY_AFTER_SECONDS:
        headers["retry-after"] = str(RETRY_AFTER_SECONDS[problem.type])
    if problem.type in _HANGS_UP:
        headers["connection"] = "close"
    return Response(msgspec.json.encode(problem), problem.status, headers, PROBLEM_CONTENT_TYPE)


def come_again(seconds: int) -> Response:
    """Return 503 with the time after which there is room again; what is left of the body is not read."""
    response = refuse(UNAVAILABLE)
    response.headers.update({"retry-after": str(seconds), "connection": "close"})
    return response


def refuse_status(status: int) -> Response:
    """Return the problem of a status that the framework chose: no such call, another method, or not understood."""
    return refuse(
        {NOT_FOUND.status: NOT_FOUND, METHOD_NOT_ALLOWED.status: METHOD_NOT_ALLOWED}.get(status, NOT_UNDERSTOOD)
    )
