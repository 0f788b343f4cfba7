"""团队登记: which service, which team; then the members scan one after another (duty-rules.md 10).

Upstream: ``page``, ``shapes``.
Downstream: ``home``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.presenter.desk.intents import GroupIntent, ReadDesk, ReadPeople
from kiosk.presenter.desk.page import STAYS, Page, Turn
from kiosk.presenter.desk.shapes import act, service_tiles, tile
from kiosk.presenter.desk.taps import Act, TapAct, TapPick
from kiosk.presenter.desk.views import ChoicesBody, MessageBody
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Tone

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.acts import Tap
    from kiosk.presenter.desk.page import Context
    from kiosk.presenter.desk.views import Body
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.desk import GroupState

NO_TEAM = ""


@dataclass(frozen=True, slots=True)
class GroupPage(Page):
    """The group that is open, or what a new one will do."""

    @property
    def is_base(self) -> bool:
        """It is."""
        return True

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.group.title")

    def wants(self, context: Context) -> tuple[ReadDesk | ReadPeople, ...]:
        """Read whether one is open, and what can be chosen."""
        return (ReadDesk(context.operator), ReadPeople(context.operator))

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Choose the service, or close the group."""
        is_open = context.board is not None and context.board.group is not None
        if isinstance(tap, TapPick) and not is_open:
            return Turn(over=ChooseTeam(tap.key))
        if tap == TapAct(Act.END) and is_open:
            return Turn(act=GroupIntent(context.operator, None))
        return STAYS

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        if context.board is not None and context.board.group is not None:
            return _open(context.board.group, voice)
        services = () if context.people is None else context.people.services
        return ChoicesBody(voice.phrases.say("desk.group.service"), service_tiles(services, None, voice), 4, ())


@dataclass(frozen=True, slots=True)
class ChooseTeam(Page):
    """Which team comes."""

    service: str

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.group.title")

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Open the group."""
        if not isinstance(tap, TapPick):
            return STAYS
        return Turn(act=GroupIntent(context.operator, self.service, tap.key or None))

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        teams = () if context.people is None else context.people.teams
        named = tuple(tile(Icon.PEOPLE, voice.phrases.name_of("team", each), each) for each in teams)
        none = tile(Icon.WALK_IN, voice.phrases.say("desk.group.no_team"), NO_TEAM)
        return ChoicesBody(voice.phrases.say("desk.group.team"), (*named, none), 3, ())


def _open(group: GroupState, voice: Voice) -> MessageBody:
    say = voice.phrases.say
    team = say("desk.group.no_team") if group.team is None else voice.phrases.name_of("team", group.team)
    service = voice.phrases.name_of("service", group.service)
    lines = (
        say("desk.group.what", team=team, service=service),
        say("desk.group.since", time=voice.time(group.since), name=group.by_name),
        say("desk.group.hint"),
    )
    end = act(say("desk.group.end"), Icon.DONE, Act.END)
    return MessageBody(Tone.GOOD, Icon.PEOPLE, say("desk.group.members", count=group.members), lines, (end,))
