"""What fingers change on a card, what is to be recorded of it, and what the record says to it.

Upstream: ``contents``, ``number_pad``.
Downstream: ``kiosk_presenter``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.presenter import acts, contents
from kiosk.presenter.area import Area
from kiosk.presenter.asking.acts import StayOnIntent
from kiosk.presenter.number_pad import pressed
from kiosk.usecases.outcomes import ServiceChosen

if TYPE_CHECKING:
    from kiosk.usecases.outcomes import ChoiceRefused

MOST_COUNTED = 999

Shown = contents.Content | Area | None


def touched(shown: Shown, tap: acts.CardTap) -> tuple[Shown, tuple[acts.Intent, ...]]:
    """Return the card after a tap on one of its controls, and what is to be done at once."""
    if isinstance(tap, acts.TapService):
        return _choose(shown, tap.service)
    if isinstance(tap, acts.TapCount):
        return _count(shown, tap), ()
    if isinstance(tap, acts.TapStayOn):
        return _stay_on(shown, tap.post)
    return _type(shown, tap)


def settled(shown: Shown, outcome: ServiceChosen | ChoiceRefused) -> Shown:
    """Return the card after its choice of a service kind was recorded, or refused."""
    if not isinstance(shown, contents.CheckInCard) or shown.outcome.session_id != outcome.session_id:
        return shown
    if isinstance(outcome, ServiceChosen):
        return replace(shown, saving=shown.saving and shown.service != outcome.service)
    return replace(shown, service=outcome.service, saving=False, locked=shown.service)


def left_of(shown: Shown) -> tuple[acts.Intent, ...]:
    """Return what was counted on the card that goes away, or is left to do of the area."""
    if isinstance(shown, Area):
        return shown.left()
    if not isinstance(shown, contents.CheckOutCard):
        return ()
    counts = {str(kind): count for kind, count in shown.counts.items() if count}
    return (acts.TallyIntent(shown.outcome.session_id, counts),) if counts else ()


def _choose(card: Shown, service: str) -> tuple[Shown, tuple[acts.Intent, ...]]:
    if not isinstance(card, contents.CheckInCard) or card.service == service:
        return card, ()
    want = card.outcome.wants.get(service)
    if want is not None and want.strict:
        return replace(card, locked=service), ()
    after = replace(card, service=service, saving=True, locked=None)
    return after, (acts.ChooseServiceIntent(card.outcome.session_id, service),)


def _count(card: Shown, tap: acts.TapCount) -> Shown:
    if not isinstance(card, contents.CheckOutCard):
        return card
    count = min(MOST_COUNTED, max(0, card.counts.get(tap.kind, 0) + tap.step))
    return replace(card, counts={**card.counts, tap.kind: count})


def _stay_on(card: Shown, post: str) -> tuple[Shown, tuple[acts.Intent, ...]]:
    if not isinstance(card, contents.CheckOutCard) or card.staying:
        return card, ()
    return replace(card, staying=True), (StayOnIntent(card.outcome.event_id, post),)


def _type(pad: Shown, tap: acts.PadTap) -> tuple[Shown, tuple[acts.Intent, ...]]:
    if not isinstance(pad, contents.NumberPad) or pad.asked:
        return pad, ()
    after = pressed(pad, tap)
    return after, (acts.TypedNumberIntent(after.digits),) if after.asked else ()
