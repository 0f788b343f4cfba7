"""Why an operator was not let in, or what an operator asked was not done: values with a sentence, never exceptions.

Upstream: nothing.
Downstream: ``kiosk.usecases``, ``kiosk.presenter.operators`` (one sentence for each).
"""

from __future__ import annotations

from enum import StrEnum


class OperatorRefusal(StrEnum):
    """At the door of the desk."""

    NOT_APPOINTED = "not_appointed"
    NO_PIN = "no_pin"
    WRONG_PIN = "wrong_pin"
    LOCKED = "locked"
    NOT_A_PIN = "not_a_pin"
    EASY_PIN = "easy_pin"
    PIN_STANDS = "pin_stands"
    NOT_ALLOWED = "not_allowed"
    OWN_PIN = "own_pin"


class EntryRefusal(StrEnum):
    """Of hours entered by hand, or of their confirmation."""

    NOT_ALLOWED = "not_allowed"
    UNKNOWN_VOLUNTEER = "unknown_volunteer"
    BACKWARDS = "backwards"
    NOT_YET_OVER = "not_yet_over"
    TOO_LONG = "too_long"
    OVERLAPS = "overlaps"
    UNKNOWN_ENTRY = "unknown_entry"
    DECIDED = "decided"
    SAME_PERSON = "same_person"
    OWN_HOURS = "own_hours"
