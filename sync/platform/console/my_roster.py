"""``/my/…/roster``: a volunteer's own part of the roster on a phone, and everything they can say of it.

Upstream: ``rostering.answering``, ``my_door``, ``my_views``.
Downstream: ``assembly``.

Every deed is a form of its own, so the page works without a script; what became of it stands on the page afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync.platform import roster_terms
from sync.platform.console import my_views
from sync.platform.console.forms import Fields, one
from sync.platform.console.frame import HEADERS, LANGUAGE_COOKIE
from sync.platform.console.my import masked
from sync.platform.console.my_door import PhoneDoor, back_to, word_of
from sync.platform.console.my_views import Past, PlaceCard, Places
from sync.platform.console.open_pages import COOKIE_SECONDS
from sync.platform.console.queries import day_bounds
from sync.platform.console.reader import Reader
from sync.platform.ports import unix_ms
from sync.platform.records import Volunteer
from sync.platform.rostering import answering
from sync.platform.rostering.answering import Said
from sync.platform.rostering.coverage import Reliability
from sync.platform.rostering.model import TOLD, Answer, Post
from sync.platform.rostering.outlook import Outlook
from sync.platform.rostering.reviewing import own_record
from sync.platform.store import Unit
from sync.platform.wording import LANGUAGES
from sync.protocol.vocabulary import AnswerOutcome, AssignmentState, LeaveReason, RosterAnswer

PAGE = "/my/{secret}/roster"
TABS = ("roster", "times", "calendar")
MOST_ID = 64
MOST_DIGITS = 9
KEPT = frozenset({AssignmentState.ACCEPTED, AssignmentState.LEFT, AssignmentState.SWAPPED})  # of what is over


@dataclass(frozen=True, slots=True)
class MyRoster:
    """The page over one database."""

    door: PhoneDoor

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(PAGE, self.show, methods=["GET"], response_model=None)
        router.add_api_route(PAGE, self.say, methods=["POST"], response_model=None)
        way = "/my/{secret}/language/{language}"
        router.add_api_route(way, self.choose_language, methods=["GET"], response_model=None)
        return router

    def show(self, request: Request, secret: str) -> Response:
        """Own places, what waits for a word, open posts, exchanges, outcomes, and this month so far."""

        def page(asked: Request, volunteer: Volunteer) -> Response:
            return self._page(asked, secret, volunteer)

        return self.door.show(request, secret, page)

    async def say(self, request: Request, secret: str) -> Response:
        """Say one thing of the roster; it is settled at once."""

        def deed(asked: Request, volunteer: Volunteer, fields: Fields) -> Response:
            said = _said(volunteer.number, fields)
            if said is None:
                return self.door.closed(asked, HTTPStatus.FORBIDDEN)
            answer = answering.say(self.door.database, self.door.ports, said)
            done = answer.outcome is AnswerOutcome.DONE and said.answer in my_views.SAID
            return back_to(f"/my/{secret}/roster{f'?said={said.answer}' if done else ''}")

        return await self.door.do(request, secret, deed)

    @staticmethod
    def choose_language(request: Request, secret: str, language: str) -> Response:
        """Remember the reader's language; the secret goes into no query, which servers like to log."""
        tab = request.query_params.get("to", TABS[0])
        address = f"/my/{secret}/{tab if tab in TABS else TABS[0]}"
        headers = {**HEADERS, "referrer-policy": "no-referrer"}
        response = RedirectResponse(address, HTTPStatus.SEE_OTHER, headers)
        if language in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, language, COOKIE_SECONDS, httponly=True, samesite="lax")
        return response

    def _page(self, request: Request, secret: str, volunteer: Volunteer) -> Response:
        reader, now_ms = self.door.frame.reader(request), unix_ms(self.door.ports.clock())
        with self.door.database.reading() as unit:
            outlook = answering.outlook(unit, volunteer.number, now_ms)
            answered = unit.rosters.posts_named(each.post for each in outlook.settled_unseen if each.post)
            month, kept = _month(unit, volunteer.number, now_ms, reader)
            places = Places({each.id: each.name for each in unit.registry.service_points()}, unit.openings.places())
        shown = _shown(outlook, answered, places, reader, volunteer.number)
        past = [my_views.past_card(each, places, reader) for each in month]
        said = my_views.done_words(request.query_params.get("said", ""), reader)
        about = around(secret, volunteer, "roster")
        return self.door.frame.public_page(
            request,
            "my_roster.html",
            HTTPStatus.OK,
            **about,
            **shown,
            past=past,
            kept=kept,
            leaves=_leaves(reader),
            said=said,
        )


def around(secret: str, volunteer: Volunteer, tab: str) -> dict[str, Any]:
    """Return what every page behind a phone's link has around it."""
    return {"secret": secret, "word": word_of(secret), "name": masked(volunteer.name), "tab": tab}


def _shown(outlook: Outlook, answered: dict[str, Post], places: Places, reader: Reader, number: str) -> dict[str, Any]:
    waiting = {each.swap.assignment: each.swap.id for each in outlook.swaps_asked if each.swap.state == "asked"}
    own = [
        my_views.place_card(each.assignment, each.post, places, reader, waiting.get(each.assignment.id, ""))
        for each in outlook.places
    ]
    asked, agreed = [each for each in own if each.is_asked], [each for each in own if not each.is_asked]
    free = [my_views.open_card(each, places, reader) for each in outlook.open_posts]
    return {
        "outcomes": _outcomes(outlook.settled_unseen, answered, places, reader),
        "asked": asked,
        "agreed": agreed,
        "wanted": [my_views.exchange_card(each, number, places, reader) for each in outlook.swaps_to_answer],
        "swaps": [my_views.exchange_card(each, number, places, reader) for each in outlook.swaps_asked],
        "free": [each for each in free if not each.against],
        "barred": [each for each in free if each.against],
        "colleagues": my_views.colleague_choices(outlook.colleagues, places, reader),
    }


def _outcomes(
    answers: tuple[Answer, ...], answered: dict[str, Post], places: Places, reader: Reader
) -> list[my_views.OutcomeCard]:
    """Return the outcomes to be told, those that went wrong first."""
    ranked = sorted(answers, key=lambda each: (each.outcome in {None, AnswerOutcome.DONE}, -(each.settled_ms or 0)))
    return [my_views.outcome_card(each, answered, places, reader) for each in ranked]


def _month(unit: Unit, number: str, now_ms: int, reader: Reader) -> tuple[list[Past], Reliability]:
    """Return the places of this month that are over, the latest first, each with what became of it."""
    first_ms, _ = day_bounds(reader.day_of(now_ms).replace(day=1), reader.zone)
    found = unit.rosters.of_volunteers((number,), first_ms, now_ms, KEPT | TOLD)
    became, kept = own_record(unit, number, first_ms, now_ms, now_ms)
    of = {each.place: each for each in became}
    over = [(place, post) for place, post in found if post.ends_ms <= now_ms and post.starts_ms >= first_ms]
    past = [Past(place, post, of.get(place.id)) for place, post in reversed(over) if place.state in KEPT]
    return past, kept


def _leaves(reader: Reader) -> list[tuple[str, str]]:
    return [(reason.value, reader.word(roster_terms.LEAVES, reason)) for reason in LeaveReason]


def _said(number: str, fields: Fields) -> Said | None:
    """Return what a form says, or None where it is none of ours."""
    answer, of, version = one(fields, "answer"), one(fields, "of"), one(fields, "version")
    colleague, _, in_return = one(fields, "colleague").partition("|")
    reason = one(fields, "reason")
    known = answer in set(RosterAnswer) and 0 < len(of) <= MOST_ID and reason in {"", *LeaveReason}
    counted = not version or (version.isascii() and version.isdecimal() and len(version) <= MOST_DIGITS)
    if not (known and counted and len(colleague) <= MOST_ID and len(in_return) <= MOST_ID):
        return None
    return Said(
        volunteer=number,
        answer=RosterAnswer(answer),
        of=of,
        version=int(version or 0),
        colleague=colleague or None,
        in_return=in_return or None,
        reason=LeaveReason(reason) if reason else None,
    )


__all__ = ["MyRoster", "PlaceCard", "around"]
