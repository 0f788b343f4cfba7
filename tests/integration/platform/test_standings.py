"""What a device is told of volunteers and service kinds: what it needs, of those who come to it, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from sync.platform import keys, standings
from sync.platform.demo import make_community
from sync.platform.errors import PlatformError, UnknownError
from sync.platform.ports import Ports, unix_ms
from sync.platform.publishing import Directory, publish
from sync.platform.records import Device
from sync.platform.registry import Office
from sync.platform.rostering.reading import people_of
from sync.platform.store import Database
from sync.platform.taking import take
from sync.protocol.batch import Delivery
from sync.protocol.enrolment import read_enrolment
from sync.protocol.events import CheckIn
from sync.protocol.judgements import Confirmation
from sync.protocol.reference import ReferenceData, ServicePoint, ServiceRule, Standing, Training, read_reference_data
from sync.protocol.signing.keys import SigningKey
from tests.integration.platform.fleet import CARD, FakeDevice

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
REGION = "410302"
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
NUMBERS = [f"4103022026{place:06d}" for place in range(1, 13)]
WEST = ServicePoint("west", "西门岗亭", REGION)


class Town:
    """A demo community with a second service point, under a clock that a test sets."""

    def __init__(self, folder: Path, ports: Ports, database_url: str) -> None:
        self.now = NOW
        self.ports = Ports(lambda: self.now, ports.ids, ports.entropy)
        make_community(folder, self.ports, "http://127.0.0.1:8420", database_url)
        self.database = Database.open(database_url)
        self.root = keys.load_key(folder / "keys", keys.ROOT)
        self.enrolment = read_enrolment((folder / "enrolment.json").read_bytes(), 0o600)
        with self.database.writing("registry") as unit:
            (self.east,) = unit.registry.service_points()
            unit.registry.add_service_point(WEST)
            unit.devices.add(Device("west-1", "西门", WEST.id, b"\x02" * 32, 0))

    def office(self, unit: object) -> Office:
        return Office(unit, self.ports, REGION)  # type: ignore[arg-type]

    def device(self, place: str, id_: str) -> FakeDevice:
        return FakeDevice(id_, SigningKey(b"\x03" * 32), place, unix_ms(NOW) - 900 * DAY_MS)

    def bring(self, device: FakeDevice) -> None:
        with self.database.writing(device.id) as unit:
            take(Delivery(device.batch()), "0" * 64, unit, unix_ms(self.now))

    def told(self, device: str = "", directory: Directory = Directory.POINT) -> ReferenceData:
        with self.database.writing("registry") as unit:
            document = publish(unit, device or self.enrolment.device, self.root, unix_ms(self.now), directory)
        self.text = msgspec.json.encode(document).decode()
        return read_reference_data(document, self.root.public)

    def standing(self, number: str, device: str = "") -> Standing | None:
        return next((each for each in self.told(device).standings if each.volunteer == number), None)


@pytest.fixture
def town(tmp_path: Path, ports: Ports, database_url: str) -> Iterator[Town]:
    town = Town(tmp_path / "community", ports, database_url)
    yield town
    town.database.close()


def served(town: Town, device: FakeDevice, number: str, begin_ms: int, minutes: int, *, confirmed: bool = True) -> None:
    session = device.check_in(number, "张晓明", begin_ms)
    device.check_out(session, number, begin_ms + minutes * 60_000)
    if confirmed:
        device.record(Confirmation(session, device.log[-1].id, "OP1"), begin_ms + minutes * 60_000)


def test_a_minor_is_told_by_the_day_of_majority_and_a_birth_date_never_leaves(town: Town) -> None:
    with town.database.writing("registry") as unit:
        office = town.office(unit)
        standings.decide(office, NUMBERS[0], born_on=date(2010, 5, 31), guardian_consent=True)
        standings.decide(office, NUMBERS[1], born_on=date(1990, 5, 31))
        standings.decide(office, NUMBERS[2], born_on=date(2008, 11, 23))
    minor = town.standing(NUMBERS[0])
    assert minor is not None
    assert minor.adult_from_ms == unix_ms(datetime.fromisoformat("2028-05-31T00:00:00+08:00"))
    assert minor.guardian_consent
    assert "2010-05-31" not in town.text
    assert "1990-05-31" not in town.text
    assert town.standing(NUMBERS[1]) is None, "of an adult there is nothing to tell"
    assert town.standing(NUMBERS[2]) is None, "eighteen today"


def test_confirmed_minutes_are_of_every_station_and_count_each_minute_once(town: Town) -> None:
    east, west = town.device(town.east.id, town.enrolment.device), town.device(WEST.id, "west-1")
    begin_ms = unix_ms(NOW) - 30 * DAY_MS
    served(town, east, NUMBERS[0], begin_ms, 120)
    served(town, west, NUMBERS[0], begin_ms + HOUR_MS, 120)
    served(town, east, NUMBERS[0], begin_ms + DAY_MS, 60, confirmed=False)
    for device in (east, west):
        town.bring(device)
    standing = town.standing(NUMBERS[0])
    assert standing is not None
    assert standing.confirmed_minutes == 180


def test_a_device_is_told_of_those_alone_who_come_to_it(town: Town) -> None:
    with town.database.writing("registry") as unit:
        for number in NUMBERS:
            standings.decide(town.office(unit), number, suspended=True)
    west = town.device(WEST.id, "west-1")
    served(town, west, NUMBERS[10], unix_ms(NOW) - 399 * DAY_MS, 60)
    served(town, west, NUMBERS[11], unix_ms(NOW) - 401 * DAY_MS, 60)
    town.bring(west)
    assert [each.volunteer for each in town.told("west-1").standings] == [NUMBERS[10]]
    assert {each.volunteer for each in town.told("west-1", Directory.ALL).standings} == set(NUMBERS)
    assert all(each.suspended for each in town.told().standings)


def test_what_is_decided_reaches_the_device_and_can_be_taken_back(town: Town) -> None:
    with town.database.writing("registry") as unit:
        office = town.office(unit)
        standings.decide(office, NUMBERS[0], suspended=True, paid=True, star=2)
        standings.train(office, NUMBERS[0], "急救知识", date(2026, 12, 31))
        standings.train(office, NUMBERS[0], "fire", None)
    lapses_ms = unix_ms(datetime.fromisoformat("2027-01-01T00:00:00+08:00"))
    expected = Standing(
        NUMBERS[0], 0, 2, suspended=True, paid=True, trained=[Training("fire"), Training("急救知识", lapses_ms)]
    )
    assert town.standing(NUMBERS[0]) == expected
    with town.database.writing("registry") as unit:
        office = town.office(unit)
        standings.decide(office, NUMBERS[0], suspended=False, paid=False, star=0)
        standings.withdraw_training(office, NUMBERS[0], "急救知识")
        with pytest.raises(UnknownError, match="holds no training"):
            standings.withdraw_training(office, NUMBERS[0], "急救知识")
    assert town.standing(NUMBERS[0]) == Standing(NUMBERS[0], trained=[Training("fire")])


@pytest.mark.parametrize("changes", [{"born_on": date(2027, 1, 1)}, {"born_on": date(1800, 1, 1)}, {"star": 6}])
def test_what_cannot_be_is_refused(town: Town, changes: dict[str, object]) -> None:
    with town.database.writing("registry") as unit, pytest.raises(PlatformError):
        standings.decide(town.office(unit), NUMBERS[0], **changes)


def test_rules_of_a_service_point_are_told_to_its_devices_alone(town: Town) -> None:
    rule = ServiceRule("legal_advice", "law", strict=True, tallies=["tea"])
    with town.database.writing("registry") as unit:
        standings.put_rule(town.office(unit), town.east, rule)
        with pytest.raises(PlatformError, match="Name it"):
            standings.put_rule(town.office(unit), town.east, ServiceRule("tea_charging", strict=True))
    assert town.told().services == [rule]
    assert town.told("west-1").services == []
    with town.database.writing("registry") as unit:
        standings.drop_rule(town.office(unit), town.east, "legal_advice")
        with pytest.raises(UnknownError):
            standings.drop_rule(town.office(unit), town.east, "legal_advice")
    assert town.told().services == []


def test_a_duty_that_is_open_elsewhere_is_told_of_this_devices_people_alone(town: Town) -> None:
    west, now_ms = town.device(WEST.id, "west-1"), unix_ms(NOW)
    regular = next(shift.volunteer for shift in town.told().roster)
    known = {each.volunteer for each in town.told().directory}
    stranger = next(number for number in NUMBERS if number not in known)
    session = west.check_in(regular, "张晓明", now_ms - HOUR_MS)
    west.check_in(stranger, "李㛃", now_ms - HOUR_MS)
    west.record(CheckIn("drill", regular, CARD, "0" * 64, "tea", WEST.id, drill=True), now_ms - HOUR_MS)
    west.check_in(regular, "张晓明", now_ms - 3 * DAY_MS)
    town.bring(west)
    (open_,) = town.told().elsewhere
    assert (open_.session, open_.volunteer, open_.service_point, open_.place) == (session, regular, WEST.id, WEST.name)
    assert abs(open_.started_ms - (now_ms - HOUR_MS)) < 1000
    assert town.told("west-1").elsewhere == []
    west.check_out(session, regular, now_ms)
    town.bring(west)
    assert town.told().elsewhere == []


def test_a_roster_knows_what_was_credited_this_year_and_who_is_new(town: Town) -> None:
    east, west = town.device(town.east.id, town.enrolment.device), town.device(WEST.id, "west-1")
    begin_ms, number = unix_ms(NOW) - 30 * DAY_MS, NUMBERS[0]
    served(town, east, number, begin_ms, 700)
    served(town, west, number, begin_ms + HOUR_MS, 60)  # at both at once: every minute counts once
    served(town, east, number, begin_ms + DAY_MS, 60, confirmed=False)
    served(town, east, number, begin_ms - 400 * DAY_MS, 60)  # of another year
    served(town, east, NUMBERS[1], begin_ms, 60)
    for device in (east, west):
        town.bring(device)
    now_ms = unix_ms(NOW)
    with town.database.reading() as unit:
        people = {one.number: one for one in people_of(unit, NUMBERS[:2], now_ms, now_ms + DAY_MS, now_ms)}
    assert [people[number].minutes_this_year, people[number].newcomer] == [760, False]
    assert [people[NUMBERS[1]].minutes_this_year, people[NUMBERS[1]].newcomer] == [60, True]
