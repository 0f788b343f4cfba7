"""``kiosk enrol FILE``: the enrolment file takes its place, and its reference data is applied.

Upstream: ``kiosk.composition``.
Downstream: ``kiosk.__main__``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from kiosk.composition import load_enrolment, open_station
from kiosk.usecases.errors import NotEnrolledError

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.settings import KioskSettings

OWNER_ONLY = 0o600


def enrol(settings: KioskSettings, file: Path) -> str:
    """Enrol this machine; return one sentence on what it is now.

    Raises:
        NotEnrolledError: the file is not a valid enrolment, or belongs to another device than the records here.
        RecordingError: the device's file cannot be written.
    """
    brought = load_enrolment(file)
    place = settings.device.enrolment.expanduser()
    if place.exists() and load_enrolment(place).device != brought.device:
        raise NotEnrolledError(f"{place}: this machine is another device already; move its records away first")
    if place.resolve() != file.resolve():
        _copy(file, place)
    station = open_station(settings)
    try:
        point = station.device.shelf.current().data.service_point
    finally:
        station.close()
    return f"device {brought.device} of {point.name}"


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
