"""The roster as a planner sees it: posts as cells with coverage in words, volunteers as chips, weeks and months.

Upstream: ``rostering.model``, ``roster_terms``, ``reader``.
Downstream: the planner's pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sync.platform import roster_terms, wording
from sync.platform.console.planner_remit import Remit
from sync.platform.console.planner_sight import WEEK, Sight
from sync.platform.console.planner_stamps import stamp_of
from sync.platform.console.reader import Reader
from sync.platform.rostering.hours import clock_time, minute_of
from sync.platform.rostering.model import LIVE, MS_PER_MINUTE, Assignment, Post, PostState, SpecialDay
from sync.platform.store import Unit
from sync.platform.wording import marked
from sync.protocol.vocabulary import AssignmentState

FULL, SHORT, NONE = "full", "short", "none"
WEEKDAYS = (marked("Mon"), marked("Tue"), marked("Wed"), marked("Thu"), marked("Fri"), marked("Sat"), marked("Sun"))


@dataclass(frozen=True, slots=True)
class Chip:
    """A volunteer's place at a post; ``may_move``: this planner may take it away or elsewhere."""

    id: str
    version: int
    volunteer: str
    name: str
    state: str
    state_word: str
    may_move: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far something is filled: ``kind`` for the eye, ``word`` for everybody."""

    kind: str
    word: str
    filled: int
    needed: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A post: ``stamp`` is what is seen of it, ``label`` all of it in one sentence."""

    id: str
    on: date
    time: str
    service: str
    team: str
    coverage: Coverage
    chips: tuple[Chip, ...]
    is_draft: bool
    is_over: bool
    may_fill: bool
    stamp: str
    label: str


@dataclass(frozen=True, slots=True)
class DayHead:
    """A day: of a week's head, or of a month's page with what is covered on it."""

    iso: str
    weekday: str
    number: str
    is_today: bool
    is_within: bool
    special: str
    coverage: Coverage | None
    posts: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """The posts of one time and service, by day."""

    time: str
    service: str
    cells: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """A whole view in figures; ``silent``: places that were offered and not answered; ``drafts``: places not told."""

    posts: int
    coverage: Coverage
    silent: int
    drafts: int
    to_publish: int


@dataclass(frozen=True, slots=True)
class Board:
    """All that a view of the roster shows."""

    days: tuple[DayHead, ...]
    rows: tuple[Row, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class Stock:
    """What was read of the shown days: posts, the live places at each, and whose they are."""

    posts: tuple[Post, ...]
    places: Mapping[str, tuple[Assignment, ...]]
    names: Mapping[str, str]
    teams: Mapping[str, str | None]
    specials: tuple[SpecialDay, ...]
    now_ms: int


def read_stock(unit: Unit, sight: Sight, now_ms: int) -> Stock:
    """Return what a view shows."""
    shown = frozenset(sight.shown_days)
    posts = tuple(each for each in unit.rosters.posts(*sight.span_ms, (sight.point,)) if each.on in shown)
    return stock_of(unit, posts, sight, now_ms)


def stock_of(unit: Unit, posts: tuple[Post, ...], sight: Sight, now_ms: int) -> Stock:
    """Return what is to be said of some posts."""
    places: dict[str, list[Assignment]] = defaultdict(list)
    for each in unit.rosters.assignments(post.id for post in posts):
        places[each.post].append(each)
    numbers = sorted({each.volunteer for held in places.values() for each in held})
    profiles = unit.roster_people.profiles(numbers)
    return Stock(
        posts=posts,
        places={post: tuple(held) for post, held in places.items()},
        names=unit.targets.names_of(numbers),
        teams={number: profile.team for number, profile in profiles.items()},
        specials=unit.openings.special_days(sight.shown_days[0], sight.shown_days[-1], (sight.point,)),
        now_ms=now_ms,
    )


def board_of(stock: Stock, sight: Sight, remit: Remit, reader: Reader) -> Board:
    """Return a view of the roster."""
    cells = {post.id: cell_of(post, stock, remit, reader) for post in stock.posts}
    by_day: dict[date, list[Cell]] = defaultdict(list)
    for post in stock.posts:
        by_day[post.on].append(cells[post.id])
    today = reader.day_of(stock.now_ms)
    days = tuple(_day(on, by_day[on], stock, today, sight, reader) for on in sight.shown_days)
    rows = _rows(stock.posts, cells, sight.days) if sight.view == WEEK else ()
    return Board(days, rows, _tally(stock, sight, reader))


def cell_of(post: Post, stock: Stock, remit: Remit, reader: Reader) -> Cell:
    """Return a post as it is shown."""
    held = stock.places.get(post.id, ())
    is_over, fills = post.starts_ms <= stock.now_ms, remit.may_fill(post)
    chips = tuple(
        Chip(
            each.id,
            each.version,
            each.volunteer,
            stock.names.get(each.volunteer, each.volunteer),
            each.state.value,
            reader.word(roster_terms.STATES, each.state),
            may_move=not is_over and remit.may_place(post, stock.teams.get(each.volunteer)),
        )
        for each in held
    )
    coverage = coverage_of(len(held), post.needed, reader)
    about = {
        "on": day_word(post.on, reader),
        "time": time_of(post),
        "service": reader.word(wording.SERVICES, post.service),
        "word": coverage.word,
        "names": reader.say(marked(", ")).join(chip.name for chip in chips),
    }
    return Cell(
        id=post.id,
        on=post.on,
        time=about["time"],
        service=about["service"],
        team=post.team or "",
        coverage=coverage,
        chips=chips,
        is_draft=post.state is PostState.DRAFT,
        is_over=is_over,
        may_fill=fills and not is_over,
        stamp=stamp_of(post, held),
        label=reader.say(marked("%(on)s %(time)s, %(service)s: %(word)s. %(names)s")) % about,
    )


def coverage_of(filled: int, needed: int, reader: Reader) -> Coverage:
    """Return how far places are filled, in a word."""
    if filled >= needed:
        return Coverage(FULL, reader.say(marked("full")), filled, needed)
    if not filled:
        return Coverage(NONE, reader.say(marked("empty")), filled, needed)
    return Coverage(SHORT, reader.say(marked("%(num)s short")) % {"num": needed - filled}, filled, needed)


def day_word(on: date, reader: Reader) -> str:
    """Return a day with its weekday, short."""
    return f"{reader.say(WEEKDAYS[on.weekday()])} {on.month}/{on.day}"


def time_of(post: Post) -> str:
    """Return when a post is, by local clocks."""
    begin, end = minute_of(post.starts_ms), minute_of(post.ends_ms) or 24 * 60
    return f"{clock_time(begin)}\u2013{clock_time(end)}"


def hours_word(minutes: int, reader: Reader) -> str:
    """Return minutes as hours, short."""
    return reader.say(marked("%(hours)s h")) % {"hours": f"{minutes / 60:.1f}".removesuffix(".0")}


def whole_minutes(from_ms: int, until_ms: int) -> int:
    """Return how many minutes lie between two instants, UTC ms."""
    return (until_ms - from_ms) // MS_PER_MINUTE


def _day(on: date, cells: Sequence[Cell], stock: Stock, today: date, sight: Sight, reader: Reader) -> DayHead:
    specials = [each for each in stock.specials if each.on == on]
    closed = reader.say(marked("closed"))
    words = [each.label or (closed if each.opens is None else "") for each in specials]
    filled = sum(min(cell.coverage.filled, cell.coverage.needed) for cell in cells)
    needed = sum(cell.coverage.needed for cell in cells)
    return DayHead(
        iso=on.isoformat(),
        weekday=reader.say(WEEKDAYS[on.weekday()]),
        number=f"{on.month}/{on.day}" if sight.view == WEEK or on.day == 1 else str(on.day),
        is_today=on == today,
        is_within=on in sight.days,
        special=" ".join(filter(None, words)),
        coverage=coverage_of(filled, needed, reader) if cells else None,
        posts=tuple(cells),
    )


def _rows(posts: Iterable[Post], cells: Mapping[str, Cell], days: Sequence[date]) -> tuple[Row, ...]:
    rows: dict[tuple[int, int, str], dict[date, list[Cell]]] = defaultdict(lambda: defaultdict(list))
    for post in posts:
        begin = minute_of(post.starts_ms)
        rows[begin, begin + post.minutes, post.service][post.on].append(cells[post.id])
    found = []
    for _, by_day in sorted(rows.items(), key=lambda row: row[0]):
        first = next(iter(next(iter(by_day.values()))))
        found.append(Row(first.time, first.service, tuple(tuple(by_day[on]) for on in days)))
    return tuple(found)


def _tally(stock: Stock, sight: Sight, reader: Reader) -> Tally:
    posts = [post for post in stock.posts if post.on in sight.days]
    held = {post.id: stock.places.get(post.id, ()) for post in posts}
    filled = sum(min(len(held[post.id]), post.needed) for post in posts)
    states = [each.state for places in held.values() for each in places if each.state in LIVE]
    waiting = [
        post
        for post in posts
        if post.starts_ms > stock.now_ms
        and (post.state is PostState.DRAFT or any(each.state is AssignmentState.DRAFT for each in held[post.id]))
    ]
    return Tally(
        posts=len(posts),
        coverage=coverage_of(filled, sum(post.needed for post in posts), reader),
        silent=states.count(AssignmentState.OFFERED),
        drafts=states.count(AssignmentState.DRAFT),
        to_publish=len(waiting),
    )
