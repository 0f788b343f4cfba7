"""``kiosk doctor``: what this machine has and lacks, one line each, with what to do.

Upstream: every adapter's own report of itself.
Downstream: ``kiosk.cli``; support staff.

It changes nothing but a probe file that it removes again, and opens no window.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import socket
import tempfile
import threading
from collections import Counter
from contextlib import closing
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from kiosk.composition import RandomIds, load_enrolment
from kiosk.scan import decoders
from kiosk.scan.errors import CameraError, PictureError
from kiosk.scan.serial_reader import open_line
from kiosk.scan.source import SourceLimits, open_source
from kiosk.store.device_file import examine_device_file, left_aside, read_device_file
from kiosk.timekeeping.moment import instant_of
from kiosk.timekeeping.system import SystemClock, boottime_ns
from kiosk.timekeeping.trusted import BUILT_MS
from kiosk.usecases.errors import NotEnrolledError, RecordingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.settings import KioskSettings

ENOUGH_BYTES = 200 * 1024 * 1024
SLOW_SYNC_MS = 50
PROBE = b"\0" * 4096
CONNECT_S = 3.0
CAMERA_S = 5.0
NS_PER_MS = 1_000_000
MIB = 1024**2


class Health(StrEnum):
    """How serious a finding is: ``fails`` means that duty cannot be recorded, ``warns`` that something is missing."""

    WELL = "ok"
    WARNS = "warn"
    FAILS = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: how it stands, about what, what was found, and what to do (empty when well)."""

    health: Health
    subject: str
    found: str
    advice: str = ""

    @property
    def stops_duty(self) -> bool:
        """Whether duty cannot be recorded until this is mended."""
        return self.health is Health.FAILS

    def line(self) -> str:
        """Return the finding as one line of text."""
        advice = f"  → {self.advice}" if self.advice else ""
        return f"{self.health.value:<5} {self.subject:<12} {self.found}{advice}"

    def as_json(self) -> dict[str, Any]:
        """Return the finding as JSON values."""
        return asdict(self)


def examine(settings: KioskSettings) -> list[Finding]:
    """Return all findings, in the order a support person would ask for them."""
    enrolment = _enrolment(settings)
    return [
        Finding(Health.WELL, "system", f"{platform.platform()}, Python {platform.python_version()}"),
        *_libraries(),
        *_decoders(),
        _display(),
        _camera(settings),
        *_readers(settings),
        _sound(),
        _clock(),
        _disk(settings.device.file.expanduser().parent),
        *_ledger(settings),
        *_streams(settings),
        enrolment,
        _network(settings),
    ]


def _libraries() -> Iterator[Finding]:
    for name, module in (("Kivy", "kivy"), ("opencv-python", "cv2"), ("SQLAlchemy", "sqlalchemy")):
        if importlib.util.find_spec(module) is None:
            yield Finding(Health.FAILS, name, "not installed", "run: make setup")
        else:
            yield Finding(Health.WELL, name, importlib.metadata.version(name))


def _decoders() -> Iterator[Finding]:
    reports = decoders.available()
    health = Health.WARNS if any(report.ok for report in reports) else Health.FAILS
    for report in reports:
        if report.ok:
            yield Finding(Health.WELL, report.name, report.detail)
        else:
            yield Finding(health, report.name, "not usable; another decoder works alone", report.detail)


def _display() -> Finding:
    shown = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if shown:
        return Finding(Health.WELL, "display", shown)
    return Finding(Health.WARNS, "display", "none", "start it in the station's desktop session, or set DISPLAY")


def _camera(settings: KioskSettings) -> Finding:
    asked = settings.camera
    seen: list[Finding] = []

    def look() -> None:
        try:
            with closing(open_source(asked.source, SourceLimits(asked.width, asked.height), boottime_ns)) as source:
                picture = source.read(threading.Event().wait)
            size = "" if picture is None else "{1} × {0} pixels".format(*picture.gray().shape)
        except (CameraError, PictureError) as error:
            seen.append(
                Finding(Health.WARNS, "camera", str(error), "check the cable, or [camera] source in kiosk.toml")
            )
        else:
            seen.append(Finding(Health.WELL, "camera", f"{asked.source}: gives pictures, {size}"))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(CAMERA_S)
    if seen:
        return seen[0]
    return Finding(Health.WARNS, "camera", f"{asked.source}: no picture in {CAMERA_S:g} s", "unplug it and plug it in")


def _readers(settings: KioskSettings) -> Iterator[Finding]:
    asked = settings.reader
    found = "readers that type are heard" if asked.wedge else "readers that type are not heard: [reader] wedge is false"
    yield Finding(Health.WELL, "reader", found)
    if not asked.serial:
        return
    try:
        open_line(asked.serial, asked.baud).close()
    except OSError as error:
        advice = "check its cable, [reader] serial in kiosk.toml, and that this user is in the group dialout"
        yield Finding(Health.WARNS, "reader", f"serial line: {error.strerror or error}", advice)
    else:
        yield Finding(Health.WELL, "reader", f"serial line {asked.serial} opens at {asked.baud} baud")


def _sound() -> Finding:
    if Path("/dev/snd").is_dir():
        return Finding(Health.WELL, "sound", "a sound device is there")
    return Finding(Health.WARNS, "sound", "none; the kiosk is whole without", "connect a loudspeaker")


def _clock() -> Finding:
    readings = SystemClock().read()
    if readings.wall_ms < BUILT_MS:
        advice = "connect it to the platform once; duty is recorded all the same"
        return Finding(Health.WARNS, "clock", "behind the build of this program", advice)
    return Finding(Health.WELL, "clock", f"plausible; boot {readings.boot_id[:8]}")


def _disk(folder: Path) -> Finding:
    there = next((each for each in (folder, *folder.parents) if each.is_dir()), Path("/"))
    try:
        free = shutil.disk_usage(there).free
        sync_ms = _sync_ms(there)
    except OSError as error:
        return Finding(Health.FAILS, "disk", f"{there}: {error.strerror}", "free some space, or mount it writable")
    found = f"{there}: {free // 1024**2} MiB free, a durable write takes {sync_ms:.1f} ms"
    if free < ENOUGH_BYTES:
        return Finding(Health.WARNS, "disk", found, "free some space before it is full")
    if sync_ms > SLOW_SYNC_MS:
        return Finding(Health.WARNS, "disk", found, "a worn or slow card: replace it")
    return Finding(Health.WELL, "disk", found)


def _sync_ms(folder: Path) -> float:
    with tempfile.TemporaryFile(dir=folder) as probe:
        begin_ns = boottime_ns()
        probe.write(PROBE)
        probe.flush()
        os.fsync(probe.fileno())
        return (boottime_ns() - begin_ns) / NS_PER_MS


def _ledger(settings: KioskSettings) -> Iterator[Finding]:
    file = settings.device.file.expanduser()
    if file.exists():
        yield _record(file, ZoneInfo(settings.station.zone))
    else:
        yield Finding(Health.WELL, "ledger", f"{file}: not there yet; the kiosk makes it")
    for aside in left_aside(file):
        found = f"{aside}: {aside.stat().st_size / MIB:.1f} MiB, moved aside as damaged; what could be read is kept"
        advice = "copy it and its -wal to a USB stick for support; delete it only when the platform has every record"
        yield Finding(Health.WARNS, "set aside", found, advice)


def _record(file: Path, zone: ZoneInfo) -> Finding:
    try:
        report = examine_device_file(file)
    except RecordingError as error:
        advice = (
            "copy it to a USB stick, then start the kiosk: it repairs what can be repaired and keeps the rest aside"
        )
        return Finding(Health.FAILS, "ledger", str(error), advice)
    found = f"{file}: sound, {report.events} events"
    if report.recovered_ms is None:
        return Finding(Health.WELL, "ledger", found)
    on = instant_of(report.recovered_ms).astimezone(zone).date()
    found += f"; recovered from damage on {on}, {report.missing} records lost"
    if report.missing:
        return Finding(Health.WARNS, "ledger", found, "tell the platform; replace the card or disk")
    return Finding(Health.WELL, "ledger", found)


def _streams(settings: KioskSettings) -> Iterator[Finding]:
    """What the platform raised about this device's streams: a copied disk, a chain that does not hold."""
    try:
        device = read_device_file(
            settings.device.file.expanduser(), zone=ZoneInfo(settings.station.zone), ids=RandomIds()
        )
        with device.reading() as reading:
            raised = reading.stream_alarms()
    except RecordingError:
        return  # said of the ledger already
    for word, times in sorted(Counter(alarm.word for alarm in raised).items()):
        advice = "look for another machine with a copy of this device's disk, and run: kiosk ledger verify"
        yield Finding(Health.WARNS, "streams", f"the platform raised {word} ({times})", advice)


def _enrolment(settings: KioskSettings) -> Finding:
    try:
        enrolment = load_enrolment(settings.device.enrolment.expanduser())
    except NotEnrolledError as error:
        return Finding(Health.FAILS, "enrolment", str(error), "run: kiosk enrol FILE")
    return Finding(Health.WELL, "enrolment", f"device {enrolment.device}")


def _network(settings: KioskSettings) -> Finding:
    try:
        url = load_enrolment(settings.device.enrolment.expanduser()).platform_url
    except NotEnrolledError:
        return Finding(Health.WARNS, "network", "no platform known yet", "run: kiosk enrol FILE")
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        return Finding(Health.WARNS, "network", f"{url}: no address of a platform ({error})", "ask for a new enrolment")
    try:
        socket.create_connection((parts.hostname or "", port), CONNECT_S).close()
    except OSError as error:
        advice = "duty is recorded all the same, and sent when it is back"
        return Finding(Health.WARNS, "network", f"{parts.hostname}:{port} cannot be reached ({error})", advice)
    return Finding(Health.WELL, "network", f"{parts.hostname}:{port} answers")
