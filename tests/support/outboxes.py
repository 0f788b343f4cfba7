"""Device files whose outbox holds some envelopes, without a kiosk."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sync.mailbox import outbox
from sync.mailbox.engine import open_engine, writing
from sync.protocol.envelope import Envelope
from tests.support.station import empty_device_file


def device_file_with(file: Path, envelopes: Iterable[Envelope]) -> Path:
    """Make a device file and put envelopes into its outbox."""
    file.write_bytes(empty_device_file())
    engine = open_engine(file)
    with writing(engine) as connection:
        for envelope in envelopes:
            outbox.append(connection, envelope)
    engine.dispose()
    return file
