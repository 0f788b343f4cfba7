"""Backing a platform up, restoring it, and beginning a new epoch, so that devices bring back what they still hold.

Upstream: ``store``.
Downstream: the commands.

A restored platform lacks what came after its backup. It says so by a new epoch: every device compares what it has
sent (``POST /v1/events/missing``) and sends again what is missing. A copy without a new epoch would believe itself
complete.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sync.platform.errors import StoreError
from sync.platform.ports import Ids
from sync.platform.store import Database, copying

_BY_POSTGRESQL = (
    "PostgreSQL is backed up by its own programs (pg_dump, pg_restore, or its archive); docs/OPERATIONS.md tells how."
    " After a restore run: python -m sync.platform epoch new"
)
REGISTRY = "registry"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the new epoch, and where the database that stood there is kept (None: there was none)."""

    epoch: str
    kept: Path | None


def back_up(url: str, file: Path) -> None:
    """Copy the SQLite database of a URL to a new file while the platform may go on.

    Raises:
        StoreError: the database is not SQLite's, or the file cannot be written.
    """
    place = Database.file_of(url)
    if place is None:
        raise StoreError(_BY_POSTGRESQL)
    copying.copy_out(place, file)


def restore(url: str, file: Path, ids: Ids) -> Restored:
    """Put a backup in the place of the database of a URL, bring it up to date and begin a new epoch.

    Raises:
        StoreError: the URL is not SQLite's, the file is no sound backup, or a platform has the database open.
    """
    place = Database.file_of(url)
    if place is None:
        raise StoreError(_BY_POSTGRESQL)
    kept = copying.copy_in(file, place)
    database = Database.open(url, create=False)
    try:
        database.migrate()
        return Restored(begin_epoch(database, ids), kept)
    finally:
        database.close()


def begin_epoch(database: Database, ids: Ids) -> str:
    """Begin a new epoch and return it; what arrives from now on stands behind all that is here."""
    epoch = ids()
    with database.writing(REGISTRY) as unit:
        unit.arrivals.begin_again()
        unit.registry.begin_epoch(epoch)
    return epoch
