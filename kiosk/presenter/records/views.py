"""What the pages of 我的记录 show: frozen values, every text final.

Upstream: ``kiosk.presenter.views``.
Downstream: ``kiosk.ui.screens.records_*``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.presenter.views import AreaView

if TYPE_CHECKING:
    from kiosk.presenter.acts import Tap
    from kiosk.presenter.icons import Icon
    from kiosk.presenter.views import Badge, Button, Countdown, Mark, StarRing


@dataclass(frozen=True, slots=True)
class AskCardView(AreaView):
    """The card, please."""

    title: str
    what: str
    advice: str
    note: str
    cancel: Button
    countdown: Countdown


@dataclass(frozen=True, slots=True)
class TabButton:
    """One of the pages that lie side by side."""

    text: str
    icon: Icon
    chosen: bool
    tap: Tap


@dataclass(frozen=True, slots=True)
class Rail:
    """Whose records these are, the ways between the pages, and the way out."""

    name: str
    tabs: tuple[TabButton, ...]
    close: Button
    countdown: Countdown


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One session in two lines: when and what; how it is known. ``credited`` stands large, ``state`` under it."""

    day: str
    service: str
    icon: Icon
    times: str
    known: str
    credited: str
    state: Badge
    tap: Tap


@dataclass(frozen=True, slots=True)
class RecordListView(AreaView):
    """A page of the sessions; ``empty`` speaks where there are none. A turn without a tap leads nowhere."""

    rail: Rail
    lines: tuple[RecordLine, ...]
    empty: str
    page: str
    earlier: Button | None
    later: Button | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A duration and what it is."""

    title: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Source:
    """How some of the minutes are known; ``fraction`` of all of them."""

    name: str
    value: str
    fraction: float


@dataclass(frozen=True, slots=True)
class HoursView(AreaView):
    """What counts, what waits, what counts nothing: three figures that are never added up; and the way to a star."""

    rail: Rail
    confirmed: Figure
    waiting: Figure
    provisional: Figure
    sources_title: str
    sources: tuple[Source, ...]
    overlap: str
    star: StarRing
    star_note: str
    apply: Button | None
    applied: Badge | None


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One thing to know or to answer, in two parts and a badge; without a tap it is only looked at."""

    icon: Icon
    text: str
    detail: str
    badge: Badge | None = None
    tap: Tap | None = None


@dataclass(frozen=True, slots=True)
class PlanView(AreaView):
    """A page of lines; ``empty`` speaks where there are none.

    Attributes:
        title: what is to be chosen; empty where nothing is.
        places: how many lines a page has room for.
        page: which of how many; empty where there is one.
        earlier, later: turn the pages up and down; None at the ends.
        ways: to the lists beside it, the chosen one in the accent's colour.
    """

    rail: Rail
    title: str
    places: int
    lines: tuple[PlanLine, ...]
    empty: str
    page: str
    earlier: Button | None
    later: Button | None
    ways: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class PlaceView(AreaView):
    """One shift, open post or outcome whole; ``sentence`` says what it means, ``answers`` are at most two."""

    icon: Icon
    title: str
    times: str
    state: Badge | None
    facts: tuple[Fact, ...]
    sentence: str
    answers: tuple[Button, ...]
    back: Button
    countdown: Countdown


@dataclass(frozen=True, slots=True)
class Leaf:
    """A shift as a leaf of the calendar over a bar of the day; ``begin`` and ``end`` are fractions of the day.

    ``nothing`` speaks where there is no shift: then all else but ``whose`` is empty.
    """

    whose: str
    weekday: str = ""
    month: str = ""
    day: str = ""
    times: str = ""
    begin: float = 0.0
    end: float = 0.0
    service: str = ""
    icon: Icon | None = None
    nothing: str = ""


@dataclass(frozen=True, slots=True)
class ExchangeView(AreaView):
    """Two shifts side by side: what is given and what is got."""

    title: str
    given: Leaf
    got: Leaf
    marks: tuple[Mark, ...]
    state: Badge | None
    note: str
    answers: tuple[Button, ...]
    back: Button
    countdown: Countdown


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of a record; ``before`` is what was recorded first, where a correction stands beside it."""

    label: str
    value: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class RecordSheetView(AreaView):
    """One session whole. Without ``wrong`` nothing can be disputed now, and ``why_not`` says why."""

    title: str
    subtitle: str
    state: Badge
    facts: tuple[Fact, ...]
    objections: tuple[Badge, ...]
    wrong: Button | None
    why_not: str
    back: Button
    countdown: Countdown


@dataclass(frozen=True, slots=True)
class ReasonsView(AreaView):
    """What is wrong? One tap answers."""

    title: str
    subtitle: str
    reasons: tuple[Button, ...]
    note: str
    back: Button
    countdown: Countdown
