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
    """Of hours entered by hand."""

    NOT_ALLOWED = "not_allowed"
    UNKNOWN_VOLUNTEER = "unknown_volunteer"
    BACKWARDS = "backwards"
    NOT_YET_OVER = "not_yet_over"
    TOO_LONG = "too_long"
    OVERLAPS = "overlaps"


class DeskRefusal(StrEnum):
    """Of an act at the desk; nothing was recorded."""

    NOT_ALLOWED = "not_allowed"  # no office here and now that may do this
    OTHER_TEAM = "other_team"  # a captain's reach ends with the own team
    OWN_RECORD = "own_record"
    SAME_PERSON = "same_person"
    UNKNOWN_SESSION = "unknown_session"
    NOTHING_WAITS = "nothing_waits"
    SEVERAL_WAIT = "several_wait"  # say which
    ALREADY_WAITS = "already_waits"  # a correction or withdrawal of this session waits for a second person
    STILL_OPEN = "still_open"
    WITHDRAWN = "withdrawn"
    COUNTS_NOTHING = "counts_nothing"  # practice and paid work are neither confirmed nor rated
    NO_CHANGE = "no_change"
    BACKWARDS = "backwards"
    NOT_YET_OVER = "not_yet_over"
    TOO_LONG = "too_long"
    OVERLAPS = "overlaps"
    END_NEEDED = "end_needed"
    UNKNOWN_SERVICE = "unknown_service"
    NO_OBJECTION = "no_objection"
    UNDECIDED_HOURS = "undecided_hours"  # what is not known to have been served is not rated
    BAD_COUNT = "bad_count"
    UNKNOWN_VOLUNTEER = "unknown_volunteer"
    NOT_HELD = "not_held"
    GROUP_IS_OPEN = "group_is_open"
    NO_GROUP = "no_group"
    BAD_TEAM = "bad_team"
    DRILL_IS_ON = "drill_is_on"
    NO_DRILL = "no_drill"
