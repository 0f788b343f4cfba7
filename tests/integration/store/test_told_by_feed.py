"""What the feed told stands in the device's file as long as it proves itself: over restarts, damage and forgetting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kiosk.commands.privacy import inventory
from kiosk.domain.refusal import RefusalReason
from kiosk.usecases.outcomes import Refused
from sync.agent.transport import HttpAnswer
from sync.mailbox.agent_inbox import AgentInbox
from sync.mailbox.engine import open_engine, writing
from sync.platform.store import Database
from sync.protocol.changes import SET_SEAL, ChangesPage, Scope, SetSeal, Topic, Upsert, digest_of
from sync.protocol.reference import REFERENCE_DATA
from sync.protocol.signing.documents import sign_document
from sync.protocol.signing.keys import SigningKey
from tests.integration.store.test_privacy import DAYS, acknowledge, pass_days, serve
from tests.support.clock import FakeClocks
from tests.support.postgres import migrate
from tests.support.station import Booth, booth_in, settings_in
from tests.support.told_town import FIRST, NAMES, PLATFORM, SECOND, US, Town, changes_of, poll

SECRET = NAMES[SECOND]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A platform's database without anything in it."""
    path = tmp_path_factory.mktemp("platform") / "platform.sqlite"
    migrate(f"sqlite:///{path}")
    return path.read_bytes()


@pytest.fixture
def town(tmp_path: Path, migrated: bytes) -> Iterator[Town]:
    """A platform with people and one device."""
    path = tmp_path / "platform.sqlite"
    path.write_bytes(migrated)
    database = Database.open(f"sqlite:///{path}")
    yield Town(database, FakeClocks())
    database.close()


@pytest.fixture
def booth(town: Town, tmp_path: Path) -> Iterator[Booth]:
    """Its booth, running."""
    town.enrol(tmp_path / "booth")
    with booth_in(tmp_path / "booth", clocks=town.clocks) as opened:
        yield opened


def tell(town: Town, booth: Booth) -> None:
    """Let the agent fetch and the kiosk's minute pass."""
    poll(changes_of(booth.file, town.line()))
    town.clocks.elapse(60)
    booth.station.tend()


def notices(booth: Booth) -> list[str]:
    return booth.station.device.shelf.current().data.notices


def test_file_and_feed_take_turns_and_the_newer_stands(town: Town, booth: Booth) -> None:
    town.notices("文件一")
    old_file = town.publish()
    town.notices("网络二")
    tell(town, booth)
    assert not booth.station.apply_reference(old_file)
    assert notices(booth) == ["网络二"]
    town.clocks.elapse(1)
    town.notices("文件三")
    assert booth.station.apply_reference(town.publish())
    assert notices(booth) == ["文件三"]
    booth.restart()
    assert notices(booth) == ["文件三"]
    tell(town, booth)
    town.notices("网络四")
    tell(town, booth)
    assert notices(booth) == ["网络四"]


def test_a_booth_off_the_network_goes_on_with_what_it_was_told(town: Town, booth: Booth) -> None:
    town.notices("一")
    town.decide(FIRST, suspended=True)
    town.shift("s-1", FIRST)
    tell(town, booth)
    for _ in range(3):
        booth.clocks.elapse(7 * 86_400)
        booth.reboot()
        booth.station.tend()
    assert notices(booth) == ["一"]
    standing = booth.station.device.shelf.current().data.standing_of(FIRST)
    assert standing is not None
    assert standing.suspended


def test_a_file_that_the_feed_has_overtaken_leaves_with_all_its_names(town: Town, tmp_path: Path) -> None:
    town.shift("s-1", SECOND)
    with_names = town.publish()
    town.shift("s-1", FIRST)
    folder = tmp_path / "booth"
    own = msgspec.structs.replace(US.enrolment(), platform_public=PLATFORM.public.hex())
    folder.mkdir()
    (folder / "enrolment.json").touch(0o600)
    (folder / "enrolment.json").write_bytes(msgspec.json.encode(own))
    with booth_in(folder, clocks=town.clocks) as booth:
        booth.station.apply_reference(with_names)
        booth.station.tend()
        assert any(SECRET.encode() in each.read_bytes() for each in folder.iterdir())
        tell(town, booth)
        assert booth.rows("SELECT count(*) FROM reference") == [(0,)]
        assert not any(SECRET.encode() in each.read_bytes() for each in folder.iterdir())
        booth.restart()
        assert [each.volunteer for each in booth.station.device.shelf.current().data.roster] == [FIRST]


def tamper(booth: Booth, statement: str) -> None:
    engine = open_engine(booth.file)
    with writing(engine) as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE inbox SET value = replace(value, '一', '伪') WHERE topic = 'notice'",
        "DELETE FROM inbox WHERE topic = 'notice'",
        "UPDATE inbox SET value = x'ff' WHERE topic = 'notice'",
        "UPDATE inbox_scopes SET seal = replace(seal, 'epoch-1', 'epoch-2')",
        "UPDATE inbox_scopes SET seal = x'ff'",
    ],
)
def test_what_was_changed_on_the_disk_is_not_believed_and_a_running_kiosk_keeps_what_it_has(
    town: Town, booth: Booth, statement: str
) -> None:
    town.notices("一")
    tell(town, booth)
    tamper(booth, statement)
    tamper(booth, "UPDATE inbox_scopes SET version = version + 1")
    booth.station.tend()
    assert notices(booth) == ["一"]
    booth.restart()
    assert notices(booth) == []  # the enrolment's own data, until the agent has fetched all anew
    tamper(booth, "UPDATE inbox_scopes SET version = version - 1")
    tell(town, booth)
    assert notices(booth) == ["一"]


def test_a_running_kiosk_never_goes_back_to_an_older_file(town: Town, booth: Booth) -> None:
    tell(town, booth)
    town.lose(FIRST)
    assert booth.station.apply_reference(town.publish())  # its revocations are newer than those of the feed
    town.notices("一")
    line = town.line()
    changes = changes_of(booth.file, line)
    line.fails = HttpAnswer(500, b"", None)
    changes.step()
    line.fails = None
    changes.step()
    booth.station.tend()
    assert notices(booth) == ["一"]
    assert booth.rows("SELECT count(*) FROM reference") == [(1,)]
    tamper(booth, "UPDATE inbox SET value = replace(value, '一', '伪') WHERE topic = 'notice'")
    tamper(booth, "UPDATE inbox_scopes SET version = version + 1")
    booth.station.tend()
    assert notices(booth) == ["一"]
    assert booth.station.present(booth.card(FIRST)) == Refused(RefusalReason.REVOKED)


def test_a_damaged_file_is_recovered_with_what_the_feed_told(town: Town, booth: Booth) -> None:
    town.notices("一")
    town.shift("s-1", FIRST)
    tell(town, booth)
    booth.check_in(FIRST)
    booth.station.close()
    data = bytearray(booth.file.read_bytes())
    data[18:20] = b"\x09\x09"  # a version no SQLite writes
    booth.file.write_bytes(bytes(data))
    booth.station = booth.opened()
    assert notices(booth) == ["一"]
    assert [each.volunteer for each in booth.station.device.shelf.current().data.roster] == [FIRST]
    poll(changes_of(booth.file, line := town.line()))
    assert all("cursor=" in target for target in line.asked)  # nothing had to be fetched again


def keep(booth: Booth, entries: list[Upsert], version: int, key: SigningKey = PLATFORM) -> None:
    """Keep a whole set of the station's scope as if the platform had told it."""
    content = SetSeal(US.device, Scope.STATION, version, 1, "epoch-1", digest_of(entries))
    page = ChangesPage(
        US.device,
        Scope.STATION,
        None,
        entries,
        [],
        "c",
        more=False,
        version=version,
        issued_ms=1,
        epoch="epoch-1",
        seal=sign_document(SET_SEAL, msgspec.to_builtins(content), key),
    )
    AgentInbox(booth.file).keep(page, content)


def test_whoever_steals_the_platforms_key_moves_neither_trust_nor_revocations(town: Town, booth: Booth) -> None:
    tell(town, booth)
    stood = booth.station.device.shelf.current()
    thief = msgspec.structs.replace(US.trust_list(), version=2**50)
    forged = sign_document("trust_list", msgspec.to_builtins(thief), PLATFORM)
    strange = Upsert("weather", "today", {"sky": "clear"})
    entries = [*town.present(), Upsert(Topic.TRUST_LIST, "", msgspec.to_builtins(forged)), strange]
    keep(booth, entries, stood.data.version + 1)
    booth.station.tend()
    stands = booth.station.device.shelf.current()
    assert stands.trust == stood.trust
    assert stands.revocations == stood.revocations
    assert stands.data.version == stood.data.version + 1  # the rest is what the platform's key may say


def test_a_set_sealed_by_a_stranger_is_nothing(town: Town, booth: Booth) -> None:
    town.notices("一")
    tell(town, booth)
    keep(booth, [*town.present(), Upsert(Topic.NOTICE, "9", {"place": 9, "text": "伪"})], 2**50, US.stranger)
    booth.station.tend()
    assert notices(booth) == ["一"]


def test_a_device_of_an_older_enrolment_takes_files_alone(town: Town, tmp_path: Path) -> None:
    with booth_in(tmp_path / "old", clocks=town.clocks) as booth:
        town.notices("一")
        poll(changes_of(booth.file, town.line()))
        booth.station.tend()
        assert notices(booth) == []
        data = {**US.reference(version=2).payload, "notices": ["二"]}
        assert booth.station.apply_reference(sign_document(REFERENCE_DATA, data, US.root))
        assert notices(booth) == ["二"]


def test_who_is_forgotten_has_no_name_in_the_feed_either_and_the_rest_is_believed(town: Town, booth: Booth) -> None:
    entries = [each for each in town.present() if each.topic == Topic.SERVICE_POINT]
    entries += [Upsert(Topic.DIRECTORY, each, {"volunteer": each, "display_name": SECRET}) for each in ("B-1", "B-2")]
    person = {"volunteer": "B-2", "display_name": SECRET, "role": "head", "from_ms": 0, "until_ms": 2**50}
    entries.append(Upsert(Topic.APPOINTMENT, "B-2/head/0", {**person, "team": None}))
    keep(booth, entries, booth.station.device.shelf.current().data.version + 1)
    booth.station.tend()
    for number in ("B-1", "B-2"):
        serve(booth, number, SECRET)
    acknowledge(booth)
    held = {each.holding: each.count for each in inventory(settings_in(booth.folder))}
    assert held["directory"] == 2
    pass_days(booth, DAYS + 1)
    pass_days(booth, 1)
    named = booth.rows("SELECT key FROM inbox WHERE CAST(value AS TEXT) LIKE '%王秀兰%'")
    assert sorted(named) == [("B-2",), ("B-2/head/0",)]
    booth.restart()
    listed = booth.station.device.shelf.current().data.directory
    assert [(each.volunteer, each.display_name) for each in listed] == [("B-1", ""), ("B-2", SECRET)]
