"""Which screen follows which, as a table; how long each stays.

Upstream: ``kiosk.usecases.outcomes``, ``kiosk.domain.policy``.
Downstream: ``kiosk_presenter``.

Drawn from :data:`TABLE`; what is not in it changes nothing::

    any ── checked in ──▶ check_in ──┐
    any ── checked out ─▶ check_out ─┤ closed, time is up
    any ── just started ▶ question ──┼──────────────────▶ idle
    any ── asked ───────▶ question, then check_in (``asking``)
    any ── group scanned ▶ group, until it is closed
    any ── refused, captain needed, not recorded, undone, undo or move refused ─▶ notice
    idle ── number asked ▶ number_pad ─── closed, time is up ────▶ idle
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from kiosk.usecases import outcomes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.domain.policy import DutyPolicy
    from kiosk.usecases.outcomes import Outcome

NOT_RECORDED_S = 10  # longer than a refusal: there is something to write on paper
NUMBER_PAD_S = 30  # a number half typed is nobody else's to see
QUESTION_S = 30  # about an earlier duty or another place; longer than a card, because people think back
CHANGE_S = 30
GROUP_S = 24 * 60 * 60  # until it is closed: by hand, or by the station when nobody comes any more


class Screen(StrEnum):
    """What can be on the whole display."""

    IDLE = "idle"
    CHECK_IN = "check_in"
    CHECK_OUT = "check_out"
    QUESTION = "question"
    NOTICE = "notice"
    NUMBER_PAD = "number_pad"
    TIME_PICKER = "time_picker"
    CHANGE = "change"
    GROUP = "group"
    DESK = "desk"
    ASK_CARD = "ask_card"
    OWN_RECORDS = "own_records"
    OWN_HOURS = "own_hours"
    OWN_PLAN = "own_plan"
    OWN_PLACE = "own_place"
    OWN_EXCHANGE = "own_exchange"
    OWN_RECORD = "own_record"
    OBJECTION = "objection"
    FACES = "faces"


class Cue(StrEnum):
    """What can make another screen appear."""

    CHECKED_IN = "checked_in"
    CHECKED_OUT = "checked_out"
    ASKED = "asked"
    GROUP_SCANNED = "group_scanned"
    JUST_STARTED = "just_started"
    CAPTAIN_NEEDED = "captain_needed"
    REFUSED = "refused"
    NOT_RECORDED = "not_recorded"
    UNDONE = "undone"
    UNDO_REFUSED = "undo_refused"
    MOVE_REFUSED = "move_refused"
    SERVICE_CHOSEN = "service_chosen"
    CHOICE_REFUSED = "choice_refused"
    TALLIED = "tallied"
    NUMBER_ASKED = "number_asked"
    CLOSED = "closed"
    TIME_IS_UP = "time_is_up"


CUES: Mapping[type[Outcome], Cue] = MappingProxyType(
    {
        outcomes.CheckedIn: Cue.CHECKED_IN,
        outcomes.CheckedOut: Cue.CHECKED_OUT,
        outcomes.CheckedInAsking: Cue.ASKED,
        outcomes.GroupScanned: Cue.GROUP_SCANNED,
        outcomes.JustStarted: Cue.JUST_STARTED,
        outcomes.CaptainNeeded: Cue.CAPTAIN_NEEDED,
        outcomes.Refused: Cue.REFUSED,
        outcomes.NotRecorded: Cue.NOT_RECORDED,
        outcomes.Undone: Cue.UNDONE,
        outcomes.UndoRefused: Cue.UNDO_REFUSED,
        outcomes.MoveRefused: Cue.MOVE_REFUSED,
        outcomes.ServiceChosen: Cue.SERVICE_CHOSEN,
        outcomes.ChoiceRefused: Cue.CHOICE_REFUSED,
        outcomes.Tallied: Cue.TALLIED,
    }
)

_FROM_ANYWHERE = {
    Cue.CHECKED_IN: Screen.CHECK_IN,
    Cue.CHECKED_OUT: Screen.CHECK_OUT,
    Cue.ASKED: Screen.QUESTION,
    Cue.GROUP_SCANNED: Screen.GROUP,
    Cue.JUST_STARTED: Screen.QUESTION,
    Cue.CAPTAIN_NEEDED: Screen.NOTICE,
    Cue.REFUSED: Screen.NOTICE,
    Cue.NOT_RECORDED: Screen.NOTICE,
    Cue.UNDONE: Screen.NOTICE,
    Cue.UNDO_REFUSED: Screen.NOTICE,
    Cue.MOVE_REFUSED: Screen.NOTICE,
    Cue.CLOSED: Screen.IDLE,
    Cue.TIME_IS_UP: Screen.IDLE,
}

TABLE: Mapping[tuple[Screen, Cue], Screen] = MappingProxyType(
    {(screen, cue): target for screen in Screen for cue, target in _FROM_ANYWHERE.items()}
    | {(Screen.IDLE, Cue.NUMBER_ASKED): Screen.NUMBER_PAD}
)


def next_screen(screen: Screen, cue: Cue) -> Screen:
    """Return the screen that follows; the same one where the table says nothing."""
    return TABLE.get((screen, cue), screen)


def stays_s(cue: Cue, policy: DutyPolicy) -> int:
    """Return how long the screen that this cue brings stays untouched, in seconds; 0: until the next cue."""
    stays: Mapping[Cue, int] = {
        Cue.CHECKED_IN: policy.card_s,
        Cue.CHECKED_OUT: policy.card_s,
        Cue.ASKED: QUESTION_S,
        Cue.GROUP_SCANNED: GROUP_S,
        Cue.JUST_STARTED: policy.card_s,
        Cue.CAPTAIN_NEEDED: policy.confirm_s,
        Cue.REFUSED: policy.refusal_s,
        Cue.NOT_RECORDED: NOT_RECORDED_S,
        Cue.UNDONE: policy.refusal_s,
        Cue.UNDO_REFUSED: policy.refusal_s,
        Cue.MOVE_REFUSED: policy.refusal_s,
        Cue.NUMBER_ASKED: NUMBER_PAD_S,
    }
    return stays.get(cue, 0)
