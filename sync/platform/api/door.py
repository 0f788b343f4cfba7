"""The door of every signed call: the body within its bounds, then the signature, then the call itself.

Upstream: FastAPI, ``body``, ``answers``, ``sync.platform.credentials``.
Downstream: the calls, a module each.

A call is a plain function from a ``Caller`` to an answer; it runs in a thread and may use the database. What it raises
is caught in ``edge``, once for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sync.platform.api.answers import refuse
from sync.platform.api.body import is_too_large, read_body
from sync.platform.api.turns import Lane
from sync.platform.credentials import Caller, Credentials
from sync.protocol.problems import NOT_UNDERSTOOD, TOO_LARGE, UNSIGNED, Problem
from sync.protocol.signing.requests import HttpRequest

Act = Callable[[Caller], Response]
Find = Callable[[Caller, Mapping[str, str]], Response]


@dataclass(frozen=True, slots=True)
class Door:
    """Lets signed calls in."""

    credentials: Credentials

    async def posted(self, request: Request, act: Act, lane: Lane | None = None) -> Response:
        """Answer a signed POST, which has a body and no query; in its turn, where it has a lane."""
        return await self.posted_by_stranger(request, lambda signed: self._answer(signed, act), lane)

    async def posted_by_stranger(
        self, request: Request, act: Callable[[HttpRequest], Response], lane: Lane | None = None
    ) -> Response:
        """Answer a POST whose signature ``act`` verifies itself, over the request as it came."""
        if is_too_large(request):
            return refuse(TOO_LARGE)
        if "signature-input" not in request.headers:
            return _hang_up(refuse(UNSIGNED))
        body = await read_body(request)
        if isinstance(body, Problem):
            return refuse(body)
        if request.scope["query_string"]:
            return refuse(NOT_UNDERSTOOD)
        async with lane.turn() if lane else nullcontext():
            return await run_in_threadpool(act, signed_request(request, body))

    async def asked(self, request: Request, find: Find) -> Response:
        """Answer a signed GET, which has a query and no body; a parameter given twice is not understood."""
        pairs = request.query_params.multi_items()
        query = dict(pairs)
        if len(query) != len(pairs):
            return refuse(NOT_UNDERSTOOD)
        return await run_in_threadpool(self._answer, signed_request(request, b""), lambda caller: find(caller, query))

    def _answer(self, request: HttpRequest, act: Act) -> Response:
        caller = self.credentials.caller(request)
        return refuse(caller) if isinstance(caller, Problem) else act(caller)


def signed_request(request: Request, body: bytes) -> HttpRequest:
    """Return the parts of a request that are signed; its Host header is none of them."""
    path, query = request.scope["raw_path"].decode("latin-1"), request.scope["query_string"].decode("latin-1")
    headers: dict[str, str] = {}
    for name, value in request.headers.items():  # RFC 9421 §2.1: a field that comes twice is one, joined
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return HttpRequest(request.method, f"http://platform{path}{'?' if query else ''}{query}", headers, body)


def _hang_up(response: Response) -> Response:
    """Let what is left of a body be: nobody signed it."""
    response.headers["connection"] = "close"
    return response
