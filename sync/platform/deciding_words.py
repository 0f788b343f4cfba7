"""What can be decided on a record that was set apart, and where it stands afterwards: a table, pure.

Upstream: nothing.
Downstream: ``deciding``, ``store.decisions``, ``console``.

::

    waiting ──reject──▶ rejected ──reopen──▶ waiting
       │  ▲───ask────▶ asked (stays in the queue)
       └──propose──▶ proposed ──confirm (another person)──▶ entered
                        └──────decline──▶ waiting
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where a record stands."""

    WAITING = "waiting"
    ASKED = "asked"
    PROPOSED = "proposed"
    REJECTED = "rejected"
    ENTERED = "entered"


class Verdict(StrEnum):
    """What somebody decides."""

    REJECT = "reject"
    ASK = "ask"
    REOPEN = "reopen"
    PROPOSE = "propose"
    CONFIRM = "confirm"
    DECLINE = "decline"


OPEN_STATES = frozenset({State.WAITING, State.ASKED, State.PROPOSED})
NEXT: Mapping[tuple[State, Verdict], State] = MappingProxyType(
    {
        (State.WAITING, Verdict.REJECT): State.REJECTED,
        (State.WAITING, Verdict.ASK): State.ASKED,
        (State.WAITING, Verdict.PROPOSE): State.PROPOSED,
        (State.ASKED, Verdict.REJECT): State.REJECTED,
        (State.ASKED, Verdict.ASK): State.ASKED,
        (State.ASKED, Verdict.PROPOSE): State.PROPOSED,
        (State.PROPOSED, Verdict.CONFIRM): State.ENTERED,
        (State.PROPOSED, Verdict.DECLINE): State.WAITING,
        (State.REJECTED, Verdict.REOPEN): State.WAITING,
    }
)


@dataclass(frozen=True, slots=True)
class SetApartRecord:
    """A quarantined record and where it came from; ``whole`` is its JSON as it arrived."""

    id: int
    device: str
    device_name: str
    service_point: str
    service_point_name: str
    event: str
    kind: str
    refusal: str
    detail: str
    whole: str
    received_ms: int
    state: State


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody (an account's id and sign-in name) decided, when (UTC ms), and the session it made, if any."""

    verdict: Verdict
    account: str
    who: str
    at_ms: int
    note: str = ""
    session: str | None = None
