"""How far its records reach is said by the kiosk that runs, in its own file, and carried on as it stands."""

from __future__ import annotations

from pathlib import Path

from sync.mailbox.agent_side import AgentMailbox
from sync.protocol.contact import Reached
from tests.support.station import Booth, booth_in


def said(booth: Booth) -> Reached:
    """What the agent finds."""
    mailbox = AgentMailbox(booth.file)
    found = mailbox.reached()
    mailbox.close()
    assert found is not None
    return found


def test_a_kiosk_vouches_for_every_record_before_its_stamp_and_for_no_other(tmp_path: Path) -> None:
    with booth_in(tmp_path) as booth:
        booth.check_in("A-1")
        booth.clocks.elapse(60)
        booth.station.tend()
        first, head = said(booth), booth.events()[-1]
        assert [(each.stream, each.seq, each.h) for each in first.heads] == [(head.stream, head.seq, head.h)]
        assert first.stamp.bt_us > head.stamp.bt_us
        booth.clocks.elapse(3600)
        booth.check_in("B-1")
        assert said(booth) == first  # until it tends again
        booth.station.tend()
        assert said(booth).heads[-1].seq == booth.events()[-1].seq > head.seq


def test_a_kiosk_that_does_not_run_says_nothing_new_and_one_that_starts_again_does(tmp_path: Path) -> None:
    with booth_in(tmp_path) as booth:
        booth.check_in("A-1")
        booth.station.tend()
        before = said(booth)
        booth.station.close()
        booth.clocks.elapse(9 * 3600)
        assert said(booth) == before
        booth.restart()
        assert said(booth).stamp != before.stamp


def test_a_file_that_began_another_stream_names_both_in_order(tmp_path: Path) -> None:
    with booth_in(tmp_path) as booth:
        booth.check_in("A-1")
        with booth.station.device.ledger.writing() as writing:
            left = writing.head()
            writing.begin_stream()
        booth.check_in("B-1")
        booth.station.tend()
        streams = booth.rows("SELECT stream, MAX(seq) FROM ledger GROUP BY stream ORDER BY MIN(position)")
        assert [(each.stream, each.seq) for each in said(booth).heads] == streams
        assert said(booth).heads[0].stream == left.stream
        assert len(streams) == 2


def test_what_the_disk_changed_is_not_said(tmp_path: Path) -> None:
    with booth_in(tmp_path) as booth:
        booth.check_in("A-1")
        booth.station.tend()
        with booth.tampering() as file:
            file.execute("UPDATE reached SET said = x'00ff'")
        mailbox = AgentMailbox(booth.file)
        assert mailbox.reached() is None
        mailbox.close()
