"""Choosing a volunteer: the likely ones first, four to a sheet; a few digits of the number find the others.

Upstream: ``page``, ``shapes``, ``kiosk.usecases.read_people``.
Downstream: ``hours``.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.presenter.acts import TapClear, TapConfirm, TapDigit, TapErase
from kiosk.presenter.desk.intents import ReadPeople
from kiosk.presenter.desk.page import STAYS, Page, Turn
from kiosk.presenter.desk.shapes import ROWS, act, listing, sheets_of, turned
from kiosk.presenter.desk.taps import Act, TapAct, TapPick, TapTurn
from kiosk.presenter.desk.views import Action, PadBody, Row
from kiosk.presenter.icons import Icon
from kiosk.presenter.number_pad import pad_keys
from kiosk.presenter.views import Badge, Tone
from kiosk.usecases.desk import TAIL

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.acts import Tap
    from kiosk.presenter.desk.page import Context
    from kiosk.presenter.desk.views import Body
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.read_people import Chosen

MOST_DIGITS = 20


@dataclass(frozen=True, slots=True)
class PeopleList(Page):
    """One sheet of volunteers; while ``typing`` the pad is shown instead."""

    sheet: int = 0
    digits: str = ""
    typing: bool = False

    @abstractmethod
    def chosen(self, who: Chosen) -> Page:
        """Return the page that follows the choice."""

    def wants(self, context: Context) -> tuple[ReadPeople, ...]:
        """Read who can be chosen."""
        return (ReadPeople(context.operator),)

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Turn, search, or choose."""
        if self.typing:
            return Turn(self._typed(tap))
        match tap:
            case TapTurn():
                sheets = sheets_of(len(self._found(context)))
                return Turn(replace(self, sheet=turned(self.sheet, tap.by, sheets)))
            case TapAct(Act.SEARCH):
                return Turn(replace(self, typing=True, digits="", sheet=0))
            case TapAct(Act.ALL):
                return Turn(replace(self, digits="", sheet=0))
            case TapPick():
                who = next((each for each in self._found(context) if each.volunteer == tap.key), None)
                return STAYS if who is None else Turn(over=self.chosen(who))
        return STAYS

    def _typed(self, tap: Tap) -> PeopleList:
        match tap:
            case TapDigit():
                return replace(self, digits=(self.digits + tap.digit)[:MOST_DIGITS])
            case TapErase():
                return replace(self, digits=self.digits[:-1])
            case TapClear():
                return replace(self, digits="")
            case TapConfirm():
                return replace(self, typing=False)
        return self

    def _found(self, context: Context) -> tuple[Chosen, ...]:
        known = () if context.people is None else context.people.known
        return tuple(each for each in known if self.digits in each.volunteer)

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        say, found = voice.phrases.say, self._found(context)
        if self.typing:
            return self._pad(voice, len(found))
        sheets = sheets_of(len(found))
        sheet = min(self.sheet, sheets - 1)
        rows = [_row(each, voice) for each in found[sheet * ROWS : (sheet + 1) * ROWS]]
        buttons = [act(say("desk.people.search"), Icon.KEYPAD, Act.SEARCH, Tone.CALM)]
        if self.digits:
            buttons.append(act(say("desk.people.all"), Icon.PEOPLE, Act.ALL, Tone.QUIET))
        empty = say("desk.reading") if context.people is None else say("desk.people.empty")
        return listing(rows, (sheet, sheets), empty, buttons=tuple(buttons))

    def _pad(self, voice: Voice, found: int) -> PadBody:
        say = voice.phrases.say
        return PadBody(
            title=say("desk.people.title"),
            prompt="" if self.digits else say("desk.people.prompt"),
            typed=self.digits,
            hint=say("desk.people.found", count=found),
            keys=pad_keys(voice),
            confirm=Action(say("desk.people.show"), Icon.PEOPLE, Tone.ACCENT, TapConfirm()),
        )


def _row(each: Chosen, voice: Voice) -> Row:
    say = voice.phrases.say
    return Row(
        icon=Icon.PERSON,
        name=say("desk.person", name=each.name, tail=each.volunteer[-TAIL:]),
        detail=voice.phrases.name_of("team", each.team) if each.team else say("desk.people.no_team"),
        aside="",
        badge=Badge(Icon.CALENDAR, say("desk.people.rostered"), Tone.CALM) if each.rostered else None,
        marked=False,
        mark=None,
        tap=TapPick(each.volunteer),
    )
