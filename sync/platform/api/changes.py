"""``GET /v1/changes?scope=&cursor=&limit=``: a page of what a device must know, signed by the platform's own key.

Upstream: ``door``, ``sync.platform.feed``.
Downstream: ``routes``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from sync.platform.api.answers import answer, refuse
from sync.platform.api.door import Door
from sync.platform.credentials import Caller
from sync.platform.feed import Feed, Question
from sync.protocol.changes import DEFAULT_ENTRIES, MAX_ENTRIES, Cursor, Scope
from sync.protocol.problems import NOT_UNDERSTOOD, Problem


class _Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query."""

    scope: Scope
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_ENTRIES)] = DEFAULT_ENTRIES


@dataclass(frozen=True, slots=True)
class ChangesCall:
    """Tells a device what has changed."""

    door: Door
    feed: Feed

    async def __call__(self, request: Request) -> Response:
        """Answer one call."""
        return await self.door.asked(request, self._tell)

    def _tell(self, caller: Caller, query: Mapping[str, str]) -> Response:
        try:
            asked = msgspec.convert(dict(query), _Asked, strict=False)
        except msgspec.ValidationError:
            return refuse(NOT_UNDERSTOOD)
        page = self.feed.page(caller.device, Question(asked.scope, asked.cursor, asked.limit))
        return refuse(page) if isinstance(page, Problem) else answer(page)
