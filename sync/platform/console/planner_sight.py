"""What a planner looks at, as it stands in an address or a form: which point, which week or month, which post.

Upstream: Starlette (its parameters), ``rostering.hours``.
Downstream: the planner's pages.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from sync.platform.console import queries
from sync.platform.rostering.hours import instant_of, week_days

PAGE = "/roster"
WEEK, MONTH = "week", "month"
MOST_WANTED = 40
DAY_MINUTES = 24 * 60
FAR = timedelta(days=366 * 5)  # nobody plans further; dates beyond are read as today


@dataclass(frozen=True, slots=True)
class Sight:
    """One view of the roster.

    Attributes:
        point: id of a service point; empty: the visitor may plan at none.
        view: ``week`` or ``month``.
        from_on: its first day: a Monday, or the first of a month.
        post: the one that was chosen, or empty.
        wanted: a number or a part of a name by which volunteers are sought.
    """

    point: str
    view: str
    from_on: date
    post: str = ""
    wanted: str = ""

    @property
    def until_on(self) -> date:
        """The last day, included."""
        if self.view == WEEK:
            return self.from_on + timedelta(days=6)
        return self.next_on - timedelta(days=1)

    @property
    def next_on(self) -> date:
        """The first day of the week or month that follows."""
        if self.view == WEEK:
            return self.from_on + timedelta(days=7)
        return (self.from_on + timedelta(days=31)).replace(day=1)

    @property
    def last_on(self) -> date:
        """The first day of the week or month before."""
        if self.view == WEEK:
            return self.from_on - timedelta(days=7)
        return (self.from_on - timedelta(days=1)).replace(day=1)

    @property
    def days(self) -> tuple[date, ...]:
        """All its days."""
        return tuple(self.from_on + timedelta(days=count) for count in range((self.until_on - self.from_on).days + 1))

    @property
    def shown_days(self) -> tuple[date, ...]:
        """The days of whole weeks, Monday first: a month's page shows those around it too."""
        first, last = week_days(self.from_on)[0], week_days(self.until_on)[-1]
        return tuple(first + timedelta(days=count) for count in range((last - first).days + 1))

    @property
    def span_ms(self) -> tuple[int, int]:
        """When the shown days begin and end, UTC ms."""
        return instant_of(self.shown_days[0], 0), instant_of(self.shown_days[-1], DAY_MINUTES)

    def carried(self) -> dict[str, str]:
        """Return it as fields of a form or address; nothing is carried that is not set."""
        every = {"point": self.point, "view": self.view, "from": self.from_on.isoformat(), "post": self.post}
        return {name: value for name, value in {**every, "q": self.wanted}.items() if value}

    def address(self, path: str = PAGE) -> str:
        """Return its address."""
        return f"{path}?{urlencode(self.carried())}"

    def at(self, from_on: date) -> Sight:
        """Return the same view of another time, no post chosen."""
        return replace(self, from_on=from_on, post="")

    def seen_as(self, view: str, on: date) -> Sight:
        """Return the week or month a day lies in."""
        return replace(self, view=view, from_on=first_of(view, on), post="")

    def of(self, post: str) -> Sight:
        """Return the same view with a post chosen, or none."""
        return replace(self, post=post)


def first_of(view: str, on: date) -> date:
    """Return the first day of the week or month a day lies in."""
    return on.replace(day=1) if view == MONTH else week_days(on)[0]


def read_sight(get: Callable[[str], str], points: Collection[str], today: date) -> Sight:
    """Return what is asked for; whatever is missing or no sense is the first point and the present week.

    Args:
        get: the value of a parameter, empty where there is none.
        points: those at which the visitor may plan, the first one shown first.
        today: local day.
    """
    view = MONTH if get("view") == MONTH else WEEK
    on = queries.read_day(get("from")) or today
    if abs(on - today) > FAR:
        on = today
    point = get("point") if get("point") in points else next(iter(points), "")
    return Sight(point, view, first_of(view, on), get("post")[:64], get("q")[:MOST_WANTED].strip())
