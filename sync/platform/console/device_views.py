"""What pages show of devices, as plain values: how each is in a word, who needs somebody first, and what was refused.

Upstream: ``records``, ``store.contacts``, ``wording``, ``reader``.
Downstream: ``device_pages``, ``pages``, the templates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from sync.platform import wording
from sync.platform.console.reader import Reader
from sync.platform.records import DeviceStanding
from sync.platform.store.contacts import Contact
from sync.platform.store.tended import RaisedAlarm
from sync.platform.wording import marked
from sync.protocol.vocabulary import ClockQuality

FRESH_MS = 60 * 60 * 1000  # a device heard of within the hour is in contact: it calls every quarter of an hour
QUIET_MS = 24 * 60 * 60 * 1000
LEAST_FREE_MB = 500  # a year of duty and its log take a tenth of it
BEHIND = 2000  # events that wait: more than a day's at the busiest booth


class Condition(StrEnum):
    """How a device is, those that need somebody first."""

    ALARM = "alarm"
    SILENT = "silent"
    TROUBLE = "trouble"
    BEHIND = "behind"
    NEVER = "never"
    QUIET = "quiet"
    GOOD = "good"
    REVOKED = "revoked"


ORDER = tuple(Condition)
CONDITIONS: Mapping[Condition, str] = MappingProxyType(
    {
        Condition.ALARM: marked("Alarm"),
        Condition.SILENT: marked("Silent for a day"),
        Condition.TROUBLE: marked("Needs a look"),
        Condition.BEHIND: marked("Far behind"),
        Condition.NEVER: marked("Not heard of yet"),
        Condition.QUIET: marked("Quiet"),
        Condition.GOOD: marked("In order"),
        Condition.REVOKED: marked("Revoked"),
    }
)
CLOCKS: Mapping[str, str] = MappingProxyType(
    {
        ClockQuality.ANCHORED: marked("set by the platform"),
        ClockQuality.NTP: marked("set by the network"),
        ClockQuality.FLOOR: marked("not set"),
        ClockQuality.UNKNOWN: marked("not known"),
    }
)
CAMERAS: Mapping[str, str] = MappingProxyType(
    {
        "seeing": marked("sees"),
        "starting": marked("is starting"),
        "dark": marked("too dark"),
        "frozen": marked("picture stands still"),
        "gone": marked("not connected"),
        "ended": marked("film has ended"),
        "unreadable": marked("no decoder works"),
    }
)
BAD_CAMERAS = frozenset({"dark", "frozen", "gone", "unreadable"})
BAD_CLOCKS = frozenset({ClockQuality.FLOOR.value, ClockQuality.UNKNOWN.value})


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One device as it stands on the page.

    Attributes:
        condition: a word of :class:`Condition`; ``contact`` is fresh, quiet, silent, never or revoked.
        troubles: what is wrong beside alarms, in words.
        waiting: events it said it still holds, parked ones among them; None: it never said.
    """

    name: str
    id: str
    service_point: str
    condition: str
    condition_word: str
    contact: str
    contact_word: str
    contact_at: str | None
    events: int
    missing: int
    quarantined: int
    alarms: tuple[str, ...]
    troubles: tuple[str, ...]
    waiting: int | None = None
    parked: int = 0
    clock: str = ""
    camera: str = ""
    version: str = ""
    free_mb: int | None = None
    boots: int = 0
    reported_at: str = ""


@dataclass(frozen=True, slots=True)
class Beheld:
    """What is known of one device: its uploads, its own report if it ever sent one, its alarms."""

    standing: DeviceStanding
    contact: Contact | None = None
    alarms: Sequence[RaisedAlarm] = ()


def lines_of(beheld: Sequence[Beheld], now_ms: int, reader: Reader) -> list[DeviceLine]:
    """Return the lines of devices, those that need somebody first."""
    ordered = sorted(beheld, key=lambda each: (ORDER.index(condition_of(each, now_ms)), each.standing.device.name))
    return [device_line(each, now_ms, reader) for each in ordered]


def device_line(beheld: Beheld, now_ms: int, reader: Reader) -> DeviceLine:
    """Return one device as it stands on the page."""
    standing, report = beheld.standing, beheld.contact.report if beheld.contact else None
    device, condition = standing.device, condition_of(beheld, now_ms)
    heard_ms = device.last_contact_ms
    return DeviceLine(
        name=device.name,
        id=device.id,
        service_point=standing.service_point_name,
        condition=condition.value,
        condition_word=reader.say(CONDITIONS[condition]),
        contact=_contact(device.revoked_ms, heard_ms, now_ms),
        contact_word=reader.ago(heard_ms, now_ms) if heard_ms is not None else reader.say(marked("Never")),
        contact_at=reader.moment(heard_ms) if heard_ms is not None else None,
        events=standing.events,
        missing=standing.missing,
        quarantined=standing.quarantined,
        alarms=tuple(
            f"{reader.word(wording.ALARMS, each.word)} ({each.unseen})" for each in beheld.alarms if each.unseen
        ),
        troubles=troubles_of(beheld, reader),
        waiting=report.waiting if report else None,
        parked=report.parked if report else 0,
        clock=reader.word(CLOCKS, report.clock) if report and report.clock else "",
        camera=reader.word(CAMERAS, report.camera) if report and report.camera else "",
        version=report.version if report else "",
        free_mb=report.free_mb if report else None,
        boots=report.boots if report else 0,
        reported_at=reader.moment(beheld.contact.received_ms) if beheld.contact else "",
    )


def condition_of(beheld: Beheld, now_ms: int) -> Condition:
    """Return how a device is, in one word: the gravest that is true of it."""
    device, report = beheld.standing.device, beheld.contact.report if beheld.contact else None
    contact = _contact(device.revoked_ms, device.last_contact_ms, now_ms)
    truths = {
        Condition.REVOKED: contact == "revoked",
        Condition.ALARM: any(each.unseen for each in beheld.alarms),
        Condition.SILENT: contact == "silent",
        Condition.TROUBLE: _has_trouble(beheld),
        Condition.BEHIND: report is not None and report.waiting > BEHIND,
        Condition.NEVER: contact == "never",
        Condition.QUIET: contact == "quiet",
    }
    return next((condition for condition, is_true in truths.items() if is_true), Condition.GOOD)


def troubles_of(beheld: Beheld, reader: Reader) -> tuple[str, ...]:
    """Return what is wrong with a device by its own report, in words."""
    report = beheld.contact.report if beheld.contact else None
    if report is None:
        return ()
    found = []
    if report.camera in BAD_CAMERAS:
        found.append(f"{reader.say(marked('Camera'))}: {reader.word(CAMERAS, report.camera)}")
    if report.clock in BAD_CLOCKS:
        found.append(f"{reader.say(marked('Clock'))}: {reader.word(CLOCKS, report.clock)}")
    if report.free_mb is not None and report.free_mb < LEAST_FREE_MB:
        found.append(reader.say(marked("Little room on its disk")))
    if report.parked:
        found.append(
            reader.ngettext("%(num)s record set apart there", "%(num)s records set apart there", report.parked)
        )
    return tuple(found)


def _has_trouble(beheld: Beheld) -> bool:
    report = beheld.contact.report if beheld.contact else None
    if report is None:
        return False
    little_room = report.free_mb is not None and report.free_mb < LEAST_FREE_MB
    return report.camera in BAD_CAMERAS or report.clock in BAD_CLOCKS or little_room or report.parked > 0


def _contact(revoked_ms: int | None, heard_ms: int | None, now_ms: int) -> str:
    if revoked_ms is not None:
        return "revoked"
    if heard_ms is None:
        return "never"
    if now_ms - heard_ms < FRESH_MS:
        return "fresh"
    return "quiet" if now_ms - heard_ms < QUIET_MS else "silent"
