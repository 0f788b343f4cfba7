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
    from kiosk.presenter.views import Badge, Button, Countdown, StarRing


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
    """One thing to know, in two parts."""

    icon: Icon
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class PlanList:
    """A heading and its lines; ``empty`` speaks where there are none."""

    title: str
    lines: tuple[PlanLine, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class PlanView(AreaView):
    """Own shifts to come, trainings held, kit held."""

    rail: Rail
    shifts: PlanList
    trained: PlanList
    kit: PlanList


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
