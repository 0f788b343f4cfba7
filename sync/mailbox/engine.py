"""Opening the device's SQLite file, the same way for the kiosk and for the agent.

Upstream: SQLAlchemy, sqlite3.
Downstream: ``kiosk.store``, ``sync.agent``.

A file that is deleted, or moved away, lives on for those who have it open: SQLite would go on recording into nothing.
So every transaction first looks whether the name still leads to the file (two stats, microseconds), and a writer again
before it says that something is recorded.

WAL, ``synchronous=FULL``: a commit that returned is on the disk (a power cut loses nothing acknowledged; under NORMAL
it may). ``secure_delete``: what is deleted is overwritten, so that a name that was erased is gone. Writers begin with
BEGIN IMMEDIATE, so that a lock is met at the start and never in the middle.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

DURABLE = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
BUSY_MS = 2_000  # how long a writer waits for the other process; commits take about a millisecond


class FileMovedError(sqlite3.OperationalError):
    """The name of the device's file no longer leads to the file that is open."""

    sqlite_errorcode = sqlite3.SQLITE_READONLY_DBMOVED


Mark = tuple[int, int] | None  # device and inode


@dataclass(slots=True)
class _Place:
    """Where an engine's file stood when it was opened: its mark, and its ``-wal``'s once that is there."""

    file: Path
    follows: bool
    marks: tuple[Mark, Mark] | None = None

    def note(self) -> None:
        if self.marks is None:
            self.marks = self._now()

    def is_ours(self) -> bool:
        """Whether the names still lead to the files that are open; True before anything is."""
        if self.marks is None:
            return True
        (file, wal), (file_now, wal_now) = self.marks, self._now()
        if wal is None:
            self.marks, wal = (file, wal_now), wal_now
        return (file, wal) == (file_now, wal_now)

    def _now(self) -> tuple[Mark, Mark]:
        return _mark(self.file), _mark(wal_of(self.file))


_places: WeakKeyDictionary[Engine, _Place] = WeakKeyDictionary()


def open_engine(file: Path, *, busy_ms: int = BUSY_MS, follows: bool = False, looks: bool = False) -> Engine:
    """Return an engine on the device's file; the file is created at the first connection if it is missing.

    Args:
        file: the device's file.
        busy_ms: how long a writer waits for another.
        follows: where another file has taken the place of the one that is open, that one is opened instead.
        looks: open an existing file for reading only; then closing it takes no commits up into it and deletes no
            ``-wal``, of which the kiosk may read more than SQLite does.
    """
    if looks:
        engine = create_engine("sqlite://", creator=lambda: _look(file), poolclass=QueuePool)
    else:
        engine = create_engine(URL.create("sqlite", database=str(file)))
    place = _places[engine] = _Place(file, follows)
    event.listen(engine, "connect", lambda connection, _record: _prepare(connection, busy_ms, () if looks else DURABLE))
    event.listen(engine, "connect", lambda _connection, _record: place.note())
    event.listen(engine, "begin", _begin)
    return engine


def wal_of(file: Path) -> Path:
    """Return where SQLite keeps the commits that are not in the file yet."""
    return file.with_name(f"{file.name}-wal")


def file_of(engine: Engine) -> Path:
    """Return the name under which the engine's file was opened."""
    return _places[engine].file


def is_in_place(engine: Engine) -> bool:
    """Tell whether the engine's file is still the one that its name leads to."""
    return _places[engine].is_ours()


def has_name(engine: Engine) -> bool:
    """Tell whether the name leads to the engine's file, whatever became of its ``-wal``."""
    place = _places[engine]
    return place.marks is None or place.marks[0] == _mark(place.file)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a read transaction: one consistent view that never waits for a writer.

    Raises:
        FileMovedError: the file was deleted, or moved away.
    """
    _stand(engine)
    with engine.connect().execution_options(lyz_begin="BEGIN") as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a write transaction that commits at the end of the block, and rolls back when the block raises.

    Raises:
        FileMovedError: the file was deleted, or moved away; what was committed is on no file that has a name.
    """
    _stand(engine)
    with engine.begin() as connection:
        yield connection
    if not is_in_place(engine):
        raise FileMovedError("the file was moved away while it was written")


def checkpoint(engine: Engine, mode: str = "PASSIVE") -> int:
    """Bring commits from the ``-wal`` into the file; returns how many pages of the ``-wal`` SQLite takes for committed.

    ``PASSIVE`` waits for nobody; ``TRUNCATE`` leaves an empty ``-wal``.
    """
    raw = engine.raw_connection()
    try:
        _busy, pages, _done = raw.cursor().execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        return int(pages)
    finally:
        raw.close()


def copy_of(engine: Engine, target: Path) -> None:
    """Write all that the open file holds, commits of its ``-wal`` too, to a new file; it needs no name for that."""
    raw = engine.raw_connection()
    try:
        with closing(sqlite3.connect(target)) as copy:
            raw.driver_connection.backup(copy)  # type: ignore[union-attr]
    finally:
        raw.close()


def has_connection(engine: Engine) -> bool:
    """Tell whether a connection stands open that can be asked again."""
    pool = engine.pool
    return isinstance(pool, QueuePool) and pool.checkedin() > 0


def _stand(engine: Engine) -> None:
    place = _places[engine]
    if place.is_ours():
        return
    if not (place.follows and place.file.is_file()):
        raise FileMovedError("the file was deleted or moved away")
    engine.dispose()
    place.marks = None


def _mark(file: Path) -> Mark:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _look(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)


def _prepare(connection: Any, busy_ms: int, more: tuple[str, ...]) -> None:
    connection.isolation_level = None
    for pragma in (f"busy_timeout={busy_ms}", *more):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("lyz_begin", "BEGIN IMMEDIATE"))
