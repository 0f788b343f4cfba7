"""Appointments 任命: which volunteer has which role at which service point, from when until when (REQ 2.1).

Upstream: ``registry``, ``store``.
Downstream: the commands, ``demo``, ``publishing`` (through the store).
"""

from __future__ import annotations

from enum import StrEnum

from sync.platform.errors import PlatformError, UnknownError
from sync.platform.ports import unix_ms
from sync.platform.records import Term
from sync.platform.registry import Office
from sync.protocol.reference import Appointment, ServicePoint


class Role(StrEnum):
    """The roles of REQ 2.1, as they travel to devices."""

    HEAD = "head"  # 站长
    DEPUTY_HEAD = "deputy_head"  # 副站长
    ORGANISER = "organiser"  # 组织委员
    PUBLICIST = "publicist"  # 宣传委员
    CAPTAIN = "captain"  # 服务队队长


def appoint(office: Office, point: ServicePoint, asked: Appointment) -> Term:
    """Note an appointment and return it with its id.

    Raises:
        PlatformError: its end is not after its begin, or a captain without a team.
        UnknownError: the volunteer is not registered.
    """
    if asked.until_ms <= asked.from_ms:
        raise PlatformError("An appointment ends after it begins. Put --from and --to right.")
    if asked.role == Role.CAPTAIN and not asked.team:
        raise PlatformError("A captain 队长 has a team. Name it with --team.")
    if office.unit.registry.volunteer(asked.volunteer) is None:
        raise UnknownError(f"No volunteer {asked.volunteer} is registered here. Issue a certificate first.")
    term = Term(office.ports.ids(), point.id, point.name, asked)
    office.unit.places.appoint(term)
    return term


def end_appointment(office: Office, id_: str) -> None:
    """End an appointment now; the term that was served stays on record.

    Raises:
        UnknownError: no such appointment, or it has ended already.
    """
    if not office.unit.places.end_term(id_, unix_ms(office.ports.clock())):
        raise UnknownError(f"No appointment {id_} is in force or to come. 'appointment list' shows those that are.")
