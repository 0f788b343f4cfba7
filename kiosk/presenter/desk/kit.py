"""帽袖: caps and armbands that were handed out and come back, one touch for each (REQ 1.1d).

Upstream: ``page``, ``shapes``.
Downstream: ``home``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.presenter.desk.intents import KitIntent, ReadDesk
from kiosk.presenter.desk.page import STAYS, Page, Turn
from kiosk.presenter.desk.shapes import ROWS, listing, sheets_of, turned
from kiosk.presenter.desk.taps import TapPick, TapStep, TapTurn
from kiosk.presenter.desk.views import Action, Dial, DialsBody, Row
from kiosk.presenter.icons import Icon, service_icon
from kiosk.presenter.views import Badge, Tone
from kiosk.usecases.desk import TAIL
from sync.protocol.vocabulary import KitItem

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.acts import Tap
    from kiosk.presenter.desk.page import Context
    from kiosk.presenter.desk.views import Body
    from kiosk.presenter.wording import Voice

_ICONS = {KitItem.CAP: Icon.CAP, KitItem.ARMBAND: Icon.ARMBAND}


@dataclass(frozen=True, slots=True)
class Wearer:
    """Who may get or bring back something; ``service`` empty for who has left and still holds some."""

    volunteer: str
    name: str
    service: str = ""


@dataclass(frozen=True, slots=True)
class KitList(Page):
    """Those on duty, and those who went home with something."""

    sheet: int = 0

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.kit.title")

    def wants(self, context: Context) -> tuple[ReadDesk, ...]:
        """Read who holds what."""
        return (ReadDesk(context.operator),)

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Turn the sheet, or open somebody's."""
        wearers = _wearers(context)
        if isinstance(tap, TapTurn):
            return Turn(replace(self, sheet=turned(self.sheet, tap.by, sheets_of(len(wearers)))))
        who = next((each for each in wearers if tap == TapPick(each.volunteer)), None)
        return STAYS if who is None else Turn(over=KitPage(who))

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        wearers = _wearers(context)
        sheets = sheets_of(len(wearers))
        sheet = min(self.sheet, sheets - 1)
        rows = [_row(each, context, voice) for each in wearers[sheet * ROWS : (sheet + 1) * ROWS]]
        return listing(rows, (sheet, sheets), voice.phrases.say("desk.kit.empty"))


@dataclass(frozen=True, slots=True)
class KitPage(Page):
    """What one person holds; each touch is on record at once."""

    who: Wearer

    @property
    def is_base(self) -> bool:
        """It is."""
        return True

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.kit.of", name=self.who.name)

    def wants(self, context: Context) -> tuple[ReadDesk, ...]:
        """Read what is held now."""
        return (ReadDesk(context.operator),)

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Hand out, or take back."""
        if not isinstance(tap, TapStep):
            return STAYS
        return Turn(act=KitIntent(context.operator, self.who.volunteer, KitItem(tap.dial), tap.by < 0))

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        say = voice.phrases.say
        dials = []
        for item in KitItem:
            held = _held(self.who, item, context)
            back, out = TapStep(item, -1), TapStep(item, 1)
            less = Action(say("desk.kit.back"), _ICONS[item], Tone.QUIET, back if held else None)
            more = Action(say("desk.kit.out"), _ICONS[item], Tone.ACCENT, out)
            name = voice.phrases.of("kit_item", item)
            dials.append(Dial(name, str(held), say("desk.kit.held"), (less,), (more,)))
        return DialsBody(tuple(dials), Badge(Icon.CAP, say("desk.kit.hint"), Tone.CALM), ())


def _wearers(context: Context) -> tuple[Wearer, ...]:
    if context.board is None:
        return ()
    on_duty = {each.volunteer: Wearer(each.volunteer, each.name, each.service) for each in context.board.on_duty}
    gone = {each.volunteer: Wearer(each.volunteer, each.name) for each in context.board.kit}
    return tuple((on_duty | {number: who for number, who in gone.items() if number not in on_duty}).values())


def _held(who: Wearer, item: KitItem, context: Context) -> int:
    kit = () if context.board is None else context.board.kit
    return sum(each.count for each in kit if each.volunteer == who.volunteer and each.item is item)


def _row(who: Wearer, context: Context, voice: Voice) -> Row:
    say = voice.phrases.say
    held = [
        say("desk.kit.some", item=voice.phrases.of("kit_item", item), count=count)
        for item in KitItem
        if (count := _held(who, item, context))
    ]
    gone = Badge(Icon.WARNING, say("desk.kit.gone"), Tone.WARN) if not who.service else None
    return Row(
        icon=service_icon(who.service) if who.service else Icon.PERSON,
        name=say("desk.person", name=who.name, tail=who.volunteer[-TAIL:]),
        detail=say("desk.and").join(held) or say("desk.kit.none"),
        aside="",
        badge=gone,
        marked=False,
        mark=None,
        tap=TapPick(who.volunteer),
    )
