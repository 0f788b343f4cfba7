"""The pages of 我的记录 as values: what each tap and each outcome makes of them.

Upstream: ``kiosk.presenter.area``, ``acts``, ``kiosk.usecases.record_outcomes``.
Downstream: ``kiosk.presenter.areas`` opens :class:`AskCard`.

A page holds what one fresh scan opened, and goes with it: left alone it closes, and a scan by anybody is duty as ever
and takes the screen, so that nobody sees another's records.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from kiosk.domain.record_refusal import RecordRefusal
from kiosk.presenter.acts import TapClose
from kiosk.presenter.area import Area, Step
from kiosk.presenter.navigation import Screen
from kiosk.presenter.records import hours, listing, sheet
from kiosk.presenter.records.acts import (
    ApplyIntent,
    ObjectIntent,
    OpenRecordsIntent,
    ReadRecordIntent,
    Tab,
    TapApply,
    TapBack,
    TapReason,
    TapRecord,
    TapTab,
    TapTurn,
    TapWrong,
)
from kiosk.presenter.records.notices import Said
from kiosk.presenter.records.plan_pages import Plan
from kiosk.presenter.views import Sound
from kiosk.usecases.record_outcomes import (
    Objected,
    ObjectionSeen,
    OwnRecords,
    RecordRefused,
    RecordSheet,
    StarAppliedFor,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from kiosk.presenter.acts import Intent, Tap
    from kiosk.presenter.views import Countdown, View
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.area_outcome import AreaOutcome
    from kiosk.usecases.outcomes import Outcome

ASK_S = 20  # long enough to find the card in a pocket
OPEN_S = 30  # ui.md: own records close after 30 s


@dataclass(frozen=True, slots=True)
class AskCard(Area):
    """请出示志愿者证: the next scan opens records; ``again`` where the last one is too long ago for what was asked.

    ``tab`` is the page that is opened.
    """

    screen: ClassVar[Screen] = Screen.ASK_CARD
    stays_s: ClassVar[int] = ASK_S
    again: bool = False
    tab: Tab = Tab.LIST

    @property
    def scan_as(self) -> Callable[[str], Intent] | None:
        """The next scan opens its own records."""
        return OpenRecordsIntent

    def tapped(self, tap: Tap, now_s: float) -> Step:  # noqa: ARG002  the same at any second
        """Go home by the one button there is."""
        return Step(None) if isinstance(tap, TapClose) else Step(self)

    def shown(self, outcome: Outcome | AreaOutcome, answers: Intent | None) -> Step | None:
        """Open the records of whoever scanned; a refusal is said as after any scan."""
        if isinstance(outcome, OwnRecords) and isinstance(answers, OpenRecordsIntent):
            return Step(_page_of(Records(outcome), self.tab), sound=Sound.QUESTION)
        return None

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> View:  # noqa: ARG002  nothing dated
        """Ask for the card."""
        return listing.ask_card_view(voice, countdown, again=self.again)


@dataclass(frozen=True, slots=True)
class Records(Area):
    """The pages that lie side by side; ``asked`` while an answer is awaited, so that nothing is asked twice."""

    stays_s: ClassVar[int] = OPEN_S
    records: OwnRecords
    tab: Tab = Tab.LIST
    page: int = 0
    asked: bool = False

    @property
    def screen(self) -> Screen:
        """Each page has its own; the own plan is an area page of its own, see ``plan_pages``."""
        return Screen.OWN_HOURS if self.tab is Tab.HOURS else Screen.OWN_RECORDS

    def tapped(self, tap: Tap, now_s: float) -> Step:  # noqa: ARG002  the same at any second
        """Turn pages, open a record, apply for a star."""
        if isinstance(tap, TapClose):
            return Step(None)
        if isinstance(tap, TapTab):
            return Step(_page_of(self, tap.tab))
        if isinstance(tap, TapTurn):
            return Step(replace(self, page=listing.page_within(tap.page, self.records)))
        return Step(self) if self.asked else self._ask(tap)

    def _ask(self, tap: Tap) -> Step:
        asked = replace(self, asked=True)
        if isinstance(tap, TapRecord):
            return Step(asked, (ReadRecordIntent(self.records.scan, tap.session),))
        if isinstance(tap, TapApply):
            return Step(asked, (ApplyIntent(self.records.scan, tap.level),))
        return Step(self)

    def shown(self, outcome: Outcome | AreaOutcome, answers: Intent | None) -> Step | None:
        """Take the answers to what was asked here."""
        if isinstance(outcome, RecordSheet) and isinstance(answers, ReadRecordIntent):
            return Step(Sheet(replace(self, asked=False), outcome))
        if isinstance(outcome, StarAppliedFor):
            return Step(replace(self, records=_applied(self.records, outcome.level), asked=False), sound=Sound.END)
        return self.refused(outcome, replace(self, asked=False))

    def refused(self, outcome: Outcome | AreaOutcome, back: Area) -> Step | None:
        """Say why something was not done, and lead back; where the card is too long ago, ask for it again."""
        if not isinstance(outcome, RecordRefused):
            return None
        again = outcome.reason is RecordRefusal.SCAN_AGAIN
        return Step(AskCard(again=True, tab=self.tab) if again else Said(outcome.reason, back), sound=Sound.REFUSAL)

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> View:  # noqa: ARG002  the scan dates it
        """Put the page into words."""
        if self.tab is Tab.HOURS:
            return hours.hours_view(self.records, voice, countdown, asked=self.asked)
        return listing.list_view(self.records, self.page, voice, countdown)


@dataclass(frozen=True, slots=True)
class Sheet(Area):
    """One record whole; ``under`` is the page it was opened from."""

    screen: ClassVar[Screen] = Screen.OWN_RECORD
    stays_s: ClassVar[int] = OPEN_S
    under: Records
    record: RecordSheet

    def tapped(self, tap: Tap, now_s: float) -> Step:  # noqa: ARG002  the same at any second
        """Go back, or say that it is wrong."""
        if isinstance(tap, TapBack):
            return Step(self.under)
        if isinstance(tap, TapWrong) and self.record.may_object is None:
            return Step(Reasons(self))
        return Step(None) if isinstance(tap, TapClose) else Step(self)

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> View:  # noqa: ARG002  the scan dates it
        """Put the record into words."""
        return sheet.sheet_view(self.record, self.under.records.at, voice, countdown)


@dataclass(frozen=True, slots=True)
class Reasons(Area):
    """What is wrong with a record; ``asked`` while the objection is being recorded."""

    screen: ClassVar[Screen] = Screen.OBJECTION
    stays_s: ClassVar[int] = OPEN_S
    of: Sheet
    asked: bool = False

    def tapped(self, tap: Tap, now_s: float) -> Step:  # noqa: ARG002  the same at any second
        """Go back, or object for a reason."""
        if isinstance(tap, TapBack):
            return Step(self.of)
        if isinstance(tap, TapClose):
            return Step(None)
        if isinstance(tap, TapReason) and not self.asked:
            intent = ObjectIntent(self.of.under.records.scan, self.of.record.session, tap.reason)
            return Step(replace(self, asked=True), (intent,))
        return Step(self)

    def shown(self, outcome: Outcome | AreaOutcome, answers: Intent | None) -> Step | None:
        """Show the record again, with the objection on it."""
        if isinstance(outcome, Objected) and isinstance(answers, ObjectIntent):
            told = ObjectionSeen(outcome.reason)
            record = replace(
                self.of.record,
                objections=(*self.of.record.objections, told),
                may_object=RecordRefusal.ALREADY_OBJECTED,
            )
            under = replace(self.of.under, records=listing.disputed(self.of.under.records, outcome.session))
            return Step(Sheet(under, record), sound=Sound.END)
        return self.of.under.refused(outcome, self.of)

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> View:  # noqa: ARG002  the scan dates it
        """Put the reasons into words."""
        return sheet.reasons_view(self.of.record, self.of.under.records.at, voice, countdown, asked=self.asked)


def _page_of(records: Records, tab: Tab) -> Area:
    """Return one of the pages that lie side by side."""
    chosen = replace(records, tab=tab)
    return Plan(chosen) if tab is Tab.PLAN else chosen


def _applied(records: OwnRecords, level: int) -> OwnRecords:
    star = replace(records.star, applied=records.star.applied | {level}, may_apply_for=None)
    return replace(records, star=star)
