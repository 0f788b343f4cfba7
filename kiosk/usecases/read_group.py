"""How many of a visiting team came and left since its group was opened: read from the ledger, kept nowhere else.

Upstream: ``scan_ports``.
Downstream: ``record_scan``, ``read_board``, ``close_group``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.usecases.outcomes import Group, GroupMember
from sync.protocol.sessions import session_id_of
from sync.protocol.vocabulary import EventKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.usecases.ports import Reading
    from kiosk.usecases.scan_ports import OpenGroup
    from sync.protocol.envelope import Envelope

LATEST = 4  # names on the group's screen
_SCANS = frozenset({EventKind.CHECK_IN.value, EventKind.CHECK_OUT.value})


def group_of(reading: Reading, opened: OpenGroup) -> Group:
    """Return a group as it stands."""
    scans = scans_of(reading, opened)
    came = sum(scan.kind == EventKind.CHECK_IN for scan in scans)
    body = opened.body
    return Group(body.group, body.service, body.team, came, len(scans) - came, _latest(reading, scans))


def scans_of(reading: Reading, opened: OpenGroup) -> Sequence[Envelope]:
    """Return the check-ins and check-outs that stand since a group was opened, in order."""
    since = reading.events_after(opened.opening.id)
    undone = {envelope.body.get("of") for envelope in since if envelope.kind == EventKind.UNDO}
    return [envelope for envelope in since if envelope.kind in _SCANS and envelope.id not in undone]


def _latest(reading: Reading, scans: Sequence[Envelope]) -> tuple[GroupMember, ...]:
    members = []
    for scan in reversed(scans[-LATEST:]):
        recorded = reading.session(session_id_of(scan) or "")
        if recorded is not None:
            members.append(GroupMember(recorded.name, scan.kind == EventKind.CHECK_OUT))
    return tuple(members)
