"""Plan against service: what became of every place at a post, decided only behind the watermark. Pure.

Upstream: ``model``, ``spans``, ``completeness``.
Downstream: ``reviewing`` brings what is known; the pages of ``console.served_pages``.

Nothing of this is stored: it is asked anew at every look, so a record that comes late turns 「缺岗」 into 「已到岗」 by
itself. Of a post that has ended::

    there for all of it but a few minutes ─────────────────────────▶ served
    a duty there whose hours nobody has confirmed ─────────────────▶ unconfirmed
    not everything the point's devices recorded is here yet ───────▶ unknown: waits for them, or nobody can know
    there for a part ──────────────────────────────────────────────▶ partly
    not there ── somebody without a place served there instead ────▶ covered
              ├─ said yes ─────────────────────────────────────────▶ absent
              ├─ never answered ───────────────────────────────────▶ unanswered
              └─ nobody was found for the place ───────────────────▶ vacant

Who declined, took leave or exchanged holds no place and is absent from none (条例 Art 25: asked and never ordered).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sync.platform.completeness import Reach
from sync.platform.rostering.model import MS_PER_MINUTE, Assignment, Post, PostState
from sync.platform.rostering.spans import Span, Spans, length, within, without
from sync.protocol.vocabulary import AssignmentState

ON_TIME_MS = 5 * MS_PER_MINUTE  # as ``kiosk.domain.policy``: so long after the start is on time; the same at the end
RAN_MS = 15 * MS_PER_MINUTE  # a device that ran for less of a shift could hardly take a scan of it
CAP_MS = 12 * 3_600_000  # duty-rules.md: no session lasts longer by itself
HELD = frozenset({AssignmentState.OFFERED, AssignmentState.ACCEPTED})


class Came(StrEnum):
    """What became of a place."""

    AHEAD = "ahead"
    RUNNING = "running"
    SERVED = "served"
    PARTLY = "partly"
    UNCONFIRMED = "unconfirmed"
    COVERED = "covered"
    ABSENT = "absent"
    UNANSWERED = "unanswered"
    VACANT = "vacant"
    UNKNOWN = "unknown"


class Doubt(StrEnum):
    """Why it is not known what became of a place."""

    WAITS = "waits"  # for the records of devices
    NO_DEVICE = "no_device"  # no device stood at the point then
    NOT_RUNNING = "not_running"  # no device ran then: who came could not show a card
    LOST = "lost"  # records of that time may be lost
    CLOCK = "clock"  # a duty there cannot be dated well enough


@dataclass(frozen=True, slots=True)
class Stay:
    """What a session says of somebody's presence at a point.

    Attributes:
        until_ms: None while it is open; of a provisional one the limit that passed.
        earliest_ms, latest_ms: it surely lies between them, whatever the device's clock said.
        shift: the place it names, or None.
        confirmed: it counts, or will as it stands; a provisional one does not.
    """

    session: str
    volunteer: str
    point: str
    from_ms: int
    until_ms: int | None
    earliest_ms: int
    latest_ms: int
    shift: str | None = None
    confirmed: bool = True

    def likely(self, now_ms: int) -> Span:
        """Return when somebody was there for all that is known: an open session goes on, for twelve hours at most."""
        end_ms = min(now_ms, self.from_ms + CAP_MS) if self.until_ms is None else self.until_ms
        return self.from_ms, max(end_ms, self.from_ms + 1)

    def is_vague(self, span: Span, now_ms: int) -> bool:
        """Tell whether it may lie in a span, though by the best guess it does not."""
        begin, end = self.likely(now_ms)
        wide = self.latest_ms - self.earliest_ms > end - begin + 2 * ON_TIME_MS
        return wide and self.earliest_ms < span[1] and self.latest_ms > span[0]


@dataclass(frozen=True, slots=True)
class Watch:
    """A device that stood at a point, and how far its records are known.

    Attributes:
        from_ms, until_ms: since when it has been there, and when it was refused for good (None: it was not).
        heard_ms: when it was last heard of, None: never.
    """

    device: str
    name: str
    point: str
    from_ms: int
    until_ms: int | None
    reach: Reach = field(default_factory=Reach)
    heard_ms: int | None = None

    def stood(self, span: Span) -> bool:
        """Tell whether it stood there in a part of a span."""
        return self.from_ms < span[1] and (self.until_ms is None or self.until_ms > span[0])

    def unknown(self, span: Span) -> Spans:
        """Return the part of a span of which records of it may be missing."""
        return within([self.part_of(span)], [*self.reach.holes, (self.reach.to_ms, span[1])])

    def part_of(self, span: Span) -> Span:
        """Return the part of a span in which it stood there."""
        end_ms = span[1] if self.until_ms is None else self.until_ms
        return max(self.from_ms, span[0]), min(end_ms, span[1])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one place at a post.

    Attributes:
        place: the assignment's id; None of a place that nobody had.
        accepted: its volunteer had said yes.
        minutes: surely served within the post; ``of_minutes``: how long that lasts.
        began_ms, ended_ms: first and last instant there, where known; ``ended_ms`` None: still there, or unknown.
        late, early: whether they came late, left early.
        by, by_minutes: who stood in, and for how long within the post.
        doubt, waits: why it is unknown, and the devices it waits for.
        twice: recorded at another point at the same time; a person looks at it.
    """

    post: Post
    place: str | None
    volunteer: str | None
    came: Came
    accepted: bool = False
    minutes: int = 0
    began_ms: int | None = None
    ended_ms: int | None = None
    late: bool = False
    early: bool = False
    by: str | None = None
    by_minutes: int = 0
    doubt: Doubt | None = None
    waits: tuple[Watch, ...] = ()
    twice: bool = False

    @property
    def of_minutes(self) -> int:
        """How long the post lasts."""
        return self.post.minutes


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of some points, in any order.

    Attributes:
        posts: of any state; only published ones are looked at.
        places: of any state, at those posts.
        stays: at these points and elsewhere, void, practice and paid ones left out.
        now_ms: the platform's time, UTC ms.
    """

    posts: Collection[Post]
    places: Collection[Assignment]
    stays: Collection[Stay]
    watches: Collection[Watch]
    now_ms: int


def outcomes(known: Known) -> tuple[Outcome, ...]:
    """Return what became of every place of the published posts, by begin, point and volunteer."""
    reading = Reading(known)
    found: list[Outcome] = []
    for post in reading.posts:
        own = [reading.outcome(post, place) for place in reading.places_of(post)]
        own += [reading.vacancy(post) for _ in range(post.needed - len(own))]
        found += reading.stood_in(post, own)
    return tuple(found)


def doubt_of(span: Span, here: Iterable[Watch]) -> tuple[Doubt | None, tuple[Watch, ...]]:
    """Return why nobody can say who was not at a point during a span that has ended; None: one can.

    Args:
        span: UTC ms.
        here: the devices of that point, of any time.

    Returns:
        The doubt, and the devices it is about.
    """
    stood = sorted((each for each in here if each.stood(span)), key=lambda one: one.device)
    if without([span], [each.part_of(span) for each in stood]):
        return Doubt.NO_DEVICE, ()
    waits = tuple(each for each in stood if each.reach.to_ms < each.part_of(span)[1])
    if waits:
        return Doubt.WAITS, waits
    lost = tuple(each for each in stood if each.unknown(span))
    if lost:
        return Doubt.LOST, lost
    ran = [each for watch in stood for each in without([watch.part_of(span)], watch.reach.off)]
    return (None, ()) if length(ran) >= min(RAN_MS, span[1] - span[0]) else (Doubt.NOT_RUNNING, tuple(stood))


class Reading:
    """What is known, arranged for look-up."""

    def __init__(self, known: Known) -> None:
        """Take what is known, in any order."""
        self.now_ms = known.now_ms
        published = (post for post in known.posts if post.state is PostState.PUBLISHED)
        self.posts = sorted(published, key=lambda each: (each.starts_ms, each.point, each.ends_ms, each.id))
        self._watches: defaultdict[str, list[Watch]] = defaultdict(list)
        for watch in known.watches:
            self._watches[watch.point].append(watch)
        self._stays: defaultdict[str, list[Stay]] = defaultdict(list)
        self._at: defaultdict[str, list[Stay]] = defaultdict(list)
        for stay in sorted(known.stays, key=lambda each: (each.from_ms, each.session)):
            self._stays[stay.volunteer].append(stay)
            self._at[stay.point].append(stay)
        self._longest = {point: max(map(self._lasts, stays)) for point, stays in self._at.items()}
        self._places: defaultdict[str, list[Assignment]] = defaultdict(list)
        self._engaged: defaultdict[tuple[str, str], list[Span]] = defaultdict(list)
        by_id = {post.id: post for post in self.posts}
        for place in sorted(known.places, key=lambda each: (each.volunteer, each.id)):
            if place.state in HELD and place.post in by_id:
                self._places[place.post].append(place)
                post = by_id[place.post]
                self._engaged[post.point, place.volunteer].append((post.starts_ms, post.ends_ms))
        self._doubts: dict[tuple[str, Span], tuple[Doubt | None, tuple[Watch, ...]]] = {}

    def places_of(self, post: Post) -> Sequence[Assignment]:
        """Return the places of a post that somebody holds."""
        return self._places[post.id]

    def outcome(self, post: Post, place: Assignment) -> Outcome:
        """Return what became of a place, nobody standing in."""
        span, stays = span_of(post), self._stays_of(post, place)
        there = within([self.sure(stay) for stay in stays if stay.confirmed], [span])
        found = Outcome(post, place.id, place.volunteer, Came.AHEAD, place.state is AssignmentState.ACCEPTED)
        found = self._described(found, stays, there)
        came, doubt, waits = self._decided(found, stays, there)
        return replace(found, came=came, doubt=doubt, waits=waits)

    def vacancy(self, post: Post) -> Outcome:
        """Return what became of a place that nobody had."""
        if post.ends_ms > self.now_ms:
            return Outcome(post, None, None, Came.AHEAD if post.starts_ms > self.now_ms else Came.RUNNING)
        doubt, waits = self._doubt(post)
        return Outcome(post, None, None, Came.VACANT, doubt=doubt, waits=waits)

    def stood_in(self, post: Post, own: Sequence[Outcome]) -> list[Outcome]:
        """Return the outcomes of a post where those who served there without a place stand in for who is missing."""
        order, found = (Came.ABSENT, Came.UNANSWERED, Came.VACANT), list(own)
        missing = sorted((order.index(each.came), at) for at, each in enumerate(own) if each.came in order)
        free = self._walk_ins(post) if missing else []
        for (_, at), (minutes, volunteer) in zip(missing, free, strict=False):
            self._engaged[post.point, volunteer].append(span_of(post))
            found[at] = replace(own[at], came=Came.COVERED, by=volunteer, by_minutes=minutes, doubt=None, waits=())
        return found

    def sure(self, stay: Stay) -> Span:
        """Return when somebody surely was there: while it is open, as far as the point's records are known."""
        if stay.until_ms is not None:
            return stay.from_ms, stay.until_ms
        likely = stay.likely(self.now_ms)
        reaches = [each.reach.to_ms for each in self._watches[stay.point] if each.stood(likely)]
        return likely[0], min([likely[1], *reaches])

    def _walk_ins(self, post: Post) -> list[tuple[int, str]]:
        """Return who was there for half of a post at least without any place then, the longest first, with minutes."""
        span, there = span_of(post), defaultdict[str, list[Span]](list)
        at = self._at[post.point]
        first = bisect_left(at, span[0] - self._longest.get(post.point, 0), key=lambda stay: stay.from_ms)
        for stay in at[first : bisect_left(at, span[1], key=lambda stay: stay.from_ms)]:
            if stay.confirmed:
                there[stay.volunteer].append(self.sure(stay))
        found = []
        for volunteer, spans in there.items():
            lasted_ms = length(within(spans, [span]))
            if lasted_ms * 2 >= span[1] - span[0] and not within(self._engaged[post.point, volunteer], [span]):
                found.append((lasted_ms // MS_PER_MINUTE, volunteer))
        return sorted(found, key=lambda each: (-each[0], each[1]))

    def _decided(
        self, found: Outcome, stays: Sequence[Stay], there: Spans
    ) -> tuple[Came, Doubt | None, tuple[Watch, ...]]:
        post, span = found.post, span_of(found.post)
        if post.ends_ms > self.now_ms:
            return (Came.AHEAD if post.starts_ms > self.now_ms else Came.RUNNING), None, ()
        if span[1] - span[0] - length(there) <= 2 * ON_TIME_MS:
            return Came.SERVED, None, ()
        if any(not stay.confirmed and within([stay.likely(self.now_ms)], [span]) for stay in stays):
            return Came.UNCONFIRMED, None, ()
        if not there and any(stay.is_vague(span, self.now_ms) for stay in stays):
            return Came.UNCONFIRMED, Doubt.CLOCK, ()
        doubt, waits = self._doubt(post)
        if doubt is not None and not (there and doubt is Doubt.NOT_RUNNING):
            return Came.UNKNOWN, doubt, waits
        missing = Came.ABSENT if found.accepted else Came.UNANSWERED
        return (Came.PARTLY if stays else missing), None, ()

    def _described(self, found: Outcome, stays: Sequence[Stay], there: Spans) -> Outcome:
        """Return an outcome with when they were there."""
        span = span_of(found.post)
        touching = [stay for stay in stays if self._touches(stay, span)]
        if not touching:
            return found
        began_ms = min(stay.from_ms for stay in touching)
        ends = [stay.until_ms for stay in touching if stay.until_ms is not None]
        ended_ms = max(ends) if len(ends) == len(touching) else None
        every = self._stays[found.volunteer or ""]
        elsewhere = [self.sure(stay) for stay in every if stay.point != found.post.point]
        return replace(
            found,
            minutes=length(there) // MS_PER_MINUTE,
            began_ms=began_ms,
            ended_ms=ended_ms,
            late=began_ms - span[0] > ON_TIME_MS,
            early=ended_ms is not None and span[1] - ended_ms > ON_TIME_MS,
            twice=bool(within(elsewhere, there)),
        )

    def _stays_of(self, post: Post, place: Assignment) -> list[Stay]:
        """Return the sessions that belong to a place: by the shift they name, else by where and when they were."""
        span = span_of(post)
        return [
            stay
            for stay in self._stays[place.volunteer]
            if stay.shift == place.id or (stay.point == post.point and self._touches(stay, span))
        ]

    def _touches(self, stay: Stay, span: Span) -> bool:
        begin, end = stay.likely(self.now_ms)
        return (begin < span[1] and end > span[0]) or stay.is_vague(span, self.now_ms)

    def _lasts(self, stay: Stay) -> int:
        begin, end = stay.likely(self.now_ms)
        return end - begin

    def _doubt(self, post: Post) -> tuple[Doubt | None, tuple[Watch, ...]]:
        key = (post.point, span_of(post))
        if key not in self._doubts:
            self._doubts[key] = doubt_of(key[1], self._watches[post.point])
        return self._doubts[key]


def span_of(post: Post) -> Span:
    """Return when a post is, UTC ms."""
    return post.starts_ms, post.ends_ms
