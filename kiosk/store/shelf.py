"""Where the signed reference data stands in the device file; checked again against the root key when read.

Upstream: ``tables``, ``sync.protocol.reference``.
Downstream: ``device_file``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from kiosk.store.faults import translated
from kiosk.store.tables import ReferenceRow
from kiosk.usecases.errors import NotEnrolledError, RecordingError
from kiosk.usecases.ports import Reference
from sync.mailbox.engine import file_of, reading, writing
from sync.protocol.errors import SignatureError
from sync.protocol.reference import read_reference_data
from sync.protocol.revocation import read_revocation_list
from sync.protocol.signing.documents import SignedDocument
from sync.protocol.trust import read_trust_list

if TYPE_CHECKING:
    from sqlalchemy import Engine


class DeviceShelf:
    """The port ``ReferenceStore``; keeps the last reading in memory."""

    def __init__(self, engine: Engine, root_public: bytes) -> None:
        """Take the file and the root key that the device got at enrolment."""
        self._engine = engine
        self._root_public = root_public
        self._current: Reference | None = None
        self._document: bytes | None = None

    def refresh(self) -> None:
        """Take up what another process of this device has put there; nothing where the file cannot be read now."""
        try:
            stored = self._stored()
        except RecordingError:
            return
        if stored != self._document:
            self._current = None

    def current(self) -> Reference:
        """Return the reference data that stands.

        Raises:
            NotEnrolledError: none stands, or what stands is not signed by this device's root key.
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
        self._current, self._document = reference, values["document"]

    def _stored(self) -> bytes | None:
        with translated(file_of(self._engine)), reading(self._engine) as connection:
            return connection.execute(select(ReferenceRow.document).where(ReferenceRow.id == 1)).scalar_one_or_none()

    def _read(self) -> Reference:
        stored = self._document = self._stored()
        if stored is None:
            raise NotEnrolledError("this device has no reference data yet; run: kiosk enrol FILE")
        try:
            data = read_reference_data(msgspec.json.decode(stored, type=SignedDocument), self._root_public)
            trust = read_trust_list(data.trust_list, self._root_public)
            return Reference(data, trust, read_revocation_list(data.revocations, self._root_public))
        except (msgspec.MsgspecError, SignatureError) as error:
            raise NotEnrolledError(f"the reference data of this device is not valid ({error}); enrol again") from error
