"""What a finger can ask for, and what the presenter wants done about it: two closed lists of values.

Upstream: ``sync.protocol.vocabulary``.
Downstream: ``kiosk.ui`` sends taps, ``kiosk.composition`` carries out intents and brings the outcome back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class TapOutside:
    """A touch beside every control; it closes a card."""


@dataclass(frozen=True, slots=True)
class TapClose:
    """Close what is shown; nothing changes."""


@dataclass(frozen=True, slots=True)
class TapLanguage:
    """The next language."""


@dataclass(frozen=True, slots=True)
class TapUndo:
    """Take the last accepted scan back."""


@dataclass(frozen=True, slots=True)
class TapService:
    """Another service kind, by its id."""

    service: str


@dataclass(frozen=True, slots=True)
class TapCount:
    """One more (``step`` 1) or one less (-1) of what is counted, by tally kind."""

    kind: str
    step: int


@dataclass(frozen=True, slots=True)
class TapStayOn:
    """接着值下一班, on the check-out card: the open post of this id."""

    post: str


@dataclass(frozen=True, slots=True)
class TapNumberPad:
    """A card cannot be read: its number is to be typed."""


@dataclass(frozen=True, slots=True)
class TapDigit:
    """One more digit of the number, ``0`` … ``9``."""

    digit: str


@dataclass(frozen=True, slots=True)
class TapErase:
    """Take the last digit back."""


@dataclass(frozen=True, slots=True)
class TapClear:
    """Take every digit back."""


@dataclass(frozen=True, slots=True)
class TapConfirm:
    """The number is complete."""


class AreaTap:
    """The mark of a tap that belongs to an area; see ``area``."""

    __slots__ = ()


class AreaIntent:
    """The mark of an intent that belongs to an area; see ``area``."""

    __slots__ = ()

    @property
    def stands(self) -> str:
        """The message that says what stands where the intent could not be carried out."""
        return "fault.area"


PadTap = TapDigit | TapErase | TapClear | TapConfirm
CardTap = TapService | TapCount | TapStayOn | PadTap
Tap = TapOutside | TapClose | TapLanguage | TapUndo | TapNumberPad | CardTap | AreaTap


@dataclass(frozen=True, slots=True)
class UndoIntent:
    """Take the scan with this event id back."""

    event_id: str


@dataclass(frozen=True, slots=True)
class ChooseServiceIntent:
    """Record another service kind for an open session."""

    session_id: str
    service: str


@dataclass(frozen=True, slots=True)
class TallyIntent:
    """Record what was counted in a session; by tally kind, never empty. Sent once, as the card closes."""

    session_id: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TypedNumberIntent:
    """Present a number that was typed with its check digit, for a card that cannot be read."""

    number: str


Intent = UndoIntent | ChooseServiceIntent | TallyIntent | TypedNumberIntent | AreaIntent
