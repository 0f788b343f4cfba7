"""Which module puts which content into words.

Upstream: the modules of the screens, ``contents``.
Downstream: ``kiosk_presenter``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.presenter import contents
from kiosk.presenter.acts import TapClose
from kiosk.presenter.check_in import check_in_view
from kiosk.presenter.check_out import check_out_view
from kiosk.presenter.icons import Icon
from kiosk.presenter.notice import notice_view
from kiosk.presenter.number_pad import number_pad_view
from kiosk.presenter.question import just_started_view
from kiosk.presenter.views import Button, Tone
from kiosk.usecases.outcomes import JustStarted

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.undo_offer import UndoOffer
    from kiosk.presenter.views import Countdown, View
    from kiosk.presenter.wording import Voice


def card_view(
    content: contents.Content,
    voice: Voice,
    now: datetime | None,
    offer: UndoOffer | None,
    undo: Button | None,
    countdown: Countdown,
) -> View:
    """Put one content into words; ``undo`` is the button of ``offer``, where it is shown as one."""
    close = Button(voice.phrases.say("card.close"), Icon.CHECK, TapClose(), Tone.GOOD)
    if isinstance(content, contents.CheckInCard):
        return check_in_view(content, voice, undo, close, countdown)
    if isinstance(content, contents.CheckOutCard):
        return check_out_view(content, voice, undo, close, countdown)
    if isinstance(content, JustStarted):
        return just_started_view(content, voice, offer, countdown)
    if isinstance(content, contents.NumberPad):
        return number_pad_view(content, voice, countdown)
    return notice_view(content, voice, "" if now is None else voice.time(now), close, countdown)
