"""What is sent again: the attempt is marked before it is made; what the platform lacks goes back to waiting."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from sync.mailbox import outbox
from sync.mailbox.engine import open_engine, reading, writing
from sync.mailbox.outbox import Counts
from sync.mailbox.tables import OutboxRow
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


def test_an_attempt_is_marked_before_it_is_made_whoever_dies_over_it(tmp_path: Path) -> None:
    engine = open_engine(device_file_with(tmp_path / "device.sqlite", chain_of(3)))
    for attempt in range(1, 4):
        with writing(engine) as connection:
            outbox.claim(connection, f"agent {attempt}", 2)  # it dies before it hears of them
        with reading(engine) as connection:
            attempts = connection.scalars(select(OutboxRow.attempts).order_by(OutboxRow.position)).all()
        assert attempts == [attempt, attempt, 0]
    engine.dispose()
