"""Publishing a roster: first what would go out and to whom, then, if nothing was changed meanwhile, it goes out.

Upstream: ``rostering.changing``, ``planner_deal``, ``planner_deeds``.
Downstream: ``assembly``.

What volunteers accepted, or were asked before, stays as it is; nobody is asked twice for the same place.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync.platform.console.planner_deal import MEANWHILE, Deal
from sync.platform.console.planner_deeds import done
from sync.platform.console.planner_look import Eye, Said
from sync.platform.console.planner_pages import PlannerPages
from sync.platform.console.planner_sight import PAGE, Sight
from sync.platform.console.planner_stamps import stamp_of
from sync.platform.console.planner_views import Stock, day_word, read_stock, time_of
from sync.platform.rostering.changing import Published
from sync.platform.rostering.model import Post, PostState
from sync.platform.signin.audit import Deed
from sync.platform.wording import marked
from sync.protocol.vocabulary import AssignmentState

SUMMARY = PAGE + "/publish"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What would go out: posts, who is asked for which of them, places that stay open, and all of it as one stamp."""

    posts: tuple[Post, ...]
    asked: Mapping[str, tuple[Post, ...]]
    open_places: int
    stamp: str

    @property
    def places(self) -> int:
        """How many places are offered."""
        return sum(map(len, self.asked.values()))


@dataclass(frozen=True, slots=True)
class PlannerPublishing:
    """The two pages over the planner's."""

    pages: PlannerPages

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(SUMMARY, self.summary, methods=["GET"], response_model=None)
        router.add_api_route(SUMMARY, self.publish, methods=["POST"], response_model=None)
        return router

    def summary(self, request: Request) -> Response:
        """What would go out."""
        with self.pages.database.reading() as unit:
            eye = self.pages.eye(request, unit)
            points = eye.remit.points(unit)
            sight = self.pages.asked(request, eye, [point.id for point in points])
            stock = read_stock(unit, sight, eye.now_ms)
            out = outgoing(eye, sight, stock)
        names = {point.id: point.name for point in points}
        shown: dict[str, Any] = {
            "sight": sight,
            "point": names.get(sight.point, ""),
            "out": out,
            "asked": [(stock.names.get(each, each), _spots(eye, posts)) for each, posts in out.asked.items()],
        }
        return self.pages.frame.page(request, "planner_publish.html", HTTPStatus.OK, **shown)

    def publish(self, request: Request) -> Response:
        """Let it go out."""
        return done(self.pages, request, _publish)


def outgoing(eye: Eye, sight: Sight, stock: Stock) -> Outgoing:
    """Return what would go out of a view."""
    posts = [post for post in stock.posts if post.on in sight.days and _is_due(eye, stock, post)]
    asked: dict[str, list[Post]] = defaultdict(list)
    stamp = hashlib.blake2s(digest_size=12)
    for post in posts:
        held = stock.places.get(post.id, ())
        stamp.update(f"{post.id} {stamp_of(post, held)};".encode())
        for each in held:
            if each.state is AssignmentState.DRAFT:
                asked[each.volunteer].append(post)
    spare = sum(max(0, post.needed - len(stock.places.get(post.id, ()))) for post in posts)
    people = {each: tuple(asked[each]) for each in sorted(asked)}
    return Outgoing(tuple(posts), people, spare, stamp.hexdigest())


def _is_due(eye: Eye, stock: Stock, post: Post) -> bool:
    drafts = [each for each in stock.places.get(post.id, ()) if each.state is AssignmentState.DRAFT]
    is_new = post.state is PostState.DRAFT
    may = eye.remit.may_publish(post, [stock.teams.get(each.volunteer) for each in drafts])
    return post.starts_ms > eye.now_ms and bool(is_new or drafts) and may


def _publish(deal: Deal) -> Said:
    eye, sight = deal.eye, deal.sight
    out = outgoing(eye, sight, read_stock(eye.unit, sight, eye.now_ms))
    if out.stamp != deal.field("seen"):
        raise deal.refused(MEANWHILE, (eye.reader.say(marked("Look at what would go out once more.")),))
    due = frozenset(post.id for post in out.posts)
    planner = deal.planner(lambda post: post.id in due)
    published = planner.publish((sight.point,), sight.days[0], sight.days[-1])
    deal.note(Deed.ROSTER_PUBLISHED, sight.from_on.isoformat(), str(published.offers))
    return Said(_said(published, eye), _kept(published, eye), is_refusal=False)


def _said(published: Published, eye: Eye) -> str:
    words = marked("Published: %(posts)s new posts, %(offers)s places offered. What was accepted stays.")
    return eye.reader.say(words) % {"posts": published.posts, "offers": published.offers}


def _kept(published: Published, eye: Eye) -> tuple[str, ...]:
    names = eye.unit.targets.names_of([each.pair.person for each in published.kept])
    stays = eye.reader.say(marked("%(name)s stays a draft: %(why)s"))
    return tuple(
        stays % {"name": names.get(each.pair.person, ""), "why": " ".join(eye.choosing.sentences((each,)))}
        for each in published.kept
    )


def _spots(eye: Eye, posts: Sequence[Post]) -> str:
    return eye.reader.say(marked(", ")).join(f"{day_word(post.on, eye.reader)} {time_of(post)}" for post in posts)
