"""Standing: what the keeper decides of volunteers and of service kinds.

Upstream: ``registry``, ``certificates``, ``telling``, ``store``.
Downstream: the commands.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sync.platform.certificates import registered
from sync.platform.errors import PlatformError, UnknownError
from sync.platform.records import Circumstances
from sync.platform.telling import LAND, begin_ms

if TYPE_CHECKING:
    from sync.platform.registry import Office
    from sync.protocol.reference import ServicePoint, ServiceRule

OLDEST = 120 * 366  # days a typed birth date may lie back
STARS = 5  # REQ 2.7a


def decide(office: Office, number: str, **changes: Any) -> Circumstances:
    """Write anew what is decided of a volunteer: any fields of ``Circumstances``.

    Raises:
        UnknownError: the volunteer is not registered.
        PlatformError: a birth date that cannot be one, or a star there is none of.
    """
    registered(office, number)
    decided = replace(office.unit.standings.of(number), **changes)
    today = office.ports.clock().astimezone(LAND).date()
    if decided.born_on and not 0 <= (today - decided.born_on).days <= OLDEST:
        raise PlatformError(f"{decided.born_on} cannot be a day of birth. Write it as 2010-05-31.")
    if decided.star not in range(STARS + 1):
        raise PlatformError(f"There is no star {decided.star}; 0 to {STARS} can be held.")
    office.unit.standings.put(number, decided)
    return decided


def train(office: Office, number: str, training: str, last_day: date | None) -> None:
    """Note that a volunteer holds a training, up to and with a local day, or for good.

    Raises:
        UnknownError: the volunteer is not registered.
    """
    registered(office, number)
    lapses_ms = None if last_day is None else begin_ms(last_day + timedelta(days=1))
    office.unit.standings.put_training(number, training, lapses_ms)


def withdraw_training(office: Office, number: str, training: str) -> None:
    """Take a training back.

    Raises:
        UnknownError: the volunteer does not hold it.
    """
    if not office.unit.standings.drop_training(number, training):
        raise UnknownError(f"Volunteer {number} holds no training {training!r}. 'volunteer show' lists those held.")


def put_rule(office: Office, point: ServicePoint, rule: ServiceRule) -> None:
    """Note what holds of a service kind at a service point.

    Raises:
        PlatformError: it is strict about a training that it does not name.
    """
    if rule.strict and rule.training is None:
        raise PlatformError("A strict rule asks for a training. Name it with --training.")
    office.unit.standings.put_rule(point.id, rule)


def drop_rule(office: Office, point: ServicePoint, service: str) -> None:
    """Take the rule of a service kind away.

    Raises:
        UnknownError: there is none.
    """
    if not office.unit.standings.drop_rule(point.id, service):
        raise UnknownError(f"No rule for {service!r} holds at {point.name}. 'service-rule list' shows those that do.")
