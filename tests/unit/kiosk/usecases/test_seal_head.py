"""The head of the chain is signed at start and hourly while new records stand; what is signed is never changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from sync.mailbox import heads
from sync.mailbox.engine import reading
from sync.protocol.checkpoint import Checkpoint, is_signed_by
from sync.protocol.signing.keys import SigningKey
from tests.support.station import Booth

HOUR = 3600


def checkpoints(booth: Booth) -> list[Checkpoint]:
    with reading(booth.station.device.engine) as connection:
        return list(heads.checkpoints(connection))


def test_an_empty_chain_is_not_signed(booth: Booth) -> None:
    booth.station.tend()
    booth.restart()
    assert checkpoints(booth) == []


def test_the_first_record_is_signed_within_the_minute_and_later_ones_hourly(booth: Booth) -> None:
    booth.check_in("A-1")
    booth.station.tend()
    booth.check_in("A-2")
    booth.clocks.elapse(HOUR - 1)
    booth.station.tend()
    assert [each.seq for each in checkpoints(booth)] == [1]
    booth.clocks.elapse(1)
    booth.station.tend()
    booth.clocks.elapse(HOUR)
    booth.station.tend()
    assert [each.seq for each in checkpoints(booth)] == [1, 2]
    assert [each.h for each in checkpoints(booth)] == [each.h for each in booth.events()]


def test_a_start_signs_what_was_not(booth: Booth) -> None:
    booth.check_in("A-1")
    booth.station.tend()
    booth.check_in("A-2")
    booth.restart()
    booth.restart()
    assert [each.seq for each in checkpoints(booth)] == [1, 2]


def test_it_is_signed_with_the_devices_key(booth: Booth) -> None:
    booth.check_in()
    booth.station.tend()
    (signed,) = checkpoints(booth)
    assert is_signed_by(signed, SigningKey(booth.community.device_seed).public)


def test_a_file_that_cannot_be_written_is_signed_later(booth: Booth) -> None:
    booth.check_in()
    with closing(sqlite3.connect(booth.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert booth.station.keeping.seal_head() is None
        other.execute("ROLLBACK")
    assert booth.station.keeping.seal_head() is not None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE checkpoints SET h = 'x'",
        "DELETE FROM checkpoints",
        "INSERT OR REPLACE INTO checkpoints SELECT position, stream, 9, h, '', 1, 1, 1, '', '' FROM checkpoints",
    ],
)
def test_no_checkpoint_is_ever_changed_or_removed(booth: Booth, change: str) -> None:
    booth.check_in()
    booth.station.tend()
    with (
        closing(sqlite3.connect(booth.file)) as connection,
        pytest.raises(sqlite3.DatabaseError, match="never changed"),
    ):
        connection.execute(change)
