"""What a page shows of devices, as plain values: how each stands, and what was refused of it.

Upstream: ``records``, ``wording``, ``reader``.
Downstream: ``pages``, the templates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sync.platform import wording
from sync.platform.console.reader import Reader
from sync.platform.records import AlarmCount, DeviceStanding, Quarantined

FRESH_MS = 60 * 60 * 1000  # a device heard of within the hour is in contact
QUIET_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One device as it stands on the page; ``contact`` is fresh, quiet, silent, never or revoked."""

    name: str
    id: str
    service_point: str
    contact: str
    contact_word: str
    contact_at: str | None
    events: int
    missing: int
    quarantined: int
    alarms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """One quarantined record: when, whence, why and what to do."""

    received_at: str
    device: str
    event: str
    kind: str
    sentence: str
    detail: str


def device_line(standing: DeviceStanding, now_ms: int, reader: Reader) -> DeviceLine:
    """Return one device as it stands on the page."""
    device = standing.device
    heard_ms = device.last_contact_ms
    return DeviceLine(
        name=device.name,
        id=device.id,
        service_point=standing.service_point_name,
        contact=_contact(device.revoked_ms, heard_ms, now_ms),
        contact_word=reader.ago(heard_ms, now_ms) if heard_ms is not None else reader.say(wording.marked("Never")),
        contact_at=reader.moment(heard_ms) if heard_ms is not None else None,
        events=standing.events,
        missing=standing.missing,
        quarantined=standing.quarantined,
        alarms=tuple(_alarm_words(standing.alarms, reader)),
    )


def refused_line(refused: Quarantined, reader: Reader) -> RefusedLine:
    """Return one quarantined record as it stands on the page."""
    sentence = reader.word(wording.REFUSALS, refused.refusal)
    at, kind = reader.moment(refused.received_ms), reader.word(wording.KINDS, refused.kind)
    return RefusedLine(at, refused.device_name, refused.event, kind, sentence, refused.detail)


def _contact(revoked_ms: int | None, heard_ms: int | None, now_ms: int) -> str:
    if revoked_ms is not None:
        return "revoked"
    if heard_ms is None:
        return "never"
    if now_ms - heard_ms < FRESH_MS:
        return "fresh"
    return "quiet" if now_ms - heard_ms < QUIET_MS else "silent"


def _alarm_words(alarms: Iterable[AlarmCount], reader: Reader) -> Iterable[str]:
    for alarm in alarms:
        yield f"{reader.word(wording.ALARMS, alarm.word)} ({alarm.times})"
