"""Answers of the interface for devices: receipts and RFC 9457 problems.

Upstream: Starlette, ``sync.protocol``.
Downstream: ``events``, ``app``.
"""

from __future__ import annotations

import msgspec
from starlette.responses import Response

from sync.protocol.batch import CONTENT_TYPE
from sync.protocol.problems import PROBLEM_CONTENT_TYPE, TOO_LARGE, UNAVAILABLE, Problem

RETRY_AFTER_SECONDS = 30
NO_STORE = {"cache-control": "no-store"}


def answer(content: bytes) -> Response:
    """Return JSON bytes as a 200 answer that no cache keeps."""
    return Response(content, media_type=CONTENT_TYPE, headers=NO_STORE)


def refuse(problem: Problem) -> Response:
    """Return a problem; 503 says when to come again, and after 413 the rest of the body is not read."""
    headers = dict(NO_STORE)
    if problem is UNAVAILABLE:
        headers["retry-after"] = str(RETRY_AFTER_SECONDS)
    if problem is TOO_LARGE:
        headers["connection"] = "close"
    return Response(msgspec.json.encode(problem), problem.status, headers, PROBLEM_CONTENT_TYPE)
