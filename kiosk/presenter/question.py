"""刚刚上岗: the question asked of a volunteer who shows the card again too soon.

Upstream: ``wording``.
Downstream: ``kiosk_presenter``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.presenter.acts import TapClose, TapUndo
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Button, QuestionView, Tone

if TYPE_CHECKING:
    from kiosk.presenter.undo_offer import UndoOffer
    from kiosk.presenter.views import Countdown
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.outcomes import JustStarted


def just_started_view(outcome: JustStarted, voice: Voice, undo: UndoOffer | None, countdown: Countdown) -> QuestionView:
    """Ask whether to keep serving or to take the check-in back; ``undo`` None leaves only the first answer."""
    phrases = voice.phrases
    time, service = voice.time(outcome.started_at), phrases.name_of("service", outcome.service)
    keep = Button(phrases.say("just_started.keep"), Icon.KEEP, TapClose(), Tone.GOOD)
    answers = [keep]
    if undo is not None:
        text = phrases.say("undo.asked" if undo.asked else "just_started.undo")
        answers.append(Button(text, Icon.UNDO, TapUndo(), Tone.QUIET))
    return QuestionView(
        greeting=phrases.say("just_started.greeting", name=outcome.name),
        sentence=phrases.say("just_started.sentence"),
        detail=phrases.say("just_started.detail", time=time, service=service),
        answers=tuple(answers),
        note=phrases.say("just_started.note"),
        countdown=countdown,
    )
