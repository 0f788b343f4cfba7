"""What a volunteer sees of the roster: own places, open posts, exchanges, and what became of own words.

Upstream: ``store``, ``reading``, ``rules``.
Downstream: the volunteers' pages.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.platform.rostering.model import Answer, Assignment, Post, Swap
from sync.platform.rostering.rules import Violation


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
        open_posts: where they may serve, with places left, of the next fortnight, by their begin.
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
