"""``upward`` and ``record`` as a person runs them: what they print, leave, and say when something is wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import click.testing
import pytest

from sync.platform.__main__ import main
from sync.platform.store import Database
from sync.platform.taking import take
from sync.protocol.batch import Delivery
from sync.protocol.judgements import Confirmation
from tests.integration.platform.conftest import START_MS
from tests.integration.platform.fleet import FakeDevice
from tests.integration.platform.relayed import KEY

HOUR = 3600_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two demo communities; in the first a volunteer has served two confirmed hours."""
    folder = tmp_path_factory.mktemp("communities")
    for name in ("east", "west"):
        done(None, "demo-community", folder / name)
    database = Database.open(f"sqlite:///{folder / 'east' / 'platform.sqlite'}")
    with database.writing("registry") as unit:
        device = unit.devices.standings()[0].device
        number = unit.places.registered()[0].volunteer
        known = unit.registry.volunteer(number)
    assert known is not None
    (folder / "number").write_text(number)
    events = FakeDevice(device.id, KEY, device.service_point, START_MS - HOUR)
    session = events.check_in(number, known.name, START_MS)
    events.check_out(session, number, START_MS + 2 * HOUR)
    events.record(Confirmation(session, events.log[-1].id, "LY9"), START_MS + 3 * HOUR)
    with database.writing(device.id) as unit:
        take(Delivery(events.batch()), "0" * 64, unit, START_MS)
    database.close()
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


def run(config: Path | None, *words: object) -> click.testing.Result:
    asked = [str(word) for word in words]
    if config is not None:
        asked[2:2] = ["--config", str(config / "platform.toml")]
    return click.testing.CliRunner().invoke(main, asked)


def done(config: Path | None, *words: object) -> str:
    result = run(config, *words)
    assert result.exit_code == 0, result.output
    return result.output


def refused(config: Path | None, *words: object) -> str:
    result = run(config, *words)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result.output


def person(folder: Path) -> str:
    return (folder / "number").read_text()


def test_records_go_out_are_checked_and_taken_in_by_commands(folder: Path, tmp_path: Path) -> None:
    east, west, number, file = folder / "east", folder / "west", person(folder), tmp_path / "bundle.jsonl"
    out = done(east, "record", "export", number, "--consent", "本人同意，第7号", "--output", file)
    assert "120" in out
    assert file.stat().st_mode & 0o077 == 0
    key = done(east, "record", "key").split()[0]
    assert "重新核算一致" in done(None, "record", "check", file, "--key", key)
    assert "another key" in refused(None, "record", "check", file, "--key", "00" * 32)
    take_in = ("record", "import", file, "--by", "王站长")
    assert "not believed here" in refused(west, *take_in)
    done(west, "record", "trust", key, "--name", "东平台", "--by", "王站长")
    assert "东平台" in done(west, "record", "trusted")
    assert "120" in done(west, *take_in, "--take-over")
    assert "未改变" in done(west, *take_in)
    listed = done(west, "record", "list", number)
    assert "two_scans → transfer_in" in listed
    assert "120 分钟" in listed
    assert "转入 transferred in: 120" in done(west, "volunteer", "show", number)
    assert "handed out: 1" in done(east, "record", "list", number)
    assert "issued the bundle itself" in refused(east, *take_in)
    done(west, "record", "trust", key, "--withdraw", "--by", "王站长")


def test_what_cannot_be_is_said_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    east, number, file = folder / "east", person(folder), tmp_path / "bundle.jsonl"
    export = ("record", "export", number, "--output", file)
    assert "consent" in refused(east, *export, "--consent", " ")
    assert "consent" in refused(east, *export, "--consent", "x", "--consent-on", "2999-01-01")
    assert "cannot be written" in refused(
        east, "record", "export", number, "--consent", "x", "--output", tmp_path / "no" / "x"
    )
    assert "64 hexadecimal" in refused(east, "record", "trust", "abc", "--name", "x", "--by", "x")
    assert "No platform" in refused(east, "record", "trust", "ab" * 32, "--withdraw", "--by", "x")
    assert "cannot be read" in refused(None, "record", "check", file)
    assert "cannot be read" in refused(east, "record", "import", file, "--by", "x")
    file.write_bytes(b"\x00" * 100)
    assert "does not begin" in refused(None, "record", "check", file)
    with file.open("wb") as huge:
        huge.truncate(33 * 1024 * 1024)
    assert "larger than" in refused(east, "record", "import", file, "--by", "x")


def test_a_relay_is_made_fed_and_shown_by_commands(folder: Path) -> None:
    east, upward = folder / "east", folder / "east" / "upward"
    assert "legal ground" in refused(east, "upward", "relay", "city", "--names")
    assert "cannot name a target" in refused(east, "upward", "relay", "../x")
    assert "no such relay" in refused(east, "upward", "once")
    made = done(east, "upward", "relay", "city", "--enrolment", folder / "west" / "enrolment.json")
    assert "sync.agent --config" in made
    assert {each.name for each in upward.iterdir()} >= {"city.sqlite", "city.toml", "city.enrolment.json"}
    assert all(each.stat().st_mode & 0o077 == 0 for each in upward.iterdir())
    before = json.loads(done(east, "upward", "status", "city", "--json"))[0]
    assert (before["unfed"], before["waiting"], before["names"]) == (3, 0, False)
    assert "city: 3" in done(east, "upward", "once")
    after = json.loads(done(east, "upward", "status", "--json"))[0]
    assert (after["unfed"], after["waiting"], after["told"], after["last"]) == (0, 3, 0, None)
    assert "待送达 waiting          3" in done(east, "upward", "status")
    done(east, "upward", "rewind", "city")
    assert "city: 3" in done(east, "upward", "once")
    assert json.loads(done(east, "upward", "status", "--json"))[0]["waiting"] == 3
    (upward / "city.sqlite").unlink()
    assert "is missing" in done(east, "upward", "status")
    assert "no target" in refused(east, "upward", "status", "nobody")
    assert "No such file" in refused(east, "upward", "relay", "x", "--enrolment", folder / "nothing")


def test_files_are_exported_by_command_and_a_second_time_there_is_nothing(folder: Path, tmp_path: Path) -> None:
    east, out = folder / "east", tmp_path / "out"
    assert "no target" in refused(east, "upward", "export", "portal", "--folder", out)
    done(east, "upward", "files", "portal", "--format", "csv", "--names", "--basis", "条例 Art 22")
    assert "is not a month" in refused(east, "upward", "export", "portal", "--folder", out, "--month", "2026-13")
    assert "记录 lines: 0" in done(east, "upward", "export", "portal", "--folder", out, "--month", "2026-12")
    assert "记录 lines: 1" in done(east, "upward", "export", "portal", "--folder", out, "--month", "2026-07")
    assert "记录 lines: 0" in done(east, "upward", "export", "portal", "--folder", out)
    assert [each.name for each in out.iterdir()] == ["portal-000001.csv"]
    assert "Take another name" in refused(east, "upward", "relay", "portal")
    status = json.loads(done(east, "upward", "status", "portal", "--json"))[0]
    assert (status["told"], status["basis"]) == (1, "条例 Art 22")
    assert "Art 22" in done(east, "upward", "status", "portal")
