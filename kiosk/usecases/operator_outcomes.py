"""What can come of an operator's act: a closed list of values; a refusal is one of them.

Upstream: ``kiosk.domain``.
Downstream: ``kiosk.presenter.operators``, ``kiosk operator``.

An outcome that says something was recorded is made after the commit returned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.usecases.outcomes import NotRecorded, Refused

if TYPE_CHECKING:
    from kiosk.domain.operator_refusal import EntryRefusal, OperatorRefusal


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An operator is at the desk; what they may do is asked anew with every act, because a term may end meanwhile."""

    operator: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PinSet:
    """An operator's first PIN, or the first after a reset, stands."""

    operator: str


@dataclass(frozen=True, slots=True)
class PinReset:
    """An operator's PIN and tries are forgotten; the next one is set by its owner."""

    operator: str


@dataclass(frozen=True, slots=True)
class HoursEntered:
    """Hours are on record and count nothing until somebody else confirms them."""

    session_id: str
    name: str
    minutes: int


@dataclass(frozen=True, slots=True)
class OperatorRefused:
    """The operator was not let in, or may not do this; ``tries_left`` where a PIN was wrong."""

    reason: OperatorRefusal
    tries_left: int = 0


@dataclass(frozen=True, slots=True)
class EntryRefused:
    """The hours were not entered; nothing was recorded."""

    reason: EntryRefusal


SignInOutcome = SignedIn | OperatorRefused | Refused | NotRecorded
PinOutcome = PinSet | PinReset | OperatorRefused | Refused | NotRecorded
EntryOutcome = HoursEntered | EntryRefused | NotRecorded
OperatorOutcome = SignInOutcome | PinOutcome | EntryOutcome
