"""「您7月3日没有下岗登记，几点离开的？」: asked after the check-in is on record, and again next time if not answered.

Upstream: ``kiosk.domain.unended`` (which ends can be said), ``time_page``.
Downstream: ``kiosk.presenter.areas``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from kiosk.domain.refusal import StatementRefusal
from kiosk.domain.unended import ends_offered
from kiosk.presenter.acts import TapClose, TapOutside
from kiosk.presenter.area import Area, Step
from kiosk.presenter.asking.acts import StateEndIntent, TapBack, TapEnd, TapOtherTime
from kiosk.presenter.asking.time_page import TimePage
from kiosk.presenter.icons import Icon
from kiosk.presenter.navigation import QUESTION_S, Screen
from kiosk.presenter.views import Button, QuestionView, Sound, Tone
from kiosk.usecases.outcomes import CheckedInAsking, EndStated, JustStarted, StatementRefused
from kiosk.usecases.state_end import Said
from sync.protocol.vocabulary import StatementAnswer

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.acts import Intent, Tap
    from kiosk.presenter.views import Countdown, View
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.area_outcome import AreaOutcome
    from kiosk.usecases.outcomes import Forgotten, Outcome

_ICONS = {StatementAnswer.SHIFT_END: Icon.CALENDAR, StatementAnswer.CLOSING_TIME: Icon.LEAVE}
SAID_ALREADY = frozenset({StatementRefusal.SETTLED, StatementRefusal.SCAN_AGAIN})


@dataclass(frozen=True, slots=True)
class ForgottenQuestion(Area):
    """The question, and the page of the time picker under it.

    Attributes:
        came: the check-in that brought it.
        forgotten: the duty that is asked about.
        picking: the time picker, while it is open.
        asked: while the answer is being recorded.
        refused: why the last answer was not taken.
    """

    stays_s: ClassVar[int] = QUESTION_S
    sound: ClassVar[Sound] = Sound.QUESTION
    came: CheckedInAsking
    forgotten: Forgotten
    picking: TimePage | None = None
    asked: bool = False
    refused: StatementRefusal | None = None

    @property
    def screen(self) -> Screen:
        """The question's, or the time picker's."""
        return Screen.QUESTION if self.picking is None else Screen.TIME_PICKER

    def tapped(self, tap: Tap, now_s: float) -> Step:  # noqa: ARG002  the same at any second
        """Take an answer, once; a touch beside the answers is none."""
        if self.asked:
            return Step(self)
        if isinstance(tap, TapEnd):
            said = Said(self.forgotten.session_id, tap.answer, tap.ends_at)
            return Step(replace(self, asked=True, refused=None), (StateEndIntent(self.came.event_id, said),))
        if isinstance(tap, TapOtherTime):
            return Step(replace(self, picking=TimePage(self.forgotten.duty), refused=None))
        if isinstance(tap, TapBack):
            return Step(replace(self, picking=None, refused=None))
        if isinstance(tap, TapClose):
            return Step(None, then=self.came.answered())
        return Step(self if self.picking is None else replace(self, picking=self.picking.tapped(tap)))

    def shown(self, outcome: Outcome | AreaOutcome, answers: Intent | None) -> Step | None:  # noqa: ARG002
        """Go on to the check-in card once the answer is on record."""
        plain, session = self.came.answered(), self.forgotten.session_id
        if isinstance(outcome, EndStated) and outcome.session_id == session:
            return Step(None, then=replace(plain, unfinished_since=None, answer=outcome))
        if isinstance(outcome, StatementRefused) and outcome.session_id == session:
            if outcome.reason in SAID_ALREADY:
                return Step(None, then=plain)
            return Step(replace(self, asked=False, refused=outcome.reason), sound=Sound.REFUSAL)
        still_here = isinstance(outcome, JustStarted) and outcome.session_id == plain.session_id
        return Step(self) if still_here else None

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> View:  # noqa: ARG002
        """Put it into words; without a known date only the length is asked."""
        if self.picking is not None:
            return self.picking.view(voice, countdown, asked=self.asked, trouble=self._trouble(voice))
        phrases, duty = voice.phrases, self.forgotten.duty
        service = phrases.name_of("service", self.forgotten.service)
        if duty.dated:
            sentence = phrases.say("forgotten.sentence", day=voice.day(duty.starts_at))
            detail = phrases.say("forgotten.detail", time=voice.time(duty.starts_at), service=service)
        else:
            sentence = phrases.say("forgotten.sentence_undated")
            detail = phrases.say("forgotten.detail_undated", service=service)
        later = Button(phrases.say("forgotten.later"), Icon.GO_ON, TapClose(), Tone.QUIET)
        return QuestionView(
            greeting=phrases.say("forgotten.greeting", name=self.came.name, time=voice.time(self.came.at)),
            sentence=sentence,
            detail=self._trouble(voice) or detail,
            answers=self._answers(voice),
            note=phrases.say("forgotten.note"),
            countdown=countdown,
            later=None if self.asked else later,
        )

    def _answers(self, voice: Voice) -> tuple[Button, ...]:
        phrases, duty = voice.phrases, self.forgotten.duty
        if self.asked:
            return (Button(phrases.say("forgotten.asked"), Icon.SAVING, TapOutside()),)
        told = ends_offered(duty, voice.policy, voice.zone).items()
        ends = [
            Button(phrases.of("forgotten", answer, time=voice.time(at)), _ICONS[answer], TapEnd(answer, at), Tone.GOOD)
            for answer, at in told
        ]
        other = phrases.say("forgotten.other_time" if duty.dated else "forgotten.other_length")
        return (*ends, Button(other, Icon.CLOCK, TapOtherTime(), Tone.CALM))

    def _trouble(self, voice: Voice) -> str:
        return "" if self.refused is None else voice.phrases.of("statement_refusal", self.refused)
