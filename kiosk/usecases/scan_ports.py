"""What a scan asks of the ledger besides ``ports``: who is on duty, what nobody ended, the group, the drill.

Upstream: ``sync.protocol``.
Downstream: ``record_scan`` and the answers to its questions; ``kiosk.store.scan_queries`` implements it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.usecases.ports import RecordedSession
    from sync.protocol.envelope import Envelope
    from sync.protocol.events import GroupOpened


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """A visiting team's group, and the event that opened it."""

    opening: Envelope
    body: GroupOpened


class ScanReading(Protocol):
    """What a scan asks of the ledger."""

    def open_sessions_of(self, volunteer: str, *, drill: bool = False) -> Sequence[RecordedSession]:
        """Return the open sessions of a volunteer, latest first; ``drill``: those of a drill, else all others."""
        ...

    def unended_session_of(self, volunteer: str) -> RecordedSession | None:
        """Return the latest session of a volunteer whose end nobody has said yet, or None."""
        ...

    def last_service_of(self, volunteer: str, *, drill: bool = False) -> str | None:
        """Return the service kind of the latest session of a volunteer at this device, or None; ``drill`` as above."""
        ...

    def events_of(self, session_id: str) -> Sequence[Envelope]:
        """Return what this device recorded of a session, in order; also of one that began at another device."""
        ...

    def events_after(self, event_id: str) -> Sequence[Envelope]:
        """Return what was recorded after an event, in order."""
        ...

    def current_group(self) -> OpenGroup | None:
        """Return the visiting team's group that is open here, or None."""
        ...

    def drill_on(self) -> bool:
        """Tell whether the station is practising."""
        ...
