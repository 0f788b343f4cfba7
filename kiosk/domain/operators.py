"""Who is an operator of this service point now, and which role may do what (REQ 2.1).

Upstream: ``sync.protocol.reference``.
Downstream: ``kiosk.usecases``.

The rights of each role are a table. A permission ends with its term, and a captain's reach ends with the captain's own
team. An appointment to another service point is not in this device's reference data, so it is none here.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sync.protocol.reference import Appointment

VOUCHING_ROLES = frozenset({"head", "deputy_head", "captain"})  # 站长、副站长、服务队队长


class Role(StrEnum):
    """The offices of a station."""

    HEAD = "head"  # 站长
    DEPUTY_HEAD = "deputy_head"  # 副站长
    ORGANISER = "organiser"  # 组织委员
    PUBLICIST = "publicist"  # 宣传委员
    CAPTAIN = "captain"  # 服务队队长


class Right(StrEnum):
    """What an operator may do at the desk."""

    ENTER_HOURS = "enter_hours"
    CONFIRM = "confirm"
    CORRECT = "correct"
    REGISTER = "register"
    TRAINING = "training"
    AWARDS = "awards"
    ARCHIVE = "archive"
    CERTIFICATES = "certificates"
    REPORTS = "reports"
    RESET_PIN = "reset_pin"
    RATE = "rate"
    KIT = "kit"
    GROUP = "group"
    DRILL = "drill"
    EXPORT = "export"


_RECORDS = frozenset({Right.ENTER_HOURS, Right.CONFIRM, Right.CORRECT, Right.RATE})
_SHIFT = frozenset({Right.KIT, Right.GROUP})
_VOLUNTEERS = frozenset({Right.REGISTER, Right.TRAINING, Right.AWARDS, Right.ARCHIVE, Right.CERTIFICATES})
RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.HEAD: frozenset(Right),
        Role.DEPUTY_HEAD: frozenset(Right),
        Role.ORGANISER: _VOLUNTEERS | {Right.KIT, Right.DRILL, Right.EXPORT},
        Role.PUBLICIST: frozenset({Right.REPORTS}),
        Role.CAPTAIN: _RECORDS | _SHIFT,
    }
)
OWN_TEAM_ONLY = frozenset({Role.CAPTAIN})
OF_A_TEAM = _RECORDS  # rights over records, which belong to a team; the others are about the station


def appointments_of(volunteer: str, at: datetime, appointments: Iterable[Appointment]) -> tuple[Appointment, ...]:
    """Return the appointments of a volunteer whose term covers ``at`` (aware UTC); roles this version knows."""
    at_ms = int(at.timestamp() * 1000)
    return tuple(
        each
        for each in appointments
        if each.volunteer == volunteer and each.role in set(Role) and each.from_ms <= at_ms < each.until_ms
    )


def appointment_of(
    volunteer: str, at: datetime, appointments: Iterable[Appointment], roles: frozenset[str] = VOUCHING_ROLES
) -> Appointment | None:
    """Return the appointment of a volunteer to one of ``roles`` whose term covers ``at`` (aware UTC), or None."""
    held = appointments_of(volunteer, at, appointments)
    return next((each for each in held if each.role in roles), None)


def may(held: Iterable[Appointment], right: Right, team: str | None = None) -> bool:
    """Tell whether someone with these appointments may do this; ``team`` is that of the record, where it has one."""
    for appointment in held:
        role = Role(appointment.role)
        own = team is not None and team == appointment.team
        in_reach = role not in OWN_TEAM_ONLY or right not in OF_A_TEAM or own
        if right in RIGHTS[role] and in_reach:
            return True
    return False
