"""Versions of the feed are seen in the order in which they were given: no slow transaction is ever skipped."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import msgspec
import pytest
import sqlalchemy as sa

from sync.platform.errors import KeyFileError
from sync.platform.feed import Feed, Freshness, Question
from sync.platform.keys import Keyring
from sync.platform.materialising import materialise
from sync.platform.present import Directory, told_at
from sync.platform.publishing import publish
from sync.platform.registry import Office
from sync.platform.signed_lists import are_stale, sign_lists
from sync.platform.store import Database
from sync.platform.store.feed import owner_of
from sync.protocol.changes import ChangesPage, Scope, Topic, read_page
from sync.protocol.entries import Told, entries_of
from sync.protocol.problems import CURSOR_GONE, Problem
from sync.protocol.reference import read_reference_data
from sync.protocol.revocation import read_revocation_list
from sync.protocol.signing.documents import SignedDocument
from sync.protocol.signing.keys import SigningKey
from tests.integration.platform.conftest import POSTGRESQL, SQLITE
from tests.support.clock import FakeClocks
from tests.support.community import REGION
from tests.support.told_town import FIRST, PLACE, PLATFORM, SECOND, THIRD, US, Town

DAY_S = 24 * 3600
MOMENT_S = 0.3
on_both = pytest.mark.parametrize("stored_in", [SQLITE, POSTGRESQL], indirect=True)


@pytest.fixture
def stored_in(request: pytest.FixtureRequest) -> str:
    """Where the platform keeps what it tells: SQLite, but for what the database has a part in."""
    return str(getattr(request, "param", SQLITE))


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A platform's database with people and one device."""
    database = Database.open(database_url)
    yield Town(database, FakeClocks())
    database.close()


def ask(town: Town, cursor: str | None = None, *, scope: Scope = Scope.STATION, limit: int = 500) -> ChangesPage:
    answer = answered(town, cursor, scope=scope, limit=limit)
    assert isinstance(answer, SignedDocument), answer
    return read_page(msgspec.json.encode(answer), PLATFORM.public, US.device, scope, cursor)


def answered(
    town: Town, cursor: str | None, *, scope: Scope = Scope.STATION, limit: int = 500
) -> SignedDocument | Problem:
    return town.feed.page(town.device, Question(scope, cursor, limit))


def notices_in(page: ChangesPage) -> list[str]:
    return [each.value["text"] for each in page.upserts if each.topic == Topic.NOTICE]


@pytest.mark.parametrize("stored_in", [POSTGRESQL], indirect=True)  # SQLite has one writer anyway
def test_a_slow_transaction_is_waited_for_and_nothing_of_it_is_skipped(town: Town) -> None:
    before = ask(town)
    written, may_end = threading.Event(), threading.Event()

    def slowly() -> None:
        with town.database.writing(owner_of(PLACE.id)) as unit:
            materialise(unit, PLACE.id, entries_of(told_at(unit, PLACE, town.now_ms)), town.now_ms)
            written.set()
            assert may_end.wait(30)

    town.notices("慢")
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(slowly)
        assert written.wait(30)
        town.notices("慢", "快")
        quick = pool.submit(ask, town, before.cursor)
        reader = replace(town.feed, freshness=Freshness(3_600_000))
        seen = reader.page(town.device, Question(Scope.STATION, before.cursor, 500))
        assert isinstance(seen, SignedDocument)
        assert seen.payload["cursor"] == before.cursor  # who only reads waits for nobody, and sees nothing yet
        threading.Event().wait(MOMENT_S)
        assert not quick.done()  # who would give the next version waits until the slow one's are seen
        may_end.set()
        slow.result(30)
        assert notices_in(quick.result(30)) == ["慢", "快"]


def told_now(town: Town) -> Told:
    with town.database.reading() as unit:
        return told_at(unit, PLACE, town.now_ms)


@pytest.mark.parametrize("stored_in", [POSTGRESQL], indirect=True)
def test_a_bare_sequence_would_skip_it_for_ever(town: Town, database_url: str) -> None:
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE bare (version bigserial, word text)"))
    add, seen = sa.text("INSERT INTO bare (word) VALUES (:word)"), sa.text("SELECT * FROM bare WHERE version > :after")
    with engine.connect() as slow, engine.connect() as quick:
        slow.execute(add, {"word": "slow"})
        quick.execute(add, {"word": "quick"})
        quick.commit()
        rows = quick.execute(seen, {"after": 0}).all()
        slow.commit()
        assert [row.word for row in rows] == ["quick"]
        assert quick.execute(seen, {"after": rows[-1].version}).all() == []
    engine.dispose()


@on_both
def test_pages_add_up_to_the_whole_in_one_order_whatever_their_size(town: Town) -> None:
    town.notices(*(f"通知{number}" for number in range(7)))
    whole, pieces, cursor = ask(town), [], None
    while True:
        page = ask(town, cursor, limit=2)
        assert len(page.upserts) <= 2
        assert (page.seal is None) == page.more
        pieces += page.upserts
        cursor = page.cursor
        if not page.more:
            break
    assert pieces == whole.upserts
    assert cursor == whole.cursor
    assert ask(town, cursor) == msgspec.structs.replace(page, after=cursor, upserts=[], tombstones=[])


def test_what_goes_while_a_snapshot_is_read_is_told_before_it_ends(town: Town) -> None:
    town.notices("一", "二", "三")
    first = ask(town, limit=2)
    town.notices("一")
    rest = ask(town, first.cursor)
    assert {each.key for each in rest.tombstones} == {"1", "2"}
    assert not rest.more


def test_a_cursor_of_another_time_or_place_is_gone(town: Town) -> None:
    town.notices("一", "二")
    good = ask(town).cursor
    of, version, _ = good.split(".")
    for wrong in (
        "x",
        "",
        f"{of}.{int(version) + 1}.0",
        f"{'0' * 24}.{version}.0",
        ask(town, scope=Scope.REVOCATIONS).cursor,
    ):
        assert answered(town, wrong) == CURSOR_GONE
    town.fresh_ms = 3_600_000
    with town.database.writing("registry") as unit:
        unit.registry.begin_epoch("epoch-2")
    assert answered(town, good) == CURSOR_GONE
    assert ask(town).version > int(version)


@on_both
def test_what_is_gone_is_remembered_for_sixty_days_and_then_all_is_told_anew(town: Town) -> None:
    town.notices("一", "二")
    old = ask(town).cursor
    town.notices("一")
    aware = ask(town, old).cursor
    town.clocks.elapse(59 * DAY_S)
    assert [each.key for each in ask(town, old).tombstones] == ["1"]
    town.clocks.elapse(2 * DAY_S)
    assert answered(town, old) == CURSOR_GONE
    assert ask(town, aware).tombstones == []
    assert notices_in(ask(town)) == ["一"]


@on_both
def test_within_a_minute_an_answer_is_one_query_and_nothing_is_worked_out(town: Town) -> None:
    town.fresh_ms = 60_000
    cursor = ask(town).cursor
    town.notices("新的")
    statements: list[str] = []
    sa.event.listen(town.database._engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    assert notices_in(ask(town, cursor)) == []
    assert len([each for each in statements if each.startswith("SELECT")]) == 1
    town.clocks.elapse(61)
    assert notices_in(ask(town, cursor)) == ["新的"]


@on_both
def test_the_file_and_the_feed_say_the_same_and_the_later_is_the_higher(town: Town) -> None:
    town.notices("一")
    town.shift("s-1", SECOND)
    town.decide(SECOND, star=2)
    first = ask(town)
    town.notices("二")
    data = read_reference_data(town.publish(), US.root.public)
    later = ask(town, first.cursor)
    assert first.version < data.version == later.version
    assert notices_in(later) == data.notices == ["二"]
    told = told_now(town)
    assert {name: getattr(data, name) for name in told.fields()} == told.fields()
    town.notices("三")
    assert ask(town, later.cursor).version > data.version


def test_lists_are_signed_anew_only_when_they_list_something_else(town: Town) -> None:
    def lists(cursor: str | None = None) -> list[tuple[str, int]]:
        page = ask(town, cursor, scope=Scope.REVOCATIONS)
        return [(each.topic, each.value["payload"]["version"]) for each in page.upserts]

    first = lists()
    town.clocks.elapse(DAY_S)
    town.publish()
    assert lists() == first
    cursor = ask(town, scope=Scope.REVOCATIONS).cursor
    town.lose(FIRST)
    assert [topic for topic, _ in lists(cursor)] == [Topic.REVOCATIONS]
    town.fresh_ms, cursor = 3_600_000, ask(town, scope=Scope.REVOCATIONS).cursor
    with town.database.writing("registry") as unit:
        unit.registry.put_issuer_key(msgspec.structs.replace(US.trust_list().keys[0], kid="0002"))
        sign_lists(unit, US.root, town.now_ms)
    assert [topic for topic, _ in lists(cursor)] == [Topic.TRUST_LIST]  # with the deed, however fresh the rest is


def test_without_the_root_key_the_lists_are_told_as_they_were_last_signed(town: Town) -> None:
    def away() -> SigningKey:
        raise KeyFileError("on another machine")

    before = ask(town, scope=Scope.REVOCATIONS)
    town.keys = Keyring(away, lambda: PLATFORM)
    town.lose(FIRST)
    assert ask(town, before.cursor, scope=Scope.REVOCATIONS).upserts == []
    with town.database.writing("registry") as unit:
        assert are_stale(unit, town.now_ms)
        assert sign_lists(unit, US.root, town.now_ms)  # a command does, where the key is
        assert not are_stale(unit, town.now_ms)
        assert not sign_lists(unit, US.root, town.now_ms)
        assert sign_lists(unit, US.stranger, town.now_ms)  # another root: all is signed anew
        sign_lists(unit, US.root, town.now_ms)
    (told,) = [
        each for each in ask(town, before.cursor, scope=Scope.REVOCATIONS).upserts if each.topic == "revocations"
    ]
    document = msgspec.convert(told.value, SignedDocument)
    assert len(read_revocation_list(document, US.root.public).serials[REGION]) == 1


def test_names_travel_no_further_than_they_must(town: Town) -> None:
    town.shift("s-1", SECOND)
    told = msgspec.json.encode(ask(town)).decode()
    assert SECOND in told
    assert not [number for number in (FIRST, THIRD) if number in told]
    with town.database.writing("registry") as unit:
        publish(unit, town.device.id, US.root, town.now_ms, Directory.ALL)
        assert Office(unit, town.ports, REGION).find_service_point(PLACE.id) == PLACE
    assert THIRD in msgspec.json.encode(ask(town)).decode()  # the station's choice holds for the feed too
    town.publish()
    assert THIRD not in msgspec.json.encode(ask(town)).decode()


def test_a_page_is_no_longer_than_it_may_be(town: Town) -> None:
    town.notices(*("长" * 100_000 for _ in range(9)))
    pages: list[ChangesPage] = []
    cursor = None
    while not pages or pages[-1].more:
        pages.append(ask(town, cursor))
        cursor = pages[-1].cursor
    assert max(len(msgspec.json.encode(page)) for page in pages) < 2 * 1024 * 1024
    assert sum(len(notices_in(page)) for page in pages) == 9
    assert len(pages) > 1


@on_both
def test_two_ask_at_once_for_what_nobody_asked_before(town: Town) -> None:
    feed = Feed(town.database, town.ports.clock, town.keys)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: feed.page(town.device, Question(Scope.STATION, None, 500)), range(4)))
    assert all(answer == answers[0] for answer in answers)
