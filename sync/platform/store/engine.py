"""Opens the database of a URL, brings its schema up to date, and hands out units of work.

Upstream: SQLAlchemy, ``dialect``, ``migrations``.
Downstream: the wiring of every command and of the server.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from sync.platform.errors import DatabaseAwayError, StoreError
from sync.platform.store import batch_log, dialect, migrations, recounting
from sync.platform.store.unit_of_work import Unit


class Database:
    """One open database. Closing it is :meth:`close`; transactions are :meth:`reading` and :meth:`writing`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._away = dialect.away_errors(engine)

    @classmethod
    def open(cls, url: str, *, create: bool = True) -> Database:
        """Open the database of a SQLAlchemy URL.

        Args:
            url: ``sqlite:///path`` or ``postgresql+driver://…``.
            create: whether a missing SQLite file and its folder are made.

        Raises:
            StoreError: the URL is not one, its driver is missing, or the file cannot be opened.
        """
        try:
            parsed = make_url(url)
            if file := _file_of(parsed):
                _prepare_file(file, create=create)
            named, options = dialect.options_of(parsed)
            engine = create_engine(named, hide_parameters=True, pool_pre_ping=True, **options)
            dialect.prepare(engine)
            with engine.connect():
                pass
        except (ArgumentError, ImportError, OSError, SQLAlchemyError) as error:
            raise StoreError(f"The database cannot be opened: {_where(url)}. {_cause(error)}") from error
        return cls(engine)

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()

    def migrate(self) -> None:
        """Bring the schema to this program's version.

        Raises:
            StoreError: the database is of a newer version, or cannot be written.
        """
        with self._engine.connect().execution_options(**{dialect.WRITES: True}) as connection, connection.begin():
            try:
                dialect.hold_migrations(connection)
                migrations.upgrade(connection)
            except (migrations.CommandError, OperationalError) as error:
                raise StoreError(
                    f"The database cannot be brought up to date: {_cause(error)} Is it of a newer version of this"
                    " program, may this user not write to it, or is it busy? Then try again later."
                ) from error

    @contextmanager
    def reading(self, *, patient: bool = False) -> Iterator[Unit]:
        """Yield a unit of work that changes nothing.

        Args:
            patient: for what reads the whole ledger; its statements may last as long as they need.

        Raises:
            DatabaseAwayError: the database does not answer just now.
        """
        with self._at_hand(), Session(self._engine) as session:
            if patient:
                dialect.take_time(session.connection())
            yield Unit.over(session)

    @contextmanager
    def writing(self, owner: str) -> Iterator[Unit]:
        """Yield a unit of work that is committed, durably, when the block ends well.

        Args:
            owner: whose rows are written (a device id …): two of the same owner never run at once.

        Raises:
            DatabaseAwayError: the database does not answer just now, or others hold what is needed for too long.
                Nothing was changed, but for one case: it was lost while it committed. So who asks again must get the
                same, as with batches, where every event is known by its id.
        """
        engine = self._engine.execution_options(**{dialect.WRITES: True})
        with self._at_hand(), Session(engine) as session, session.begin():
            dialect.hold_writers_of(session.connection(), owner)
            unit = Unit.over(session)
            yield unit
            unit.tallies.settle()

    def tend_log(self, now_ms: int, keep: int) -> int:
        """Make the months to come of the log of batches, and take away what is older than so many whole months.

        Raises:
            DatabaseAwayError: as of :meth:`writing`.
        """
        engine = self._engine.execution_options(**{dialect.WRITES: True})
        with self._at_hand(), engine.connect() as connection, connection.begin():
            return batch_log.tend(connection, now_ms, keep)

    def recount(self) -> int:
        """Count all totals anew; return of how many volunteers sessions overlap.

        Raises:
            DatabaseAwayError: as of :meth:`writing`.
        """
        engine = self._engine.execution_options(**{dialect.WRITES: True})
        with self._at_hand(), Session(engine) as session, session.begin():
            return recounting.recount(session)

    @staticmethod
    def is_sqlite(url: str) -> bool:
        """Tell whether a URL names SQLite, where one process serves."""
        return url.startswith(dialect.SQLITE)

    @staticmethod
    def file_of(url: str) -> Path | None:
        """Return the file of a URL of SQLite's; None of any other, and of one in memory.

        Raises:
            StoreError: it is not a URL.
        """
        try:
            return _file_of(make_url(url))
        except ArgumentError as error:
            raise StoreError(f"The database cannot be opened: {_where(url)}.") from error

    @contextmanager
    def _at_hand(self) -> Iterator[None]:
        try:
            yield
        except self._away as error:
            raise DatabaseAwayError(f"The database cannot be used now: {_cause(error)}") from error


def _file_of(url: URL) -> Path | None:
    return Path(url.database) if url.get_backend_name() == dialect.SQLITE and url.database else None


def _prepare_file(path: Path, *, create: bool) -> None:
    if not create and not path.exists():
        raise StoreError(
            f"There is no database {path}. Name another with --config or --database; 'serve' makes a new one."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)  # it holds names; its write-ahead log takes over the mode


def _where(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "(not a database URL; for example sqlite:////var/lib/platform/platform.sqlite)"


def _cause(error: Exception) -> str:
    origin = getattr(error, "orig", None) or error
    return f"{origin}.".replace("..", ".")
