"""待处理: what waits for a person, parted by matter; several can be confirmed or rated in one go.

Upstream: ``page``, ``lines``, ``shapes``.
Downstream: ``home``.

The device reads long pages; the screen shows sheets of four. ``sheet`` counts through all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.domain.operators import Right
from kiosk.presenter.desk.confirming import ConfirmSeveral
from kiosk.presenter.desk.intents import ReadDesk, ReadQueue
from kiosk.presenter.desk.lines import countdown_badge, hours, person, stay
from kiosk.presenter.desk.page import STAYS, Page, Turn
from kiosk.presenter.desk.rating import RatePage
from kiosk.presenter.desk.shapes import ROWS, act, listing, sheets_of, turned
from kiosk.presenter.desk.sheet import SessionPage
from kiosk.presenter.desk.taps import Act, TapAct, TapMark, TapMatter, TapPick, TapTurn
from kiosk.presenter.desk.views import Row, Segment
from kiosk.presenter.icons import Icon, service_icon
from kiosk.presenter.views import Tone
from kiosk.usecases.desk import QueuePage
from kiosk.usecases.desk_outcomes import Batch, SessionConfirmed, SessionRated
from kiosk.usecases.read_queue import LINES
from sync.protocol.vocabulary import Matter

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.acts import Tap
    from kiosk.presenter.desk.intents import Came
    from kiosk.presenter.desk.page import Context
    from kiosk.presenter.desk.views import Action, Body
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.desk import DeskLine

_SHEETS = LINES // ROWS  # sheets to a page
_DEALT_WITH = Batch | SessionConfirmed | SessionRated
IN_ONE_GO = {Matter.CONFIRM: Act.CONFIRM, Matter.SECOND_PERSON: Act.CONFIRM, Matter.RATE: Act.RATE}
_RIGHTS = {Act.CONFIRM: Right.CONFIRM, Act.RATE: Right.RATE}


@dataclass(frozen=True, slots=True)
class Queue(Page):
    """One sheet of one matter; ``marked`` are the sessions to be dealt with together."""

    matter: Matter = Matter.CONFIRM
    sheet: int = 0
    marked: tuple[DeskLine, ...] = ()
    read: QueuePage | None = None

    @property
    def is_base(self) -> bool:
        """It is."""
        return True

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.queue.title")

    def wants(self, context: Context) -> tuple[ReadDesk | ReadQueue, ...]:
        """Read what waits, and how much."""
        return (ReadDesk(context.operator), self.reads(context))

    def reads(self, context: Context) -> ReadQueue:
        """Return the read of the page that this sheet is on."""
        return ReadQueue(context.operator, self.matter, self.sheet // _SHEETS)

    def took(self, came: Came) -> Page:
        """Take a page of what waits, or that what was marked has been dealt with."""
        if isinstance(came, QueuePage) and came.matter is self.matter:
            return replace(self, read=came, sheet=min(self.sheet, sheets_of(came.total) - 1))
        return replace(self, marked=()) if isinstance(came, _DEALT_WITH) else self

    # ---- fingers

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Choose a matter, turn, mark, open, or deal with all that is marked."""
        match tap:
            case TapMatter():
                return _reading(Queue(tap.matter), context)
            case TapTurn():
                sheet = turned(self.sheet, tap.by, sheets_of(self._total()))
                return _reading(replace(self, sheet=sheet), context)
            case TapPick():
                return Turn(over=SessionPage(tap.key))
            case TapMark():
                return Turn(replace(self, marked=self._toggled(tap.key)))
            case TapAct():
                return self._acted(tap.act)
        return STAYS

    def _acted(self, which: Act) -> Turn:
        if which is Act.ALL:
            return Turn(replace(self, marked=self._all_toggled()))
        if not self.marked:
            return STAYS
        if which is Act.CONFIRM:
            return Turn(over=ConfirmSeveral(self.marked))
        return Turn(over=RatePage(self.marked))

    def _toggled(self, key: str) -> tuple[DeskLine, ...]:
        without = tuple(line for line in self.marked if line.session_id != key)
        if len(without) < len(self.marked):
            return without
        return (*without, *(line for line in self._rows() if line.session_id == key))

    def _all_toggled(self) -> tuple[DeskLine, ...]:
        """Mark what is seen on this sheet; where all of it is marked, take the marks away."""
        seen = [line for line in self._rows() if not line.own]
        others = tuple(line for line in self.marked if line not in seen)
        return others if set(seen) <= set(self.marked) else (*others, *seen)

    def _rows(self) -> tuple[DeskLine, ...]:
        if self.read is None or self.read.page != self.sheet // _SHEETS:
            return ()
        begin = self.sheet % _SHEETS * ROWS
        return self.read.lines[begin : begin + ROWS]

    def _total(self) -> int:
        return 0 if self.read is None else self.read.total

    # ---- words

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        say = voice.phrases.say
        rows = [self._row(line, voice) for line in self._rows()]
        empty = say("desk.reading") if self.read is None else voice.phrases.of("queue_empty", self.matter)
        place = (self.sheet, sheets_of(self._total()))
        return listing(rows, place, empty, self._segments(context, voice), self._buttons(context, voice))

    def _segments(self, context: Context, voice: Voice) -> tuple[Segment, ...]:
        counts = {} if context.board is None else context.board.counts
        return tuple(
            Segment(voice.phrases.of("matter", each), str(counts.get(each, 0)), each is self.matter, TapMatter(each))
            for each in Matter
        )

    def _row(self, line: DeskLine, voice: Voice) -> Row:
        several = self.matter in IN_ONE_GO and not line.own
        return Row(
            icon=service_icon(line.service),
            name=person(line, voice),
            detail=stay(line, voice),
            aside=voice.phrases.say("desk.queue.own") if line.own else hours(line, voice),
            badge=countdown_badge(line.countdown, voice),
            marked=line in self.marked,
            mark=TapMark(line.session_id) if several else None,
            tap=TapPick(line.session_id),
        )

    def _buttons(self, context: Context, voice: Voice) -> tuple[Action, ...]:
        which = IN_ONE_GO.get(self.matter)
        if which is None or not self._total():
            return ()
        say, live = voice.phrases.say, bool(self.marked) and context.may(_RIGHTS[which])
        text = say("desk.queue.rate" if which is Act.RATE else "desk.queue.confirm", count=len(self.marked))
        return (
            act(say("desk.queue.all"), Icon.CHECK, Act.ALL, Tone.QUIET),
            act(text, Icon.STAR if which is Act.RATE else Icon.DONE, which, live=live),
        )


def _reading(page: Queue, context: Context) -> Turn:
    return Turn(page, reads=(page.reads(context),))
