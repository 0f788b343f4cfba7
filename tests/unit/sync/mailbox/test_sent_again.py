"""What the platform lacks goes back to waiting, one event or many."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.mailbox import outbox
from sync.mailbox.engine import open_engine, reading, writing
from sync.mailbox.outbox import Counts
from tests.support.envelopes import chain_of
from tests.support.outboxes import device_file_with


@pytest.mark.parametrize("count", [1, 2, 40])
def test_many_are_sent_again_as_well_as_one(tmp_path: Path, count: int) -> None:
    events = chain_of(count + 1)
    engine = open_engine(device_file_with(tmp_path / "device.sqlite", events))
    named = [event.id for event in events]
    with writing(engine) as connection:
        outbox.claim(connection, "lease", 100)
        outbox.acknowledge(connection, named[1:], 1)
        outbox.park(connection, {named[0]: "why"})
        outbox.send_again(connection, named[:count])
    with reading(engine) as connection:
        assert outbox.counts(connection) == Counts(waiting=count, parked=0, acknowledged=1)
    engine.dispose()
