"""What a device is told: trust list, revocations, appointments, roster, directory and standings as one signed document.

Upstream: ``store``, ``telling``, ``sync.protocol``.
Downstream: ``registry`` (enrolment), the ``reference publish`` command.

All three versions within (reference data, trust list, revocation list) are one number that only rises, so that no
device ever takes an older list over a newer one.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from sync.platform.errors import UnknownError
from sync.platform.telling import elsewhere_of, standings_of
from sync.protocol.reference import REFERENCE_DATA, ReferenceData
from sync.protocol.revocation import sign_revocation_list
from sync.protocol.signing.documents import SignedDocument, sign_document
from sync.protocol.trust import TRUST_LIST, TrustList

if TYPE_CHECKING:
    from sync.platform.store import Unit
    from sync.protocol.reference import ListedVolunteer, ServicePoint
    from sync.protocol.signing.keys import SigningKey

PAST_ROSTER_MS = 24 * 3600 * 1000  # shifts that ended up to a day ago: a booth without network may still need them
ACQUAINTED_MS = 366 * 24 * 3600 * 1000
REGULAR_MS = 400 * 24 * 3600 * 1000  # whose standing a device is told: served or rostered there so lately
STILL_LISTED = timedelta(days=400)  # an expired card stays listed so long: a booth's clock may be far behind
MS = 1000


class Directory(StrEnum):
    """Whose numbers a device may recognise without a signature: names travel no further than they must."""

    POINT = "point"  # who is rostered, appointed or served at the service point within the year
    ALL = "all"  # every registered volunteer: for a station that takes numbers of an older system


def publish(
    unit: Unit, device: str, root: SigningKey, now_ms: int, directory: Directory = Directory.POINT
) -> SignedDocument:
    """Return the newest reference data of a device, signed by the root key.

    Args:
        unit: the open transaction, which notes the version.
        device: the id of a registered device.
        root: the key every enrolled device trusts.
        now_ms: UTC ms.
        directory: whose numbers are in it.

    Raises:
        UnknownError: no such device, or its service point is gone.
    """
    point = _place_of(unit, device)
    version = unit.registry.next_version(now_ms)
    trust = TrustList(version, now_ms, list(unit.registry.issuer_keys()))
    ended = unit.certificates.ended(now_ms - int(STILL_LISTED.total_seconds()) * MS)
    listed = _directory(unit, point, now_ms, directory)
    regulars = [one.volunteer for one in unit.places.acquainted(point.id, now_ms - REGULAR_MS)]
    known = {one.volunteer for one in listed} | set(regulars)
    data = ReferenceData(
        version=version,
        issued_ms=now_ms,
        device=device,
        service_point=point,
        trust_list=sign_document(TRUST_LIST, msgspec.to_builtins(trust), root),
        roster=list(unit.places.shifts(point.id, now_ms - PAST_ROSTER_MS)),
        notices=list(unit.places.notices(point.id)),
        appointments=[term.appointment for term in unit.places.terms(point.id) if term.appointment.until_ms > now_ms],
        directory=list(listed),
        revocations=sign_revocation_list(version, now_ms, ended, root),
        standings=standings_of(unit, known, now_ms),
        services=list(unit.standings.rules(point.id)),
        elsewhere=elsewhere_of(unit, regulars, point.id, now_ms),
    )
    return sign_document(REFERENCE_DATA, msgspec.to_builtins(data), root)


def _place_of(unit: Unit, device: str) -> ServicePoint:
    known = unit.devices.find(device)
    point = unit.registry.service_point(known.service_point) if known else None
    if point is None:
        raise UnknownError(f"No device {device} is registered here. 'device list' shows those that are.")
    return point


def _directory(unit: Unit, point: ServicePoint, now_ms: int, directory: Directory) -> tuple[ListedVolunteer, ...]:
    if directory is Directory.ALL:
        return unit.places.registered()
    return unit.places.acquainted(point.id, now_ms - ACQUAINTED_MS)
