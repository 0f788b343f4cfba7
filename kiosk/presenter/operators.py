"""What came of an operator's act, in one sentence.

Upstream: ``kiosk.usecases.operator_outcomes``, ``phrases``.
Downstream: ``kiosk operator``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.usecases.operator_outcomes import (
    EntryRefused,
    HoursEntered,
    OperatorRefused,
    PinReset,
    PinSet,
    SignedIn,
)
from kiosk.usecases.outcomes import NotRecorded, Refused

if TYPE_CHECKING:
    from kiosk.presenter.phrases import Phrases
    from kiosk.usecases.operator_outcomes import OperatorOutcome


def sentence_of(outcome: OperatorOutcome, words: Phrases) -> str:
    """Return what the desk says to an outcome."""
    if isinstance(outcome, OperatorRefused):
        return words.of("operator_refusal", outcome.reason, left=outcome.tries_left)
    if isinstance(outcome, EntryRefused):
        return words.of("entry_refusal", outcome.reason)
    if isinstance(outcome, Refused):
        return " ".join(words.of("refusal", outcome.reason, part) for part in ("what", "advice"))
    if isinstance(outcome, NotRecorded):
        return " ".join(words.of("fault", outcome.fault, part) for part in ("what", "advice"))
    return _done(outcome, words)


def _done(outcome: SignedIn | PinSet | PinReset | HoursEntered, words: Phrases) -> str:
    match outcome:
        case SignedIn():
            roles = words.say("operator.and").join(words.of("role", role) for role in outcome.roles)
            return words.say("operator.signed_in", name=outcome.name, roles=roles)
        case PinSet():
            return words.say("operator.pin_set")
        case PinReset():
            return words.say("operator.pin_reset")
    return words.say("operator.hours_entered", name=outcome.name, minutes=outcome.minutes)
