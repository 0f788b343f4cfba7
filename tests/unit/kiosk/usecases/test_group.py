"""A visiting team: members scan one after another, each is recorded, none gets a card (duty-rules.md 10)."""

from __future__ import annotations

from kiosk.domain.refusal import RefusalReason
from kiosk.usecases.outcomes import (
    CheckedIn,
    CheckedOut,
    GroupDeed,
    GroupEnded,
    GroupMember,
    GroupScanned,
    Refused,
    Undone,
)
from sync.protocol.envelope import open_body
from sync.protocol.events import CheckIn, GroupClosed
from sync.protocol.reference import Appointment, Standing
from tests.support.rules import CAPTAIN, open_group, tell
from tests.support.station import Booth

HOUR = 3600
MEMBERS = ("V1", "V2", "V3")


def scan(booth: Booth, number: str) -> GroupScanned:
    outcome = booth.station.present(booth.card(number, display_name=f"名{number}"))
    assert isinstance(outcome, GroupScanned), outcome
    return outcome


def test_every_scan_is_recorded_with_the_group_its_service_and_its_team(booth: Booth) -> None:
    open_group(booth)
    for number in MEMBERS:
        last = scan(booth, number)
    assert (last.deed, last.group.came, last.group.left) == (GroupDeed.CAME, 3, 0)
    assert last.group.latest[0] == GroupMember("名V3", left=False)
    bodies = [open_body(event) for event in booth.events() if event.kind == "check_in"]
    assert {(body.group, body.service, body.team) for body in bodies if isinstance(body, CheckIn)} == {
        ("group-1", "environment", "队一")
    }


def test_a_scan_of_a_moment_ago_is_only_said_and_a_later_one_ends_duty(booth: Booth) -> None:
    open_group(booth)
    scan(booth, "V1")
    booth.clocks.elapse(60)
    assert scan(booth, "V1").deed is GroupDeed.ALREADY
    booth.clocks.elapse(HOUR / 12)
    left = scan(booth, "V1")
    assert (left.deed, left.group.came, left.group.left) == (GroupDeed.LEFT, 1, 1)
    assert booth.kinds() == ["group_opened", "check_in", "check_out"]


def test_who_was_on_duty_before_leaves_with_the_group(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.elapse(HOUR)
    open_group(booth)
    assert scan(booth, "4103020000000017").deed is GroupDeed.LEFT


def test_an_undo_is_counted_back(booth: Booth) -> None:
    open_group(booth)
    scan(booth, "V1")
    last = scan(booth, "V2")
    assert isinstance(booth.station.undo(last.event_id), Undone)
    group = booth.station.read_board().group
    assert group is not None
    assert (group.came, group.latest) == (1, (GroupMember("名V1", left=False),))


def test_a_refusal_stays_a_refusal(booth: Booth) -> None:
    open_group(booth)
    tell(booth, Standing("V1", suspended=True))
    assert booth.station.present(booth.card("V1")) == Refused(RefusalReason.SUSPENDED)
    assert booth.station.present("134567890123456789") == Refused(RefusalReason.PAYMENT_CODE)


def test_the_operator_who_opened_it_stands_for_those_whose_card_alone_is_not_enough(booth: Booth) -> None:
    now_ms = booth.clocks.true_ms
    tell(booth, appointments=[Appointment(CAPTAIN, "队长", "captain", 0, now_ms + 10**9)])
    booth.certificates = {"accepts": "card_and_captain"}
    booth.restart()
    open_group(booth)
    scan(booth, "V1")
    body = open_body(booth.events()[-1])
    assert isinstance(body, CheckIn)
    assert body.witness == CAPTAIN


def test_done_closes_it_once_and_the_next_scan_has_its_card_again(booth: Booth) -> None:
    open_group(booth)
    scan(booth, "V1")
    assert booth.station.close_group("group-1") == GroupEnded("group-1")
    assert booth.station.close_group("group-1") == GroupEnded("group-1")
    assert open_body(booth.events()[-1]) == GroupClosed("group-1", CAPTAIN)
    assert booth.station.read_board().group is None
    assert isinstance(booth.station.present(booth.card("V2")), CheckedIn)
    booth.clocks.elapse(HOUR)
    assert isinstance(booth.station.present(booth.card("V1")), CheckedOut)
    assert booth.kinds().count("group_closed") == 1


def test_a_stale_done_closes_no_other_group(booth: Booth) -> None:
    open_group(booth, "group-2")
    booth.station.close_group("group-1")
    assert booth.station.read_board().group is not None


def test_it_ends_by_itself_when_nobody_comes_and_not_before(booth: Booth) -> None:
    open_group(booth)
    booth.clocks.elapse(9 * 60)
    scan(booth, "V1")
    booth.clocks.elapse(10 * 60)
    booth.station.tend()
    assert booth.station.read_board().group is not None
    booth.clocks.elapse(1)
    booth.station.tend()
    assert open_body(booth.events()[-1]) == GroupClosed("group-1")
    assert not booth.station.close_group.idle()


def test_a_group_of_before_a_power_cut_takes_nobody_in(booth: Booth) -> None:
    open_group(booth)
    booth.reboot(off_s=5)
    assert isinstance(booth.station.present(booth.card("V1")), CheckedIn)


def test_members_are_on_the_board_like_everybody(booth: Booth) -> None:
    open_group(booth)
    scan(booth, "V1")
    assert [one.service for one in booth.station.read_board().on_duty] == ["environment"]
