"""A SQLite database as one file that can be carried away, and back.

Upstream: ``sqlite3`` (its online backup: whole and consistent while the platform goes on writing), ``engine``.
Downstream: ``keeping``.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sync.platform.errors import StoreError

OWNER_ONLY = 0o600
PART, ASIDE = ".part", ".before-restore"
_SOUND = [("ok",)]


def copy_out(database: Path, file: Path) -> None:
    """Copy a database, which may be in use, to a new file; what was committed before this began is in it.

    Raises:
        StoreError: the file exists, cannot be written, or the copy is not sound.
    """
    if not database.exists():
        raise StoreError(f"There is no database {database}. Name another with --config or --database.")
    if file.exists():
        raise StoreError(f"{file} exists already and is not written over. Name another file.")
    part = file.with_name(file.name + PART)
    try:
        _copy(database, part)
        _flushed(part)
        os.link(part, file)  # unlike a rename it never takes another file's place
        part.unlink()
        _flushed(file.absolute().parent)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise StoreError(f"{file} cannot be written: {_cause(error)}.") from error


def copy_in(file: Path, database: Path) -> Path | None:
    """Put a copy in a database's place; what stood there is kept beside it.

    Returns:
        Where what stood there is now; None where nothing did.

    Raises:
        StoreError: the file is no sound copy, the database is in use, or its folder cannot be written.
    """
    if not file.exists():
        raise StoreError(f"There is no file {file}.")
    part = database.with_name(database.name + PART)
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        _copy(file, part)
        kept = _set_aside(database) if database.exists() else None
        _flushed(part)
        part.replace(database)
        _flushed(database.absolute().parent)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise StoreError(f"{file} cannot be brought back to {database}: {_cause(error)}.") from error
    return kept


def _copy(source: Path, target: Path) -> None:
    """Copy to a file of its owner alone that needs no log beside it, and check every page of it."""
    target.unlink(missing_ok=True)
    target.touch(OWNER_ONLY)
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as held, closing(sqlite3.connect(target)) as made:
        held.backup(made)
        made.execute("PRAGMA journal_mode = DELETE")
        if made.execute("PRAGMA integrity_check").fetchall() != _SOUND:
            raise sqlite3.DatabaseError("its pages are damaged")
        if not made.execute("SELECT 1 FROM sqlite_master WHERE name = 'platform_state'").fetchall():
            raise sqlite3.DatabaseError("it is not the database of a platform")


def _set_aside(database: Path) -> Path:
    """Move a database that nobody has open out of the way, with all that its log holds."""
    with closing(sqlite3.connect(database, timeout=0.0)) as held:
        held.execute("PRAGMA journal_mode = DELETE")  # refused while anybody else has it open
    number = 1
    while (kept := database.with_name(f"{database.name}{ASIDE}-{number}")).exists():
        number += 1
    database.rename(kept)
    return kept


def _flushed(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _cause(error: OSError | sqlite3.Error) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return "it is in use; stop the platform first" if "locked" in str(error) else str(error)
