"""Why something was not done to an own record, said on the screen of notices; then back to where it was asked.

Upstream: ``kiosk.presenter.area``, ``kiosk.domain.record_refusal``.
Downstream: ``pages``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kiosk.presenter.acts import TapClose
from kiosk.presenter.area import Area, Step
from kiosk.presenter.icons import Icon
from kiosk.presenter.navigation import Screen
from kiosk.presenter.views import Button, NoticeView, Tone

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.domain.record_refusal import RecordRefusal
    from kiosk.presenter.acts import Tap
    from kiosk.presenter.views import Countdown
    from kiosk.presenter.wording import Voice

SAID_S = 12


@dataclass(frozen=True, slots=True)
class Said(Area):
    """A refusal; any touch leads ``back``."""

    screen: ClassVar[Screen] = Screen.NOTICE
    stays_s: ClassVar[int] = SAID_S
    reason: RecordRefusal
    back: Area

    def tapped(self, tap: Tap, now_s: float) -> Step:  # noqa: ARG002  any touch at any second
        """Go back."""
        return Step(self.back)

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> NoticeView:  # noqa: ARG002  undated
        """Say why not."""
        phrases = voice.phrases
        return NoticeView(
            tone=Tone.WARN,
            icon=Icon.HISTORY,
            what=phrases.of("record_refusal", self.reason, "what"),
            advice=phrases.of("record_refusal", self.reason, "advice"),
            note=phrases.say("records.refusal_note"),
            close=Button(phrases.say("records.back"), Icon.CHECK, TapClose(), Tone.GOOD),
            countdown=countdown,
        )
