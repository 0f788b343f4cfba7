"""What a volunteer sees of the roster: own places, open posts, exchanges, and what became of own words.

Upstream: ``store``, ``reading``, ``rules``, ``told``.
Downstream: the volunteers' pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.platform.rostering.model import TOLD, Answer, Assignment, Post, PostState, Swap
from sync.platform.rostering.problem import Limits
from sync.platform.rostering.reading import scene_of
from sync.platform.rostering.rules import Violation
from sync.platform.rostering.told import DAY_MS, OUTCOMES_MS, SWAPS_MS
from sync.protocol.vocabulary import AssignmentState, RosterReason, SwapState

if TYPE_CHECKING:
    from sync.platform.store import Unit

AHEAD_MS = 15 * DAY_MS  # as devices are told (present)
FAR_MS = 400 * DAY_MS
MOST_POSTS = 100  # on one page; a city may have thousands


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """A place of a volunteer that they know of, and its post."""

    assignment: Assignment
    post: Post


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A published post with ``left`` places; ``against``: all that speaks against the volunteer there, if anything."""

    post: Post
    left: int
    against: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """An exchange with what people need to know of it.

    Attributes:
        offered: the place that its asker gives.
        wanted: the colleague's place that is wanted for it, or None.
        asker, colleague: names; the number where none is known.
    """

    swap: Swap
    offered: OwnPlace
    wanted: OwnPlace | None
    asker: str
    colleague: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody rostered at the same service points, and the accepted places that could be wanted in return."""

    volunteer: str
    name: str
    places: tuple[OwnPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlook:
    """Everything a volunteer can see and answer.

    Attributes:
        places: offered and accepted, that are not over, by their begin.
        open_posts: posts with places left, of the next fortnight, by their begin: those at service points they have
            to do with first, and no more than :data:`MOST_POSTS`.
        swaps_to_answer: asked of them and open.
        swaps_asked: by them, open or settled within the last fortnight.
        settled_unseen: their answers whose outcome they have not read, and those that wait (``outcome`` None).
        colleagues: whom they could ask to serve instead, by number.
    """

    places: tuple[OwnPlace, ...] = ()
    open_posts: tuple[OpenPlace, ...] = ()
    swaps_to_answer: tuple[Exchange, ...] = ()
    swaps_asked: tuple[Exchange, ...] = ()
    settled_unseen: tuple[Answer, ...] = ()
    colleagues: tuple[Colleague, ...] = ()


def outlook(
    unit: Unit,
    volunteer: str,
    now_ms: int,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Outlook:
    """Return what a volunteer sees and can answer at an instant, UTC ms."""
    own = _own_places(unit, volunteer, now_ms)
    swaps = unit.exchanges.between(volunteer, now_ms, now_ms - SWAPS_MS)
    exchanges = [each for swap in swaps if (each := _exchange_of(unit, swap)) is not None]
    return Outlook(
        places=own,
        open_posts=_open_posts(unit, volunteer, now_ms, limits),
        swaps_to_answer=tuple(
            each for each in exchanges if each.swap.colleague == volunteer and each.swap.state is SwapState.ASKED
        ),
        swaps_asked=tuple(each for each in exchanges if each.swap.volunteer == volunteer),
        settled_unseen=unit.roster_answers.of_volunteer(volunteer, now_ms - OUTCOMES_MS),
        colleagues=_colleagues(unit, volunteer, {each.post.point for each in own}, now_ms),
    )


def _own_places(unit: Unit, volunteer: str, now_ms: int) -> tuple[OwnPlace, ...]:
    found = unit.rosters.of_volunteers([volunteer], now_ms, now_ms + FAR_MS, TOLD)
    return tuple(OwnPlace(place, post) for place, post in found if post.state is PostState.PUBLISHED)


def _open_posts(unit: Unit, volunteer: str, now_ms: int, limits: Limits) -> tuple[OpenPlace, ...]:
    own = _points_of(unit, volunteer, now_ms)
    every = unit.rosters.with_room(now_ms, now_ms + AHEAD_MS)
    room = sorted(every, key=lambda each: (each[0].point not in own, each[0].starts_ms, each[0].id))[:MOST_POSTS]
    scene = scene_of(unit, [post for post, _ in room], [volunteer], now_ms, limits)
    drafts = {
        place.id
        for place in scene.places.values()
        if place.volunteer == volunteer and place.state is AssignmentState.DRAFT
    }
    found = []
    for post, left in room:
        against = scene.judge(post, volunteer, without=drafts, volunteered=True)
        if not any(violation.reason is RosterReason.TWICE for violation in against):
            found.append(OpenPlace(post, left, against))
    return tuple(found)


def _points_of(unit: Unit, volunteer: str, now_ms: int) -> frozenset[str]:
    """The service points a volunteer has to do with: rostered, on duty there within the year, or wished for."""
    rostered = unit.rosters.of_volunteers([volunteer], now_ms - FAR_MS, now_ms + FAR_MS, None)
    served = unit.rosters.points_served(volunteer, now_ms - FAR_MS)
    return frozenset({*unit.roster_people.profile(volunteer).points, *served, *(post.point for _, post in rostered)})


def _exchange_of(unit: Unit, swap: Swap) -> Exchange | None:
    offered = _place_of(unit, swap.assignment)
    wanted = None if swap.in_return is None else _place_of(unit, swap.in_return)
    if offered is None:
        return None
    return Exchange(swap, offered, wanted, _name_of(unit, swap.volunteer), _name_of(unit, swap.colleague))


def _place_of(unit: Unit, id_: str) -> OwnPlace | None:
    place = unit.rosters.assignment(id_)
    post = None if place is None else unit.rosters.post(place.post)
    return None if place is None or post is None else OwnPlace(place, post)


def _name_of(unit: Unit, number: str) -> str:
    known = unit.registry.volunteer(number)
    return number if known is None else known.name


def _colleagues(unit: Unit, volunteer: str, points: Collection[str], now_ms: int) -> tuple[Colleague, ...]:
    """Who is rostered at some points in the coming fortnight, as their own devices show them."""
    shifts = [shift for point in sorted(points) for shift in unit.rosters.told(point, now_ms, now_ms + AHEAD_MS)]
    names = {shift.volunteer: shift.display_name for shift in shifts if shift.volunteer != volunteer}
    places: dict[str, list[OwnPlace]] = defaultdict(list)
    for place, post in unit.rosters.of_volunteers(names, now_ms, now_ms + AHEAD_MS, {AssignmentState.ACCEPTED}):
        if post.starts_ms > now_ms and post.state is PostState.PUBLISHED:
            places[place.volunteer].append(OwnPlace(place, post))
    return tuple(Colleague(number, names[number], tuple(places[number])) for number in sorted(names))
