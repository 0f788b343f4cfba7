"""换岗: which service kind comes next; the duty goes on without a gap (duty-rules.md 9).

Upstream: ``kiosk.presenter.area``, ``kiosk.presenter.tiles``.
Downstream: ``kiosk.presenter.areas``; ``kiosk.ui.screens.change``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from kiosk.presenter.acts import TapClose, TapService
from kiosk.presenter.area import Area, Step
from kiosk.presenter.asking.acts import ChangeServiceIntent
from kiosk.presenter.icons import Icon
from kiosk.presenter.navigation import CHANGE_S, Screen
from kiosk.presenter.tiles import service_tiles
from kiosk.presenter.views import AreaView, Button, ServiceTile, Tone

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.acts import Tap
    from kiosk.presenter.views import Countdown
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.outcomes import CheckedOut


@dataclass(frozen=True, slots=True)
class ChangeView(AreaView):
    """One question and the service kinds; ``note`` says what stands meanwhile."""

    title: str
    detail: str
    services: tuple[ServiceTile, ...]
    note: str
    cancel: Button
    countdown: Countdown


@dataclass(frozen=True, slots=True)
class ChangePage(Area):
    """The service kinds; ``chosen`` while the change is being recorded."""

    screen: ClassVar[Screen] = Screen.CHANGE
    stays_s: ClassVar[int] = CHANGE_S
    ended: CheckedOut
    chosen: str | None = None

    def tapped(self, tap: Tap, now_s: float) -> Step:  # noqa: ARG002  the same at any second
        """Take another kind, once; what ended just now and what asks for a training are none."""
        if self.chosen is not None:
            return Step(self)
        if isinstance(tap, TapService):
            want = self.ended.wants.get(tap.service)
            if tap.service == self.ended.service or (want is not None and want.strict):
                return Step(self)
            intent = ChangeServiceIntent(self.ended.event_id, tap.service)
            return Step(replace(self, chosen=tap.service), (intent,))
        return Step(None) if isinstance(tap, TapClose) else Step(self)

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> ChangeView:  # noqa: ARG002
        """Put it into words."""
        phrases, before = voice.phrases, self.ended
        service = phrases.name_of("service", before.service)
        return ChangeView(
            title=phrases.say("change.title", name=before.name),
            detail=phrases.say("change.detail", time=voice.time(before.at), service=service),
            services=service_tiles(before.service, self.chosen, before.wants, voice),
            note=phrases.say("change.saving" if self.chosen else "change.note"),
            cancel=Button(phrases.say("change.cancel"), Icon.CANCEL, TapClose(), Tone.QUIET),
            countdown=countdown,
        )
