"""What changes at the platform reaches a running booth by the changes feed, and what reaches it is all that is so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.domain.refusal import RefusalReason
from kiosk.usecases.outcomes import CheckedIn, Refused
from sync.agent.changes import Told
from sync.agent.transport import HttpAnswer
from sync.platform.ports import Ports
from sync.protocol.changes import Scope
from tests.integration.platform.conftest import Running
from tests.support.clock import FakeClocks
from tests.support.station import Booth, booth_in
from tests.support.told_town import FIRST, SECOND, Line, Town, changes_of, http, poll

MINUTE_S = 61


@pytest.fixture
def clocks() -> FakeClocks:
    """One time for the platform and its booth."""
    return FakeClocks()


@pytest.fixture
def ports(clocks: FakeClocks, ports: Ports) -> Ports:
    """The platform's world at that time."""
    return Ports(lambda: datetime.fromtimestamp(clocks.true_ms / 1000, UTC), ports.ids, ports.entropy)


@pytest.fixture
def town(platform: Running, clocks: FakeClocks) -> Town:
    """A platform with people and one device."""
    return Town(platform.database, clocks)


@pytest.fixture
def booth(town: Town, platform: Running, clocks: FakeClocks, tmp_path: Path) -> Iterator[Booth]:
    """Its booth, running."""
    town.enrol(tmp_path / "booth", platform.url)
    with booth_in(tmp_path / "booth", clocks=clocks) as opened:
        yield opened


def test_what_the_keeper_does_is_what_the_next_scan_meets(
    platform: Running, town: Town, booth: Booth, clocks: FakeClocks
) -> None:
    agent = changes_of(booth.file, http(platform.url))

    def told() -> None:
        clocks.elapse(MINUTE_S)
        assert poll(agent).told is Told.UP_TO_DATE
        booth.station.tend()

    town.shift("s-1", SECOND, -1)
    town.notices("今天下午两点消防演练")
    told()
    board = booth.station.read_board()
    assert [shift.volunteer for shift in booth.station.device.shelf.current().data.roster] == [SECOND]
    assert board.notices == ("今天下午两点消防演练",)
    begun = booth.station.present(booth.card(SECOND))
    assert isinstance(begun, CheckedIn)
    town.decide(SECOND, star=3)
    town.shift("s-2", FIRST, 1)
    told()
    standing = booth.station.device.shelf.current().data.standing_of(SECOND)
    assert standing is not None
    assert standing.star == 3
    town.decide(FIRST, suspended=True)
    told()
    assert booth.station.present(booth.card(FIRST)) == Refused(RefusalReason.SUSPENDED)
    town.decide(FIRST, suspended=False)
    town.notices()
    town.lose(FIRST)
    told()
    assert booth.station.present(booth.card(FIRST)) == Refused(RefusalReason.REVOKED)
    assert booth.station.read_board().notices == ()
    booth.restart()
    assert booth.station.present(booth.card(FIRST)) == Refused(RefusalReason.REVOKED)


def test_a_revocation_arrives_although_the_rest_cannot_be_had(town: Town, booth: Booth, clocks: FakeClocks) -> None:
    class OnlyRevocations(Line):
        def exchange(self, method: str, target: str, body: bytes | None) -> HttpAnswer:
            if Scope.STATION.value in target:
                return HttpAnswer(500, b"", None)
            return super().exchange(method, target, body)

    town.lose(FIRST)
    clocks.elapse(MINUTE_S)
    fetched = poll(changes_of(booth.file, OnlyRevocations(town)))
    assert fetched.told is Told.FAILED
    assert "500" in (fetched.trouble or "")
    booth.station.tend()
    assert booth.station.present(booth.card(FIRST)) == Refused(RefusalReason.REVOKED)


def test_what_changed_at_the_station_arrives_although_the_lists_cannot_be_had(
    town: Town, booth: Booth, clocks: FakeClocks
) -> None:
    class OnlyStation(Line):
        def exchange(self, method: str, target: str, body: bytes | None) -> HttpAnswer:
            if Scope.REVOCATIONS.value in target:
                return HttpAnswer(200, b"<html>", None)
            return super().exchange(method, target, body)

    town.notices("一")
    clocks.elapse(MINUTE_S)
    assert poll(changes_of(booth.file, OnlyStation(town))).told is Told.FAILED
    booth.station.tend()
    assert booth.station.device.shelf.current().data.notices == ["一"]


def test_a_restored_platform_tells_all_anew_and_its_word_counts(town: Town, booth: Booth, clocks: FakeClocks) -> None:
    line = town.line()
    agent = changes_of(booth.file, line)
    town.notices("一", "二")
    poll(agent)
    before = booth.station.device.shelf
    booth.station.tend()
    assert before.current().data.notices == ["一", "二"]
    town.notices("旧的")  # as in last night's backup: nothing else says that it was restored, but the epoch
    with town.database.writing("registry") as unit:
        unit.registry.begin_epoch("epoch-2")
    line.asked.clear()
    clocks.elapse(MINUTE_S)
    assert poll(agent).told is Told.UP_TO_DATE
    assert [("cursor" in target) for target in line.asked] == [True, False, True, False]
    booth.station.tend()
    assert before.current().data.notices == ["旧的"]
