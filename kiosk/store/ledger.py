"""The device's ledger: transactions on the file, with the database's errors translated at this edge.

Upstream: ``transaction``, ``faults``, ``sync.mailbox.engine``.
Downstream: ``device_file``.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.store.faults import translated
from kiosk.store.transaction import DeviceTransaction
from sync.mailbox import engine as sqlite

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from sqlalchemy import Engine

    from kiosk.usecases.ports import Ids


@dataclass(frozen=True, slots=True)
class DeviceLedger:
    """The port ``Ledger`` on one SQLite file; safe to use from several threads."""

    engine: Engine
    stream: str
    zone: tzinfo
    ids: Ids

    @contextmanager
    def reading(self) -> Iterator[DeviceTransaction]:
        """Open a consistent view; raises ``RecordingError`` when the file cannot be read."""
        with translated(sqlite.file_of(self.engine)), sqlite.reading(self.engine) as connection:
            yield DeviceTransaction(connection, self.stream, self.zone, self.ids.new_id)

    @contextmanager
    def writing(self) -> Iterator[DeviceTransaction]:
        """Open a transaction; it is durable when the block has ended, or nothing of it is (``RecordingError``)."""
        with translated(sqlite.file_of(self.engine)), sqlite.writing(self.engine) as connection:
            yield DeviceTransaction(connection, self.stream, self.zone, self.ids.new_id)
