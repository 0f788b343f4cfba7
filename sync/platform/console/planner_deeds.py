"""What a planner does to a roster: places, moves, takes off, changes posts, makes, copies, undoes.

Upstream: ``planner_deal``, ``planner_pages``.
Downstream: ``assembly``.

Each deed is one transaction. Whatever speaks against it comes back as sentences on the page and nothing is written:
a rule, a right that is not held, or that somebody else changed meanwhile what this planner saw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TypeAlias

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync.platform.console import queries
from sync.platform.console.forms import one
from sync.platform.console.frame import HEADERS
from sync.platform.console.gate import fields_of
from sync.platform.console.planner_deal import Deal, NotDoneError, NotYoursError
from sync.platform.console.planner_forms import post_of
from sync.platform.console.planner_look import Said
from sync.platform.console.planner_pages import PlannerPages
from sync.platform.console.planner_sight import PAGE, Sight, read_sight
from sync.platform.errors import DecisionError
from sync.platform.rostering.hours import day_of
from sync.platform.rostering.model import Assignment
from sync.platform.rostering.templates import make_posts
from sync.platform.rostering.undoing import last_change
from sync.platform.signin.audit import Deed
from sync.platform.store.rosters import OWNER
from sync.platform.wording import marked

Act: TypeAlias = Callable[[Deal], Sight | Said]
PUSHED = "hx-push-url"
NOT_DONE = marked("That could not be done; nothing was changed.")


@dataclass(frozen=True, slots=True)
class PlannerDeeds:
    """The deeds over the planner's pages."""

    pages: PlannerPages

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        ways = {
            "/place": self.place,
            "/remove": self.remove,
            "/post": self.post,
            "/cancel": self.cancel,
            "/make": self.make,
            "/copy": self.copy,
            "/undo": self.undo,
        }
        for way, deed in ways.items():
            router.add_api_route(PAGE + way, deed, methods=["POST"], response_model=None)
        return router

    def place(self, request: Request) -> Response:
        """Put a volunteer at a post, or move one there from another."""
        return done(self.pages, request, _place)

    def remove(self, request: Request) -> Response:
        """Take a volunteer off a post."""
        return done(self.pages, request, _remove)

    def post(self, request: Request) -> Response:
        """Add a post by hand, or change one."""
        return done(self.pages, request, _post)

    def cancel(self, request: Request) -> Response:
        """Cancel a post."""
        return done(self.pages, request, _cancel)

    def make(self, request: Request) -> Response:
        """Make the posts that the templates ask for in the view."""
        return done(self.pages, request, _make)

    def copy(self, request: Request) -> Response:
        """Copy the view's week to another."""
        return done(self.pages, request, _copy)

    def undo(self, request: Request) -> Response:
        """Take this planner's last change back."""
        return done(self.pages, request, _undo)


def done(pages: PlannerPages, request: Request, act: Act) -> Response:
    """Do something in one transaction and lead back to the page, or show the page with what there is to say."""
    fields, sight = fields_of(request), None
    try:
        with pages.database.writing(OWNER) as unit:
            eye = pages.eye(request, unit)
            points = [point.id for point in eye.remit.points(unit)]
            sight = read_sight(lambda name: one(fields, name), points, day_of(eye.now_ms))
            Deal.own(bool(sight.point) and one(fields, "point") == sight.point)
            led = act(Deal(eye, sight, fields, pages.ports.ids))
    except NotYoursError:
        return pages.frame.page(request, "not_allowed.html", HTTPStatus.FORBIDDEN)
    except NotDoneError as refused:
        said = refused.said
    except DecisionError as refused:
        reader = pages.frame.reader(request)
        said = Said(reader.say(NOT_DONE), (reader.say(str(refused)),))
    else:
        if isinstance(led, Sight):
            return RedirectResponse(led.address(), HTTPStatus.SEE_OTHER, HEADERS)
        said = led
    response = pages.shown(request, sight, said)
    response.headers[PUSHED] = sight.address() if sight else PAGE
    return response


def _place(deal: Deal) -> Sight:
    to, _, stamp = (
        deal.field("to").partition(" ") if deal.field("to") else (deal.field("post"), "", deal.field("stamp"))
    )
    post, volunteer = deal.post(to, stamp), deal.field("volunteer")
    if deal.field("assignment"):
        held, _ = deal.place(deal.field("assignment"), deal.field("version"))
        volunteer = held.volunteer
    deal.own(post.point == deal.sight.point and deal.eye.remit.may_place(post, deal.team_of(volunteer)))
    planner = deal.planner()
    asked = deal.field("assignment")
    placed = planner.move(asked, post.id) if asked else planner.assign(post.id, volunteer)
    if not isinstance(placed, Assignment):
        names = deal.eye.unit.targets.names_of((volunteer,))
        about = {"name": names.get(volunteer, volunteer), "spot": deal.spot(post)}
        title = deal.eye.reader.say(marked("%(name)s cannot be placed on %(spot)s; nothing was written.")) % about
        raise NotDoneError(Said(title, deal.eye.choosing.sentences(placed)))
    deal.note(Deed.ROSTER_PLACED, post.id, volunteer)
    kept = deal.field("keep")  # a drop leaves the chosen post chosen; "-" alone: none was
    return replace(deal.sight, post=kept.removeprefix("-") if kept else post.id, wanted="")


def _remove(deal: Deal) -> Sight:
    place, post = deal.place(deal.field("assignment"), deal.field("version"))
    deal.planner().unassign(place.id)
    deal.note(Deed.ROSTER_TAKEN_OFF, post.id, place.volunteer)
    return deal.sight


def _post(deal: Deal) -> Sight:
    held = deal.post(deal.field("post"), deal.field("stamp")) if deal.field("post") else None
    put = post_of(deal.field, deal.sight.point, held)
    may = deal.eye.remit.may_change
    deal.own(may(put) and put.point == deal.sight.point and (held is None or may(held)))
    written = deal.planner().put_post(put)
    deal.note(Deed.ROSTER_POST_WRITTEN, written.id)
    return deal.sight.seen_as(deal.sight.view, written.on).of(written.id)


def _cancel(deal: Deal) -> Sight:
    post = deal.post(deal.field("post"), deal.field("stamp"))
    deal.own(deal.eye.remit.may_change(post) and post.point == deal.sight.point)
    deal.planner().cancel_post(post.id)
    deal.note(Deed.ROSTER_POST_CANCELLED, post.id)
    return deal.sight.of("")


def _make(deal: Deal) -> Said:
    sight, reader = deal.sight, deal.eye.reader
    count = make_posts(deal.planner(deal.eye.remit.may_change), (sight.point,), sight.from_on, sight.until_on)
    if not count:
        why = marked("Either they are made already, or no template asks for one here. Templates are in the set-up.")
        return Said(reader.say(marked("There was no post to make.")), (reader.say(why),), is_refusal=False)
    deal.note(Deed.ROSTER_POSTS_MADE, sight.from_on.isoformat(), str(count))
    return Said(reader.ngettext("%(num)s post was made.", "%(num)s posts were made.", count), is_refusal=False)


def _copy(deal: Deal) -> Said:
    to, sight, reader = queries.read_day(deal.field("to")), deal.sight, deal.eye.reader
    if to is None:
        raise DecisionError(marked("Say to which week."))
    copied = deal.planner(deal.eye.remit.may_change).copy_week((sight.point,), sight.from_on, to)
    deal.note(Deed.ROSTER_WEEK_COPIED, to.isoformat(), str(copied.posts))
    names = deal.eye.unit.targets.names_of([each.pair.person for each in copied.skipped])
    lines = [
        f"{names.get(each.pair.person, '')} {' '.join(deal.eye.choosing.sentences((each,)))}".strip()
        for each in copied.skipped
    ]
    shut = reader.say(marked("%(spot)s: the point is closed then"))
    lines += [shut % {"spot": deal.spot(post)} for post in copied.shut]
    title = reader.say(marked("Copied: %(posts)s posts, %(places)s places in draft. Left out: %(left)s."))
    told = {"posts": copied.posts, "places": copied.places, "left": len(copied.skipped) + len(copied.shut)}
    return Said(title % told, tuple(dict.fromkeys(lines)), is_refusal=False)


def _undo(deal: Deal) -> Sight:
    last = last_change(deal.eye.unit, deal.eye.by)
    if last and str(last[0].at_ms) != deal.field("at"):
        raise deal.refused(marked("Your last change is another by now; look at what would be undone."))
    undone = deal.planner().undo()
    deal.note(Deed.ROSTER_UNDONE, "", str(len(undone.changes)))
    return deal.sight
