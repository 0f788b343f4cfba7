"""One look at the roster: everything that the planner's page says, read within one transaction.

Upstream: ``planner_views``, ``planner_people``, ``planner_stamps``, ``planner_remit``.
Downstream: ``planner_pages``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_interval, format_skeleton

from sync.platform import wording
from sync.platform.console.asks import ASKS
from sync.platform.console.planner_people import Choosing
from sync.platform.console.planner_remit import Remit
from sync.platform.console.planner_sight import MONTH, WEEK, Sight
from sync.platform.console.planner_stamps import history_of, told
from sync.platform.console.planner_views import Cell, Stock, board_of, cell_of, day_word, read_stock, stock_of
from sync.platform.console.reader import Reader
from sync.platform.rostering.hours import clock_time, day_of, minute_of
from sync.platform.rostering.model import Post, PostState
from sync.platform.rostering.undoing import last_change
from sync.platform.store import Unit
from sync.platform.store.rosters import By
from sync.protocol.vocabulary import ServiceKind

SOURCE = "page"
TOLD = 4  # lines of what an undo would take back
MISSING = 14  # posts of a month that are named as not full


@dataclass(frozen=True, slots=True)
class Said:
    """What is said above the page: a sentence, and more of them; a refusal: nothing was written."""

    title: str
    lines: tuple[str, ...] = ()
    is_refusal: bool = True


@dataclass(frozen=True, slots=True)
class Eye:
    """Who looks, by which right, in which language, and when (UTC ms); ``who`` is an account's id."""

    unit: Unit
    remit: Remit
    reader: Reader
    now_ms: int
    who: str

    @property
    def by(self) -> By:
        """Return who changes something here."""
        return By(self.who, self.now_ms, SOURCE)

    @property
    def choosing(self) -> Choosing:
        """Return the choice among volunteers."""
        return Choosing(self.unit, self.remit, self.reader, self.now_ms)


def look(eye: Eye, sight: Sight) -> dict[str, Any]:
    """Return what the page shows of a view."""
    stock = read_stock(eye.unit, sight, eye.now_ms)
    post = chosen(eye, sight)
    teams = eye.remit.teams(sight.point)
    is_open = post is not None and post.starts_ms > eye.now_ms and eye.remit.may_fill(post)
    board = board_of(stock, sight, eye.remit, eye.reader)
    missing = [each for day in board.days for each in day.posts if _is_missing(each) and each.on in sight.days]
    last = last_change(eye.unit, eye.by)
    return {
        "board": board,
        "asks": ASKS,
        "missing": missing[:MISSING],
        "missing_more": len(missing[MISSING:]),
        "add_day": max(sight.from_on, day_of(eye.now_ms)).isoformat(),
        "people": eye.choosing.people(sight.point, post if is_open else None, sight.wanted)
        if post is not None or sight.view == WEEK
        else None,
        "undo": told(eye.unit, last, eye.reader)[:TOLD],
        "undo_count": len(last),
        "undo_at": last[0].at_ms if last else 0,
        "services": [(kind.value, eye.reader.word(wording.SERVICES, kind)) for kind in ServiceKind],
        "teams": _teams(eye.unit) if teams is None else list(teams),
        "is_whole": teams is None,
        **_beside(eye, sight, post, stock),
    }


def chosen(eye: Eye, sight: Sight) -> Post | None:
    """Return the post that a view has chosen, where there is one at its point."""
    post = eye.unit.rosters.post(sight.post) if sight.post else None
    return post if post and post.point == sight.point and post.state is not PostState.CANCELLED else None


def _is_missing(cell: Cell) -> bool:
    return cell.coverage.filled < cell.coverage.needed and not cell.is_over


def around(sight: Sight, reader: Reader, today: date) -> dict[str, Any]:
    """Return the ways from a view to others, and its title."""
    is_week, locale = sight.view == WEEK, reader.language
    title = (
        format_interval(sight.from_on, sight.until_on, "yMMMd", locale=locale)
        if is_week
        else format_skeleton("yMMMM", sight.from_on, locale=locale)
    )
    nearest = today if sight.days[0] <= today <= sight.days[-1] else sight.from_on
    return {
        "title": title,
        "before": sight.at(sight.last_on).address(),
        "after": sight.at(sight.next_on).address(),
        "present": sight.seen_as(sight.view, today).address(),
        "week": sight.seen_as(WEEK, nearest).address(),
        "month": sight.seen_as(MONTH, nearest).address(),
        "week_of": lambda iso: sight.seen_as(WEEK, date.fromisoformat(iso)).address(),
        "post_of": lambda post: sight.of(post).address(),
        "week_post_of": lambda cell: sight.seen_as(WEEK, cell.on).of(cell.id).address(),
        "day_word": lambda on: day_word(on, reader),
    }


def _beside(eye: Eye, sight: Sight, post: Post | None, stock: Stock) -> dict[str, Any]:
    if post is None:
        return {"cell": None, "post": None, "history": (), "others": (), "begins": "", "ends": "", "may_change": False}
    own = stock if post in stock.posts else stock_of(eye.unit, (post,), sight, eye.now_ms)
    cells = (cell_of(each, stock, eye.remit, eye.reader) for each in stock.posts if each.id != post.id)
    begin = minute_of(post.starts_ms)
    return {
        "cell": cell_of(post, own, eye.remit, eye.reader),
        "post": post,
        "history": history_of(eye.unit, post, eye.reader),
        "others": tuple(each for each in cells if each.may_fill and each.coverage.filled < each.coverage.needed),
        "begins": clock_time(begin),
        "ends": clock_time((begin + post.minutes - 1) % (24 * 60) + 1),
        "may_change": eye.remit.may_change(post) and post.starts_ms > eye.now_ms,
    }


def _teams(unit: Unit) -> list[str]:
    return sorted({profile.team for profile in unit.roster_people.profiles().values() if profile.team})
