"""Volunteers as a planner chooses among them: who can, with fewest hours and wishes first; who cannot, and why.

Upstream: ``rostering.reading`` (the rules), ``roster_terms``, ``planner_remit``.
Downstream: the planner's pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sync.platform import roster_terms
from sync.platform.console.planner_remit import Remit
from sync.platform.console.planner_views import day_word, hours_word, time_of
from sync.platform.console.reader import Reader
from sync.platform.rostering.model import LIVE, Post
from sync.platform.rostering.problem import Person
from sync.platform.rostering.reading import Scene, people_of, scene_of
from sync.platform.rostering.rules import Violation
from sync.platform.store import Unit
from sync.platform.wording import marked
from sync.protocol.vocabulary import RosterReason

SHOWN = 30  # of a list; the rest is found by seeking
MOST_SOUGHT = 120
MINUTES_AN_HOUR = 60
WISHED, MATE = marked("wishes to serve here"), marked("a mate is there")
GUIDE, NEWCOMER = marked("guide"), marked("newcomer")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A volunteer beside a post, or beside none.

    Attributes:
        fits: no rule speaks against it; ``why`` has every one that does, as a sentence.
        hours: credited this year and planned in these weeks.
        remarks: what else is worth knowing, in a word each.
    """

    number: str
    name: str
    team: str
    fits: bool
    why: tuple[str, ...]
    hours: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class People:
    """The part of a list that is shown, and how many there are."""

    shown: tuple[Candidate, ...]
    fitting: int
    total: int


@dataclass(frozen=True)
class Choosing:
    """One planner's choice among volunteers, within a transaction."""

    unit: Unit
    remit: Remit
    reader: Reader
    now_ms: int

    def people(self, point: str, post: Post | None, wanted: str) -> People:
        """Return who can be placed at a post (or, without one, at a point), best first, of those who are sought."""
        scene, known = self._known(post, self._sought(wanted))
        teams = self.remit.teams(point)
        inside = [one for one in known.values() if teams is None or one.team in teams]
        planned = _planned(scene)
        ranked = sorted(
            (self._ranked(one, planned[one.number], post, scene) for one in inside), key=lambda each: each[0]
        )
        names = self.unit.targets.names_of([candidate.number for _, candidate in ranked[:SHOWN]])
        shown = tuple(
            replace(candidate, name=names.get(candidate.number, candidate.number)) for _, candidate in ranked[:SHOWN]
        )
        return People(shown, sum(candidate.fits for _, candidate in ranked), len(ranked))

    def fits(self, volunteer: str, posts: Collection[Post], without: str) -> dict[str, str]:
        """Return for each post what speaks first against a volunteer there (``without`` a place), empty: nothing."""
        among = tuple(posts)
        scene = scene_of(self.unit, among, (volunteer,), self.now_ms)
        return {
            post.id: " ".join(self._why(scene.judge(post, volunteer, without=(without,))[:1], scene.posts))
            for post in among
        }

    def sentences(self, violations: Iterable[Violation]) -> tuple[str, ...]:
        """Return what speaks against something, a sentence each, with the other post's time and place."""
        every = tuple(violations)
        return self._why(every, self.unit.rosters.posts_named(each.other for each in every if each.other))

    def _why(self, violations: Iterable[Violation], posts: Mapping[str, Post]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._sentence(each, posts) for each in violations))

    def _sentence(self, violation: Violation, posts: Mapping[str, Post]) -> str:
        reader = self.reader
        sentence, other = reader.word(roster_terms.REASONS, violation.reason), posts.get(violation.other or "")
        if other is None:
            return sentence
        point = self._points.get(other.point, other.point)
        about = {"on": day_word(other.on, reader), "time": time_of(other), "point": point}
        return f"{sentence} " + reader.say(marked("(%(on)s %(time)s, %(point)s)")) % about

    @cached_property
    def _points(self) -> Mapping[str, str]:
        return {point.id: point.name for point in self.unit.registry.service_points()}

    def _sought(self, wanted: str) -> set[str]:
        usual = self.unit.roster_people.with_time() | set(self.unit.roster_people.profiles())
        if not wanted:
            return usual
        names = self.unit.targets.names_of(sorted(usual))
        near = {number for number, name in names.items() if wanted in name or wanted in number}
        return near | {each.volunteer.number for each in self.unit.certificates.holders(wanted, 0, MOST_SOUGHT)}

    def _known(self, post: Post | None, numbers: Collection[str]) -> tuple[Scene | None, Mapping[str, Person]]:
        if post is not None:
            scene = scene_of(self.unit, (post,), numbers, self.now_ms)
            return scene, scene.people
        people = people_of(self.unit, numbers, self.now_ms, self.now_ms, self.now_ms)
        return None, {one.number: one for one in people}

    def _ranked(
        self, person: Person, planned: int, post: Post | None, scene: Scene | None
    ) -> tuple[tuple[bool, int, int, str], Candidate]:
        why: tuple[str, ...] = ()
        minutes, remarks = person.minutes_this_year + planned, _standing(person)
        if post is not None and scene is not None:
            judged = scene.judge(post, person.number)  # that a post is full is said once, and of the post
            why = self._why((each for each in judged if each.reason is not RosterReason.POST_FULL), scene.posts)
            remarks = (*_wishes(person, post, scene), *remarks)
        candidate = Candidate(
            number=person.number,
            name="",
            team=person.team or "",
            fits=not why,
            why=why,
            hours=hours_word(minutes, self.reader),
            remarks=tuple(map(self.reader.say, remarks)),
        )
        return (bool(why), minutes // MINUTES_AN_HOUR, -len(remarks), person.number), candidate


def _standing(person: Person) -> tuple[str, ...]:
    return (GUIDE,) if person.guide else (NEWCOMER,) if person.newcomer else ()


def _wishes(person: Person, post: Post, scene: Scene) -> tuple[str, ...]:
    here = WISHED if post.point in person.points else ""
    mates = {each.volunteer for each in scene.at(post.id)} & person.mates
    return tuple(filter(None, (here, MATE if mates else "")))


def _planned(scene: Scene | None) -> Mapping[str, int]:
    found: dict[str, int] = defaultdict(int)
    if scene is None:
        return found
    for each in scene.places.values():
        if each.state in LIVE and each.post in scene.posts:
            found[each.volunteer] += scene.posts[each.post].minutes
    return found
