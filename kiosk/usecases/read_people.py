"""Whom an operator may choose at the desk: today's roster first, who served here lately, then the directory.

Upstream: the ports.
Downstream: ``kiosk.composition``, ``kiosk.presenter.desk``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sync.protocol.vocabulary import ServiceKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.usecases.know_operator import KnowOperator
    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.ports import Clock, Ledger
    from sync.protocol.reference import ReferenceData

LATELY = timedelta(days=30)
NEAR = timedelta(hours=20)  # a shift this far away is "today" wherever the local day begins


@dataclass(frozen=True, slots=True)
class Chosen:
    """A volunteer who can be chosen; ``team`` as today's roster has it, ``rostered``: planned around now."""

    volunteer: str
    name: str
    team: str | None = None
    rostered: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """Who and what can be chosen.

    Attributes:
        known: most likely first.
        services: ids of service kinds, the seven of the policy first.
        teams: ids of teams this station knows of.
        own_team: of a captain; None where the operator's reach is every team.
    """

    known: tuple[Chosen, ...]
    services: tuple[str, ...]
    teams: tuple[str, ...]
    own_team: str | None


@dataclass(frozen=True, slots=True)
class ReadPeople:
    """The use case of choosing; asked only by who has signed in."""

    know: KnowOperator
    clock: Clock
    ledger: Ledger

    def __call__(self, operator: SignedIn) -> People:
        """Return who can be chosen now.

        Raises:
            RecordingError: the device's file cannot be read now.
        """
        moment, reference = self.clock.now(), self.know.shelf.current().data
        now_ms, near_ms = int(moment.at.timestamp() * 1000), int(NEAR.total_seconds() * 1000)
        shifts = [each for each in reference.roster if each.starts_ms - near_ms <= now_ms <= each.ends_ms + near_ms]
        with self.ledger.reading() as reading:
            served = list(reversed(reading.sessions_since(moment.at - LATELY)))
        held = self.know.held_by(operator.operator, moment)
        known = [
            *(Chosen(each.volunteer, each.display_name, each.team, rostered=True) for each in shifts),
            *(Chosen(each.session.volunteer, each.name, each.session.team) for each in served if each.name),
            *(Chosen(each.volunteer, each.display_name) for each in reference.directory),
        ]
        roles = {each.role for each in held}
        own = next((each.team for each in held if each.team), None) if roles == {"captain"} else None
        services = dict.fromkeys((*ServiceKind, *(each.service for each in reference.services)))
        return People(_once(known), tuple(map(str, services)), _teams(reference), own)


def _once(known: Iterable[Chosen]) -> tuple[Chosen, ...]:
    first: dict[str, Chosen] = {}
    for each in known:
        first.setdefault(each.volunteer, each)
    return tuple(first.values())


def _teams(reference: ReferenceData) -> tuple[str, ...]:
    named = [*(each.team for each in reference.appointments), *(each.team for each in reference.roster)]
    return tuple(dict.fromkeys(team for team in named if team))
