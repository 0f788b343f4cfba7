"""What a device holds of people: no text of a stranger's code, and no name longer than it may; tested on its bytes."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from sync.mailbox import heads, link, outbox
from sync.mailbox.engine import open_engine, writing
from sync.protocol.reference import Appointment
from tests.support.community import Community, milliseconds
from tests.support.programs import kiosk
from tests.support.station import Booth, booth_in

HOUR, DAY = 3600, 24 * 3600
SECRET = "欧阳测试名"
DAYS = 365


def bytes_of(booth: Booth) -> bytes:
    """Return everything that stands in the device's folder."""
    return b"".join(each.read_bytes() for each in sorted(booth.folder.rglob("*")) if each.is_file())


def acknowledge(booth: Booth, *, at_ms: int | None = None) -> None:
    """Let the platform acknowledge all that waits."""
    engine = open_engine(booth.file)
    at_ms = booth.clocks.true_ms if at_ms is None else at_ms
    with writing(engine) as connection:
        claimed = outbox.claim(connection, "lease", 10_000)
        outbox.acknowledge(connection, [each.id for each in claimed], at_ms)
        link.write_link(connection, link.Link(at_ms, "epoch"))
        heads.acknowledge(connection, [], at_ms)
    engine.dispose()


def serve(booth: Booth, number: str, name: str) -> None:
    booth.station.present(booth.card(number, display_name=name))
    booth.clocks.elapse(HOUR)
    booth.station.present(booth.card(number, display_name=name))


def pass_days(booth: Booth, days: int) -> None:
    booth.clocks.elapse(days * DAY)
    serve(booth, "A-9", "常来的人")
    acknowledge(booth)
    booth.station.tend()


HOSTILE = (
    "https://pay.example/u/13800138000?t=secret-token",
    "134567890123456789",
    "410302199001011234",
    "wxp://f2f0-SECRET-payment",
    "BEGIN:VCARD\nFN:王秘密\nTEL:13900139000\nEND:VCARD",
    "LYZ1:SECRETSECRET",
    "'; DROP TABLE ledger; -- secret",
)


def test_the_text_of_a_code_that_is_not_ours_is_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with booth_in(tmp_path) as booth:
        for text in HOSTILE:
            booth.station.present(text)
            booth.station.tend()
        kept = bytes_of(booth) + caplog.text.encode()
    assert [text for text in HOSTILE if text.encode() in kept or text.encode()[5:25] in kept] == []


def test_names_of_people_who_do_not_come_are_gone_to_the_last_byte(tmp_path: Path) -> None:
    with booth_in(tmp_path) as booth:
        for number in range(25):
            serve(booth, f"B-{number:02}", f"{SECRET}{number:02}")
        acknowledge(booth)
        assert SECRET.encode() in bytes_of(booth)
        before = booth.rows("SELECT id, h, body FROM ledger")
        pass_days(booth, DAYS + 1)  # what nobody ended is closed first, and that must be acknowledged too
        pass_days(booth, 1)
        assert SECRET.encode() not in bytes_of(booth)
        assert set(booth.rows("SELECT name FROM asides")) == {("常来的人",)}
        assert booth.rows("SELECT id, h, body FROM ledger")[: len(before)] == before
        booth.restart()
    assert kiosk(tmp_path, "ledger", "verify").code == 0


def test_who_came_lately_keeps_the_name_of_every_record(tmp_path: Path) -> None:
    with booth_in(tmp_path) as booth:
        serve(booth, "B-1", SECRET)
        pass_days(booth, DAYS - 2)
        serve(booth, "B-1", SECRET)
        pass_days(booth, DAYS - 2)
        assert booth.rows("SELECT count(*) FROM asides WHERE name = '欧阳测试名'") == [(2,)]


def test_nothing_is_erased_that_the_platform_does_not_have(tmp_path: Path) -> None:
    with booth_in(tmp_path) as booth:
        serve(booth, "B-1", SECRET)
        booth.clocks.elapse((DAYS + 9) * DAY)
        engine = open_engine(booth.file)
        with writing(engine) as connection:
            link.write_link(connection, link.Link(booth.clocks.true_ms, "epoch"))
        engine.dispose()
        booth.station.tend()
        assert booth.rows("SELECT name FROM asides") == [(SECRET,)]
        assert SECRET in booth.rows("SELECT CAST(envelope AS TEXT) FROM outbox ORDER BY position")[0][0]


def test_a_record_that_the_platform_set_aside_keeps_its_name(tmp_path: Path) -> None:
    with booth_in(tmp_path) as booth:
        serve(booth, "B-1", SECRET)
        engine = open_engine(booth.file)
        with writing(engine) as connection:
            claimed = outbox.claim(connection, "lease", 10)
            outbox.park(connection, {claimed[0].id: "why"})
        engine.dispose()
        pass_days(booth, DAYS + 1)
        assert (SECRET,) in booth.rows("SELECT name FROM asides")


def test_a_clock_that_is_years_ahead_erases_nobody(tmp_path: Path) -> None:
    with booth_in(tmp_path) as booth:
        serve(booth, "B-1", SECRET)
        acknowledge(booth)
        booth.reboot(wall_ms=booth.clocks.true_ms + 10 * DAYS * DAY * 1000)
        booth.station.tend()
        assert booth.rows("SELECT name FROM asides") == [(SECRET,)]


def test_a_copy_that_was_acknowledged_loses_its_name_though_it_is_still_kept(tmp_path: Path) -> None:
    with booth_in(tmp_path) as booth:
        serve(booth, "B-1", SECRET)
        acknowledge(booth)
        pass_days(booth, DAYS + 1)
        kept = booth.rows("SELECT CAST(envelope AS TEXT), state FROM outbox ORDER BY position LIMIT 1")
        assert kept[0][1] == "acknowledged"
        assert "aside" not in kept[0][0]


def test_never_means_never(tmp_path: Path) -> None:
    with booth_in(tmp_path) as booth:
        object.__setattr__(booth.station.keeping, "forget_absent", lambda: 0)
        booth.station.keeping.forget_absent()
        station = booth.station
        assert station.keeping.seal_head is not None
        serve(booth, "B-1", SECRET)
        acknowledge(booth)
    never = kiosk(tmp_path, "doctor", "--privacy", KIOSK_PRIVACY__FORGET_AFTER_DAYS="0")
    assert "设置为不删除" in never.out


def test_the_pin_of_who_is_no_operator_any_more_is_forgotten(tmp_path: Path) -> None:
    community = Community()
    term = Appointment("O-1", "王站长", "head", 0, milliseconds(community.issued) * 2)
    with booth_in(tmp_path, community=community) as booth:
        booth.station.apply_reference(community.reference(version=2, appointments=[term]))
        with closing(sqlite3.connect(booth.file)) as connection, connection:
            connection.executemany("INSERT INTO operator_pins VALUES (?, 'argon2', 0)", [("O-1",), ("O-2",)])
        pass_days(booth, 2)
        assert booth.rows("SELECT operator FROM operator_pins") == [("O-1",)]


def test_the_list_of_personal_data_says_everything_but_the_data(tmp_path: Path) -> None:
    with booth_in(tmp_path) as booth:
        serve(booth, "B-1", SECRET)
    shown = kiosk(tmp_path, "doctor", "--privacy", "--json")
    assert shown.code == 0, shown.err
    held = {each["holding"]: each for each in shown.json}
    assert (held["names"]["count"], held["names_on_their_way"]["count"], held["records"]["count"]) == (1, 1, 2)
    assert "365" in held["names"]["until"]
    assert SECRET not in shown.out
    assert "B-1" not in shown.out
    assert all(each["why"] and each["until"] for each in shown.json)
    assert msgspec.json.encode(shown.json)
