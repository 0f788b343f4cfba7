"""``kiosk ledger show``: the sessions and events of this device's file, for people and for scripts.

Upstream: ``kiosk.store``, ``kiosk.presenter`` (words).
Downstream: ``kiosk.cli``, ``kiosk.commands.demo`` (compares it with the platform's).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.table import Table

from kiosk.composition import RandomIds, open_catalogues
from kiosk.presenter.phrases import Language, Phrases
from kiosk.store.device_file import read_device_file
from kiosk.timekeeping.moment import instant_of

if TYPE_CHECKING:
    from kiosk.settings import KioskSettings
    from kiosk.usecases.ports import RecordedSession
    from sync.protocol.envelope import Envelope
    from sync.protocol.timeline import Bounds

EPOCH = datetime.fromtimestamp(0, UTC)
NS_PER_S = 1_000_000_000


def read(settings: KioskSettings) -> dict[str, Any]:
    """Return the ledger as JSON values: ``{"sessions": […], "events": […]}``; instants are UTC, ISO 8601.

    Raises:
        RecordingError: the file is not there or cannot be read.
    """
    zone = ZoneInfo(settings.station.zone)
    ledger = read_device_file(settings.device.file.expanduser(), zone=zone, ids=RandomIds())
    with ledger.reading() as reading:
        return {
            "sessions": [_session(recorded) for recorded in reading.sessions_since(EPOCH)],
            "events": [_event(envelope) for envelope in reading.events()],
        }


def table(settings: KioskSettings, ledger: dict[str, Any]) -> Table:
    """Return the sessions of :func:`read` as a table in Chinese, local times."""
    words, zone = Phrases(open_catalogues()[Language.CHINESE]), ZoneInfo(settings.station.zone)
    shown = Table(title=words.say("ledger.title", count=len(ledger["sessions"])), title_justify="left")
    for column in ("volunteer", "started", "ended", "minutes", "service", "state", "provenance"):
        shown.add_column(words.of("ledger", "column", column))
    for session in ledger["sessions"]:
        shown.add_row(
            f"{session['name']} {session['volunteer']}",
            _local(session["started_at"], zone),
            _local(session["ended_at"], zone),
            str(session["credited_minutes"]),
            words.name_of("service", session["service"]),
            words.of("state", session["state"]),
            words.of("provenance", session["provenance"]),
        )
    return shown


def _session(recorded: RecordedSession) -> dict[str, Any]:
    session = recorded.session
    return {
        "id": session.id,
        "volunteer": session.volunteer,
        "name": recorded.name,
        "service": session.service,
        "service_point": session.service_point,
        "state": session.state.value,
        "provenance": session.provenance.value,
        "started_at": _iso(session.started),
        "ended_at": None if session.ended is None else _iso(session.ended),
        "original_seconds": session.original_ns // NS_PER_S,
        "credited_minutes": session.credited_minutes,
        "rule": session.rule,
        "flags": sorted(session.flags),
        "tallies": dict(session.tallies),
    }


def _event(envelope: Envelope) -> dict[str, Any]:
    return {
        "id": envelope.id,
        "stream": envelope.stream,
        "seq": envelope.seq,
        "kind": envelope.kind,
        "h": envelope.h,
    }


def _iso(bounds: Bounds) -> str:
    return instant_of(bounds.est_ms).isoformat(timespec="milliseconds")


def _local(instant: str | None, zone: ZoneInfo) -> str:
    return "—" if instant is None else f"{datetime.fromisoformat(instant).astimezone(zone):%m-%d %H:%M:%S}"
