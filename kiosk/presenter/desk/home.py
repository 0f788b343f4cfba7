"""值班台's first page: eight large tiles, each with how many wait behind it.

Upstream: ``page``, ``shapes``.
Downstream: ``desk``.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from kiosk.domain.operators import Right
from kiosk.presenter.desk.drill import DrillPage
from kiosk.presenter.desk.export import ExportPage
from kiosk.presenter.desk.group import GroupPage
from kiosk.presenter.desk.health import Health, trouble_of
from kiosk.presenter.desk.hours import ChooseVolunteer
from kiosk.presenter.desk.intents import ReadDesk
from kiosk.presenter.desk.kit import KitList
from kiosk.presenter.desk.on_duty import OnDuty
from kiosk.presenter.desk.page import STAYS, Page, Turn
from kiosk.presenter.desk.queue import Queue
from kiosk.presenter.desk.taps import Place, TapPlace
from kiosk.presenter.desk.views import Choice, ChoicesBody
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Tone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from kiosk.presenter.acts import Tap
    from kiosk.presenter.desk.page import Context
    from kiosk.presenter.desk.views import Body
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.desk import DeskBoard

_PAGES: Mapping[Place, Callable[[], Page]] = MappingProxyType(
    {
        Place.ON_DUTY: OnDuty,
        Place.QUEUE: Queue,
        Place.GROUP: GroupPage,
        Place.KIT: KitList,
        Place.ENTER_HOURS: ChooseVolunteer,
        Place.EXPORT: ExportPage,
        Place.HEALTH: Health,
        Place.DRILL: DrillPage,
    }
)
_ICONS = {
    Place.ON_DUTY: Icon.PEOPLE,
    Place.QUEUE: Icon.NOTICE,
    Place.GROUP: Icon.SCAN,
    Place.KIT: Icon.CAP,
    Place.ENTER_HOURS: Icon.HISTORY,
    Place.EXPORT: Icon.STICK,
    Place.HEALTH: Icon.DEVICE,
    Place.DRILL: Icon.TUTORING,
}
NEEDS: Mapping[Place, Right] = MappingProxyType(
    {
        Place.GROUP: Right.GROUP,
        Place.KIT: Right.KIT,
        Place.ENTER_HOURS: Right.ENTER_HOURS,
        Place.EXPORT: Right.EXPORT,
        Place.DRILL: Right.DRILL,
    }
)


@dataclass(frozen=True, slots=True)
class Home(Page):
    """What there is to do."""

    @property
    def is_base(self) -> bool:
        """It is."""
        return True

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.title")

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Open a page."""
        if not isinstance(tap, TapPlace) or not _open(tap.place, context):
            return STAYS
        return Turn(over=_PAGES[tap.place]())

    def wants(self, context: Context) -> tuple[ReadDesk, ...]:
        """Read everything anew."""
        return (ReadDesk(context.operator),)

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:
        """Put it into words."""
        figures, notes, tones = _state(context.board, voice, now)
        tiles = []
        for place in Place:
            live = _open(place, context)
            note = notes.get(place, "") if live or context.board is None else voice.phrases.say("desk.home.not_yours")
            name, tap = voice.phrases.of("desk_place", place), TapPlace(place) if live else None
            tone = tones.get(place, Tone.QUIET)
            tiles.append(Choice(_ICONS[place], name, figures.get(place, ""), note, tone, chosen=False, tap=tap))
        return ChoicesBody("", tuple(tiles), 4, ())


def _open(place: Place, context: Context) -> bool:
    return context.board is not None and (place not in NEEDS or context.may(NEEDS[place]))


def _state(
    board: DeskBoard | None, voice: Voice, now: datetime | None
) -> tuple[dict[Place, str], dict[Place, str], dict[Place, Tone]]:
    """Return figures, notes and colours of the tiles."""
    if board is None:
        return {}, {}, {}
    say = voice.phrases.say
    held = sum(each.count for each in board.kit)
    figures = {Place.ON_DUTY: str(len(board.on_duty)), Place.QUEUE: str(board.queue.total), Place.KIT: str(held)}
    notes, tones = {Place.KIT: say("desk.home.kit_out")}, {}
    if board.overdue:
        notes[Place.QUEUE], tones[Place.QUEUE] = say("desk.home.overdue", count=board.overdue), Tone.WARN
    if board.group is not None:
        notes[Place.GROUP] = say("desk.home.group_open", members=board.group.members)
        tones[Place.GROUP] = Tone.GOOD
    if board.drill is not None:
        notes[Place.DRILL] = say("desk.home.drill_on", time=voice.time(board.drill.ends_at))
        tones[Place.DRILL] = Tone.WARN
    trouble = trouble_of(board, voice, now)
    if trouble:
        notes[Place.HEALTH], tones[Place.HEALTH] = trouble, Tone.WARN
    return figures, notes, tones
