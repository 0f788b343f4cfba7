"""Where the reference data stands in the device file: the signed file and the feed's inbox, checked again when read.

Upstream: ``tables``, ``sync.mailbox.inbox``, ``kiosk.usecases.combined_reference``.
Downstream: ``device_file``.

The file is believed for the root key's signature, the inbox for the platform key's seal of each whole set; both are
read in one view. Once the feed has overtaken the file in everything, the file goes: what it told by name may have been
taken back since.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from kiosk.store.faults import translated
from kiosk.store.tables import ReferenceRow
from kiosk.usecases.apply_reference_data import versions_of
from kiosk.usecases.combined_reference import SealedSet, combined, sealed_set
from kiosk.usecases.errors import NotEnrolledError, RecordingError
from kiosk.usecases.ports import Reference
from sync.mailbox import inbox
from sync.mailbox.engine import checkpoint, file_of, reading, writing
from sync.protocol.changes import Scope
from sync.protocol.errors import SignatureError
from sync.protocol.reference import read_reference_data
from sync.protocol.revocation import read_revocation_list
from sync.protocol.signing.documents import SignedDocument
from sync.protocol.trust import read_trust_list

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from kiosk.usecases.combined_reference import Trusted

log = logging.getLogger(__name__)
_document = select(ReferenceRow.document).where(ReferenceRow.id == 1)


class DeviceShelf:
    """The port ``ReferenceStore``; keeps the last reading in memory."""

    def __init__(self, engine: Engine, trusted: Trusted) -> None:
        """Take the file, and whom the device believes since its enrolment."""
        self._engine = engine
        self._trusted = trusted
        self._current: Reference | None = None
        self._seen: object = None  # what stood when that was read
        self._is_tidy = False  # whether a file that was overtaken has gone

    def refresh(self) -> None:
        """Take up what another process of this device has put there; nothing where the file cannot be read now.

        What can no longer be believed, or is older, replaces nothing.
        """
        try:
            if self._current is None or self._mark() != self._seen:
                current, brought = self._current, self._read()
                self._current = brought if current is None or _is_not_older(brought, current) else current
            if not self._is_tidy:
                self._drop_overtaken_file(self._current)
        except (RecordingError, NotEnrolledError) as error:
            log.warning("what the platform told cannot be taken up now: %s", error)

    def current(self) -> Reference:
        """Return the reference data that stands.

        Raises:
            NotEnrolledError: none stands, or what stands is not signed by the keys that this device trusts.
        """
        if self._current is None:
            self._current = self._read()
        return self._current

    def replace(self, document: SignedDocument, reference: Reference) -> None:
        """Keep newer reference data whole."""
        values = {"document": msgspec.json.encode(document)}
        statement = upsert(ReferenceRow).values(id=1, **values)
        with translated(file_of(self._engine)), writing(self._engine) as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=[ReferenceRow.id], set_=values))
        self._current, self._seen = reference, None

    def _mark(self) -> object:
        with translated(file_of(self._engine)), reading(self._engine) as connection:
            return connection.execute(_document).scalar_one_or_none(), self._mark_of_feed(connection)

    def _mark_of_feed(self, connection: Connection) -> object:
        return inbox.mark(connection) if self._trusted.platform_public is not None else ()

    def _read(self) -> Reference:
        with translated(file_of(self._engine)), reading(self._engine) as connection:
            stored = connection.execute(_document).scalar_one_or_none()
            self._seen, self._is_tidy = (stored, self._mark_of_feed(connection)), False
            sets = self._sets(connection)
        try:
            filed = None if stored is None else self._filed(stored)
        except NotEnrolledError:
            if not sets:
                raise
            filed = None
        found = combined(filed, sets, self._trusted)
        if found is None:
            raise NotEnrolledError("this device has no reference data yet; run: kiosk enrol FILE")
        return found

    def _sets(self, connection: Connection) -> dict[Scope, SealedSet]:
        if self._trusted.platform_public is None:
            return {}
        found = {}
        for scope in Scope:
            kept = inbox.read(connection, scope)
            if kept is not None and (sealed := sealed_set(kept.entries, kept.seal, scope, self._trusted)):
                found[scope] = sealed
        return found

    def _filed(self, stored: bytes) -> Reference:
        root_public = self._trusted.root_public
        try:
            data = read_reference_data(msgspec.json.decode(stored, type=SignedDocument), root_public)
            trust = read_trust_list(data.trust_list, root_public)
            return Reference(data, trust, read_revocation_list(data.revocations, root_public))
        except (msgspec.MsgspecError, SignatureError) as error:
            raise NotEnrolledError(f"the reference data of this device is not valid ({error}); enrol again") from error

    def _drop_overtaken_file(self, current: Reference) -> None:
        """Remove the file where the feed alone gives all that stands."""
        with translated(file_of(self._engine)), reading(self._engine) as connection:
            stored = connection.execute(_document).scalar_one_or_none()
            alone = combined(None, self._sets(connection), self._trusted)
        self._is_tidy = True
        if stored is None or alone is None or versions_of(alone) != versions_of(current):
            return
        with translated(file_of(self._engine)):
            with writing(self._engine) as connection:
                connection.execute(delete(ReferenceRow).where(ReferenceRow.document == stored))
                self._seen = None, self._mark_of_feed(connection)
            checkpoint(self._engine, "TRUNCATE")


def _is_not_older(brought: Reference, current: Reference) -> bool:
    return all(new >= old for new, old in zip(versions_of(brought), versions_of(current), strict=True))
