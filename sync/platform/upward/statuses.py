"""How far each target is told, and what stands in the way: for the command line and the console.

Upstream: ``store``, ``sync.mailbox.relaying``.
Downstream: ``commands.upward``, ``console``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sync.mailbox.relaying import RelayFileError, RelayMailbox
from sync.platform.store.arrivals import Cursor
from sync.platform.upward.targets import Target, TargetFiles, TargetKind

if TYPE_CHECKING:
    from sync.mailbox.relaying import RelayView
    from sync.platform.store import Unit

LOOK_AHEAD = 200  # arrivals that are counted beyond the cursor; more are shown as "at least"
MOST_SHOWN = 50  # lines that were set aside, of one target


@dataclass(frozen=True, slots=True)
class SetAside:
    """An event or a session that a target did not take, and its reason, in words a person can act on."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class TargetStatus:
    """One target as it stands; times are UTC ms.

    Attributes:
        target: which, and how it is told.
        unfed: a relay: arrivals that are not in its mailbox yet; ``unfed_more``: at least so many.
        waiting: a relay: events in the mailbox that the next platform has not acknowledged.
        told: events it acknowledged and that are still kept; of files, lines that were exported.
        corrections: of files, how many of those corrected an earlier line.
        set_aside: what the target did not take, the first :data:`MOST_SHOWN`; ``set_aside_count`` is all of it.
        last_ms: when the target was last heard of, or the last file was written; None: never.
        trouble: one sentence on what is wrong, or None.
    """

    target: Target
    unfed: int = 0
    unfed_more: bool = False
    waiting: int = 0
    told: int = 0
    corrections: int = 0
    set_aside: tuple[SetAside, ...] = ()
    set_aside_count: int = 0
    last_ms: int | None = None
    trouble: str | None = None

    @property
    def is_through(self) -> bool:
        """Whether nothing is left to tell and nothing is wrong."""
        return not (self.unfed or self.waiting or self.set_aside_count or self.trouble)


def statuses(unit: Unit, folder: Path, names: Sequence[str] = ()) -> tuple[TargetStatus, ...]:
    """Return every target's status, or that of the named ones.

    Args:
        unit: an open transaction.
        folder: where the files of relays lie (``data_dir/upward``).
        names: of targets; none: all.
    """
    targets = (target for target in unit.targets.all() if not names or target.name in names)
    return tuple(
        _of_files(unit, each) if each.kind is TargetKind.FILES else _of_relay(unit, each, folder) for each in targets
    )


def _of_files(unit: Unit, target: Target) -> TargetStatus:
    totals = unit.targets.totals(target.name)
    refused = unit.targets.refused(target.name, MOST_SHOWN)
    return TargetStatus(
        target,
        told=totals.lines,
        corrections=totals.corrections,
        set_aside=tuple(SetAside(each.session, each.refusal or "") for each in refused),
        set_aside_count=totals.refused,
        last_ms=totals.last_ms,
    )


def _of_relay(unit: Unit, target: Target, folder: Path) -> TargetStatus:
    file = TargetFiles(folder, target.name).mailbox
    mailbox = RelayMailbox(file)
    try:
        if not mailbox.is_made():
            return TargetStatus(target, trouble=f"{file} is missing; 'upward run' makes it and begins at the beginning")
        return _of_view(unit, target, mailbox.view())
    except RelayFileError as error:
        return TargetStatus(target, trouble=str(error))
    finally:
        mailbox.close()


def _of_view(unit: Unit, target: Target, view: RelayView) -> TargetStatus:
    cursor = view.fed.cursor if view.fed.epoch == unit.registry.epoch() else ""
    unfed = len(unit.arrivals.after(Cursor.read(cursor), LOOK_AHEAD + 1))
    return TargetStatus(
        target,
        unfed=min(unfed, LOOK_AHEAD),
        unfed_more=unfed > LOOK_AHEAD,
        waiting=view.counts.waiting,
        told=view.counts.acknowledged,
        set_aside=tuple(SetAside(each.event_id, each.reason) for each in view.parked[:MOST_SHOWN]),
        set_aside_count=view.counts.parked,
        last_ms=view.link.last_contact_ms,
        trouble=view.link.trouble,
    )
