"""The lists of the own plan as a page: what each tap makes of it.

Upstream: ``plan_answers`` (the pages behind it), ``plan`` (words), ``kiosk.presenter.area``.
Downstream: ``pages``.

::

    lists ─┬─ own shift ─┬─ 请假 ─▶ reasons
           │             └─ 换班 ─▶ colleagues' shifts ⇄ colleagues (代班) ─▶ both side by side
           ├─ exchange asked of me
           ├─ open post
           └─ outcome

Every answer leads back to what it is about, which then says that it is noted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from kiosk.presenter.acts import TapClose
from kiosk.presenter.area import Area, Step
from kiosk.presenter.navigation import Screen
from kiosk.presenter.records import plan
from kiosk.presenter.records.acts import Part, TapOutcome, TapPart, TapPlace, TapPost, TapSwap, TapTab, TapTurn
from kiosk.presenter.records.plan_answers import OPEN_S, OutcomeSheet, PlaceSheet, PostSheet, SwapSheet

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.domain.own_plan import OwnPlan
    from kiosk.presenter.acts import Tap
    from kiosk.presenter.records.pages import Records
    from kiosk.presenter.views import Countdown, View
    from kiosk.presenter.wording import Voice


@dataclass(frozen=True, slots=True)
class Plan(Area):
    """The lists; ``under`` are the other pages of the same records."""

    screen: ClassVar[Screen] = Screen.OWN_PLAN
    stays_s: ClassVar[int] = OPEN_S
    under: Records
    part: Part = Part.OWN
    page: int = 0

    @property
    def plan(self) -> OwnPlan:
        """What lies ahead."""
        return self.under.records.plan

    def tapped(self, tap: Tap, now_s: float) -> Step:
        """Turn pages, change the list, show one thing whole."""
        if isinstance(tap, TapTab | TapClose):
            return self.under.tapped(tap, now_s)
        if isinstance(tap, TapPart):
            return Step(replace(self, part=tap.part, page=0))
        if isinstance(tap, TapTurn):
            return Step(replace(self, page=plan.page_after(plan.count_of(self.under.records, self.part), tap.page)))
        return Step(self._opened(tap) or self)

    def _opened(self, tap: Tap) -> Area | None:
        if isinstance(tap, TapPlace) and self.plan.place(tap.assignment):
            return PlaceSheet(self, tap.assignment)
        if isinstance(tap, TapSwap) and self.plan.swap(tap.swap):
            return SwapSheet(self, tap.swap)
        if isinstance(tap, TapPost) and self.plan.post(tap.post):
            return PostSheet(self, tap.post)
        if isinstance(tap, TapOutcome) and self.plan.outcome(tap.id):
            return OutcomeSheet(self, tap.id)
        return None

    def after(self, new: OwnPlan) -> Plan:
        """Return the lists as they are after an answer."""
        return replace(self, under=replace(self.under, records=replace(self.under.records, plan=new)))

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> View:  # noqa: ARG002  the scan dates it
        """Put the list into words."""
        return plan.plan_view(self.under.records, self.part, self.page, voice, countdown)
