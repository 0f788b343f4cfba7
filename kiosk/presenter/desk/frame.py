"""The band on top of every page of the desk: where back, lock and the language never move.

Upstream: ``views``, ``kiosk.presenter.wording``.
Downstream: ``door``, ``desk``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.presenter.acts import TapLanguage
from kiosk.presenter.desk.taps import TapLock
from kiosk.presenter.desk.views import Action, Band
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Tone

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.views import Countdown
    from kiosk.presenter.wording import Voice

SAID_BEFORE_S = 20  # from here the lock counts down aloud


def band_of(title: str, who: str, back: Action, voice: Voice, now: datetime | None, countdown: Countdown) -> Band:
    """Return the band; the lock says its seconds once few are left."""
    say = voice.phrases.say
    near = countdown.seconds <= SAID_BEFORE_S
    lock = say("desk.lock_in", seconds=countdown.seconds) if near else say("desk.lock")
    return Band(
        back=back,
        title=title,
        who=who,
        time="" if now is None else voice.time(now),
        lock=Action(lock, Icon.LOCK, Tone.ACCENT, TapLock()),
        language=Action(say("header.other_language"), Icon.LANGUAGE, Tone.ACCENT, TapLanguage()),
    )
