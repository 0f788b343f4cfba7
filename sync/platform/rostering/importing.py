"""Takes the lines of a file in as posts and places: what each would do, and what is wrong with it.

Upstream: ``changing`` (the rules), ``lines``, ``store``.
Downstream: ``console.roster_files_pages``.

A post is known by when, where, for what and for whom it is, so a file that was taken in before changes nothing. What is
not in the file stays as it is. To look before taking in is the same walk in a transaction that is then given up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sync.platform import wording
from sync.platform.errors import DecisionError
from sync.platform.rostering.changing import Planner, Wanted
from sync.platform.rostering.hours import span_of
from sync.platform.rostering.lines import Fault, Line
from sync.platform.rostering.model import Post
from sync.platform.rostering.problem import Pair
from sync.platform.rostering.rules import Violation
from sync.platform.wording import LANGUAGES, words_in
from sync.protocol.reference import ServicePoint

Key = tuple[str, str, int, int, str | None, str | None, str | None]


class What(StrEnum):
    """What a line does."""

    NEW = "new"  # makes a post
    CHANGED = "changed"  # of a post: how many it needs
    PLACED = "placed"  # puts a volunteer at a post that is there
    KNOWN = "known"  # nothing: it is so already
    WRONG = "wrong"  # nothing: something speaks against it


@dataclass(frozen=True, slots=True)
class Within:
    """Where somebody may take files in.

    Attributes:
        point: of lines that name none.
        points: whose posts may be planned at all.
        may_change: whether this post may be made or changed.
        may_fill: whether anybody may be placed at it.
        may_place: whether a volunteer of a team may be placed there.
    """

    point: str
    points: Sequence[ServicePoint]
    may_change: Callable[[Post], bool]
    may_fill: Callable[[Post], bool]
    may_place: Callable[[Post, str | None], bool]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one line.

    Attributes:
        fault: what is wrong with the line itself.
        violations: the rules that speak against its volunteer.
        said: a msgid, where the post cannot be so.
    """

    line: Line
    what: What
    fault: Fault | None = None
    violations: tuple[Violation, ...] = ()
    said: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the line is left out."""
        return self.fault is None and not self.violations and not self.said


@dataclass(frozen=True, slots=True)
class _Read:
    """A line whose post is understood."""

    line: Line
    post: Post

    @property
    def key(self) -> Key:
        post = self.post
        return post.point, post.service, post.starts_ms, post.ends_ms, post.team, post.skill, post.training


class Import:
    """One file on its way in."""

    def __init__(self, planner: Planner, within: Within) -> None:
        self._planner = planner
        self._unit = planner.unit
        self._within = within
        self._services = _services()
        self._verdicts: dict[int, Verdict] = {}

    def take(self, lines: Sequence[Line]) -> tuple[Verdict, ...]:
        """Write what the lines say, as far as nothing speaks against it; return what became of each, in their order."""
        groups: dict[Key, list[tuple[int, _Read]]] = defaultdict(list)
        for place, line in enumerate(lines):
            read = self._read(line)
            if isinstance(read, _Read):
                groups[read.key].append((place, read))
            else:
                self._verdicts[place] = Verdict(line, What.WRONG, read)
        standing = self._standing(groups)
        posts = {key: self._put(group, standing.get(key)) for key, group in groups.items()}
        self._place(posts, groups)
        return tuple(self._verdicts[place] for place in range(len(lines)))

    def _read(self, line: Line) -> _Read | Fault:
        if line.fault is not None:
            return line.fault
        wanted = line.point or self._within.point
        point = next((each.id for each in self._within.points if wanted in {each.id, each.name}), None)
        service = self._services.get(line.service.partition("·")[0].strip())
        if point is None or service is None or line.on is None:
            return Fault.POINT if point is None else Fault.SERVICE if service is None else Fault.DAY
        try:
            starts_ms, ends_ms = span_of(line.on, line.starts, line.ends)
        except (OverflowError, ValueError):
            return Fault.DAY
        words = (line.team or None, line.skill or None, line.training or None)
        post = Post("", point, service, starts_ms, ends_ms, line.on, 1, *words)
        return _Read(line, post) if self._within.may_fill(post) else Fault.POINT

    def _standing(self, keys: Iterable[Key]) -> dict[Key, Post]:
        """Return the posts that are there already, by what they are known by."""
        wanted = tuple(keys)
        if not wanted:
            return {}
        first_ms, last_ms = min(key[2] for key in wanted), max(key[3] for key in wanted)
        found: dict[Key, Post] = {}
        for post in self._unit.rosters.posts(first_ms, last_ms, {key[0] for key in wanted}):
            found.setdefault(_Read(Line(""), post).key, post)
        return found

    def _put(self, group: Sequence[tuple[int, _Read]], held: Post | None) -> Post | None:
        """Make or change the post of some lines; the first that says how many it needs is believed."""
        needed = next((read.line.needed for _, read in group if read.line.needed is not None), None)
        named = {read.line.volunteer for _, read in group if read.line.volunteer}
        if needed is None:
            needed = held.needed if held else max(1, len(named))
        what = What.KNOWN if held and held.needed == needed else What.CHANGED if held else What.NEW
        wanted = group[0][1].post
        if what is not What.KNOWN and not self._within.may_change(wanted):
            self._verdicts |= {place: Verdict(read.line, What.WRONG, Fault.POINT) for place, read in group}
            return None
        try:
            post = held if held and what is What.KNOWN else self._written(wanted, held, needed)
        except DecisionError as error:
            self._verdicts |= {place: Verdict(read.line, What.WRONG, said=str(error)) for place, read in group}
            return None
        for at, (place, read) in enumerate(group):
            differs = read.line.needed not in {None, needed}
            verdict = Verdict(read.line, What.WRONG, Fault.CONTRADICTS) if differs else None
            self._verdicts[place] = verdict or Verdict(read.line, what if at == 0 else What.KNOWN)
        return post

    def _written(self, wanted: Post, held: Post | None, needed: int) -> Post:
        return self._planner.put_post(replace(held or wanted, needed=needed))

    def _place(self, posts: Mapping[Key, Post | None], groups: Mapping[Key, Sequence[tuple[int, _Read]]]) -> None:
        """Put the volunteers of the lines at their posts, all in one walk through the rules."""
        asked = {
            place: (post, read.line)
            for key, group in groups.items()
            for place, read in group
            if (post := posts[key]) is not None and read.line.volunteer
            if self._verdicts[place].what is not What.WRONG
        }
        numbers = {line.volunteer for _, line in asked.values()}
        profiles, known = self._unit.roster_people.profiles(numbers), set(self._unit.roster_people.registered(numbers))
        there = {
            (each.post, each.volunteer) for each in self._unit.rosters.assignments(p.id for p, _ in asked.values())
        }
        wanted: dict[Pair, int] = {}
        for place, (post, line) in asked.items():
            profile = profiles.get(line.volunteer)
            if line.volunteer not in known:
                self._fail(place, fault=Fault.NOBODY)
            elif (post.id, line.volunteer) not in there and Pair(post.id, line.volunteer) not in wanted:
                if self._within.may_place(post, profile.team if profile else None):
                    wanted[Pair(post.id, line.volunteer)] = place
                else:
                    self._fail(place, fault=Fault.TEAM)
        self._assign(wanted)

    def _assign(self, wanted: Mapping[Pair, int]) -> None:
        made, violations = self._planner.assign_all(Wanted(pair.post, pair.person) for pair in wanted)
        for each in made:
            place = wanted[Pair(each.post, each.volunteer)]
            if self._verdicts[place].what is What.KNOWN:
                self._verdicts[place] = replace(self._verdicts[place], what=What.PLACED)
        against: dict[int, list[Violation]] = defaultdict(list)
        for violation in violations:
            against[wanted[violation.pair]].append(violation)
        for place, several in against.items():
            self._fail(place, violations=tuple(several))

    def _fail(self, place: int, fault: Fault | None = None, violations: tuple[Violation, ...] = ()) -> None:
        """Note that the volunteer of a line is not placed; its post may be made or changed all the same."""
        verdict = self._verdicts[place]
        what = What.WRONG if verdict.what is What.KNOWN else verdict.what
        self._verdicts[place] = replace(verdict, what=what, fault=fault, violations=violations)


def _services() -> dict[str, str]:
    """Return the service kinds by their words in every language, and by their own."""
    found = {kind: kind for kind in wording.SERVICES}
    for language in LANGUAGES:
        found |= {words_in(language).gettext(word): kind for kind, word in wording.SERVICES.items()}
    return found
