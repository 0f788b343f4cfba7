"""What the platform tells is kept whole or not at all, whoever dies in between and whoever answers in its place."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.agent.changes import Changes, Told
from sync.agent.transport import HttpAnswer, TransportError
from sync.agent.wording import Trouble
from sync.mailbox import inbox
from sync.mailbox.agent_inbox import AgentInbox
from sync.mailbox.engine import open_engine, reading, writing
from sync.platform.signed_lists import list_entries
from sync.platform.store import Database
from sync.protocol.changes import CHANGES, SET_SEAL, ChangesPage, Scope, SetSeal, Upsert, digest_of, read_seal
from sync.protocol.signing.documents import SignedDocument, sign_document
from sync.protocol.signing.keys import SigningKey
from tests.support.clock import FakeClocks
from tests.support.postgres import migrate
from tests.support.station import empty_device_file
from tests.support.told_town import FIRST, NAMES, PLATFORM, SECOND, US, Line, Town, changes_of, poll


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A platform's database without anything in it."""
    path = tmp_path_factory.mktemp("platform") / "platform.sqlite"
    migrate(f"sqlite:///{path}")
    return path.read_bytes()


@dataclass(slots=True)
class Pair:
    """A platform and a device's file, both on this disk."""

    folder: Path
    town: Town
    line: Line = field(init=False)

    def __post_init__(self) -> None:
        """Make the device's file."""
        self.line = self.town.line()
        self.file.write_bytes(empty_device_file())

    @property
    def file(self) -> Path:
        """The device's file."""
        return self.folder / "device.sqlite"

    def changes(self, limit: int = 500) -> Changes:
        """Return an agent that has just started."""
        return changes_of(self.file, self.line, limit)

    def stands(self, scope: Scope = Scope.STATION) -> list[Upsert]:
        """Return the whole set that stands at the device, after checking that it is one."""
        engine = open_engine(self.file)
        with reading(engine) as connection:
            assert inbox.is_whole(connection, scope, seal_reader(scope))
            kept = inbox.read(connection, scope)
        engine.dispose()
        return list(kept.entries) if kept else []


def seal_reader(scope: Scope) -> Callable[[SignedDocument], SetSeal]:
    return lambda seal: read_seal(seal, PLATFORM.public, US.device, scope)


def pair_in(folder: Path, migrated: bytes) -> Pair:
    path = folder / "platform.sqlite"
    path.write_bytes(migrated)
    database = Database.open(f"sqlite:///{path}")
    return Pair(folder, Town(database, FakeClocks()))


@pytest.fixture
def pair(tmp_path: Path, migrated: bytes) -> Iterator[Pair]:
    """A platform and a device's file."""
    opened = pair_in(tmp_path, migrated)
    yield opened
    opened.town.database.close()


def test_a_round_takes_revocations_first_and_then_the_station(pair: Pair) -> None:
    pair.town.notices("一", "二")
    changes = pair.changes(limit=2)
    assert poll(changes).told is Told.UP_TO_DATE
    assert [Scope.REVOCATIONS.value in target for target in pair.line.asked] == [True, False, False]
    assert pair.stands() == pair.town.present()
    pair.line.asked.clear()
    poll(changes)
    assert len(pair.line.asked) == 2
    assert all("cursor=" in target for target in pair.line.asked)


def test_a_poll_with_nothing_new_writes_nothing(pair: Pair) -> None:
    changes = pair.changes()
    poll(changes)
    wal = pair.file.with_name("device.sqlite-wal")
    before = wal.stat().st_size, pair.file.read_bytes()
    assert not poll(changes).is_new
    assert (wal.stat().st_size, pair.file.read_bytes()) == before


@pytest.mark.parametrize("table", ["inbox_staged", "inbox", "inbox_scopes"])
def test_a_kill_between_a_page_and_its_cursor_leaves_what_stood_and_loses_nothing(pair: Pair, table: str) -> None:
    poll(pair.changes())
    before = pair.stands()
    pair.town.notices("一", "二", "三")
    pid = os.fork()
    if pid == 0:
        changes = pair.changes(limit=2)

        def die(*call: object) -> None:
            statement = str(call[2])
            if statement.startswith(("INSERT", "UPDATE")) and f" {table} " in statement:
                os.kill(os.getpid(), signal.SIGKILL)

        poll_to = changes.inbox._engine
        sa.event.listen(poll_to, "after_cursor_execute", die)
        poll(changes)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    assert pair.stands() == before
    assert poll(pair.changes()).told is Told.UP_TO_DATE
    assert pair.stands() == pair.town.present()


def test_a_snapshot_that_stops_half_way_leaves_the_whole_set_of_before(pair: Pair) -> None:
    pair.town.notices("一", "二")
    poll(pair.changes())
    before = pair.stands()
    with pair.town.database.writing("registry") as unit:
        unit.registry.begin_epoch("epoch-2")
    pair.town.notices("三")
    changes = pair.changes(limit=1)
    changes.step()
    changes.step()
    changes.step()
    pair.line.fails = TransportError(Trouble("the line is cut", "线断了"))
    assert changes.step().told is Told.FAILED
    assert pair.stands() == before
    pair.line.fails = None
    assert poll(pair.changes(limit=1)).told is Told.UP_TO_DATE
    assert pair.stands() == pair.town.present()


EXAMPLES = int(os.environ.get("DUTY_TEST_LIVES", "6"))
PORTAL = HttpAnswer(200, b"<html>Please accept our terms</html>", None)


def signed(page: ChangesPage, key: SigningKey = PLATFORM) -> HttpAnswer:
    return HttpAnswer(200, msgspec.json.encode(sign_document(CHANGES, msgspec.to_builtins(page), key)), None)


def forged(pair: Pair, *, key: SigningKey = PLATFORM, **wrong: object) -> HttpAnswer:
    """Return a page for the first question of a round, with something wrong in it."""
    after = pair.changes().inbox.after(Scope.REVOCATIONS)
    stands = {"upserts": [], "tombstones": [], "cursor": "c", "more": False, "version": 2**50, "epoch": "epoch-1"}
    page = {"device": US.device, "scope": "revocations", "after": after, "issued_ms": 1, **stands, **wrong}
    return signed(msgspec.convert(page, ChangesPage), key)


def seal(digest: str = "0" * 64, version: int = 2**50) -> SignedDocument:
    content = SetSeal(US.device, Scope.REVOCATIONS, version, 1, "epoch-1", digest)
    return sign_document(SET_SEAL, msgspec.to_builtins(content), PLATFORM)


HOSTILE: dict[str, Callable[[Pair], HttpAnswer]] = {
    "portal": lambda _pair: PORTAL,
    "empty": lambda _pair: HttpAnswer(200, b"", None),
    "stranger": lambda pair: forged(pair, key=US.stranger, seal=seal()),
    "another device": lambda pair: forged(pair, device="device-2", seal=seal()),
    "another scope": lambda pair: forged(pair, scope="station", seal=seal()),
    "another cursor": lambda pair: forged(pair, after="other", seal=seal()),
    "no seal": forged,
    "seal of another set": lambda pair: forged(pair, seal=seal()),
    "seal too early": lambda pair: forged(pair, more=True, seal=seal()),
    "not found": lambda _pair: HttpAnswer(404, b"", None),
    "fault": lambda _pair: HttpAnswer(500, b"", None),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_that_is_wrong_changes_anything(pair: Pair, what: str) -> None:
    pair.town.notices("一")
    poll(pair.changes())
    before = {scope: pair.stands(scope) for scope in Scope}
    pair.line.fails = HOSTILE[what](pair)
    assert poll(pair.changes()).told is Told.FAILED
    assert {scope: pair.stands(scope) for scope in Scope} == before
    pair.line.fails = None
    pair.town.notices("二")
    assert poll(pair.changes()).told is Told.UP_TO_DATE
    assert pair.stands() == pair.town.present()


def test_an_old_snapshot_that_is_said_again_changes_nothing(pair: Pair) -> None:
    changes = pair.changes()
    poll(changes)
    before = pair.stands(Scope.REVOCATIONS)
    changes.inbox.begin_anew(Scope.REVOCATIONS)  # as after a forged 410
    pair.line.fails = forged(pair, version=1, seal=seal(digest_of([]), 1))
    assert poll(changes).told is Told.FAILED
    assert pair.stands(Scope.REVOCATIONS) == before


@pytest.mark.parametrize(
    ("status", "told"), [(401, Told.REFUSED), (403, Told.REFUSED), (429, Told.BUSY), (503, Told.BUSY)]
)
def test_who_is_turned_away_says_so_and_begins_the_round_again(pair: Pair, status: int, told: Told) -> None:
    pair.line.fails = HttpAnswer(status, b"", 7.0)
    changes = pair.changes()
    fetched = changes.step()
    assert (fetched.told, fetched.retry_after_s) == (told, 7.0)
    pair.line.fails = None
    assert poll(changes).told is Told.UP_TO_DATE


def test_what_the_disk_changed_is_fetched_anew(pair: Pair) -> None:
    pair.town.notices("一", "二")
    poll(pair.changes())
    engine = open_engine(pair.file)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE inbox SET value = replace(value, '一', '伪')")
    engine.dispose()
    changes = pair.changes()
    assert poll(changes).told is Told.UP_TO_DATE
    assert pair.stands() == pair.town.present()
    engine = open_engine(pair.file)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE inbox SET value = x'ff' WHERE topic = 'notice'")
    engine.dispose()
    pair.town.notices("一", "二", "三")
    assert poll(changes).told is Told.FAILED  # found out as something new came
    assert poll(changes).told is Told.UP_TO_DATE
    assert pair.stands() == pair.town.present()


def test_a_machine_that_is_another_device_now_fetches_all_for_itself(pair: Pair) -> None:
    poll(pair.changes())
    pair.town.device = type(pair.town.device)("device-2", "西门", "point-1", US.root.public, 1)
    changes = Changes(AgentInbox(pair.file), pair.line, "device-2", PLATFORM.public)
    assert poll(changes).told is Told.UP_TO_DATE
    assert [("cursor=" in target) for target in pair.line.asked[-2:]] == [False, False]


def test_a_name_that_the_platform_takes_back_leaves_the_file_to_its_last_byte(pair: Pair) -> None:
    changes = pair.changes()
    for begin in (0, 3, 1, 4, 2):  # pages of the file are split, and what moved to a neighbour stays behind in them
        for number in range(begin, 60, 5):
            pair.town.shift(f"s-{number:02}", SECOND if number % 2 else FIRST, number)
        poll(changes)
    secret = NAMES[SECOND].encode()

    def in_the_file() -> bool:
        return any(secret in each.read_bytes() for each in pair.folder.glob("device.sqlite*"))

    assert in_the_file()
    with pair.town.database.writing("registry") as unit:
        unit.places._session.execute(sa.text("DELETE FROM assignments WHERE volunteer = :of"), {"of": SECOND})
    poll(changes)
    assert pair.stands() == pair.town.present()
    assert not in_the_file()


class KilledError(Exception):
    """The agent died here."""


class Mortal(AgentInbox):
    """An inbox whose agent dies within the transaction, as often as it is told to."""

    dies = 0

    def keep(self, page: ChangesPage, seal: SetSeal | None) -> bool:
        """Keep a page, or die over it."""
        if self.dies == 0:
            return super().keep(page, seal)
        self.dies -= 1
        with writing(self._engine) as connection:
            inbox.keep(connection, page, seal)
            raise KilledError


NOTICES = st.lists(st.sampled_from("甲乙丙丁戊己"), max_size=5)
DEEDS = st.one_of(
    st.tuples(st.just("notices"), NOTICES),
    st.tuples(st.just("shift"), st.integers(0, 4), st.sampled_from([FIRST, SECOND]), st.integers(-30, 30)),
    st.tuples(st.just("decide"), st.sampled_from([FIRST, SECOND]), st.integers(0, 5)),
    st.tuples(st.just("lose")),
    st.tuples(st.just("days"), st.sampled_from([1, 70])),
    st.tuples(st.just("restored")),
    st.tuples(st.just("step"), st.integers(1, 4)),
    st.tuples(st.just("step"), st.integers(1, 4)),
    st.tuples(st.just("dies")),
    st.tuples(st.just("answered"), st.sampled_from([410, 500, 503, 200])),
)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=st.lists(DEEDS, min_size=4, max_size=20), limit=st.integers(1, 4))
def test_whatever_happened_in_the_end_the_device_holds_what_is_so(
    migrated: bytes, history: list[tuple[object, ...]], limit: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pair = pair_in(Path(folder), migrated)
        live(pair, history, limit)
        assert poll(started(pair, limit)).told is Told.UP_TO_DATE
        assert pair.stands() == pair.town.present()
        with pair.town.database.reading() as unit:
            assert pair.stands(Scope.REVOCATIONS) == sorted(list_entries(unit), key=lambda each: each.topic)
        pair.town.database.close()


def started(pair: Pair, limit: int) -> Changes:
    return Changes(Mortal(pair.file), pair.line, US.device, PLATFORM.public, limit)


def live(pair: Pair, history: list[tuple[object, ...]], limit: int) -> None:
    changes = started(pair, limit)
    for deed in history:
        match deed:
            case ("step", int(count)):
                for _ in range(count):
                    changes.step()
            case ("dies",):
                changes = die_over_a_page(changes, pair, limit)
            case ("answered", int(status)):
                pair.line.fails = HttpAnswer(status, b"{}", None)
                changes.step()
                pair.line.fails = None
            case _:
                write(pair, deed)
        pair.stands()


def write(pair: Pair, deed: tuple[object, ...]) -> None:
    match deed:
        case ("notices", list(texts)):
            pair.town.notices(*map(str, texts))
        case ("shift", int(number), str(volunteer), int(begins_h)):
            pair.town.shift(f"s-{number}", volunteer, begins_h)
        case ("decide", str(volunteer), int(star)):
            pair.town.decide(volunteer, star=star)
        case ("lose",):
            lose_if_good(pair)
        case ("days", int(days)):
            pair.town.clocks.elapse(days * 86_400)
        case ("restored",):
            with pair.town.database.writing("registry") as unit:
                unit.registry.begin_epoch(f"{unit.registry.epoch()}+")


def die_over_a_page(changes: Changes, pair: Pair, limit: int) -> Changes:
    assert isinstance(changes.inbox, Mortal)
    changes.inbox.dies = 1
    with pytest.raises(KilledError):
        changes.step()
    changes.inbox.close()
    return started(pair, limit)


def lose_if_good(pair: Pair) -> None:
    with pair.town.database.reading() as unit:
        is_good = unit.certificates.of(FIRST)[0].ended_ms is None
    if is_good:
        pair.town.lose(FIRST)
