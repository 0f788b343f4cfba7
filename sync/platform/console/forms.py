"""Forms: read within a size, and only from a page of ours.

Upstream: Starlette.
Downstream: ``gate``, ``sign_in_pages``.

A form of somebody signed in carries a word that only the session's secret yields. The sign-in form, which has no
session yet, carries one that also stands in a cookie no other site's request brings (SameSite=Strict). Beside that, the
browser's own word on where a form comes from (Origin, else Sec-Fetch-Site) must not say: elsewhere.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from sync.platform.ports import Entropy

TOKEN_COOKIE, TOKEN_FIELD, TOKEN_BYTES = "form", "form", 16
MAX_BYTES, MAX_FIELDS = 64 * 1024, 2000
SAME_SITE = frozenset({"same-origin", "none"})
Fields = Mapping[str, Sequence[str]]


def token_of(request: Request, entropy: Entropy) -> str:
    """Return the token of this browser, a new one where it has none."""
    return request.cookies.get(TOKEN_COOKIE) or entropy(TOKEN_BYTES).hex()


def keep_token(response: Response, token: str, *, secure: bool) -> Response:
    """Give the browser its token."""
    response.set_cookie(TOKEN_COOKIE, token, httponly=True, samesite="strict", secure=secure)
    return response


async def read_form(request: Request, word: str, *, hidden: bool = False) -> Fields | None:
    """Return the fields of a form of ours, or None: too large, not a form, or from elsewhere.

    Args:
        request: a POST.
        word: what a form of ours carries; empty: none is.
        hidden: of a page that keeps its address from referrers, whose forms come from nowhere (``Origin: null``).
    """
    taken = bytearray()
    async for chunk in request.stream():
        taken += chunk
        if len(taken) > MAX_BYTES:
            return None
    if not (is_from_here(request) or (hidden and _is_from_nowhere(request))):
        return None
    try:
        fields = parse_qs(taken.decode(), max_num_fields=MAX_FIELDS, keep_blank_values=True)
    except ValueError:
        return None
    given = fields.get(TOKEN_FIELD, [""])[0]
    return fields if word and hmac.compare_digest(given.encode(), word.encode()) else None


def is_from_here(request: Request) -> bool:
    """Tell whether the browser says that a form comes from a page of ours; one that says nothing is not accused."""
    origin = request.headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == request.headers.get("host", "")
    return request.headers.get("sec-fetch-site", "same-origin") in SAME_SITE


def _is_from_nowhere(request: Request) -> bool:
    """Tell whether a browser keeps where a form comes from to itself, and does not say that it is elsewhere."""
    is_kept = request.headers.get("origin") == "null"
    return is_kept and request.headers.get("sec-fetch-site", "same-origin") in SAME_SITE


def one(fields: Fields, name: str) -> str:
    """Return the first value of a field without space around it, empty where there is none."""
    return fields.get(name, [""])[0].strip()
