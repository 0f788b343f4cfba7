"""Everything a device is told as one document, signed by the root key, for those whom the changes feed does not reach.

Upstream: ``present``, ``materialising``, ``signed_lists``, ``store``, ``sync.protocol``.
Downstream: ``registry`` (enrolment), the ``reference publish`` command.

It is made of what the feed is made of and takes the next version of the service point, so that file and feed can never
disagree: whichever has the higher version is the newer, whole.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from sync.platform.errors import UnknownError
from sync.platform.materialising import materialise
from sync.platform.present import Directory, told_at
from sync.platform.signed_lists import lists_of, sign_lists
from sync.protocol.changes import Topic
from sync.protocol.entries import entries_of
from sync.protocol.reference import REFERENCE_DATA, ReferenceData
from sync.protocol.signing.documents import SignedDocument, sign_document

if TYPE_CHECKING:
    from sync.platform.store import Unit
    from sync.protocol.reference import ServicePoint
    from sync.protocol.signing.keys import SigningKey

__all__ = ["Directory", "publish"]


def publish(
    unit: Unit, device: str, root: SigningKey, now_ms: int, directory: Directory = Directory.POINT
) -> SignedDocument:
    """Return the newest reference data of a device, signed by the root key.

    Args:
        unit: the open transaction, which notes the version; the lists are signed anew where they have changed.
        device: the id of a registered device.
        root: the key every enrolled device trusts.
        now_ms: UTC ms.
        directory: whose numbers are in it, and in the feed of its service point from now on.

    Raises:
        UnknownError: no such device, or its service point is gone.
    """
    point = _place_of(unit, device)
    sign_lists(unit, root, now_ms)
    unit.feed.hold(point.id)
    told, lists = told_at(unit, point, now_ms, directory), lists_of(unit)
    place = materialise(unit, point.id, entries_of(told), now_ms, directory=directory)
    version = unit.registry.next_version(max(now_ms, place.version + 1))
    unit.feed.keep_place(replace(place, version=version))
    data = ReferenceData(
        version=version,
        issued_ms=now_ms,
        device=device,
        trust_list=lists[Topic.TRUST_LIST],
        revocations=lists[Topic.REVOCATIONS],
        **told.fields(),
    )
    return sign_document(REFERENCE_DATA, msgspec.to_builtins(data), root)


def _place_of(unit: Unit, device: str) -> ServicePoint:
    known = unit.devices.find(device)
    point = unit.registry.service_point(known.service_point) if known else None
    if point is None:
        raise UnknownError(f"No device {device} is registered here. 'device list' shows those that are.")
    return point
