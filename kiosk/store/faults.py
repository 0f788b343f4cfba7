"""The one place where the database's errors become words a volunteer's screen has sentences for.

Upstream: sqlite3's error codes, ``kiosk.usecases.errors``.
Downstream: ``device_file``, ``ledger``.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from kiosk.domain.refusal import RecordingFault
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
_UNREADABLE = frozenset({sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_CORRUPTFS})


@contextmanager
def translated(file: Path | None = None) -> Iterator[None]:
    """Turn the database's errors into :class:`~kiosk.usecases.errors.RecordingError`, naming ``file`` where given."""
    where = "" if file is None else f"{file}: "
    try:
        yield
    except DBAPIError as error:
        raise RecordingError(fault_of(error.orig), f"{where}{error.orig}") from error
    except sqlite3.Error as error:
        raise RecordingError(fault_of(error), f"{where}{error}") from error


def fault_of(error: BaseException | None) -> RecordingFault:
    """Return the fault of a driver's error; what is not known is ``broken``."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None or code in _UNREADABLE:
        return RecordingFault.BROKEN
    return _FAULTS.get(code & PRIMARY, RecordingFault.BROKEN)
