"""The one place where the database's errors become words a volunteer's screen has sentences for.

Upstream: sqlite3's error codes, ``kiosk.usecases.errors``.
Downstream: everything of the store that touches the file.
"""

from __future__ import annotations

import errno
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from kiosk.domain.refusal import RecordingFault
from kiosk.store.suspicion import suspect
from kiosk.usecases.errors import RecordingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PRIMARY = 0xFF  # the lower byte of SQLite's extended result codes
_FAULTS = {
    sqlite3.SQLITE_FULL: RecordingFault.DISK_FULL,
    sqlite3.SQLITE_IOERR: RecordingFault.DISK_FULL,
    sqlite3.SQLITE_BUSY: RecordingFault.BUSY,
    sqlite3.SQLITE_LOCKED: RecordingFault.BUSY,
    sqlite3.SQLITE_READONLY: RecordingFault.READ_ONLY,
    sqlite3.SQLITE_PERM: RecordingFault.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: RecordingFault.READ_ONLY,
}
_MOVED = sqlite3.SQLITE_READONLY_DBMOVED  # to be opened anew, as a damaged file is
_UNREADABLE = frozenset({sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_CORRUPTFS})


_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_OF_SYSTEM = {
    errno.ENOSPC: RecordingFault.DISK_FULL,
    errno.EDQUOT: RecordingFault.DISK_FULL,
    errno.EFBIG: RecordingFault.DISK_FULL,
    errno.EIO: RecordingFault.BROKEN,
}


class DamagedError(RecordingError):
    """What the file holds is not what was put there."""

    def __init__(self, detail: str) -> None:
        """Keep the technical detail for the log."""
        super().__init__(RecordingFault.BROKEN, detail)


@contextmanager
def translated(file: Path | None = None, *, looking: bool = False) -> Iterator[None]:
    """Turn the errors of database and disk into :class:`~kiosk.usecases.errors.RecordingError`.

    Args:
        file: the device's file, to be named in the error and suspected where it is broken.
        looking: leave no trace beside the file.
    """
    where = "" if file is None else f"{file}: "
    try:
        try:
            yield
        except DBAPIError as error:
            raise RecordingError(fault_of(error.orig), f"{where}{error.orig}") from error
        except sqlite3.Error as error:
            raise RecordingError(fault_of(error), f"{where}{error}") from error
        except UnicodeDecodeError as error:  # of a damaged schema not even the complaint can be read
            raise DamagedError(f"{where}{error.reason}") from error
    except RecordingError as error:
        if error.fault is RecordingFault.BROKEN and file is not None and not looking:
            suspect(file)
        raise


@contextmanager
def system_translated(file: Path) -> Iterator[None]:
    """Turn the operating system's errors into :class:`~kiosk.usecases.errors.RecordingError`."""
    try:
        yield
    except OSError as error:
        raise RecordingError(fault_of_system(error), f"{file}: {error.strerror}") from error


def fault_of(error: BaseException | None) -> RecordingFault:
    """Return the fault of a driver's error; what is not known is ``broken``."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None or code in _UNREADABLE or code == _MOVED:
        return RecordingFault.BROKEN
    return _FAULTS.get(code & PRIMARY, RecordingFault.BROKEN)


def fault_of_system(error: OSError) -> RecordingFault:
    """Return the fault of an error of the operating system; most mean that nothing may be written there."""
    return _OF_SYSTEM.get(error.errno or 0, RecordingFault.READ_ONLY)


def is_damage(error: BaseException) -> bool:
    """Tell whether an error says that the file's content is damaged, and not that it cannot be used just now."""
    if isinstance(error, DamagedError | UnicodeDecodeError):
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, sqlite3.Error):
        return False
    code = getattr(cause, "sqlite_errorcode", None)
    return code is None or code in _UNREADABLE or code & PRIMARY in _DAMAGED
