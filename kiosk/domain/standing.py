"""What a volunteer's standing lets a scan begin: suspended, minors, and the training that a service kind asks for.

Upstream: ``refusal``, ``closing``, ``policy``, ``sync.protocol.reference``.
Downstream: ``kiosk.usecases.record_scan``, ``kiosk.usecases.choose_service``, ``kiosk.presenter``.

A wrong clock never turns anybody away: what depends on the date is refused only where the clock is known well enough
to tell, and is else let in with a caution for the captain. Ending a duty is never refused here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from kiosk.domain.closing import next_local
from kiosk.domain.refusal import RefusalReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, tzinfo

    from kiosk.domain.policy import DutyPolicy
    from sync.protocol.reference import ServiceRule, Standing

MS_PER_S = 1000


class Present(Protocol):
    """The present as the device knows it; aware UTC. ``latest`` None: nothing bounds it."""

    @property
    def at(self) -> datetime:
        """The best guess."""

    @property
    def earliest(self) -> datetime:
        """No true instant is earlier."""

    @property
    def latest(self) -> datetime | None:
        """No true instant is later."""

    @property
    def calibrated(self) -> bool:
        """Nothing that is known contradicts the clock."""


class Caution(StrEnum):
    """What would have been refused, had the clock been sure."""

    GUARDIAN = "guardian"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Leave:
    """Whether duty may begin: why not, or what the captain should look at."""

    refusal: RefusalReason | None = None
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class Want:
    """A training that is not held; ``strict``: without it the service kind cannot be chosen."""

    training: str
    strict: bool


FREE = Leave()


def leave_to_begin(standing: Standing | None, now: Present, policy: DutyPolicy, zone: tzinfo) -> Leave:
    """Return whether a volunteer may begin duty now; whoever the platform says nothing of may."""
    if standing is None:
        return FREE
    if standing.suspended:
        return Leave(RefusalReason.SUSPENDED)
    if not is_minor(standing, now.at):
        return FREE
    if not standing.guardian_consent:
        return Leave(RefusalReason.GUARDIAN_NEEDED) if now.calibrated else Leave(cautions=(Caution.GUARDIAN,))
    if _is_day(now.at, policy, zone):
        return FREE
    return (
        Leave(RefusalReason.MINOR_AT_NIGHT) if _is_surely_night(now, policy, zone) else Leave(cautions=(Caution.NIGHT,))
    )


def is_minor(standing: Standing | None, at: datetime) -> bool:
    """Tell whether a volunteer is under age at an aware UTC instant."""
    adult_from_ms = None if standing is None else standing.adult_from_ms
    return adult_from_ms is not None and at.timestamp() * MS_PER_S < adult_from_ms


def wanting(standing: Standing | None, rules: Iterable[ServiceRule], now: Present) -> Mapping[str, Want]:
    """Return which service kinds ask for a training that a volunteer does not hold, or that has surely lapsed."""
    held = {} if standing is None else {each.name: each.lapses_ms for each in standing.trained}
    earliest_ms = now.earliest.timestamp() * MS_PER_S
    return {
        rule.service: Want(rule.training, rule.strict)
        for rule in rules
        if rule.training is not None and not _holds(held, rule.training, earliest_ms)
    }


def _holds(held: Mapping[str, int | None], training: str, earliest_ms: float) -> bool:
    if training not in held:
        return False
    until_ms = held[training]
    return until_ms is None or earliest_ms < until_ms


def _is_day(at: datetime, policy: DutyPolicy, zone: tzinfo) -> bool:
    return policy.minors_from <= at.astimezone(zone).time() < policy.minors_until


def _is_surely_night(now: Present, policy: DutyPolicy, zone: tzinfo) -> bool:
    """Tell whether no instant that it may be now lies in the day."""
    if now.latest is None or _is_day(now.earliest, policy, zone):
        return False
    return next_local(now.earliest, policy.minors_from, zone) > now.latest
