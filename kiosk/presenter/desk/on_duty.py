"""在岗: who is on duty now, each leading to the record.

Upstream: ``page``, ``shapes``.
Downstream: ``home``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.presenter.desk.intents import ReadDesk
from kiosk.presenter.desk.page import STAYS, Page, Turn
from kiosk.presenter.desk.shapes import ROWS, listing, sheets_of, turned
from kiosk.presenter.desk.sheet import SessionPage
from kiosk.presenter.desk.taps import TapPick, TapTurn
from kiosk.presenter.desk.views import Row
from kiosk.presenter.icons import Icon, service_icon
from kiosk.presenter.views import Badge, Tone

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.acts import Tap
    from kiosk.presenter.desk.page import Context
    from kiosk.presenter.desk.views import Body
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.desk import DeskOnDuty


@dataclass(frozen=True, slots=True)
class OnDuty(Page):
    """One sheet of those on duty."""

    sheet: int = 0

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.on_duty.title")

    def wants(self, context: Context) -> tuple[ReadDesk, ...]:
        """Read who is there now."""
        return (ReadDesk(context.operator),)

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Turn the sheet, or open a record."""
        if isinstance(tap, TapPick):
            return Turn(over=SessionPage(tap.key))
        if isinstance(tap, TapTurn):
            return Turn(replace(self, sheet=turned(self.sheet, tap.by, sheets_of(len(_people(context))))))
        return STAYS

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        people = _people(context)
        sheets = sheets_of(len(people))
        sheet = min(self.sheet, sheets - 1)
        rows = [_row(each, voice) for each in people[sheet * ROWS : (sheet + 1) * ROWS]]
        return listing(rows, (sheet, sheets), voice.phrases.say("desk.on_duty.empty"))


def _people(context: Context) -> tuple[DeskOnDuty, ...]:
    return () if context.board is None else context.board.on_duty


def _row(each: DeskOnDuty, voice: Voice) -> Row:
    phrases = voice.phrases
    late = Badge(Icon.WARNING, phrases.say("desk.on_duty.over"), Tone.WARN) if each.over_limit else None
    return Row(
        icon=service_icon(each.service),
        name=phrases.say("desk.person", name=each.name, tail=each.tail),
        detail=phrases.name_of("service", each.service),
        aside=phrases.say("desk.on_duty.since", time=voice.time(each.since)),
        badge=late,
        marked=False,
        mark=None,
        tap=TapPick(each.session_id),
    )
