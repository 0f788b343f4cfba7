"""What the platform may tell a booth of its volunteers and services, and modes an operator switches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.protocol.events import Drill, GroupClosed, GroupOpened
from sync.protocol.reference import Standing

if TYPE_CHECKING:
    from sync.protocol.events import Body
    from tests.support.station import Booth

CAPTAIN = "4103020000000033"


def tell(booth: Booth, *standings: Standing, **more: Any) -> None:
    """Bring a booth newer reference data with these standings; ``more`` are further fields."""
    version = booth.station.device.shelf.current().data.version + 1
    document = booth.community.reference(version=version, standings=list(standings), **more)
    assert booth.station.apply_reference(document)


def append(booth: Booth, body: Body) -> None:
    """Record an event as an operator's act would."""
    with booth.station.device.ledger.writing() as writing:
        writing.append(body, booth.station.clock.now().stamp)


def open_group(booth: Booth, group: str = "group-1", service: str = "environment", team: str | None = "队一") -> None:
    """Open a visiting team's group."""
    append(booth, GroupOpened(group, service, CAPTAIN, team))


def close_group(booth: Booth, group: str = "group-1") -> None:
    """Close it."""
    append(booth, GroupClosed(group, CAPTAIN))


def set_drill(booth: Booth, *, on: bool) -> None:
    """Begin or end drill mode, the sessions in it left as they are."""
    append(booth, Drill(on, CAPTAIN))
