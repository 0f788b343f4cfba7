"""What a proposal found, as a planner looks at it: who would be asked and why, who would go, what stays empty and why.

Upstream: ``rostering.proposal``, ``rostering.explaining``, ``planner_look``.
Downstream: ``planner_proposals``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sync.platform import roster_terms, wording
from sync.platform.console.planner_look import Eye
from sync.platform.console.planner_views import coverage_of, day_word, time_of
from sync.platform.rostering.explaining import hole_sentences, sentence
from sync.platform.rostering.model import Post
from sync.platform.rostering.proposal import Failure, Found, Going, Hole, Place, Wrong
from sync.platform.wording import marked

PERCENT = 100
FAILURES: Mapping[str, str] = MappingProxyType(
    {
        Failure.ENDED: marked("The run ended without a result. Ask for it again."),
        Failure.LOST: marked("Nothing was heard of the run any more. Ask for it again."),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One volunteer at one post, and why."""

    time: str
    name: str
    service: str
    why: str


@dataclass(frozen=True, slots=True)
class HoleLine:
    """A post that stays empty in part: why, and what would fill it."""

    when: str
    service: str
    word: str
    why: tuple[str, ...]
    fills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of a proposal that its reader may plan; ``others``: places of posts that are for somebody else to plan."""

    days: tuple[tuple[str, tuple[Line, ...]], ...]
    goes: tuple[Line, ...]
    wrong: tuple[Line, ...]
    holes: tuple[HoleLine, ...]
    count: int
    stays: int
    missing: int
    others: int
    proof: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """A proposal's posts and the names of its people."""

    eye: Eye
    posts: Mapping[str, Post]
    names: Mapping[str, str]

    def line(self, post_id: str, volunteer: str, why: str, *, with_day: bool = False) -> Line:
        post = self.posts[post_id]
        time = f"{day_word(post.on, self.eye.reader)} {time_of(post)}" if with_day else time_of(post)
        service = self.eye.reader.word(wording.SERVICES, post.service)
        return Line(time, self.names.get(volunteer, volunteer), service, why)

    def because(self, each: Going | Wrong) -> str:
        words = [self.eye.reader.word(roster_terms.REASONS, reason) for reason in each.because]
        return " ".join(words) or self.eye.reader.say(marked("The whole is better so."))


def sheet_of(eye: Eye, found: Found) -> Sheet:
    """Return a proposal as a planner looks at it."""
    reading = _reading(eye, found)
    mine = [each for each in found.places if _is_own(reading, each.post)]
    holes = [each for each in found.holes if _is_own(reading, each.post)]
    goes = [each for each in found.goes if _is_own(reading, each.post)]
    return Sheet(
        days=_days(reading, mine),
        goes=tuple(reading.line(each.post, each.volunteer, reading.because(each), with_day=True) for each in goes),
        wrong=tuple(
            reading.line(each.post, each.volunteer, reading.because(each), with_day=True)
            for each in found.wrong
            if _is_own(reading, each.post)
        ),
        holes=tuple(_hole(reading, each) for each in holes),
        count=len(mine),
        stays=found.stays,
        missing=sum(each.missing for each in holes),
        others=len(found.places) - len(mine),
        proof=_proof(eye, found),
    )


def _reading(eye: Eye, found: Found) -> _Reading:
    every: tuple[Place | Going | Wrong, ...] = (*found.places, *found.goes, *found.wrong)
    named = {each.volunteer for each in every} | {
        one for hole in found.holes for fill in hole.fills for one in fill.people
    }
    named |= {str(each.reason["mate"]) for each in found.places if "mate" in each.reason}
    posts = eye.unit.rosters.posts_named({each.post for each in every} | {hole.post for hole in found.holes})
    return _Reading(eye, posts, eye.unit.targets.names_of(sorted(named)))


def _is_own(reading: _Reading, post_id: str) -> bool:
    post = reading.posts.get(post_id)
    return post is not None and reading.eye.remit.may_change(post)


def _days(reading: _Reading, places: Iterable[Place]) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    days: dict[str, list[Line]] = {}
    for each in sorted(places, key=lambda one: (reading.posts[one.post].starts_ms, one.post, one.volunteer)):
        why = sentence(each.reason, reading.eye.reader, reading.names)
        title = day_word(reading.posts[each.post].on, reading.eye.reader)
        days.setdefault(title, []).append(reading.line(each.post, each.volunteer, why))
    return tuple((title, tuple(lines)) for title, lines in days.items())


def _hole(reading: _Reading, hole: Hole) -> HoleLine:
    post, reader = reading.posts[hole.post], reading.eye.reader
    why, fills = hole_sentences(hole, post, reader, reading.names)
    return HoleLine(
        when=f"{day_word(post.on, reader)} {time_of(post)}",
        service=reader.word(wording.SERVICES, post.service),
        word=coverage_of(post.needed - hole.missing, post.needed, reader).word,
        why=why,
        fills=fills,
    )


def _proof(eye: Eye, found: Found) -> str:
    if found.gap <= 0:
        words = marked("Proven in %(seconds)s s: there is no better roster by the rules and wishes.")
    else:
        words = marked("Found in %(seconds)s s; at most %(gap)s %% from the best there can be.")
    return eye.reader.say(words) % {"seconds": f"{found.seconds:.1f}", "gap": f"{found.gap * PERCENT:.1f}"}
