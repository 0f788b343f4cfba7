"""What everybody may open: the switch of language, the style sheet, the face for Chinese, and that a page is not there.

Upstream: ``frame``.
Downstream: ``assembly``, ``app``.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from sync.platform.console.frame import LANGUAGE_COOKIE, Frame
from sync.platform.console.sign_in_pages import own_address
from sync.platform.wording import LANGUAGES

RETRY_AFTER_S = 30
COOKIE_SECONDS = 365 * 24 * 3600
FACE = Path(__file__).parents[3] / "assets" / "fonts" / "NotoSansCJKsc-Regular.otf"  # OFL, its licence beside it
FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True, slots=True)
class OpenPages:
    """The pages within their frame."""

    frame: Frame

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route("/language/{language}", self.choose_language, methods=["GET"], response_model=None)
        router.add_api_route("/face.otf", self.face, methods=["GET"], response_model=None)
        return router

    @staticmethod
    def assets() -> StaticFiles:
        """Return the style sheet and drawings."""
        return StaticFiles(directory=Path(__file__).parent / "static")

    @staticmethod
    def face() -> Response:
        """The face for a browser whose machine has none for Chinese; others never ask for it."""
        return FileResponse(FACE, media_type="font/otf", headers=FOR_EVER)

    def choose_language(self, request: Request, language: str) -> Response:
        """Remember the reader's language and go back to the page that was open."""
        back = request.query_params.get("back", "/")
        response = RedirectResponse(own_address(back), HTTPStatus.SEE_OTHER)
        if language in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, language, COOKIE_SECONDS, httponly=True, samesite="lax")
        return response

    def away(self, request: Request) -> Response:
        """Say that the database does not answer just now; it takes no database to say so."""
        response = self.frame.public_page(request, "away.html", HTTPStatus.SERVICE_UNAVAILABLE)
        response.headers["retry-after"] = str(RETRY_AFTER_S)
        return response

    def missing(self, request: Request, status: int) -> Response:
        """Say that there is no such page, or that it cannot be opened this way."""
        return self.frame.page(request, "missing.html", status=status)
