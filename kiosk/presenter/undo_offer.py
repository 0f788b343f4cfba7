"""撤销: the offer to take the last scan back, from the scan to its end.

Upstream: ``kiosk.usecases.outcomes``, ``wording``.
Downstream: ``kiosk_presenter`` keeps one, ``question`` shows it as an answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.presenter.acts import TapUndo, UndoIntent
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Button, Tone
from kiosk.usecases import outcomes

if TYPE_CHECKING:
    from kiosk.presenter.acts import Intent
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.area_outcome import AreaOutcome


@dataclass(frozen=True, slots=True)
class UndoOffer:
    """A scan that its volunteer can still take back, until ``until_s``; ``asked`` while the answer is awaited."""

    event_id: str
    was_check_in: bool
    until_s: float
    asked: bool = False

    def button(self, voice: Voice, now_s: float) -> Button | None:
        """Return the button that counts down; None where a question offers it instead, for as long as it stands."""
        if math.isinf(self.until_s):
            return None
        deed = "check_in" if self.was_check_in else "check_out"
        text = voice.phrases.of("undo", deed, seconds=math.ceil(self.until_s - now_s))
        return Button(voice.phrases.say("undo.asked") if self.asked else text, Icon.UNDO, TapUndo(), Tone.QUIET)


def offer_after(
    offer: UndoOffer | None, outcome: outcomes.Outcome | AreaOutcome, answers: Intent | None, until_s: float
) -> UndoOffer | None:
    """Return what is offered after an outcome.

    Args:
        offer: what was offered before it.
        outcome: a scan brings an offer of its own; an undo, done or refused, ends the one it was about.
        answers: the intent it came of; None for a scan.
        until_s: how long a scan of this instant can be taken back.
    """
    if isinstance(outcome, outcomes.CheckedIn | outcomes.CheckedOut):
        return UndoOffer(outcome.event_id, isinstance(outcome, outcomes.CheckedIn), until_s)
    if isinstance(outcome, outcomes.JustStarted):
        return UndoOffer(outcome.event_id, True, math.inf)
    if offer is None:
        return None
    if isinstance(outcome, outcomes.NotRecorded):
        return replace(offer, asked=False)
    mine = offer.asked or answers == UndoIntent(offer.event_id)
    return None if mine and isinstance(outcome, outcomes.Undone | outcomes.UndoRefused) else offer
