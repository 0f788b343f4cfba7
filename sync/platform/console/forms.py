"""Forms, and files beside them: read within a size, and only from a page of ours.

Upstream: Starlette, which asks python-multipart to take forms with files apart.
Downstream: ``gate``, ``sign_in_pages``.

A form of somebody signed in carries a word that only the session's secret yields. The sign-in form, which has no
session yet, carries one that also stands in a cookie no other site's request brings (SameSite=Strict). Beside that, the
browser's own word on where a form comes from (Origin, else Sec-Fetch-Site) must not say: elsewhere.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from sync.platform.ports import Entropy

TOKEN_COOKIE, TOKEN_FIELD, TOKEN_BYTES = "form", "form", 16
MAX_BYTES, MAX_FIELDS = 64 * 1024, 2000
SAME_SITE = frozenset({"same-origin", "none"})
MULTIPART, MAX_PARTS = "multipart/form-data", 20
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Upload:
    """A form with at most one file: its fields, and what the file holds; what it is called is nobody's business."""

    fields: Fields
    content: bytes


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
    taken = await _taken(request, MAX_BYTES)
    if taken is None or not (is_from_here(request) or (hidden and _is_from_nowhere(request))):
        return None
    try:
        fields = parse_qs(taken.decode(), max_num_fields=MAX_FIELDS, keep_blank_values=True)
    except ValueError:
        return None
    return fields if _is_ours(fields, word) else None


async def read_upload(request: Request, word: str, most: int) -> Upload | None:
    """Return a form of ours that may bring a file, or None as of :func:`read_form`.

    It is held in memory, and never written anywhere on its way.

    Args:
        request: a POST.
        word: what a form of ours carries; empty: none is.
        most: bytes of the whole.
    """
    is_form = request.headers.get("content-type", "").startswith(MULTIPART)
    taken = await _taken(request, most)
    if taken is None or not is_form or not is_from_here(request):
        return None
    parser = MultiPartParser(request.headers, _once(taken), max_files=1, max_fields=MAX_PARTS, max_part_size=most)
    parser.spool_max_size = most
    try:
        form = await parser.parse()
    except (MultiPartException, ValueError, LookupError):
        return None
    given = form.multi_items()
    fields: dict[str, list[str]] = {}
    for name, value in given:
        if isinstance(value, str):
            fields.setdefault(name, []).append(value)
    files = [await value.read() for _, value in given if isinstance(value, UploadFile)]
    await form.close()
    return Upload(fields, files[0] if files else b"") if _is_ours(fields, word) else None


def is_from_here(request: Request) -> bool:
    """Tell whether the browser says that a form comes from a page of ours; one that says nothing is not accused."""
    origin = request.headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == request.headers.get("host", "")
    return request.headers.get("sec-fetch-site", "same-origin") in SAME_SITE


async def _taken(request: Request, most: int) -> bytes | None:
    """Return what a request brings, None where that is more than so many bytes."""
    taken = bytearray()
    async for chunk in request.stream():
        taken += chunk
        if len(taken) > most:
            return None
    return bytes(taken)


async def _once(content: bytes) -> AsyncGenerator[bytes, None]:
    yield content


def _is_ours(fields: Fields, word: str) -> bool:
    given = fields.get(TOKEN_FIELD, [""])[0]
    return bool(word) and hmac.compare_digest(given.encode(errors="replace"), word.encode())


def _is_from_nowhere(request: Request) -> bool:
    """Tell whether a browser keeps where a form comes from to itself, and does not say that it is elsewhere."""
    is_kept = request.headers.get("origin") == "null"
    return is_kept and request.headers.get("sec-fetch-site", "same-origin") in SAME_SITE


def one(fields: Fields, name: str) -> str:
    """Return the first value of a field without space around it, empty where there is none."""
    return fields.get(name, [""])[0].strip()
