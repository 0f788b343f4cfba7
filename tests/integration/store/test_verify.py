"""``kiosk ledger verify``: on a file, a copy and an export, the first record that was tampered with is named."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.commands import verify as checking
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.export_ports import Exported, ExportRequest, Format
from kiosk.usecases.outcomes import CheckedIn
from sync.mailbox import heads
from sync.mailbox.engine import open_engine, writing
from sync.protocol.audit import Wrong
from sync.protocol.enrolment import Enrolment
from sync.protocol.envelope import Envelope, Position
from sync.protocol.signing.keys import SigningKey
from tests.support.programs import kiosk
from tests.support.station import Booth, booth_in, settings_in

HOUR, MINUTE = 3600, 60
COUNT = 8


def grown(booth: Booth) -> list[Envelope]:
    """Record four duties, the head signed after the second and at the end, and close the program."""
    for number in range(COUNT // 2):
        began = booth.station.present(booth.card(f"A-{number}"))
        assert isinstance(began, CheckedIn)
        booth.clocks.elapse(HOUR)
        booth.check_out(f"A-{number}")
        if number == 1:
            booth.station.keeping.seal_head(at_once=True)
        booth.clocks.elapse(MINUTE)
    events = list(booth.events())
    booth.restart()
    booth.station.close()
    return events


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Envelope]]:
    """A closed ledger of eight records, made once."""
    folder = tmp_path_factory.mktemp("ledger")
    with booth_in(folder) as booth:
        events = grown(booth)
        booth.station = booth.opened()
    return folder, events


@pytest.fixture
def copied(original: tuple[Path, list[Envelope]], tmp_path: Path) -> Path:
    """A copy of it, with its enrolment."""
    shutil.copytree(original[0], tmp_path / "copy")
    return tmp_path / "copy"


@contextmanager
def tampered(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the file as a forger would: without its triggers, and with the copies on their way taken away."""
    with closing(sqlite3.connect(folder / "device.sqlite")) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield connection


def verdict(folder: Path, file: Path | None = None, key: str | None = None) -> checking.Verdict:
    return checking.verify(settings_in(folder), file, key, lambda _phase, _total: lambda _steps: None)


def first(folder: Path) -> tuple[Wrong, int]:
    named = verdict(folder).report.first
    assert named is not None
    return named.wrong, named.seq


def test_a_ledger_that_nobody_touched_is_good_and_its_file_is_left_as_it_is(copied: Path) -> None:
    before = (copied / "device.sqlite").read_bytes()
    found = verdict(copied)
    assert (found.exit_code, found.report.records, found.sessions, found.key) == (0, COUNT, COUNT // 2, "enrolled")
    assert (copied / "device.sqlite").read_bytes() == before
    assert sorted(each.name for each in copied.iterdir()) == ["device.sqlite", "enrolment.json"]


def test_the_live_file_is_checked_while_the_kiosk_records(tmp_path: Path) -> None:
    with booth_in(tmp_path) as booth:
        booth.check_in()
        assert verdict(tmp_path).exit_code == 0
        booth.clocks.elapse(HOUR)
        booth.check_out()
        assert verdict(tmp_path).report.records == 2


def test_a_copy_on_a_sealed_disc_is_checked_too(copied: Path, tmp_path: Path) -> None:
    sealed = tmp_path / "sealed"
    sealed.mkdir()
    shutil.copy(copied / "device.sqlite", sealed / "copy.sqlite")
    (sealed / "copy.sqlite").chmod(0o444)
    sealed.chmod(0o555)
    assert verdict(copied, sealed / "copy.sqlite").exit_code == 0
    sealed.chmod(0o755)


CHANGES = {
    "a byte of the body": "UPDATE ledger SET body = CAST(replace(CAST(body AS TEXT), 'A-', 'B-') AS BLOB)",
    "a body that is no text": "UPDATE ledger SET body = X'FF'",
    "the kind": "UPDATE ledger SET kind = 'other'",
    "the wall clock": "UPDATE ledger SET wall_ms = wall_ms + 1",
    "boot time below a microsecond": "UPDATE ledger SET bt_ns = bt_ns + 1",
    "a text where a number was": "UPDATE ledger SET wall_ms = 'soon'",
    "the session it is filed under": "UPDATE ledger SET session = 'other'",
    "its hash": "UPDATE ledger SET h = replace(h, substr(h, 1, 1), 'x')",
    "what it follows": "UPDATE ledger SET prev = h",
    "its stream": "UPDATE ledger SET stream = 'other'",
    "its number": "UPDATE ledger SET seq = 1000 + seq",
    "its stream to no text": "UPDATE ledger SET stream = CAST(X'FF' AS TEXT)",
}


@pytest.mark.parametrize("seq", [1, 5, COUNT])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_record_is_named(copied: Path, change: str, seq: int) -> None:
    with tampered(copied) as connection:
        connection.execute(change + " WHERE position = ?", (seq,))
    assert first(copied) == (Wrong.CHANGED, seq)


@pytest.mark.parametrize("seq", range(1, COUNT + 1))
def test_a_removed_record_is_named(copied: Path, original: tuple[Path, list[Envelope]], seq: int) -> None:
    last = original[1][-1]
    with tampered(copied) as connection:
        connection.execute("DELETE FROM ledger WHERE seq = ?", (seq,))
        if seq % 2:  # long acknowledged, so that no copies are kept
            connection.execute("INSERT INTO acknowledged_heads VALUES (?, ?, ?, 1)", (last.stream, last.seq, last.h))
            connection.execute("DELETE FROM outbox")
            connection.execute("DELETE FROM sqlite_sequence WHERE name = 'ledger'")
    assert first(copied) == (Wrong.CUT if seq == COUNT else Wrong.MISSING, seq)


@pytest.mark.parametrize("pair", [(1, 2), (2, 5), (3, COUNT), (COUNT - 1, COUNT)])
def test_two_that_changed_places_are_named_by_the_first(copied: Path, pair: tuple[int, int]) -> None:
    with tampered(copied) as connection:
        for before, after in ((pair[0], -1), (pair[1], pair[0]), (-1, pair[1])):
            connection.execute("UPDATE ledger SET position = ? WHERE position = ?", (after, before))
    assert first(copied) == (Wrong.REORDERED, pair[0])


@pytest.mark.parametrize("kept", [0, 3, COUNT - 1])
@pytest.mark.parametrize("witness", ["checkpoint", "acknowledged", "outbox", "count"])
def test_a_cut_end_is_named_as_long_as_anything_vouches_for_it(
    copied: Path, original: tuple[Path, list[Envelope]], kept: int, witness: str
) -> None:
    last = original[1][-1]
    with tampered(copied) as connection:
        connection.execute("DELETE FROM ledger WHERE seq > ?", (kept,))
        if witness == "acknowledged":
            row = (last.stream, last.seq, last.h, 1)
            connection.execute("INSERT INTO acknowledged_heads VALUES (?, ?, ?, ?)", row)
        if witness != "outbox":
            connection.execute("DELETE FROM outbox")
        if witness != "checkpoint":
            connection.execute("DELETE FROM checkpoints")
            connection.execute("DELETE FROM sqlite_sequence WHERE name = 'checkpoints'")
        if witness != "count":
            connection.execute("DELETE FROM sqlite_sequence WHERE name = 'ledger'")
        if witness in {"checkpoint", "count"}:  # the records that are left were acknowledged long ago
            connection.execute(
                "INSERT INTO acknowledged_heads SELECT stream, seq, h, 1 FROM ledger WHERE seq = ?", (kept,)
            )
    assert first(copied) == (Wrong.CUT, kept + 1)


def resealed(connection: sqlite3.Connection, events: list[Envelope], since: int) -> None:
    """Give a record other content, and seal it and all that follow anew."""
    prev = events[since - 2].h if since > 1 else "00" * 32
    for envelope in events[since - 1 :]:
        body = dict(envelope.body) | ({"volunteer": "Z-9"} if envelope.seq == since else {})
        forged = Envelope(
            envelope.id, envelope.stream, envelope.seq, envelope.kind, body, envelope.stamp, prev, envelope.h
        )
        prev = forged.digest()
        row = (json.dumps(body).encode(), forged.prev, prev, envelope.seq)
        connection.execute("UPDATE ledger SET body = ?, prev = ?, h = ? WHERE seq = ?", row)


@pytest.mark.parametrize("since", range(1, COUNT + 1))
def test_who_seals_everything_anew_is_named_by_the_copies_on_their_way(
    copied: Path, original: tuple[Path, list[Envelope]], since: int
) -> None:
    with tampered(copied) as connection:
        resealed(connection, original[1], since)
    assert first(copied) == (Wrong.CHANGED, since)


@pytest.mark.parametrize("since", range(1, COUNT + 1))
@pytest.mark.parametrize("acknowledged", [True, False])
def test_who_seals_everything_anew_a_year_later_is_caught_between_two_witnesses(
    copied: Path, original: tuple[Path, list[Envelope]], since: int, *, acknowledged: bool
) -> None:
    last = original[1][-1]
    with tampered(copied) as connection:
        resealed(connection, original[1], since)
        connection.execute("DELETE FROM outbox")
        connection.execute("INSERT INTO acknowledged_heads VALUES (?, ?, ?, 1)", (last.stream, last.seq, last.h))
        if acknowledged:
            connection.execute("DELETE FROM checkpoints")
            connection.execute("DELETE FROM sqlite_sequence WHERE name = 'checkpoints'")
    named = verdict(copied).report.first
    assert named is not None
    assert named.wrong is Wrong.CHANGED
    assert named.seq <= since <= (named.until_seq or named.seq)
    assert acknowledged or (named.until_seq or named.seq) - named.seq < COUNT // 2


@pytest.mark.parametrize("seq", [1, 3, 5, 7])
def test_another_name_beside_a_record_is_named(copied: Path, original: tuple[Path, list[Envelope]], seq: int) -> None:
    with tampered(copied) as connection:
        connection.execute("UPDATE asides SET name = '李四' WHERE event_id = ?", (original[1][seq - 1].id,))
    assert first(copied) == (Wrong.NAME, seq)


def test_an_erased_name_is_no_fault(copied: Path) -> None:
    with tampered(copied) as connection:
        connection.execute("DELETE FROM asides")
    assert verdict(copied).exit_code == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE checkpoints SET seq = 3",
        "UPDATE checkpoints SET signature = replace(signature, substr(signature, 1, 1), 'x')",
        "DELETE FROM checkpoints WHERE position = 1",
        "DELETE FROM checkpoints",
    ],
)
def test_a_checkpoint_that_was_tampered_with_is_noticed(copied: Path, change: str) -> None:
    with tampered(copied) as connection:
        connection.execute(change)
    named = verdict(copied).report.first
    assert named is not None
    assert named.wrong is Wrong.CHECKPOINT


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sessions SET credited_minutes = credited_minutes + 60 WHERE id = ?",
        "UPDATE sessions SET state = 'confirmed' WHERE id = ?",
        "UPDATE sessions SET volunteer = 'Z-9' WHERE id = ?",
        "DELETE FROM sessions WHERE id = ?",
    ],
)
def test_what_the_device_shows_must_follow_from_its_records(copied: Path, change: str) -> None:
    with tampered(copied) as connection:
        (begun,) = connection.execute("SELECT id FROM sessions ORDER BY started_ms LIMIT 1").fetchone()
        connection.execute(change, (begun,))
    assert first(copied) == (Wrong.PROJECTION, 1)


def test_a_key_of_another_device_vouches_for_nothing(copied: Path) -> None:
    assert verdict(copied, key=SigningKey(b"x" * 32).public.hex()).exit_code == 1
    assert verdict(copied, key=SigningKey(b"d" * 32).public.hex()).exit_code == 0


# An export


@pytest.fixture(scope="module")
def chain(original: tuple[Path, list[Envelope]], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The chain of the ledger as a file of its own."""
    folder, target = tmp_path_factory.mktemp("booth"), tmp_path_factory.mktemp("stick")
    shutil.copytree(original[0], folder, dirs_exist_ok=True)
    with booth_in(folder) as booth:
        *_, done = booth.station.keeping.export(ExportRequest(target, frozenset({Format.CHAIN})))
    assert isinstance(done, Exported)
    return done.files[0].read_bytes()


@pytest.fixture
def exported(chain: bytes, tmp_path: Path) -> Path:
    """A copy of it."""
    file = tmp_path / "ledger.jsonl"
    file.write_bytes(chain)
    return file


def named_in(folder: Path, file: Path) -> tuple[Wrong, int] | None:
    named = verdict(folder, file).report.first
    return None if named is None else (named.wrong, named.seq)


def test_an_export_is_good_without_the_device(exported: Path, tmp_path: Path) -> None:
    found = verdict(tmp_path / "nowhere", exported)
    assert (found.exit_code, found.report.records, found.key) == (0, COUNT, "own")


LINES: dict[str, Callable[[list[bytes], int], None]] = {
    "changed": lambda lines, at: lines.__setitem__(
        at, lines[at].replace(b'"A-', b'"B-').replace(b'"wall_ms":1', b'"wall_ms":2')
    ),
    "rubbish": lambda lines, at: lines.__setitem__(at, b"\xff{\n"),
    "removed": lambda lines, at: lines.__delitem__(at),
    "reordered": lambda lines, at: lines.insert(at + 1, lines.pop(at)),
    "cut": lambda lines, at: lines.__delitem__(slice(at, None)),
    "torn": lambda lines, at: lines.__setitem__(slice(at, None), [lines[at][:40]]),
    "twice": lambda lines, at: lines.insert(at, lines[at]),
}


@pytest.mark.parametrize("seq", range(1, COUNT + 1))
@pytest.mark.parametrize("done", LINES.values(), ids=LINES)
def test_in_an_export_the_first_record_is_named(
    copied: Path, exported: Path, done: Callable[[list[bytes], int], None], seq: int
) -> None:
    if done is LINES["reordered"] and seq == COUNT:
        return  # nothing stands behind the last
    lines = exported.read_bytes().splitlines(keepends=True)
    begin = next(at for at, line in enumerate(lines) if line.startswith(b'{"event"'))
    done(lines, begin + seq - 1)
    exported.write_bytes(b"".join(lines))
    found = named_in(copied, exported)
    assert found is not None
    assert found[1] == seq


@pytest.mark.parametrize("content", [b"", b"{}\n", b"plain text\n", b'{"event": 1}\n', b"{" * 400_000])
def test_what_is_no_ledger_is_said_to_be_none(copied: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(RecordingError):
        verdict(copied, tmp_path / "other")


def test_the_heading_of_an_export_cannot_be_shortened(copied: Path, exported: Path) -> None:
    exported.write_bytes(exported.read_bytes().replace(f'"events":{COUNT}'.encode(), b'"events":3', 1))
    with pytest.raises(RecordingError, match="was not signed"):
        verdict(copied, exported)


# The command


def test_the_command_says_it_in_both_languages_and_by_its_exit_code(copied: Path) -> None:
    good = kiosk(copied, "ledger", "verify")
    assert (good.code, "完好" in good.out, "Good" in good.out) == (0, True, True), good
    with tampered(copied) as connection:
        connection.execute("UPDATE ledger SET wall_ms = 1 WHERE seq = 3")
    bad = kiosk(copied, "ledger", "verify", "--json")
    told: dict[str, Any] = bad.json
    assert (bad.code, told["good"]) == (1, False)
    assert {key: told["faults"][0][key] for key in ("wrong", "seq", "kind")} == {
        "wrong": "changed",
        "seq": 3,
        "kind": "check_in",
    }
    assert "张" not in bad.out
    said = kiosk(copied, "ledger", "verify", str(copied / "device.sqlite")).out
    assert "第 3 条记录" in said
    assert "record 3" in said


def test_heads_that_came_back_are_kept_as_far_as_they_reached(tmp_path: Path) -> None:
    with booth_in(tmp_path) as booth:
        booth.check_in()
        engine = open_engine(booth.file)
        with writing(engine) as connection:
            for seq in (3, 7, 5):
                heads.acknowledge(connection, [Position("s", seq, f"{seq}" * 64)], 1)
            assert heads.acknowledged(connection) == [Position("s", 7, "7" * 64)]
        engine.dispose()


# A device whose key was changed


def changed_key(folder: Path) -> None:
    """Give the device another key, as the agent does."""
    file = folder / "enrolment.json"
    enrolment = msgspec.json.decode(file.read_bytes(), type=Enrolment)
    earlier = SigningKey(bytes.fromhex(enrolment.seed)).public.hex()
    rotated = msgspec.structs.replace(
        enrolment, seed="ab" * 32, earlier_seed=enrolment.seed, earlier_public=[*enrolment.earlier_public, earlier]
    )
    file.write_bytes(msgspec.json.encode(rotated))


def test_what_an_earlier_key_signed_stays_signed(copied: Path) -> None:
    changed_key(copied)
    assert verdict(copied).report.faults == ()
    with tampered(copied) as connection:
        connection.execute("UPDATE ledger SET body = json_set(body, '$.volunteer', 'X') WHERE position = 1")
    assert verdict(copied).report.first is not None


def chain_exported(folder: Path, target: Path) -> Path:
    target.mkdir()
    with booth_in(folder) as booth:
        *_, done = booth.station.keeping.export(ExportRequest(target, frozenset({Format.CHAIN})))
    assert isinstance(done, Exported)
    return next(target.rglob("*.jsonl"))


def test_an_export_is_good_before_and_after_the_change_with_the_enrolment_and_without(
    copied: Path, tmp_path: Path
) -> None:
    before = chain_exported(copied, tmp_path / "before")
    changed_key(copied)
    after = chain_exported(copied, tmp_path / "after")
    for file in (before, after):
        for folder in (copied, tmp_path / "nowhere"):
            assert verdict(folder, file).report.faults == ()
