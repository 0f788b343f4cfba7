"""Who is an operator of this service point now (REQ 2.1).

Upstream: ``sync.protocol.reference``.
Downstream: ``kiosk.usecases``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sync.protocol.reference import Appointment

VOUCHING_ROLES = frozenset({"head", "deputy_head", "captain"})  # 站长、副站长、服务队队长


def appointment_of(
    volunteer: str, at: datetime, appointments: Iterable[Appointment], roles: frozenset[str] = VOUCHING_ROLES
) -> Appointment | None:
    """Return the appointment of a volunteer to one of ``roles`` whose term covers ``at`` (aware UTC), or None."""
    at_ms = int(at.timestamp() * 1000)
    for appointment in appointments:
        in_term = appointment.from_ms <= at_ms < appointment.until_ms
        if appointment.volunteer == volunteer and appointment.role in roles and in_term:
            return appointment
    return None
