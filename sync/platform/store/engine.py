"""Opens the database of a URL, brings its schema up to date, and hands out units of work.

Upstream: SQLAlchemy, ``dialect``, ``migrations``.
Downstream: the wiring of every command and of the server.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from sync.platform.errors import StoreError
from sync.platform.store import dialect, migrations
from sync.platform.store.unit_of_work import Unit


class Database:
    """One open database. Closing it is :meth:`close`; transactions are :meth:`reading` and :meth:`writing`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

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
            if parsed.get_backend_name() == dialect.SQLITE and parsed.database:
                _prepare_file(Path(parsed.database), create=create)
            engine = create_engine(parsed, hide_parameters=True, pool_pre_ping=True)
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
                dialect.hold_writers_of(connection, "migrations")
                migrations.upgrade(connection)
            except (migrations.CommandError, OperationalError) as error:
                raise StoreError(
                    f"The database cannot be brought up to date: {_cause(error)} Is it of a newer version of this"
                    " program, or may this user not write to it?"
                ) from error

    @contextmanager
    def reading(self) -> Iterator[Unit]:
        """Yield a unit of work that sees one state of the database and changes nothing."""
        with Session(self._engine) as session:
            yield Unit.over(session)

    @contextmanager
    def writing(self, owner: str) -> Iterator[Unit]:
        """Yield a unit of work that is committed, durably, when the block ends well.

        Args:
            owner: whose rows are written (a device id …): two of the same owner never run at once.
        """
        engine = self._engine.execution_options(**{dialect.WRITES: True})
        with Session(engine) as session, session.begin():
            dialect.hold_writers_of(session.connection(), owner)
            yield Unit.over(session)


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
