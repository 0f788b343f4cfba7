"""「您在××还没有下岗」: asked after the check-in here is on record; no answer records nothing more (duty-rules.md 7).

Upstream: ``kiosk.presenter.area``.
Downstream: ``kiosk.presenter.areas``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from kiosk.presenter.acts import TapClose, TapOutside, UndoIntent
from kiosk.presenter.area import Area, Step
from kiosk.presenter.asking.acts import EndElsewhereIntent, TapMoveHere, TapTakeBack
from kiosk.presenter.icons import Icon
from kiosk.presenter.navigation import QUESTION_S, Screen
from kiosk.presenter.views import Button, QuestionView, Sound, Tone
from kiosk.usecases.outcomes import CheckedInAsking, EndedElsewhere, JustStarted, MoveRefused

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.acts import Intent, Tap
    from kiosk.presenter.views import Countdown, View
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.area_outcome import AreaOutcome
    from kiosk.usecases.outcomes import Elsewhere, Outcome


@dataclass(frozen=True, slots=True)
class ElsewhereQuestion(Area):
    """The question; ``asked`` while an answer is being recorded."""

    screen: ClassVar[Screen] = Screen.QUESTION
    stays_s: ClassVar[int] = QUESTION_S
    sound: ClassVar[Sound] = Sound.QUESTION
    came: CheckedInAsking
    elsewhere: Elsewhere
    asked: bool = False

    def tapped(self, tap: Tap, now_s: float) -> Step:  # noqa: ARG002  the same at any second
        """Take an answer, once; a touch beside the answers is none."""
        if self.asked:
            return Step(self)
        if isinstance(tap, TapMoveHere):
            intent = EndElsewhereIntent(self.came.event_id, self.elsewhere.session_id)
            return Step(replace(self, asked=True), (intent,))
        if isinstance(tap, TapTakeBack):
            return Step(replace(self, asked=True), (UndoIntent(self.came.event_id),))
        return Step(None, then=self.came.answered()) if isinstance(tap, TapClose) else Step(self)

    def shown(self, outcome: Outcome | AreaOutcome, answers: Intent | None) -> Step | None:  # noqa: ARG002
        """Go on to the check-in card once the answer is on record."""
        plain = self.came.answered()
        if isinstance(outcome, EndedElsewhere) and outcome.session_id == self.elsewhere.session_id:
            return Step(None, then=replace(plain, answer=outcome))
        if isinstance(outcome, MoveRefused):
            return Step(None, then=plain)
        still_here = isinstance(outcome, JustStarted) and outcome.session_id == plain.session_id
        return Step(self) if still_here else None

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> View:  # noqa: ARG002
        """Put it into words."""
        phrases, place = voice.phrases, self.elsewhere.place or voice.phrases.say("elsewhere.some_place")
        return QuestionView(
            greeting=phrases.say("forgotten.greeting", name=self.came.name, time=voice.time(self.came.at)),
            sentence=phrases.say("elsewhere.sentence", place=place),
            detail=phrases.say("elsewhere.detail", time=voice.time(self.elsewhere.started_at)),
            answers=self._answers(voice),
            note=phrases.say("elsewhere.note"),
            countdown=countdown,
        )

    def _answers(self, voice: Voice) -> tuple[Button, ...]:
        phrases = voice.phrases
        if self.asked:
            return (Button(phrases.say("forgotten.asked"), Icon.SAVING, TapOutside()),)
        return (
            Button(phrases.say("elsewhere.move"), Icon.GO_ON, TapMoveHere(), Tone.GOOD),
            Button(phrases.say("elsewhere.both"), Icon.KEEP, TapClose(), Tone.CALM),
            Button(phrases.say("elsewhere.undo"), Icon.UNDO, TapTakeBack(), Tone.QUIET),
        )
