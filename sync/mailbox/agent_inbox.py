"""The agent's side of the inbox: each page is one transaction on the device's file.

Upstream: ``engine``, ``inbox``.
Downstream: ``sync.agent.changes``.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from sync.mailbox import inbox
from sync.mailbox.agent_side import MailboxError
from sync.mailbox.engine import FileMovedError, checkpoint, open_engine, reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sync.protocol.changes import ChangesPage, Scope, SetSeal
    from sync.protocol.signing.documents import SignedDocument


class AgentInbox:
    """What the platform told, in one device file.

    Every method is one transaction and raises :class:`MailboxError` when the file cannot be used; then nothing changed.
    """

    def __init__(self, file: Path) -> None:
        """Take the device's file; it is made by the kiosk, never by the agent."""
        self._file = file
        self._engine = open_engine(file, follows=True)

    def after(self, scope: Scope) -> str | None:
        """Return the cursor to ask with next; None: from the beginning."""
        with self._translated(), reading(self._engine) as connection:
            return inbox.asked(connection, scope).after

    def keep(self, page: ChangesPage, seal: SetSeal | None) -> bool:
        """Keep a page and its cursor; return whether a new whole set stands now.

        What is gone leaves the file to its last byte: the log of SQLite is emptied behind it, as far as nobody reads.

        Raises:
            UnfitPageError: the page does not fit; nothing changed.
        """
        with self._translated():
            with writing(self._engine) as connection:
                is_new = inbox.keep(connection, page, seal)
            if is_new:
                checkpoint(self._engine, "TRUNCATE")
        return is_new

    def mend(self, scope: Scope, read_seal: Callable[[SignedDocument], SetSeal]) -> None:
        """Ask from the beginning next where what stands is not what the platform sealed for this device."""
        with self._translated():
            with reading(self._engine) as connection:
                is_whole = inbox.is_whole(connection, scope, read_seal)
            if not is_whole:
                self.begin_anew(scope)

    def begin_anew(self, scope: Scope) -> None:
        """Ask from the beginning next; what stands goes on standing until that has come whole."""
        with self._translated(), writing(self._engine) as connection:
            inbox.begin_anew(connection, scope)

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise MailboxError(f"{self._file}: {error.orig}") from error
        except FileMovedError as error:
            raise MailboxError(f"{self._file}: {error}") from error
