"""Forms: read within a size, and only from a page of ours (a double-submit token, until sign-in brings sessions).

Upstream: Starlette.
Downstream: ``certificates``.

The token stands in a cookie that no other site's request carries (SameSite=Strict) and in a hidden field; another site
can neither read the one nor write the other.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response

from sync.platform.ports import Entropy

TOKEN_COOKIE, TOKEN_FIELD, TOKEN_BYTES = "form", "form", 16
MAX_BYTES, MAX_FIELDS = 64 * 1024, 2000
Fields = Mapping[str, Sequence[str]]


def token_of(request: Request, entropy: Entropy) -> str:
    """Return the token of this browser, a new one where it has none."""
    return request.cookies.get(TOKEN_COOKIE) or entropy(TOKEN_BYTES).hex()


def keep_token(response: Response, token: str) -> Response:
    """Give the browser its token."""
    response.set_cookie(TOKEN_COOKIE, token, httponly=True, samesite="strict")
    return response


async def read_form(request: Request) -> Fields | None:
    """Return the fields of a form of ours, or None: too large, not a form, or from elsewhere."""
    taken = bytearray()
    async for chunk in request.stream():
        taken += chunk
        if len(taken) > MAX_BYTES:
            return None
    try:
        fields = parse_qs(taken.decode(), max_num_fields=MAX_FIELDS)
    except ValueError:
        return None
    given, held = fields.get(TOKEN_FIELD, [""])[0], request.cookies.get(TOKEN_COOKIE, "")
    return fields if held and hmac.compare_digest(given.encode(), held.encode()) else None
