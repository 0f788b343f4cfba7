"""Reads what a roster is made of out of the database: the planning problem, the people, and what speaks against one.

Upstream: ``store``, ``telling`` (majority), ``transfer`` (what was confirmed elsewhere), ``rules``.
Downstream: ``changing``, ``answering``, ``proposals``, the planner's pages, ``bench``.

A handful of statements each, however many volunteers and posts there are: nothing is asked once a volunteer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sync.platform.ports import unix_ms
from sync.platform.records import Circumstances
from sync.platform.rostering.hours import LAND, day_of, instant_of, span_of, week_days
from sync.platform.rostering.model import LIVE, Assignment, Deviation, Post, Profile, Weekly
from sync.platform.rostering.problem import Firmness, Limits, Pair, Person, Problem
from sync.platform.rostering.rules import Violation, against
from sync.platform.telling import adult_from, begin_ms
from sync.platform.transfer.reckoning import confirmed_minutes
from sync.protocol.vocabulary import AssignmentState

if TYPE_CHECKING:
    from sync.platform.store import Unit

NEW_BELOW_MINUTES = 10 * 60  # who was confirmed less than ten hours, and is no guide, should not stand alone
REFUSED = frozenset({AssignmentState.DECLINED, AssignmentState.LEFT})
DAY = timedelta(days=1)
CHUNK = 500


def problem_of(
    unit: Unit,
    points: Collection[str],
    from_on: date,
    until_on: date,
    now_ms: int,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Problem:
    """Return what is to be planned at some points on some days, both included: posts that have not begun.

    Args:
        unit: of a transaction.
        points: ids of service points.
        from_on: the first local day.
        until_on: the last.
        now_ms: UTC ms.
        limits: what nobody is asked to exceed.
    """
    from_ms, until_ms = instant_of(from_on, 0), instant_of(until_on + DAY, 0)
    posts = tuple(post for post in posts_on(unit, points, from_on, until_on) if post.starts_ms > now_ms)
    places = unit.rosters.assignments((post.id for post in posts), None)
    live = [place for place in places if place.state in LIVE]
    people = people_of(unit, _who_would(unit, points, {place.volunteer for place in live}), from_ms, until_ms, now_ms)
    elsewhere = _elsewhere(
        unit, [one.number for one in people], {post.id for post in posts}, (from_on, until_on, now_ms)
    )
    first_ms, last_ms = _weeks(from_on, until_on)
    around = {post.id: post for _, post in elsewhere if post.starts_ms < last_ms and post.ends_ms > first_ms}
    firm = {Pair(place.post, place.volunteer): _firmness(place) for place in live}
    firm |= {Pair(post.id, place.volunteer): _firmness(place) for place, post in elsewhere if post.id in around}
    refused = {Pair(place.post, place.volunteer) for place in places if place.state in REFUSED}
    return Problem(
        posts=posts,
        people=_with_planned(people, elsewhere, from_on.year, now_ms),
        limits=limits,
        held=firm,
        declined=frozenset(refused - firm.keys()),
        around=tuple(around.values()),
    )


def posts_on(unit: Unit, points: Collection[str] | None, from_on: date, until_on: date) -> tuple[Post, ...]:
    """Return the posts of some points or all that begin on some local days, both included, but for cancelled ones."""
    from_ms, until_ms = instant_of(from_on, 0), instant_of(until_on + DAY, 0)
    return tuple(post for post in unit.rosters.posts(from_ms, until_ms, points) if post.starts_ms >= from_ms)


def people_of(
    unit: Unit, numbers: Iterable[str] | None, from_ms: int, until_ms: int, now_ms: int
) -> tuple[Person, ...]:
    """Return registered volunteers as a planner sees them over a span, by number.

    Args:
        unit: of a transaction.
        numbers: whose; None: of all who ever gave a time at which they can come.
        from_ms: UTC ms; their time is told from a day before.
        until_ms: UTC ms, and to a day after.
        now_ms: UTC ms.
    """
    asked = unit.roster_people.registered(_with_time(unit) if numbers is None else set(numbers))
    people = unit.roster_people
    profiles, weekly = people.profiles(asked), people.weekly(asked)
    wide = from_ms - _ms(DAY), until_ms + _ms(DAY)
    unlike = people.deviations(*wide, asked)
    decided, trained = _decided(unit, asked), _trained(unit, asked)
    year = day_of(from_ms).year
    credited = unit.tallies.credited(asked, _new_year(year), min(_new_year(year + 1), now_ms))
    confirmed = confirmed_minutes(unit, asked)
    found = []
    for number in asked:
        profile = profiles.get(number, Profile(number))
        spans = available(weekly.get(number, ()), unlike.get(number, ()), *wide)
        person = _person(profile, spans, decided.get(number, Circumstances()), from_ms)
        new = profile.newcomer or (not profile.guide and confirmed.get(number, 0) < NEW_BELOW_MINUTES)
        found.append(
            replace(
                person,
                trained=trained.get(number, {}),
                newcomer=new,
                minutes_this_year=credited.get(number, 0),
            )
        )
    return tuple(found)


def judge(  # noqa: PLR0913 - a door of the package
    unit: Unit,
    post: Post,
    volunteer: str,
    now_ms: int,
    *,
    without: Collection[str] = (),
    volunteered: bool = False,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> tuple[Violation, ...]:
    """Return every hard rule that a volunteer's place at a post would break, as all stands now; empty: none.

    Whether the post has begun or was cancelled is the caller's to ask: answers go by when they were said.

    Args:
        unit: of a transaction.
        post: as it is, or as it would be.
        volunteer: a number.
        now_ms: UTC ms.
        without: ids of assignments that are not counted, as of a place that is to be moved.
        volunteered: the volunteer asks for it.
        limits: what nobody is asked to exceed.
    """
    return scene_of(unit, (post,), (volunteer,), now_ms, limits).judge(
        post, volunteer, without=without, volunteered=volunteered
    )


@dataclass(slots=True)
class Scene:
    """All that stands around some posts and volunteers, read once: rules are asked of it without the database.

    Whoever changes the roster tells it by :meth:`put` and :meth:`place`, so that the next question knows.
    """

    people: Mapping[str, Person]
    limits: Limits
    posts: dict[str, Post]
    places: dict[str, Assignment] = field(default_factory=dict)
    _of: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _at: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _refused: set[Pair] = field(default_factory=set)

    def put(self, post: Post) -> None:
        """Let a post be so from now on."""
        self.posts[post.id] = post

    def place(self, place: Assignment) -> None:
        """Let a place be so from now on."""
        self.places[place.id] = place
        self._of[place.volunteer].add(place.id)
        self._at[place.post].add(place.id)
        if place.state in REFUSED:
            self._refused.add(Pair(place.post, place.volunteer))

    def judge(
        self, post: Post, volunteer: str, *, without: Collection[str] = (), volunteered: bool = False
    ) -> tuple[Violation, ...]:
        """Return every hard rule that a place would break; as :func:`judge`."""
        stands = any(each.volunteer == volunteer for each in self._live(self._at[post.id], ()))
        others = [self.posts[each.post] for each in self._live(self._of[volunteer], without) if each.post != post.id]
        there = [each.volunteer for each in self._live(self._at[post.id], without)]
        pair = Pair(post.id, volunteer)
        person = self.people.get(volunteer)
        asked = Problem(
            posts=(post,),
            people=() if person is None else (person,),
            limits=self.limits,
            declined=frozenset(() if stands else self._refused & {pair}),
        )
        return tuple(against(asked, pair, others, there, volunteered=volunteered))

    def at(self, post: str) -> tuple[Assignment, ...]:
        """Return the live places at a post, by when they were changed."""
        return tuple(sorted(self._live(self._at[post], ()), key=lambda each: (each.changed_ms, each.id)))

    def _live(self, ids: Iterable[str], without: Collection[str]) -> list[Assignment]:
        found = (self.places[each] for each in ids if each not in without)
        return [place for place in found if place.state in LIVE and place.post in self.posts]


def scene_of(
    unit: Unit,
    posts: Sequence[Post],
    volunteers: Iterable[str],
    now_ms: int,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Scene:
    """Return what stands around some posts (as they are or would be) and volunteers."""
    asked = set(volunteers)
    if not posts:
        return Scene({}, limits, {})
    first, last = min(post.on for post in posts), max(post.on for post in posts)
    from_ms, until_ms = instant_of(first, 0), max(post.ends_ms for post in posts)
    known = {one.number: one for one in people_of(unit, asked, from_ms, until_ms, now_ms)}
    scene = Scene(known, limits, {})
    for place, post in unit.rosters.of_volunteers(asked, *_weeks(first, last)):
        scene.put(post)
        scene.place(place)
    for post in posts:
        scene.put(post)
    for place in unit.rosters.assignments((post.id for post in posts), None):
        scene.place(place)
    return scene


def available(
    weekly: Iterable[Weekly], deviations: Iterable[Deviation], from_ms: int, until_ms: int
) -> tuple[tuple[int, int], ...]:
    """Return when a volunteer can come, as spans [from, until) of UTC ms, sorted and apart; leave wins."""
    first, last = day_of(from_ms) - DAY, day_of(until_ms)
    days = [first + DAY * count for count in range((last - first).days + 1)]
    usual = [span_of(day, one.starts, one.ends) for one in weekly for day in days if day.weekday() == one.weekday]
    said = tuple(deviations)
    free = _merged([*usual, *((one.from_ms, one.until_ms) for one in said if one.free)])
    for one in said:
        if not one.free:
            free = _without(free, one.from_ms, one.until_ms)
    clipped = ((max(begin, from_ms), min(end, until_ms)) for begin, end in free)
    return tuple((begin, end) for begin, end in clipped if begin < end)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def _without(spans: Iterable[tuple[int, int]], from_ms: int, until_ms: int) -> list[tuple[int, int]]:
    parts = (part for begin, end in spans for part in ((begin, min(end, from_ms)), (max(begin, until_ms), end)))
    return [(begin, end) for begin, end in parts if begin < end]


def _person(profile: Profile, spans: tuple[tuple[int, int], ...], decided: Circumstances, from_ms: int) -> Person:
    adult_ms = None if decided.born_on is None else begin_ms(adult_from(decided.born_on))
    return Person(
        number=profile.volunteer,
        available=spans,
        team=profile.team,
        skills=profile.skills,
        points=profile.points,
        mates=profile.mates,
        most_a_week=profile.most_a_week,
        adult_from_ms=adult_ms if adult_ms is not None and adult_ms > from_ms else None,
        consent=decided.guardian_consent,
        guide=profile.guide,
        may_serve=not decided.suspended,
    )


def _who_would(unit: Unit, points: Collection[str], holding: Collection[str]) -> set[str]:
    wanted, profiles = set(points), unit.roster_people.profiles()
    reached = {
        number
        for number in _with_time(unit)
        if number not in profiles or not profiles[number].points or wanted & set(profiles[number].points)
    }
    return reached | set(holding)


def _with_time(unit: Unit) -> set[str]:
    return unit.roster_people.with_time()


def _elsewhere(
    unit: Unit, numbers: Sequence[str], inside: Collection[str], when: tuple[date, date, int]
) -> list[tuple[Assignment, Post]]:
    """Return the live places of people beside the problem's posts: of the weeks around, and of the rest of the year."""
    from_on, until_on, now_ms = when
    first_ms, last_ms = _weeks(from_on, until_on)
    span = min(first_ms, now_ms), max(last_ms, _new_year(from_on.year + 1))
    return [each for each in unit.rosters.of_volunteers(numbers, *span) if each[1].id not in inside]


def _with_planned(
    people: Iterable[Person], elsewhere: Iterable[tuple[Assignment, Post]], year: int, now_ms: int
) -> tuple[Person, ...]:
    planned: dict[str, int] = defaultdict(int)
    for place, post in elsewhere:
        if post.starts_ms > now_ms and post.on.year == year:
            planned[place.volunteer] += post.minutes
    return tuple(
        replace(one, minutes_this_year=one.minutes_this_year + planned[one.number]) if planned[one.number] else one
        for one in people
    )


def _firmness(place: Assignment) -> Firmness:
    if place.state is AssignmentState.ACCEPTED:
        return Firmness.ACCEPTED
    if place.pinned:
        return Firmness.WANTED
    return Firmness.OFFERED if place.state is AssignmentState.OFFERED else Firmness.DRAFT


def _weeks(first: date, last: date) -> tuple[int, int]:
    """Return the ISO weeks of some days as UTC ms, with a day on either side: rest reaches over midnight."""
    return instant_of(week_days(first)[0] - DAY, 0), instant_of(week_days(last)[-1] + DAY * 2, 0)


def _decided(unit: Unit, numbers: Sequence[str]) -> dict[str, Circumstances]:
    return {key: value for chunk in _chunks(numbers) for key, value in unit.standings.all_of(chunk).items()}


def _trained(unit: Unit, numbers: Sequence[str]) -> dict[str, dict[str, int | None]]:
    return {key: value for chunk in _chunks(numbers) for key, value in unit.standings.trainings(chunk).items()}


def _chunks(numbers: Sequence[str]) -> Iterable[Sequence[str]]:
    return (numbers[at : at + CHUNK] for at in range(0, len(numbers), CHUNK))


def _new_year(year: int) -> int:
    return unix_ms(datetime.combine(date(year, 1, 1), time(), LAND))


def _ms(span: timedelta) -> int:
    return round(span.total_seconds() * 1000)
