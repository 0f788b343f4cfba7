"""The device file is damaged, cut, emptied, deleted: the booth goes on, and what can still be read is kept."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.refusal import RecordingFault
from kiosk.store import recovery, salvage
from kiosk.store.device_file import examine_device_file, read_device_file
from kiosk.store.soundness import Report
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.operator_ports import KeptPin
from kiosk.usecases.outcomes import CheckedIn, CheckedOut, NotRecorded
from sync.mailbox.agent_side import AgentMailbox
from sync.mailbox.engine import checkpoint
from sync.mailbox.link import Exchange
from sync.protocol.batch import EventReceipt, Receipt
from sync.protocol.envelope import Envelope, check
from sync.protocol.vocabulary import EventOutcome
from tests.power_cut.scenario import SeededIds
from tests.support.station import Booth, booth_in

HOUR = 3600
PAGE = 4096
PIN = KeptPin("$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA", 2)


@pytest.fixture
def booth(tmp_path: Path) -> Iterator[Booth]:
    """A booth in a folder of its own."""
    with booth_in(tmp_path) as opened:
        yield opened


def a_day(booth: Booth, volunteers: int = 12) -> list[str]:
    """Let volunteers serve, some of them still; returns the ids of all events."""
    with booth.station.device.ledger.writing() as writing:
        writing.keep_pin("operator-1", PIN)
    for number in range(volunteers):
        booth.check_in(f"V{number}")
        booth.clocks.elapse(60)
    booth.exchange()
    booth.station.tend()
    booth.clocks.elapse(HOUR)
    for number in range(0, volunteers, 2):
        booth.check_out(f"V{number}")
    return ids(booth)


def ids(booth: Booth) -> list[str]:
    """Return the ids of what stands in the ledger, without checking the chain."""
    return [str(row[0]) for row in booth.rows("SELECT id FROM ledger ORDER BY position")]


def damage(booth: Booth, change: Callable[[bytearray], object]) -> None:
    """End the program cleanly, change its file, start it again."""
    booth.station.close()
    content = bytearray(booth.file.read_bytes())
    change(content)
    booth.file.write_bytes(content)
    booth.station = booth.opened()


def asides(booth: Booth) -> list[Path]:
    return recovery.left_aside(booth.file)


def whole(booth: Booth, *, fresh: bool = True) -> None:
    """Check the file, that it can be worked with, and that a recovered one writes on in a stream of its own."""
    assert booth.rows("PRAGMA integrity_check") == [("ok",)]
    assert booth.rows("PRAGMA foreign_key_check") == []
    with booth.station.device.ledger.reading() as reading:
        events = list(reading.events())
    for envelope in events:
        check(envelope)
    streams = [stream for (stream,) in booth.rows("SELECT stream FROM streams ORDER BY number")]
    if fresh:
        notes = [envelope for envelope in events if envelope.kind == "device_note"]
        assert notes[-1].body == {"note": recovery.RECOVERED}
        assert (notes[-1].stream, notes[-1].seq) == (streams[-1], 1)
        assert notes[-1].stamp.boot_n == booth.station.device.boot_n
    began = booth.check_in("V-after")
    assert (began.event_id, streams[-1]) in booth.rows("SELECT id, stream FROM ledger")
    assert not list(booth.folder.glob("*.fresh*"))
    assert not list(booth.folder.glob("*.ready*"))


def zero(content: bytearray, page: int) -> None:
    content[(page - 1) * PAGE : page * PAGE] = bytes(PAGE)


def root_of(booth: Booth, name: str) -> int:
    return int(dict(booth.rows("SELECT name, rootpage FROM sqlite_master"))[name])


# The file as a whole


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.__setitem__(slice(0, 16), b"\0" * 16),
        lambda content: content.__setitem__(slice(0, 100), b"\xff" * 100),
        lambda content: zero(content, 1),
        lambda content: content.__delitem__(slice(len(content) - PAGE, None)),
        lambda content: content.__delitem__(slice(len(content) - 700, None)),
    ],
    ids=["magic", "header", "first page", "last page cut", "cut within a page"],
)
def test_records_outlive_the_head_and_the_end_of_their_file(
    booth: Booth, change: Callable[[bytearray], object]
) -> None:
    recorded = a_day(booth)
    stream = booth.events()[0].stream
    damage(booth, change)
    assert set(ids(booth)) >= set(recorded)
    (aside,) = asides(booth)
    assert aside.name.startswith("device.sqlite.damaged-2026")
    kept = [seq for at, seq in booth.rows("SELECT stream, seq FROM ledger ORDER BY position") if at == stream]
    assert kept == [*range(1, len(recorded) + 1)]
    whole(booth)


def test_what_the_booth_knows_besides_its_records_is_kept(booth: Booth) -> None:
    a_day(booth)
    sessions = booth.rows("SELECT id, volunteer, state, credited_minutes FROM sessions ORDER BY id")
    named = booth.rows("SELECT * FROM asides ORDER BY event_id")
    document = booth.rows("SELECT document FROM reference")
    boot_n = booth.station.device.boot_n
    damage(booth, lambda content: zero(content, 1))
    assert booth.rows("SELECT id, volunteer, state, credited_minutes FROM sessions ORDER BY id") == sessions
    assert booth.rows("SELECT * FROM asides ORDER BY event_id") == named
    assert booth.rows("SELECT document FROM reference") == document
    assert booth.station.device.boot_n == boot_n
    with booth.station.device.ledger.reading() as reading:
        assert reading.pin_of("operator-1") == PIN
    booth.clocks.elapse(HOUR)
    assert isinstance(booth.station.present(booth.card("V1")), CheckedOut)


def test_a_boot_is_never_counted_back(booth: Booth) -> None:
    for _ in range(3):
        booth.reboot()
    booth.check_in()
    booth.reboot()
    before = booth.station.device.boot_n
    booth.clocks.reboot()
    damage(booth, lambda content: zero(content, 1))
    assert booth.station.device.boot_n == before + 1
    whole(booth)


def test_what_the_platform_has_is_not_sent_again_and_the_rest_is(booth: Booth) -> None:
    recorded = a_day(booth)
    agent = AgentMailbox(booth.file)
    claimed = agent.claim("lease", 9)
    done = [EventReceipt(envelope.id, EventOutcome.ACCEPTED) for envelope in claimed]
    receipt = Receipt("b", "00" * 32, done, booth.clocks.true_ms, "epoch")
    agent.settle(receipt, claimed, Exchange("boot", 1, booth.clocks.true_ms, 0))
    agent.close()
    damage(booth, lambda content: zero(content, 1))
    agent = AgentMailbox(booth.file)
    waiting = [envelope.id for envelope in agent.claim("lease", 500)]
    agent.close()
    assert waiting[:-1] == recorded[9:]
    assert len(waiting) == len(recorded) - 9 + 1  # and the note of the recovery


@pytest.mark.parametrize(
    "content", [b"", b"this is no database" * 900, bytes(60_000), b"SQLite format 3\0" + b"\xff" * 9000]
)
def test_a_file_of_nothing_is_replaced_and_kept(booth: Booth, content: bytes) -> None:
    a_day(booth)
    booth.station.close()
    booth.file.write_bytes(content)
    booth.station = booth.opened()
    if content:
        (aside,) = asides(booth)
        assert aside.read_bytes() == content
    whole(booth, fresh=bool(content))


def test_a_second_damage_gets_a_name_of_its_own(booth: Booth) -> None:
    for _ in range(3):
        damage(booth, lambda content: zero(content, 1))
    assert [aside.name[-2:] for aside in asides(booth)] == ["-1", "-2", "-3"]


# Parts of it


def test_an_index_that_does_not_fit_is_made_anew_in_place(booth: Booth) -> None:
    recorded = a_day(booth)
    page = root_of(booth, "ix_ledger_session")

    def flip(content: bytearray) -> None:
        at = content.index(b"-", (page - 1) * PAGE, page * PAGE)
        content[at] = ord("x")

    damage(booth, flip)
    assert ids(booth) == recorded
    assert asides(booth) == []
    whole(booth, fresh=False)
    assert len({envelope.stream for envelope in booth.events()}) == 1


def test_a_changed_copy_to_be_sent_is_written_anew_from_the_ledger(booth: Booth) -> None:
    a_day(booth)
    booth.station.close()
    with closing(sqlite3.connect(booth.file)) as connection, connection:
        connection.execute(
            "UPDATE outbox SET envelope = CAST(replace(envelope, 'V3', 'V4') AS BLOB) WHERE position = 4"
        )
        connection.execute("UPDATE outbox SET envelope = X'7B' WHERE position = 5")
    booth.station = booth.opened()
    assert asides(booth) == []
    agent = AgentMailbox(booth.file)
    sent = agent.claim("lease", 500)
    agent.close()
    for envelope in sent:
        check(envelope)
    assert sent[3].aside is not None
    assert len(sent) == len(booth.events())


def change_body(booth: Booth, seq: int) -> None:
    """Change one character in a record, as a bit on the disk might; SQLite cannot see it."""
    booth.station.close()
    body, boot_id = booth.rows("SELECT body, boot_id FROM ledger ORDER BY seq")[seq - 1]
    content = booth.file.read_bytes()
    at = content.index(body + boot_id.encode())
    changed = body.replace(b'"volunteer":"V', b'"volunteer":"W')
    assert changed != body
    booth.file.write_bytes(content[:at] + changed + content[at + len(body) :])


def test_a_changed_record_is_taken_from_its_copy_in_the_outbox(booth: Booth) -> None:
    recorded = a_day(booth)
    change_body(booth, 3)
    booth.station = booth.opened()
    assert set(ids(booth)) >= set(recorded)
    assert len(asides(booth)) == 1
    whole(booth)


def test_a_record_that_is_gone_twice_is_counted_and_the_others_stay(booth: Booth) -> None:
    recorded = a_day(booth)
    with closing(sqlite3.connect(booth.file)) as connection, connection:
        connection.execute("DELETE FROM outbox WHERE position = 3")
    booth.station.close()
    content = booth.file.read_bytes()
    needle = recorded[2].encode()
    booth.file.write_bytes(content.replace(needle, b"x" * len(needle)))
    booth.station = booth.opened()
    assert set(recorded) - set(ids(booth)) == {recorded[2]}
    assert booth.rows("SELECT state FROM sessions WHERE volunteer = 'V5'") == [("open",)]
    whole(booth)


@pytest.mark.parametrize("seed", range(20))
def test_flipped_bits_anywhere_never_leave_the_booth_dead_and_lose_no_readable_record(booth: Booth, seed: int) -> None:
    recorded = a_day(booth, 6)
    chance = Random(seed)  # noqa: S311 - no secret

    def flip(content: bytearray) -> None:
        for _ in range(chance.choice((1, 1, 4, 40))):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)

    damage(booth, flip)
    assert isinstance(booth.station.present(booth.card("V-after")), CheckedIn)
    booth.clocks.elapse(HOUR)
    booth.station.tend()
    for number in range(6):
        booth.station.present(booth.card(f"V{number}"))
    restored = set(ids(booth))
    readable = set(recorded)
    if asides(booth):
        readable &= set(salvage.salvage(asides(booth)[0], booth.folder / "none").envelopes)
    assert restored >= readable
    assert len(restored & set(recorded)) >= len(recorded) - 8
    assert booth.rows("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("seed", range(8))
def test_a_zeroed_page_takes_no_record_with_it_that_stands_twice(booth: Booth, seed: int) -> None:
    recorded = a_day(booth)

    def wipe(content: bytearray) -> None:
        zero(content, 2 + seed * 7 % (len(content) // PAGE - 1))

    damage(booth, wipe)
    assert set(ids(booth)) >= set(recorded)
    assert isinstance(booth.station.present(booth.card("V-after")), CheckedIn)


# The write-ahead log


def unplug(booth: Booth) -> tuple[bytes, bytes]:
    """Return file and log as they stand in the middle of the day."""
    wal = booth.file.with_name("device.sqlite-wal")
    return booth.file.read_bytes(), wal.read_bytes()


def plug_in(booth: Booth, file: bytes | None, wal: bytes) -> None:
    """Start the program on these."""
    booth.station.close()
    booth.file.unlink(missing_ok=True)
    if file is not None:
        booth.file.write_bytes(file)
    booth.file.with_name("device.sqlite-wal").write_bytes(wal)
    booth.station = booth.opened()


def frames_with(wal: bytes, text: str) -> list[int]:
    return [at for at in range(32, len(wal), PAGE + 24) if text.encode() in wal[at : at + PAGE + 24]]


@pytest.mark.parametrize("where", ["header", "first frame", "middle", "salt"])
def test_commits_behind_a_damaged_page_of_the_log_are_not_passed_over(booth: Booth, where: str) -> None:
    recorded = a_day(booth)
    file, log = unplug(booth)
    wal = bytearray(log)
    frames = (len(wal) - 32) // (PAGE + 24)
    at = {"header": 5, "first frame": 32 + 24 + 50, "middle": 32 + frames // 2 * (PAGE + 24) + 99, "salt": 17}[where]
    wal[at] ^= 0x10
    plug_in(booth, file, bytes(wal))
    assert set(ids(booth)) >= set(recorded)
    whole(booth)
    (aside,) = asides(booth)
    assert aside.with_name(aside.name + "-wal").read_bytes() == wal


def test_looking_at_a_file_leaves_what_its_log_holds(booth: Booth) -> None:
    recorded = a_day(booth)
    file, log = unplug(booth)
    wal = bytearray(log)
    wal[5] ^= 1
    booth.station.close()
    booth.file.write_bytes(file)
    booth.file.with_name("device.sqlite-wal").write_bytes(wal)
    with suppress(RecordingError):
        examine_device_file(booth.file)
    ledger = read_device_file(booth.file, zone=ZoneInfo("Asia/Shanghai"), ids=SeededIds())
    with ledger.reading() as reading:
        assert list(reading.events()) == []
    ledger.engine.dispose()
    assert booth.file.with_name("device.sqlite-wal").read_bytes() == wal
    booth.station = booth.opened()
    assert set(ids(booth)) >= set(recorded)


def test_the_report_of_a_file_says_what_was_lost_and_when_it_was_recovered(booth: Booth) -> None:
    recorded = a_day(booth)
    booth.station.close()
    assert examine_device_file(booth.file) == Report(len(recorded), 0, None)
    with closing(sqlite3.connect(booth.file)) as connection, connection:
        connection.execute("DELETE FROM outbox WHERE position = 3")
    content = booth.file.read_bytes()
    booth.file.write_bytes(content.replace(recorded[2].encode(), b"x" * len(recorded[2])))
    with pytest.raises(RecordingError):
        examine_device_file(booth.file)
    booth.station = booth.opened()
    booth.station.close()
    report = examine_device_file(booth.file)
    assert (report.events, report.missing) == (len(recorded) - 1 + 1, 1)
    assert report.recovered_ms == booth.clocks.read().wall_ms


def test_a_last_commit_that_was_damaged_is_taken_up_in_place(booth: Booth) -> None:
    recorded = a_day(booth)
    last = booth.check_in("V-last")
    file, log = unplug(booth)
    frames = frames_with(log, last.event_id)
    untouched = [at for at in range(frames[0], len(log), PAGE + 24) if at not in frames]
    wal = bytearray(log)
    wal[untouched[-1] + 24 + 3000] ^= 1
    plug_in(booth, file, bytes(wal))
    assert ids(booth) == [*recorded, last.event_id]
    assert asides(booth) == []
    assert booth.rows("SELECT count(*) FROM outbox") == [(len(recorded) + 1,)]
    whole(booth, fresh=False)
    assert len({envelope.stream for envelope in booth.events()}) == 1


def test_what_never_ended_in_a_commit_is_not_brought_back(booth: Booth) -> None:
    recorded = a_day(booth)
    last = booth.check_in("V-last")
    file, log = unplug(booth)
    plug_in(booth, file, log[: -(PAGE + 24)])  # the page that ends the commit did not reach the disk
    assert ids(booth) == recorded
    assert last.event_id not in ids(booth)
    assert asides(booth) == []


@pytest.mark.parametrize("file", [None, b""])
def test_a_log_without_its_file_is_read_and_not_deleted(booth: Booth, file: bytes | None) -> None:
    recorded = a_day(booth)
    _, log = unplug(booth)
    plug_in(booth, file, log)
    assert set(ids(booth)) >= set(recorded)
    whole(booth)


# Interrupted


@pytest.mark.parametrize("renames", range(4))
def test_a_recovery_that_is_cut_short_is_ended_by_the_next_start(booth: Booth, renames: int) -> None:
    recorded = a_day(booth)
    file, log = unplug(booth)
    booth.station.close()
    wal = bytearray(log)
    wal[5] ^= 1
    booth.file.write_bytes(file)
    booth.file.with_name("device.sqlite-wal").write_bytes(wal)
    assert stopped_after(renames, booth) == renames
    booth.station = booth.opened()
    assert set(ids(booth)) >= set(recorded)
    assert len(ids(booth)) == len(recorded) + 1
    (aside,) = asides(booth)
    assert aside.with_name(aside.name + "-wal").exists()
    whole(booth)


class Stopped(BaseException):
    """The power goes."""


def stopped_after(renames: int, booth: Booth) -> int:
    """Open the booth on a disk that dies at a change of names; returns how many came to pass before."""
    done, active = 0, True

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal done
        if active and event == "os.rename" and "device.sqlite" in str(arguments[0]):
            if done == renames:
                raise Stopped
            done += 1

    sys.addaudithook(watch)  # it stays for the life of the process, asleep
    with suppress(Stopped):
        booth.opened()
    active = False
    return done


# Without its name


def test_a_file_that_is_deleted_while_the_kiosk_runs_is_noticed_before_anything_is_said(booth: Booth) -> None:
    recorded = a_day(booth)
    for each in booth.folder.glob("device.sqlite*"):
        each.unlink()
    assert booth.station.present(booth.card("V-new")) == NotRecorded(RecordingFault.BROKEN)
    booth.restart()
    assert ids(booth) == recorded
    assert asides(booth) == []
    whole(booth, fresh=False)


def test_a_log_that_is_deleted_while_the_kiosk_runs_is_noticed_too(booth: Booth) -> None:
    recorded = a_day(booth)
    booth.file.with_name("device.sqlite-wal").unlink()
    assert booth.station.present(booth.card("V-new")) == NotRecorded(RecordingFault.BROKEN)
    booth.restart()
    assert ids(booth) == recorded
    whole(booth, fresh=False)


def test_a_file_in_whose_place_another_was_put_is_kept_under_another_name(booth: Booth, tmp_path: Path) -> None:
    booth.check_in("V1")
    older = tmp_path / "older"
    booth.restart()
    shutil.copy(booth.file, older)
    began = booth.check_in("V2")
    older.replace(booth.file)
    assert booth.station.present(booth.card("V3")) == NotRecorded(RecordingFault.BROKEN)
    booth.restart()
    (kept,) = asides(booth)
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM ledger WHERE id = ?", [began.event_id]).fetchone() == (1,)
    whole(booth, fresh=False)


def test_the_agent_follows_to_the_fresh_file(booth: Booth) -> None:
    a_day(booth)
    agent = AgentMailbox(booth.file)
    assert agent.waiting() > 0
    checkpoint(booth.station.device.engine, "TRUNCATE")  # or the agent's open log would heal the first page
    damage(booth, lambda content: zero(content, 1))
    assert len(asides(booth)) == 1
    began = booth.check_in("V-new")
    sent: list[Envelope] = [*agent.claim("lease", 500)]
    agent.close()
    assert began.event_id in {envelope.id for envelope in sent}
    booth.check_in("V-newer")
    booth.restart()
    assert isinstance(booth.station.present(booth.card("V-newest")), CheckedIn)
