"""Own records: opened by an own scan alone, never another's, and a moment later no longer spoken for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.domain.record_refusal import RecordRefusal
from kiosk.domain.refusal import RefusalReason
from kiosk.usecases.outcomes import CheckedIn, Refused
from kiosk.usecases.record_outcomes import (
    HoursFrom,
    Objected,
    OwnRecords,
    RecordRefused,
    RecordSheet,
    StarAppliedFor,
)
from sync.protocol.events import Kit
from sync.protocol.judgements import Amendment, Confirmation, Decision, Rating
from sync.protocol.reference import RosteredShift, Standing, Training
from sync.protocol.vocabulary import (
    AmendmentReason,
    CertificateKind,
    DecisionReason,
    KitItem,
    Matter,
    ObjectionReason,
    Provenance,
    Quality,
    SessionState,
)
from tests.support.station import Booth, booth_in

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.usecases.record_outcomes import FreshScan
    from sync.protocol.events import Body

ME, OTHER, CAPTAIN = "4103020000000017", "4103020000000025", "4103020000000033"
HOUR_S = 3600


def opened(booth: Booth, number: str = ME) -> OwnRecords:
    found = booth.station.records.open(booth.card(number))
    assert isinstance(found, OwnRecords), found
    return found


def served(booth: Booth, hours: float = 2, number: str = ME) -> str:
    session = booth.check_in(number).session_id
    booth.clocks.elapse(hours * HOUR_S)
    booth.check_out(number)
    booth.clocks.elapse(60)
    return session


def judged(booth: Booth, body: Body) -> str:
    with booth.station.device.ledger.writing() as writing:
        return writing.append(body, booth.station.clock.now().stamp).id


def confirmed(booth: Booth, session: str) -> None:
    ended = booth.session(session).session.ended_by
    assert ended is not None
    judged(booth, Confirmation(session, ended, CAPTAIN))


def told(booth: Booth, *standings: Standing, roster: tuple[RosteredShift, ...] = ()) -> None:
    booth.station.apply_reference(booth.community.reference(version=9, standings=list(standings), roster=roster))


def sheet(booth: Booth, scan: FreshScan, session: str) -> RecordSheet:
    found = booth.station.records.read(scan, session)
    assert isinstance(found, RecordSheet), found
    return found


# ---- opening


def test_opening_records_records_no_duty(booth: Booth) -> None:
    before = booth.kinds()
    records = opened(booth)
    assert (records.scan.volunteer, records.rows, booth.kinds()) == (ME, (), before)


def test_only_the_own_sessions_are_shown_latest_first(booth: Booth) -> None:
    first, _others, last = served(booth), served(booth, number=OTHER), served(booth)
    assert [row.session for row in opened(booth).rows] == [last, first]


def test_a_stranger_s_code_and_a_forged_card_open_nothing(booth: Booth) -> None:
    assert booth.station.records.open("https://example.com") == Refused(RefusalReason.WEB_ADDRESS)
    forged = booth.community.certificate(volunteer_number=ME, key=booth.community.stranger)
    assert booth.station.records.open(forged) == Refused(RefusalReason.FORGED)


def test_a_card_is_enough_to_look_where_it_is_not_enough_to_serve(tmp_path: Path) -> None:
    with booth_in(tmp_path, certificates={"accepts": "dynamic"}) as strict:
        assert strict.station.present(strict.card(ME)) == Refused(RefusalReason.DYNAMIC_NEEDED)
        assert isinstance(strict.station.records.open(strict.card(ME)), OwnRecords)


def test_a_bare_number_opens_nothing_where_it_begins_nothing(tmp_path: Path) -> None:
    old = {"accepts": "dynamic", "legacy": [{"name": "old", "kind": "checked_number", "length": 12}]}
    with booth_in(tmp_path, certificates=old) as strict:
        strict.station.apply_reference(
            strict.community.reference(version=2, directory=[{"volunteer": "41030200017", "display_name": "张晓明"}])
        )
        assert isinstance(strict.station.records.open("410302000170"), Refused)


def test_a_dynamic_code_opens_once(booth: Booth) -> None:
    booth.exchange()
    booth.station.tend()
    now = booth.station.clock.now().at.replace(microsecond=0)
    code = booth.community.certificate(
        volunteer_number=ME, kind=CertificateKind.DYNAMIC, issued_at=now, expires_at=now + timedelta(minutes=5)
    )
    assert isinstance(booth.station.records.open(code), OwnRecords)
    assert booth.station.records.open(code) == Refused(RefusalReason.REPLAYED)
    assert booth.station.present(code) == Refused(RefusalReason.REPLAYED)


def test_totals_keep_apart_what_is_confirmed_what_waits_and_what_counts_nothing(booth: Booth) -> None:
    confirmed(booth, served(booth, 2))
    served(booth, 1)
    booth.check_in()
    booth.clocks.elapse(13 * HOUR_S)
    booth.station.tend()
    totals = opened(booth).totals
    assert (totals.confirmed.minutes, totals.waiting.minutes, len(totals.provisional)) == (120, 60, 1)
    assert set(totals.by_provenance) == {Provenance.TWO_SCANS}


def test_what_the_list_says_is_what_the_events_say(booth: Booth) -> None:
    session = served(booth)
    judged(booth, Rating(session, Quality.GOOD, CAPTAIN))
    row, folded = opened(booth).rows[0], booth.session(session).session
    assert (row.credited_minutes, row.quality, row.matters) == (120, Quality.GOOD, folded.matters)
    assert (row.state, row.started_ms, row.paid, row.drill) == (
        SessionState.CLOSED,
        folded.started.est_ms,
        False,
        False,
    )


def test_paid_work_is_shown_and_enters_no_total(booth: Booth) -> None:
    told(booth, Standing(ME, paid=True))
    served(booth)
    records = opened(booth)
    assert [row.paid for row in records.rows] == [True]
    assert (records.totals.minutes, records.totals.waiting.sessions) == (0, ())


def test_shifts_of_the_next_fortnight_training_and_kit(booth: Booth) -> None:
    now = booth.station.clock.now().at
    at = {
        name: round((now + timedelta(days=days)).timestamp() * 1000)
        for name, days in (("past", -1), ("soon", 1), ("later", 13), ("far", 15))
    }
    shifts = tuple(RosteredShift(name, ME, "张", "directions", ms, ms + 3_600_000) for name, ms in at.items())
    foreign = RosteredShift("foreign", OTHER, "李", "directions", at["soon"], at["soon"] + 1)
    lapsed = round((now - timedelta(days=1)).timestamp() * 1000)
    standing = Standing(ME, trained=[Training("first_aid"), Training("old", lapsed), Training("guide", at["far"])])
    told(booth, standing, roster=(*reversed(shifts), foreign))
    judged(booth, Kit(ME, KitItem.CAP, 1, returned=False, by=CAPTAIN))
    records = opened(booth)
    assert [place.shift.id for place in records.plan.places] == ["soon", "later"]
    assert (list(records.trained), records.kit) == (["first_aid", "guide"], {KitItem.CAP: 1})


# ---- one record, and an objection to it


def test_a_record_of_another_is_never_read(booth: Booth) -> None:
    session, scan = served(booth, number=OTHER), opened(booth).scan
    assert booth.station.records.read(scan, session) == RecordRefused(RecordRefusal.NOT_YOURS)
    assert booth.station.records.read(scan, "nothing") == RecordRefused(RecordRefusal.NOT_YOURS)
    refused = booth.station.records.object(scan, session, ObjectionReason.NOT_MINE)
    assert refused == RecordRefused(RecordRefusal.NOT_YOURS)
    assert "objection" not in booth.kinds()


def test_a_record_is_read_whole(booth: Booth) -> None:
    session = served(booth)
    record = sheet(booth, opened(booth).scan, session)
    assert (record.now.original_s, record.original, record.may_object) == (7200, None, None)
    assert (record.now.provenance, record.credited_minutes) == (Provenance.TWO_SCANS, 120)


def test_an_objection_waits_for_the_captain_and_changes_nothing_else(booth: Booth) -> None:
    session = served(booth)
    scan = opened(booth).scan
    assert booth.station.records.object(scan, session, ObjectionReason.WRONG_TIME) == Objected(
        session, ObjectionReason.WRONG_TIME
    )
    after = booth.session(session).session
    assert (Matter.OBJECTION in after.matters, after.credited_minutes) == (True, 120)
    assert sheet(booth, scan, session).may_object is RecordRefusal.ALREADY_OBJECTED
    again = booth.station.records.object(scan, session, ObjectionReason.OTHER)
    assert again == RecordRefused(RecordRefusal.ALREADY_OBJECTED)


def test_a_decision_is_shown_and_another_objection_can_follow(booth: Booth) -> None:
    session, scan = served(booth), opened(booth).scan
    booth.station.records.object(scan, session, ObjectionReason.WRONG_TIME)
    objection = booth.events()[-1].id
    judged(booth, Decision(session, objection, False, DecisionReason.RECORDS_AGREE, ME))
    assert sheet(booth, scan, session).objections[0].upheld is None, "nobody decides about an own record"
    judged(booth, Decision(session, objection, False, DecisionReason.RECORDS_AGREE, CAPTAIN))
    record = sheet(booth, scan, session)
    seen = record.objections[0]
    assert (seen.upheld, seen.decided, record.may_object) == (False, DecisionReason.RECORDS_AGREE, None)


def test_a_correction_stands_beside_the_original(booth: Booth) -> None:
    session, scan = served(booth), opened(booth).scan
    booth.station.records.object(scan, session, ObjectionReason.WRONG_TIME)
    objection = booth.events()[-1].id
    began = booth.session(session).session.started.est_ms
    judged(
        booth,
        Amendment(session, AmendmentReason.WRONG_START, CAPTAIN, starts_ms=began - 3_600_000, objection=objection),
    )
    record = sheet(booth, scan, session)
    assert record.original is not None
    assert record.now.started_at == record.original.started_at - timedelta(hours=1)
    assert (record.credited_minutes, record.state) == (180, SessionState.AMENDED)
    assert (record.objections[0].upheld, record.objections[0].decided) == (True, DecisionReason.CORRECTED)


def test_a_card_shown_too_long_ago_speaks_for_nobody(booth: Booth) -> None:
    session, scan = served(booth), opened(booth).scan
    booth.clocks.elapse(60)
    assert isinstance(booth.station.records.object(scan, session, ObjectionReason.OTHER), Objected)
    booth.clocks.elapse(1)
    assert booth.station.records.apply_for_star(scan, 1) == RecordRefused(RecordRefusal.SCAN_AGAIN)
    refused = booth.station.records.object(scan, session, ObjectionReason.OTHER)
    assert refused == RecordRefused(RecordRefusal.SCAN_AGAIN)


def test_a_card_of_before_the_power_cut_speaks_for_nobody(booth: Booth) -> None:
    told(booth, Standing(ME, confirmed_minutes=100 * 60))
    scan = opened(booth).scan
    booth.reboot(off_s=1)
    booth.clocks.elapse(50)  # the same reading of boot time as at the scan, and a little
    assert 0 < booth.clocks.read().bt_ns - scan.stamp.bt_ns < 60 * 10**9
    assert booth.station.records.apply_for_star(scan, 1) == RecordRefused(RecordRefusal.SCAN_AGAIN)


def test_a_wall_clock_that_jumps_neither_opens_nor_shuts_the_time_to_object(booth: Booth) -> None:
    session, scan = served(booth), opened(booth).scan
    booth.clocks.set_wall(0)
    booth.clocks.elapse(30)
    assert isinstance(booth.station.records.object(scan, session, ObjectionReason.OTHER), Objected)


def test_what_cannot_be_disputed(booth: Booth) -> None:
    told(booth, Standing(OTHER, paid=True))
    paid, rated_by_nobody = served(booth, number=OTHER), served(booth)
    open_now = booth.check_in().session_id
    mine, theirs = opened(booth).scan, opened(booth, OTHER).scan
    refusals = [
        booth.station.records.object(theirs, paid, ObjectionReason.OTHER),
        booth.station.records.object(mine, rated_by_nobody, ObjectionReason.WRONG_RATING),
        booth.station.records.object(mine, open_now, ObjectionReason.OTHER),
    ]
    assert refusals == [
        RecordRefused(RecordRefusal.COUNTS_NOTHING),
        RecordRefused(RecordRefusal.NOT_RATED),
        RecordRefused(RecordRefusal.STILL_OPEN),
    ]
    booth.station.undo(booth.session(open_now).check_in.id)
    withdrawn = booth.station.records.object(mine, open_now, ObjectionReason.OTHER)
    assert withdrawn == RecordRefused(RecordRefusal.WITHDRAWN)


# ---- stars


def test_a_star_is_applied_for_once_and_only_the_next_one(booth: Booth) -> None:
    told(booth, Standing(ME, confirmed_minutes=650 * 60, star=1))
    records = opened(booth)
    assert (records.star.may_apply_for, records.star.hours_from) == (2, HoursFrom.PLATFORM)
    apply = booth.station.records.apply_for_star
    assert apply(records.scan, 3) == RecordRefused(RecordRefusal.NOT_THIS_STAR)
    assert apply(records.scan, 2) == StarAppliedFor(2)
    assert apply(records.scan, 2) == RecordRefused(RecordRefusal.ALREADY_APPLIED)
    assert booth.kinds().count("star_application") == 1
    assert booth.events()[-1].body["confirmed_minutes"] == 650 * 60
    star = opened(booth).star
    assert (star.may_apply_for, star.applied) == (None, frozenset({2}))


def test_a_star_that_was_given_makes_way_for_the_next(booth: Booth) -> None:
    told(booth, Standing(ME, confirmed_minutes=650 * 60, star=1))
    booth.station.records.apply_for_star(opened(booth).scan, 2)
    booth.station.apply_reference(
        booth.community.reference(version=10, standings=[Standing(ME, confirmed_minutes=650 * 60, star=2)])
    )
    star = opened(booth).star
    assert (star.may_apply_for, star.applied) == (3, frozenset())


@pytest.mark.parametrize(("minutes", "level"), [(100 * 60 - 1, None), (100 * 60, 1)])
def test_the_right_begins_with_the_minute(booth: Booth, minutes: int, level: int | None) -> None:
    told(booth, Standing(ME, confirmed_minutes=minutes))
    assert opened(booth).star.may_apply_for == level


def test_hours_that_wait_or_count_nothing_give_no_right(booth: Booth) -> None:
    told(booth, Standing(ME, confirmed_minutes=98 * 60))
    served(booth, 11)
    star = opened(booth).star
    assert (star.confirmed_minutes, star.may_apply_for) == (98 * 60, None)


def test_the_larger_of_two_sums_is_shown_and_never_both_added(booth: Booth) -> None:
    told(booth, Standing(ME, confirmed_minutes=60))
    confirmed(booth, served(booth, 2))
    star = opened(booth).star
    assert (star.confirmed_minutes, star.hours_from) == (120, HoursFrom.DEVICE)


def test_a_scan_after_the_records_is_duty_again(booth: Booth) -> None:
    opened(booth)
    assert isinstance(booth.station.present(booth.card(ME)), CheckedIn)
