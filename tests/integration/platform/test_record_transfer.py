"""A volunteer's records move from platform to platform: whole, proven, once, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from sync.platform.errors import PlatformError, UnknownError
from sync.platform.ports import Ports, unix_ms
from sync.platform.records import Device, Volunteer
from sync.platform.registry import Office
from sync.platform.store import Database
from sync.platform.taking import take
from sync.platform.telling import standings_of
from sync.platform.transfer.exporting import Issuer, hand_out
from sync.platform.transfer.importing import Outcome, Wish, take_in
from sync.platform.transfer.values import TrustedPlatform
from sync.protocol.batch import Delivery
from sync.protocol.errors import RecordBundleError
from sync.protocol.judgements import Amendment, CaptainEntry, Confirmation, Void
from sync.protocol.record_bundle import Consent, Heading
from sync.protocol.signing.keys import SigningKey
from sync.protocol.vocabulary import AmendmentReason, EntryReason, Provenance, VoidReason
from tests.integration.platform.conftest import POINT, POSTGRESQL, SQLITE, START_MS
from tests.integration.platform.fleet import FakeDevice

DAY, HOUR = 24 * 3600_000, 3600_000
NAME = "张晓明"
CONSENT = Consent("本人同意转移", "2026-07-10")
DEVICE_KEY = SigningKey(b"d" * 32)
on_both = pytest.mark.parametrize("stored_in", [SQLITE, POSTGRESQL], indirect=True)


@dataclass(slots=True)
class Town:
    """One platform: its key, its database, its time and its one device."""

    name: str
    database: Database
    key: SigningKey
    now: datetime = datetime(2026, 8, 1, tzinfo=UTC)
    ids: int = 0
    device: FakeDevice = field(default_factory=lambda: FakeDevice("east", DEVICE_KEY, POINT.id, START_MS - HOUR))

    def ports(self) -> Ports:
        self.now += timedelta(minutes=1)
        return Ports(lambda: self.now, self._id, lambda n: b"\0" * n)

    def _id(self) -> str:
        self.ids += 1
        return f"{self.name}-{self.ids}"

    def office(self, unit: object) -> Office:
        return Office(unit, self.ports(), "410302")  # type: ignore[arg-type]  # a unit of this database

    def register(self, number: str, name: str = NAME) -> None:
        with self.database.writing("registry") as unit:
            unit.registry.add_volunteers([Volunteer(number, name, None, 0)])

    def serve(self, number: str, at_ms: int, *, hours: int = 2, name: str = NAME) -> str:
        """Have a confirmed duty brought; return its id."""
        session = self.device.check_in(number, name, at_ms)
        self.device.check_out(session, number, at_ms + hours * HOUR)
        self.device.record(Confirmation(session, self.device.log[-1].id, "LY9"), at_ms + hours * HOUR + 1000)
        self.bring()
        return session

    def bring(self) -> None:
        with self.database.writing("east") as unit:
            take(Delivery(self.device.batch()), "0" * 64, unit, START_MS)

    def out(self, number: str) -> bytes:
        with self.database.writing("registry") as unit:
            return hand_out(self.office(unit), Issuer(self.key, self.name), number, CONSENT)[1]

    def take_in(self, content: bytes, **wish: str) -> Outcome:
        with self.database.writing("registry") as unit:
            return take_in(self.office(unit), [self.key.public], content, Wish("王站长", **wish))

    def believe(self, other: Town) -> None:
        with self.database.writing("registry") as unit:
            unit.transfers.trust(TrustedPlatform(other.key.public.hex(), other.name, 0, "王站长"))

    def minutes(self, number: str) -> int:
        """What devices are told."""
        with self.database.reading() as unit:
            told = standings_of(unit, [number], START_MS)
        return told[0].confirmed_minutes if told else 0

    def nothing_came(self) -> bool:
        with self.database.reading() as unit:
            return not unit.transfers.taken_in("LY1") and not unit.transfers.taken_in("LX5")


def founded(name: str, url: str, seed: bytes) -> Town:
    database = Database.open(url)
    with database.writing("registry") as unit:
        unit.registry.begin_epoch(f"epoch of {name}")
        unit.registry.add_service_point(POINT)
        unit.devices.add(Device("east", "east", POINT.id, DEVICE_KEY.public, 0))
    return Town(name, database, SigningKey(seed * 32))


@pytest.fixture
def stored_in(request: pytest.FixtureRequest) -> str:
    """On SQLite, but for the tests that ask for both."""
    return str(getattr(request, "param", SQLITE))


@pytest.fixture
def found(another_url: Callable[[], str]) -> Iterator[Callable[[str], Town]]:
    towns: list[Town] = []

    def new(name: str) -> Town:
        towns.append(founded(name, another_url(), name.encode()[:1]))
        return towns[-1]

    yield new
    for town in towns:
        town.database.close()


@pytest.fixture
def old(found: Callable[[str], Town]) -> Town:
    """Where LY1 served: two duties of two hours, a time check between."""
    town = found("a")
    town.register("LY1")
    town.device.anchor(START_MS - 1000)
    town.serve("LY1", START_MS)
    town.serve("LY1", START_MS + DAY)
    with town.database.writing("registry") as unit:
        unit.standings.put_training("LY1", "急救", None)
    return town


@pytest.fixture
def new(found: Callable[[str], Town], old: Town) -> Town:
    """Where LY1 moved, and where the old platform is believed."""
    town = found("b")
    town.register("LY1")
    town.believe(old)
    return town


def changed(content: bytes) -> bytes:
    return content.replace("本人".encode(), "他人".encode(), 1)


@on_both
def test_records_move_with_their_provenance_and_go_on_towards_the_stars(old: Town, new: Town) -> None:
    outcome = new.take_in(old.out("LY1"))
    assert (outcome.is_new, outcome.duties, outcome.gained_minutes, outcome.recomputed) == (True, 2, 240, True)
    new.serve("LY1", START_MS + 2 * DAY, hours=1)
    assert new.minutes("LY1") == 300
    assert old.minutes("LY1") == 240
    with new.database.reading() as unit:
        moved = unit.transfers.sessions_of("LY1")
        assert {(each.source, each.session.provenance) for each in moved} == {("a", Provenance.TWO_SCANS)}
        assert {each.provenance for each in unit.transfers.lines(["LY1"])["LY1"]} == {Provenance.TRANSFER_IN}
        assert len(unit.ledger.all()) == 1, "what another place recorded enters no total of this one"
        taken = unit.transfers.taken_in("LY1")[0]
        assert (taken.taken_by, taken.mapped_because) == ("王站长", "same number and name")
        assert taken.heading.summary.trainings[0].name == "急救"


@on_both
def test_a_second_time_changes_nothing_and_a_newer_one_takes_its_place(old: Town, new: Town) -> None:
    first = old.out("LY1")
    new.take_in(first)
    again = new.take_in(first)
    assert (again.is_new, again.gained_minutes) == (False, 240)
    old.serve("LY1", START_MS + 3 * DAY, hours=1)
    second = old.out("LY1")
    assert new.take_in(second).gained_minutes == 300
    assert not new.take_in(second).is_new
    with pytest.raises(PlatformError, match="later bundle"):
        new.take_in(first)
    assert new.minutes("LY1") == 300


def test_what_was_corrected_at_the_issuer_is_corrected_by_the_newer_bundle(old: Town, new: Town) -> None:
    new.take_in(old.out("LY1"))
    session = str(old.device.log[1].body["session"])
    shorter = Amendment(session, AmendmentReason.WRONG_END, "LY8", ends_ms=START_MS + HOUR)
    old.device.record(shorter, START_MS + 2 * DAY)
    old.device.record(Confirmation(session, old.device.log[-1].id, "LY9"), START_MS + 2 * DAY)
    old.bring()
    assert new.take_in(old.out("LY1")).gained_minutes == 180
    old.device.record(Void(session, VoidReason.TRIAL, "LY8"), START_MS + 3 * DAY)
    old.device.record(Confirmation(session, old.device.log[-1].id, "LY9"), START_MS + 3 * DAY)
    old.bring()
    assert new.take_in(old.out("LY1")).gained_minutes == 120, "what was withdrawn there is gone here"


def test_a_duty_that_stands_here_too_counts_once(old: Town, new: Town) -> None:
    new.device = old.device
    new.bring()
    outcome = new.take_in(old.out("LY1"))
    assert (outcome.here, outcome.gained_minutes) == (2, 0)
    assert new.minutes("LY1") == 240


def test_the_same_time_at_two_places_is_flagged_and_counted_once(old: Town, new: Town) -> None:
    new.serve("LY1", START_MS + HOUR)
    outcome = new.take_in(old.out("LY1"))
    assert len(outcome.overlapping) == 1
    assert new.minutes("LY1") == 120 + 240 - 60


def test_another_number_is_mapped_once_and_for_one_person(old: Town, new: Town) -> None:
    new.register("LX5")
    new.register("LX6", "李娜")
    content = old.out("LY1")
    with pytest.raises(PlatformError, match="another name"):
        new.take_in(content, volunteer="LX6")
    assert new.take_in(content, volunteer="LX5").volunteer == "LX5"
    assert new.minutes("LX5") == 240
    assert new.minutes("LY1") == 0
    for other in ("LY1", "LX6"):
        with pytest.raises(PlatformError, match="belong to volunteer LX5"):
            new.take_in(old.out("LY1"), volunteer=other, same_person="so said")
    assert new.take_in(old.out("LY1")).volunteer == "LX5", "the mapping holds for later bundles"


def test_two_persons_of_one_platform_do_not_become_one(old: Town, new: Town) -> None:
    old.register("LY2")
    old.serve("LY2", START_MS + 5 * DAY)
    new.take_in(old.out("LY1"))
    with pytest.raises(PlatformError, match="another person's number"):
        new.take_in(old.out("LY2"), volunteer="LY1")
    assert new.take_in(old.out("LY2"), volunteer="LY1", same_person="补办，见第7号").gained_minutes == 360
    with new.database.reading() as unit:
        assert {each.mapped_because for each in unit.transfers.taken_in("LY1")} == {
            "same number and name",
            "补办，见第7号",
        }


def test_a_stranger_a_forger_and_one_who_is_no_longer_believed_change_nothing(
    old: Town, found: Callable[[str], Town]
) -> None:
    new = found("c")
    new.register("LY1")
    content = old.out("LY1")
    with pytest.raises(UnknownError, match="not believed here"):
        new.take_in(content)
    new.believe(old)
    with new.database.writing("registry") as unit:
        unit.transfers.trust(TrustedPlatform(old.key.public.hex(), "a", 0, "王站长", withdrawn_ms=1))
    with pytest.raises(UnknownError, match="not believed here"):
        new.take_in(content)
    assert new.nothing_came()


@pytest.mark.parametrize("harm", [changed, lambda c: c[:-10], lambda c: c + b"{}\n", lambda _: b"", lambda c: c * 2])
def test_a_harmed_file_changes_nothing(old: Town, new: Town, harm: Callable[[bytes], bytes]) -> None:
    with pytest.raises(RecordBundleError):
        new.take_in(harm(old.out("LY1")))
    assert new.nothing_came()


def test_after_its_day_a_bundle_is_no_longer_taken_and_its_issuer_needs_none(old: Town, new: Town) -> None:
    content = old.out("LY1")
    new.now += timedelta(days=91)
    with pytest.raises(PlatformError, match="was valid until 2026-10-30"):
        new.take_in(content)
    with pytest.raises(PlatformError, match="issued the bundle itself"):
        old.take_in(content)
    with pytest.raises(UnknownError):
        old.out("nobody")
    old.register("LY3")
    with pytest.raises(PlatformError, match="no record"):
        old.out("LY3")


@on_both
def test_what_moved_once_moves_on_with_its_events_and_its_origin(
    old: Town, new: Town, found: Callable[[str], Town]
) -> None:
    third = found("c")
    third.register("LY1")
    third.believe(new)
    new.take_in(old.out("LY1"))
    new.serve("LY1", START_MS + 4 * DAY, hours=1)
    outcome = third.take_in(new.out("LY1"))
    assert (outcome.duties, outcome.gained_minutes, outcome.recomputed) == (3, 300, True)
    with third.database.reading() as unit:
        assert sorted(each.source for each in unit.transfers.sessions_of("LY1")) == ["a", "a", "b"]
    third.believe(old)
    assert third.take_in(old.out("LY1")).gained_minutes == 300, "by two ways, and once"


def test_hours_that_a_captain_entered_and_a_boot_without_any_time_move_too(old: Town, new: Town) -> None:
    old.register("LY4")
    entry = CaptainEntry(
        "by-hand", "LY4", "ab" * 32, "tutoring", POINT.id, START_MS, START_MS + HOUR, EntryReason.FORGOT_CARD, "LY8"
    )
    old.device.record(entry, START_MS + 2 * DAY)
    old.device.record(Confirmation("by-hand", old.device.log[-1].id, "LY9"), START_MS + 2 * DAY)
    old.bring()
    new.register("LY4")
    new.take_in(old.out("LY4"))
    assert new.minutes("LY4") == 60
    with new.database.reading() as unit:
        assert unit.transfers.sessions_of("LY4")[0].session.provenance is Provenance.CAPTAIN_ENTRY


def test_a_bundle_holds_no_more_than_its_volunteers_own(old: Town) -> None:
    old.register("LY2", "李娜")
    old.serve("LY2", START_MS + 6 * DAY, name="李娜")
    content = old.out("LY1").decode()
    assert "LY2" not in content
    assert "李娜" not in content
    heading = msgspec.convert(msgspec.json.decode(content.splitlines()[0])["heading"]["payload"], Heading)
    assert heading.events == 7, "six of the duties, and the one anchor that places them"
    with old.database.reading() as unit:
        assert [each.bundle for each in unit.transfers.handed_out("LY1")] == [heading.bundle]
        assert unix_ms(old.now) >= unit.transfers.handed_out("LY1")[0].issued_ms
