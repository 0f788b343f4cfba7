"""``kiosk enrol FILE``: the enrolment file takes its place, and its reference data is applied.

Upstream: ``kiosk.composition``.
Downstream: ``kiosk.cli``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from kiosk.composition import load_enrolment, open_station
from kiosk.usecases.errors import NotEnrolledError
from sync.protocol.enrolment import read_enrolment
from sync.protocol.errors import ProtocolError
from sync.protocol.reference import read_reference_data
from sync.protocol.revocation import read_revocation_list
from sync.protocol.trust import read_trust_list

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.settings import KioskSettings
    from sync.protocol.enrolment import Enrolment

OWNER_ONLY = 0o600


def enrol(settings: KioskSettings, file: Path) -> str:
    """Enrol this machine; return one sentence on what it is now.

    Raises:
        NotEnrolledError: the file is not a valid enrolment, or belongs to another device than the records here.
        RecordingError: the device's file cannot be written.
    """
    brought = load_enrolment(file)
    _check(brought, file)
    place = settings.device.enrolment.expanduser()
    if _device_at(place) not in {None, brought.device}:
        raise NotEnrolledError(f"{place}: this machine is another device already; move its records away first")
    if place.resolve() != file.resolve():
        _copy(file, place)
    station = open_station(settings)
    try:
        point = station.device.shelf.current().data.service_point
    finally:
        station.close()
    return f"device {brought.device} of {point.name}"


def _check(brought: Enrolment, file: Path) -> None:
    root_public = bytes.fromhex(brought.root_public)
    try:
        data = read_reference_data(brought.reference, root_public)
        read_trust_list(data.trust_list, root_public)
        read_revocation_list(data.revocations, root_public)
    except ProtocolError as error:
        raise NotEnrolledError(f"{file}: its reference data is not valid: {error}") from error


def _device_at(place: Path) -> str | None:
    """Return which device this machine is already; None where no enrolment stands, or a broken one."""
    try:
        return read_enrolment(place.read_bytes(), OWNER_ONLY).device
    except (OSError, ProtocolError):
        return None


def _copy(file: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_suffix(".part")
    part.touch(OWNER_ONLY)
    part.chmod(OWNER_ONLY)
    with part.open("wb") as copy:
        copy.write(file.read_bytes())
        copy.flush()
        os.fsync(copy.fileno())
    part.replace(place)
