"""团队登记: the one screen of a visiting team, which stays while its members show their cards (duty-rules.md 10).

Upstream: ``kiosk.presenter.area``, ``kiosk.usecases.outcomes``.
Downstream: ``kiosk.presenter.areas``; ``kiosk.ui.screens.group``.

What a scan came to is shown in place for a moment, a refusal too; names are masked, because strangers look on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from kiosk.domain.masking import masked_name
from kiosk.presenter.acts import UndoIntent
from kiosk.presenter.area import Area, Step
from kiosk.presenter.asking.acts import CloseGroupIntent, TapGroupDone, TapTakeBack
from kiosk.presenter.icons import Icon, service_icon
from kiosk.presenter.navigation import GROUP_S, Screen
from kiosk.presenter.views import AreaView, Badge, Button, Sound, Tone
from kiosk.usecases.outcomes import (
    GroupDeed,
    GroupEnded,
    GroupScanned,
    NotRecorded,
    Refused,
    Undone,
    UndoRefused,
)

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.acts import Intent, Tap
    from kiosk.presenter.views import Countdown
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.area_outcome import AreaOutcome
    from kiosk.usecases.board import Board
    from kiosk.usecases.outcomes import Group, Outcome

FLASH_S = 5  # how long the last scan is shown large
InPlace = GroupScanned | Refused | NotRecorded | Undone | UndoRefused
_DEEDS = {
    GroupDeed.CAME: (Icon.DONE, Tone.GOOD, Sound.START),
    GroupDeed.LEFT: (Icon.DONE, Tone.CALM, Sound.END),
    GroupDeed.ALREADY: (Icon.PERSON, Tone.WARN, Sound.QUESTION),
}


@dataclass(frozen=True, slots=True)
class GroupView(AreaView):
    """A visiting team: ``flash`` is what the last scan came to, or how to begin; ``latest`` the last few members."""

    title: str
    service: Badge
    flash: Badge
    flash_hint: str
    came_title: str
    came: str
    left_title: str
    left: str
    latest: tuple[Badge, ...]
    undo: Button | None
    done: Button

    @property
    def in_short(self) -> str:
        """What the last scan came to."""
        return f"{self.title}　{self.flash.text}　{self.flash_hint}"


@dataclass(frozen=True, slots=True)
class GroupPage(Area):
    """The group as it stands.

    Attributes:
        last: what came of the last scan or tap, None once a finger touched the screen.
        offer: the last scan, which can be taken back for a moment.
        asked: while an undo or the end is being recorded.
    """

    screen: ClassVar[Screen] = Screen.GROUP
    stays_s: ClassVar[int] = GROUP_S
    group: Group
    last: InPlace | None = None
    offer: GroupScanned | None = None
    asked: bool = False

    @classmethod
    def of(cls, scanned: GroupScanned) -> GroupPage:
        """Return the page after a scan; what was recorded can be taken back."""
        offer = None if scanned.deed is GroupDeed.ALREADY else scanned
        return cls(scanned.group, scanned, offer)

    @property
    def sound(self) -> Sound | None:
        """What is heard with the last scan."""
        if isinstance(self.last, GroupScanned):
            return _DEEDS[self.last.deed][2]
        return None if self.last is None else Sound.REFUSAL

    def tapped(self, tap: Tap, now_s: float) -> Step:  # noqa: ARG002  the same at any second
        """Take the last scan back, or end; any touch clears what was said of the last scan."""
        quiet = replace(self, last=None)
        if isinstance(tap, TapGroupDone) and not self.asked:
            return Step(replace(quiet, asked=True), (CloseGroupIntent(self.group.id),))
        if isinstance(tap, TapTakeBack) and not self.asked and self.offer is not None:
            return Step(replace(quiet, asked=True), (UndoIntent(self.offer.event_id),))
        return Step(quiet)

    def shown(self, outcome: Outcome | AreaOutcome, answers: Intent | None) -> Step | None:  # noqa: ARG002
        """Show everything in place; only its end leads away."""
        if isinstance(outcome, GroupScanned):
            page = self.of(outcome)
            return Step(page, sound=page.sound)
        if isinstance(outcome, GroupEnded):
            return Step(None)
        if isinstance(outcome, Undone | UndoRefused):
            page = replace(self, last=outcome, offer=None, asked=False)
            return Step(page, sound=Sound.QUESTION if isinstance(outcome, Undone) else Sound.REFUSAL)
        if isinstance(outcome, InPlace):
            page = replace(self, last=outcome, asked=False)
            return Step(page, sound=page.sound)
        return None

    def boarded(self, board: Board) -> GroupPage | None:
        """Take the newest count; None where the group is closed."""
        return None if board.group is None else replace(self, group=board.group)

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> GroupView:
        """Put it into words."""
        phrases, group = voice.phrases, self.group
        fresh = countdown.seconds > GROUP_S - FLASH_S
        flash, hint = (self if fresh else replace(self, last=None)).flash(voice)
        service = phrases.name_of("service", group.service)
        return GroupView(
            title=group.team or phrases.say("group.title"),
            service=Badge(service_icon(group.service), phrases.say("group.service", service=service), Tone.CALM),
            flash=flash,
            flash_hint=hint,
            came_title=phrases.say("group.came_title"),
            came=phrases.say("group.people", count=group.came),
            left_title=phrases.say("group.left_title"),
            left=phrases.say("group.people", count=group.left),
            latest=_latest(group, voice),
            undo=self._undo(voice, now),
            done=Button(phrases.say("group.done"), Icon.CHECK, TapGroupDone(), Tone.ACCENT),
        )

    def flash(self, voice: Voice) -> tuple[Badge, str]:
        """Put the last scan into words, or how to begin."""
        phrases, last = voice.phrases, self.last
        if isinstance(last, GroupScanned):
            icon, tone, _ = _DEEDS[last.deed]
            text = phrases.of("group", last.deed, name=masked_name(last.name))
            said = "group.already_hint" if last.deed is GroupDeed.ALREADY else "group.next"
            return Badge(icon, text, tone), phrases.say(said, time=voice.time(last.at))
        if isinstance(last, Undone):
            return Badge(Icon.UNDO, phrases.say("group.undone", name=masked_name(last.name)), Tone.CALM), ""
        if isinstance(last, NotRecorded):
            what = phrases.of("fault", last.fault, "what")
            return Badge(Icon.DEVICE_TROUBLE, what, Tone.BAD), phrases.say("fault.tell_captain")
        if isinstance(last, Refused):
            what = phrases.of("refusal", last.reason, "what")
            return Badge(Icon.WARNING, what, Tone.WARN), phrases.say("refusal.note")
        if isinstance(last, UndoRefused):
            what = phrases.of("undo_refusal", last.reason, "what", seconds=voice.policy.undo_s)
            return Badge(Icon.CLOCK, what, Tone.WARN), phrases.say("undo_refusal.note")
        return Badge(Icon.SCAN, phrases.say("group.show"), Tone.QUIET), phrases.say("group.show_hint")

    def _undo(self, voice: Voice, now: datetime | None) -> Button | None:
        if self.offer is None or now is None:
            return None
        left_s = (self.offer.at + timedelta(seconds=voice.policy.undo_s) - now).total_seconds()
        if not 0 < left_s <= voice.policy.undo_s + 1:
            return None
        deed = "check_in" if self.offer.deed is GroupDeed.CAME else "check_out"
        text = voice.phrases.of("undo", deed, seconds=min(math.ceil(left_s), voice.policy.undo_s))
        return Button(voice.phrases.say("undo.asked") if self.asked else text, Icon.UNDO, TapTakeBack(), Tone.QUIET)


def _latest(group: Group, voice: Voice) -> tuple[Badge, ...]:
    came, left = (voice.phrases.say(name) for name in ("group.came_short", "group.left_short"))
    return tuple(
        Badge(
            Icon.GO_BACK if each.left else Icon.GO_ON,
            f"{masked_name(each.name)} {left if each.left else came}",
            Tone.CALM if each.left else Tone.GOOD,
        )
        for each in group.latest
    )
