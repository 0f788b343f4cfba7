"""The scan is the record: what each scan comes to, on the real device file, under clocks of every kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.refusal import RefusalReason
from kiosk.domain.roster import Punctuality
from kiosk.timekeeping.trusted import BUILT_MS
from kiosk.usecases.outcomes import CheckedIn, CheckedOut, JustStarted, Refused
from sync.protocol.envelope import check
from sync.protocol.events import Aside
from sync.protocol.reference import RosteredShift
from sync.protocol.signing.keys import SigningKey
from sync.protocol.vocabulary import Provenance, SessionState
from tests.support.certificates import built
from tests.support.clock import FakeClocks
from tests.support.community import CLAIMS, ISSUED, Community
from tests.support.station import Booth, booth_in
from tests.support.vectors import load

HOUR = 3600
DAY = 24 * HOUR
YEAR_MS = 365 * DAY * 1000
ME, OTHER = "4103020000000017", "4103020000000025"


# Beginning and ending


def test_the_first_scan_begins_duty(booth: Booth) -> None:
    outcome = booth.check_in()
    assert (outcome.name, outcome.volunteer_number, outcome.service) == ("张晓明", ME, "directions")
    assert outcome.match.punctuality is Punctuality.WALK_IN
    assert outcome.unfinished_since is None
    assert booth.kinds() == ["check_in"]
    assert booth.session(outcome.session_id).session.state is SessionState.OPEN


def test_what_is_recorded_passes_every_check_of_the_platform(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.elapse(HOUR)
    booth.check_out()
    for envelope in booth.events():
        check(envelope)
    assert isinstance(booth.events()[0].aside, Aside)


def test_the_second_scan_ends_it_and_says_what_was_served(booth: Booth) -> None:
    began = booth.check_in()
    booth.clocks.elapse(2 * HOUR + 59)
    ended = booth.check_out()
    assert (ended.session_id, ended.original_s, ended.credited_minutes) == (began.session_id, 2 * HOUR + 59, 120)
    assert (ended.month_minutes, ended.total_minutes, ended.rule, ended.provisional) == (120, 120, "luoyang-1", False)
    assert booth.kinds() == ["check_in", "check_out"]


def test_the_minutes_of_the_month_and_of_all_time_add_up(booth: Booth) -> None:
    for days in (0, 1, 40):
        booth.clocks.set_to(ISSUED + timedelta(days=10 + days, hours=2))
        booth.check_in()
        booth.check_in(OTHER)
        booth.clocks.elapse(HOUR)
        last = booth.check_out()
        booth.check_out(OTHER)
    assert (last.month_minutes, last.total_minutes) == (60, 180)


def test_each_volunteer_has_a_session_of_their_own(booth: Booth) -> None:
    first, second = booth.check_in(), booth.check_in(OTHER)
    assert first.session_id != second.session_id
    booth.clocks.elapse(HOUR)
    assert booth.check_out(OTHER).session_id == second.session_id
    assert booth.session(first.session_id).session.state is SessionState.OPEN


@pytest.mark.parametrize("seconds", [0, 5, 60, 179])
def test_a_scan_within_three_minutes_is_a_reminder_and_records_nothing(booth: Booth, seconds: int) -> None:
    began = booth.check_in()
    booth.clocks.elapse(seconds)
    outcome = booth.station.present(booth.card())
    assert isinstance(outcome, JustStarted)
    assert (outcome.event_id, outcome.session_id) == (began.event_id, began.session_id)
    assert booth.kinds() == ["check_in"]


def test_another_card_of_the_same_volunteer_ends_the_session_too(booth: Booth) -> None:
    began = booth.check_in()
    booth.clocks.elapse(HOUR)
    outcome = booth.station.present(booth.card(serial=b"\x09" * 6))
    assert isinstance(outcome, CheckedOut)
    assert outcome.session_id == began.session_id


def test_a_session_over_twelve_hours_but_within_a_longer_cap_needs_a_persons_word(booth: Booth) -> None:
    booth.duty = {"cap_min": 1000, "closes_at": "never"}
    booth.restart()
    booth.check_in()
    booth.clocks.elapse(12 * HOUR + 1)
    ended = booth.check_out()
    assert (ended.provisional, ended.credited_minutes, ended.total_minutes) == (True, 0, 0)


# Service and roster


def test_the_service_asked_for_is_recorded_and_next_time_the_usual_one(booth: Booth) -> None:
    assert booth.check_in(service="tutoring").service == "tutoring"
    booth.clocks.elapse(HOUR)
    booth.check_out()
    assert booth.check_in().service == "tutoring"
    assert booth.check_in(OTHER).service == "directions"


def rostered(booth: Booth, start_s: float, *, service: str = "tea_charging", team: str | None = "队一") -> None:
    """Bring the booth a roster with one shift of ours, beginning so many seconds from now."""
    start_ms = booth.clocks.true_ms + round(start_s * 1000)
    shift = RosteredShift("shift-1", ME, "张晓明", service, start_ms, start_ms + 2 * HOUR * 1000, team)
    assert booth.station.apply_reference(booth.community.reference(version=2, roster=(shift,)))


@pytest.mark.parametrize(
    ("start_s", "punctuality"), [(600, Punctuality.EARLY), (-60, Punctuality.ON_TIME), (-HOUR, Punctuality.LATE)]
)
def test_a_rostered_scan_takes_the_shifts_service_and_team(
    booth: Booth, start_s: float, punctuality: Punctuality
) -> None:
    rostered(booth, start_s)
    outcome = booth.check_in()
    assert (outcome.match.punctuality, outcome.service) == (punctuality, "tea_charging")
    session = booth.session(outcome.session_id).session
    assert session.shift is not None
    assert (session.shift.id, session.team) == ("shift-1", "队一")


def test_the_service_asked_for_goes_before_the_rostered_one(booth: Booth) -> None:
    rostered(booth, 0)
    assert booth.check_in(service="environment").service == "environment"


def test_early_time_counts_from_fifteen_minutes_before_the_shift(booth: Booth) -> None:
    rostered(booth, 40 * 60)
    booth.check_in()
    booth.clocks.elapse(100 * 60)
    ended = booth.check_out()
    assert (ended.original_s, ended.credited_minutes) == (100 * 60, 75)


# Refusals


BAD: dict[str, tuple[Callable[[Community], str], RefusalReason]] = {
    "forged": (lambda us: us.certificate(us.stranger), RefusalReason.FORGED),
    "unknown key": (lambda us: us.certificate(kid=b"\x09\x09"), RefusalReason.UNKNOWN_ISSUER),
    "another issuer": (lambda us: us.certificate(issuer="410100"), RefusalReason.UNKNOWN_ISSUER),
    "expired": (lambda us: us.certificate(expires_at=ISSUED - timedelta(days=1)), RefusalReason.EXPIRED),
    "damaged": (lambda us: us.certificate()[:-7], RefusalReason.DAMAGED),
    "wrongly built": (lambda _: built(unprotected={4: b"\0\1"}), RefusalReason.DAMAGED),
    "a hostile code": (lambda _: "LYZ1:JERUIG:T3", RefusalReason.DAMAGED),
    "payment": (lambda _: "134567890123456789", RefusalReason.PAYMENT_CODE),
    "web": (lambda _: "https://example.com", RefusalReason.WEB_ADDRESS),
    "contact": (lambda _: "weixin://x", RefusalReason.CONTACT_CARD),
    "id number": (lambda _: "410302199001011230", RefusalReason.ID_NUMBER),
    "digits": (lambda _: ME, RefusalReason.BARE_DIGITS),
    "Chinese": (lambda _: "为人民服务", RefusalReason.NOT_A_CERTIFICATE),
    "rubbish": (lambda _: "\x00\x7f乱" * 1000, RefusalReason.NOT_A_CERTIFICATE),
    "nothing": (lambda _: "", RefusalReason.NOT_A_CERTIFICATE),
}


@pytest.mark.parametrize("name", BAD)
def test_a_refusal_records_nothing(booth: Booth, name: str) -> None:
    make, reason = BAD[name]
    assert booth.station.present(make(booth.community)) == Refused(reason)
    assert booth.rows("SELECT * FROM ledger") == []
    assert booth.rows("SELECT * FROM outbox") == []


def test_what_is_refused_is_kept_nowhere(booth: Booth) -> None:
    booth.station.present("134567890123456789")
    booth.station.close()
    assert all(b"134567890123456789" not in file.read_bytes() for file in booth.folder.iterdir())


def test_a_card_from_the_future_is_refused_only_where_the_clock_is_sure(booth: Booth) -> None:
    card = booth.card(issued_at=ISSUED + timedelta(days=30))
    booth.exchange()
    booth.station.tend()
    assert booth.station.present(card) == Refused(RefusalReason.NOT_YET_VALID)
    booth.reboot(wall_ms=0)
    assert isinstance(booth.station.present(card), CheckedIn)


@pytest.mark.external
def test_every_naughty_string_is_refused(booth: Booth) -> None:
    for text in load("blns.json"):
        assert isinstance(booth.station.present(text), Refused)
    assert booth.events() == []


# Dates that cannot be checked


def test_an_undated_certificate_is_marked_in_the_record_and_only_mentioned_when_it_looks_bad(booth: Booth) -> None:
    outcome = booth.check_in()
    assert not outcome.validity_unchecked
    assert booth.session(outcome.session_id).session.certificate.validity_unchecked
    expired = booth.station.present(booth.card(OTHER, expires_at=ISSUED + timedelta(hours=1)))
    assert isinstance(expired, CheckedIn)
    assert expired.validity_unchecked


def test_under_a_clock_that_is_sure_nothing_is_marked(booth: Booth) -> None:
    booth.exchange()
    booth.station.tend()
    session = booth.session(booth.check_in().session_id).session
    assert not session.certificate.validity_unchecked
    assert session.flags == frozenset()


# Forgotten check-outs


def test_a_next_day_scan_is_never_a_check_out(booth: Booth) -> None:
    began = booth.check_in()
    booth.clocks.elapse(DAY)
    outcome = booth.check_in()
    assert outcome.session_id != began.session_id
    assert outcome.unfinished_since == began.at
    left = booth.session(began.session_id).session
    assert (left.state, left.provenance, left.credited_minutes) == (
        SessionState.PROVISIONAL,
        Provenance.ONE_SCAN_AUTO,
        0,
    )
    assert booth.kinds() == ["check_in", "auto_close", "check_in"]


def test_an_early_morning_scan_is_never_the_check_out_of_a_late_evening(booth: Booth) -> None:
    booth.clocks.set_to(datetime(2026, 12, 10, 13, 30, tzinfo=UTC))  # half past nine in the evening
    booth.check_in()
    booth.clocks.elapse(8.5 * HOUR)  # six o'clock
    assert booth.check_in().unfinished_since is not None


def test_where_a_station_never_closes_a_night_shift_ends_in_the_morning(booth: Booth) -> None:
    booth.duty = {"closes_at": "never"}
    booth.restart()
    booth.clocks.set_to(datetime(2026, 12, 10, 14, 0, tzinfo=UTC))
    booth.check_in()
    booth.clocks.elapse(8 * HOUR)
    assert booth.check_out().credited_minutes == 480


# Clocks


@pytest.mark.parametrize("wall_ms", [0, -(10**12), BUILT_MS - 1, 2**45, 2**52])
def test_duty_is_recorded_under_any_wall_clock_and_its_length_is_exact(booth: Booth, wall_ms: int) -> None:
    booth.clocks.set_wall(wall_ms)
    booth.station.tend()
    began = booth.check_in()
    booth.clocks.elapse(HOUR)
    booth.station.tend()
    ended = booth.check_out()
    assert ended.session_id == began.session_id
    assert (ended.original_s, ended.credited_minutes) == (HOUR, 60)
    assert (ended.at - ended.started_at).total_seconds() == pytest.approx(HOUR, abs=2)


@pytest.mark.parametrize("years", [-56, -10, -1, 1, 10])
@pytest.mark.parametrize("anchored", [True, False])
def test_a_wall_clock_that_jumps_by_years_changes_no_duration(booth: Booth, years: int, anchored: bool) -> None:
    if anchored:
        booth.exchange()
        booth.station.tend()
    began = booth.check_in()
    booth.clocks.wall_error_ms = years * YEAR_MS
    booth.clocks.elapse(HOUR)
    booth.station.tend()
    ended = booth.check_out()
    assert (ended.session_id, ended.original_s, ended.credited_minutes) == (began.session_id, HOUR, 60)


def test_just_started_is_told_by_boot_time_and_not_by_the_wall(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.wall_error_ms = HOUR * 1000
    booth.clocks.elapse(60)
    assert isinstance(booth.station.present(booth.card()), JustStarted)


def test_below_the_floor_the_screen_counts_on_from_it(booth: Booth) -> None:
    booth.clocks.set_wall(0)
    booth.restart()
    assert booth.check_in().at == booth.community.issued
    assert not booth.station.read_board().calibrated


def test_a_power_cut_between_in_and_out_under_a_good_clock_ends_the_session(booth: Booth) -> None:
    booth.exchange()
    booth.station.tend()
    began = booth.check_in()
    booth.clocks.elapse(HOUR)
    booth.reboot(off_s=600)
    booth.exchange()
    booth.station.tend()
    ended = booth.check_out()
    assert ended.session_id == began.session_id
    assert ended.original_s == pytest.approx(HOUR + 615, abs=5)
    assert ended.credited_minutes == 70


def test_a_power_cut_without_any_anchor_still_lets_a_volunteer_check_out(booth: Booth) -> None:
    began = booth.check_in()
    booth.clocks.elapse(HOUR)
    booth.station.tend()
    booth.reboot(off_s=600)
    booth.clocks.elapse(HOUR)
    ended = booth.check_out()
    assert (ended.session_id, ended.credited_minutes) == (began.session_id, 120)  # while it was surely alive
    assert booth.session(began.session_id).session.flags >= {"wide_duration"}


def test_an_anchor_learnt_later_gives_the_time_that_surely_was_served(booth: Booth) -> None:
    began = booth.check_in()
    booth.clocks.elapse(HOUR)
    booth.reboot(off_s=600)
    booth.clocks.elapse(2 * HOUR)
    booth.check_out()
    booth.exchange()
    booth.station.tend()
    session = booth.session(began.session_id).session
    assert session.credited_minutes >= 119
    assert booth.rows("SELECT credited_minutes FROM sessions") == [(session.credited_minutes,)]


def test_after_a_power_cut_a_scan_may_be_shown_at_once_and_is_a_reminder_where_time_is_known(booth: Booth) -> None:
    booth.exchange()
    booth.station.tend()
    booth.check_in()
    booth.reboot(off_s=5)
    booth.exchange()
    booth.station.tend()
    assert isinstance(booth.station.present(booth.card()), JustStarted)


# The trust list in force


def test_a_key_taken_out_of_the_trust_list_opens_nothing_more(booth: Booth) -> None:
    booth.check_in()
    other = Community(issuer=SigningKey(b"j" * 32))
    trust = replace(other).reference(version=2)
    assert booth.station.apply_reference(trust)
    assert booth.station.present(booth.card(OTHER)) == Refused(RefusalReason.FORGED)
    booth.restart()
    assert booth.station.present(booth.card(OTHER)) == Refused(RefusalReason.FORGED)


def test_names_and_numbers_of_any_script_are_kept_as_they_are(booth: Booth) -> None:
    for number, name in (("𠮷1", "𠮷田"), ("২", "阿卜杜拉·买买提"), ("A-1", "O'Brien; DROP TABLE ledger")):
        outcome = booth.station.present(booth.card(number, display_name=name))
        assert isinstance(outcome, CheckedIn)
        assert booth.session(outcome.session_id).name == name
    assert CLAIMS.display_name not in booth.rows("SELECT group_concat(CAST(body AS TEXT)) FROM ledger")[0][0]


def test_a_session_belongs_to_the_local_day_of_its_start(booth: Booth) -> None:
    booth.clocks.set_to(datetime(2026, 12, 31, 15, 0, tzinfo=UTC))  # 23 o'clock in Luoyang
    booth.duty = {"closes_at": "never"}
    booth.restart()
    booth.check_in()
    booth.clocks.elapse(2 * HOUR)
    booth.check_out()
    assert booth.rows("SELECT started_on FROM sessions") == [("2026-12-31",)]


def test_two_booths_know_nothing_of_each_other(booth: Booth) -> None:
    folder = booth.folder / "other"
    with booth_in(folder, clocks=FakeClocks()) as other:
        booth.check_in()
        other.check_in()
        assert booth.events()[0].stream != other.events()[0].stream
