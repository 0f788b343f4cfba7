"""What the pages of plan against service show, as plain values in the reader's words.

Upstream: ``rostering.reviewing``, ``roster_terms``, ``terms``.
Downstream: ``served_pages``, its template.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton

from sync.platform import roster_terms, wording
from sync.platform.console.reader import Reader
from sync.platform.rostering.coverage import Coverage, Reliability
from sync.platform.rostering.reviewing import Review, counts
from sync.platform.rostering.served import Came, Doubt, Outcome, Watch
from sync.platform.wording import marked
from sync.protocol.reference import ServicePoint

WELL, FAIR = 90, 60  # per cent of the hours open that were staffed, from which on a cell is green, amber
LAG_MINUTES = 20  # a device tells how far it is every quarter of an hour, and a minute settles: so much is always ahead
MISSING = frozenset({Came.ABSENT, Came.COVERED, Came.VACANT, Came.UNANSWERED})
LOOKED_AT = frozenset({*MISSING, Came.PARTLY, Came.UNCONFIRMED, Came.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Line:
    """One place beside what became of it; ``share`` per cent of the post were surely served."""

    span: str
    service: str
    number: str | None
    name: str
    came: Came
    word: str
    share: int
    minutes: int
    there: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One point on one day: how well it was staffed (``look``), in per cent, and places that are to be looked at.

    ``look``: ``closed``, ``ahead``, ``well``, ``fair``, ``poor``; ``unsure`` while records are to come: it may be more.
    """

    look: str
    percent: int | None = None
    missing: int = 0
    open: int = 0
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A point: its cells day by day, its figures over all of them, and its lines, where names may be shown."""

    point: ServicePoint
    cells: tuple[Cell, ...]
    total: Coverage
    lines: tuple[tuple[str, tuple[Line, ...]], ...]
    counted: Mapping[Came, int]
    is_current: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A device that is waited for."""

    name: str
    point: str
    known_to: str
    heard: str
    is_refused: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """How one volunteer kept the places that were accepted."""

    number: str
    name: str
    record: Reliability


def rows_of(
    points: Sequence[ServicePoint],
    days: Sequence[date],
    review: Review,
    told: Callable[[Outcome], Line | None],
    reader: Reader,
) -> list[Row]:
    """Return a row a point.

    Args:
        points: in the order of the page.
        days: local, in order.
        review: of these points and days.
        told: the line of an outcome; None where it is not shown to this visitor.
        reader: whose words.
    """
    found = []
    for point in points:
        own = [each for each in review.outcomes if each.post.point == point.id]
        lines = []
        for on in days:
            shown = [line for each in own if each.post.on == on and (line := told(each)) is not None]
            if shown:
                lines.append((reader.day_title(on), tuple(shown)))
        cells = tuple(_cell(review.coverage.get((point.id, on)), [e for e in own if e.post.on == on]) for on in days)
        found.append(Row(point, cells, review.total(point.id), tuple(lines), counts(own), _is_current(cells)))
    return found


def line_of(each: Outcome, names: Mapping[str, str], reader: Reader) -> Line:
    """Return an outcome in words; ``names`` are those of volunteers, by number."""
    post = each.post
    return Line(
        span=f"{reader.clock(post.starts_ms, post.on)}–{reader.clock(post.ends_ms, post.on)}",
        service=reader.word(wording.SERVICES, post.service),
        number=each.volunteer,
        name=names.get(each.volunteer or "", ""),
        came=each.came,
        word=reader.word(roster_terms.CAME, each.came),
        share=min(100, 100 * each.minutes // each.of_minutes) if each.of_minutes else 0,
        minutes=each.minutes,
        there=_there(each, reader),
        remarks=tuple(_remarks(each, names, reader)),
    )


def waiting_of(watches: Iterable[Watch], points: Mapping[str, str], now_ms: int, reader: Reader) -> list[Waiting]:
    """Return the devices that are waited for; ``points`` are names by id."""
    return [
        Waiting(
            name=each.name,
            point=points.get(each.point, each.point),
            known_to=reader.moment(each.reach.to_ms) if each.reach.to_ms else "",
            heard=reader.ago(each.heard_ms, now_ms) if each.heard_ms else "",
            is_refused=each.until_ms is not None,
        )
        for each in watches
    ]


def tally_of(counted: Mapping[Came, int], reader: Reader) -> list[tuple[Came, str, int]]:
    """Return how many places became what, in words; nothing of what did not happen."""
    return [(came, reader.word(roster_terms.CAME, came), number) for came, number in counted.items() if number]


def kept_of(records: Mapping[str, Reliability], names: Mapping[str, str]) -> list[Kept]:
    """Return how volunteers kept their places, by name and then number: no ranking."""
    found = [Kept(number, names.get(number, ""), record) for number, record in records.items()]
    return sorted(found, key=lambda each: (each.name, each.number))


def short_day(on: date, reader: Reader, *, is_month: bool) -> tuple[str, str]:
    """Return a day and its weekday as they stand above a column."""
    day = str(on.day) if is_month else format_skeleton("MMMd", on, locale=reader.language)
    return day, format_skeleton("EEEEE" if is_month else "EEE", on, locale=reader.language)


def numbers_in(outcomes: Collection[Outcome]) -> set[str]:
    """Return whose names are shown."""
    return {number for each in outcomes for number in (each.volunteer, each.by) if number}


def _cell(coverage: Coverage | None, own: Sequence[Outcome]) -> Cell:
    missing, waits = sum(each.came in MISSING for each in own), sum(each.came is Came.UNKNOWN for each in own)
    if coverage is None or coverage.percent is None:
        return Cell("ahead" if any(each.came is Came.AHEAD for each in own) else "closed", None, missing, waits)
    look = "well" if coverage.percent >= WELL else "fair" if coverage.percent >= FAIR else "poor"
    is_known = coverage.open_minutes - coverage.known_minutes <= LAG_MINUTES
    return Cell(look if is_known or look == "well" else "unsure", coverage.percent, missing, waits, is_known)


def _is_current(cells: Iterable[Cell]) -> bool:
    return all(cell.is_known for cell in cells)


def _there(each: Outcome, reader: Reader) -> str:
    if each.began_ms is None:
        return ""
    begin = reader.clock(each.began_ms, each.post.on)
    return f"{begin}–{reader.clock(each.ended_ms, each.post.on)}" if each.ended_ms is not None else f"{begin}–"


def _remarks(each: Outcome, names: Mapping[str, str], reader: Reader) -> Iterable[str]:
    decided = each.came in {Came.SERVED, Came.PARTLY}
    if decided and each.late:
        yield reader.say(marked("came late"))
    if decided and each.early:
        yield reader.say(marked("left early"))
    if each.by is not None:
        who = names.get(each.by, "") or each.by
        yield reader.say(marked("%(who)s stood in for %(minutes)s min")) % {"who": who, "minutes": each.by_minutes}
    if each.twice:
        yield reader.say(marked("recorded at another point at the same time; to be checked"))
    if each.doubt is Doubt.WAITS:
        yield reader.say(marked("waiting for %(what)s")) % {
            "what": reader.say(", ").join(one.name for one in each.waits)
        }
    elif each.doubt is not None:
        yield reader.word(roster_terms.DOUBTS, each.doubt)
