"""What is enough at a station: revoked, replayed and weak showings, the captain's word, numbers typed and old."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.domain.refusal import RecordingFault, RefusalReason
from kiosk.timekeeping.moment import instant_of
from kiosk.usecases.outcomes import CaptainNeeded, CheckedIn, CheckedOut, JustStarted, NotRecorded, Refused, ScanOutcome
from sync.protocol.check_digit import check_digit
from sync.protocol.events import CheckIn, CheckOut, Presented
from sync.protocol.reference import Appointment, ListedVolunteer
from sync.protocol.sessions import LISTED, TYPED
from sync.protocol.vocabulary import Provenance, Trust
from tests.support.community import CLAIMS, Community
from tests.support.station import Booth

HOUR = 3600
ME, OTHER, CAPTAIN, ORGANISER = "4103020000000017", "4103020000000025", "4103020000000033", "4103020000000041"
TYPED_ME = ME + check_digit(ME)


def at(booth: Booth, seconds: float = 0) -> datetime:
    """The true instant, in whole seconds, so many seconds from now."""
    return instant_of(booth.clocks.true_ms // 1000 * 1000) + timedelta(seconds=seconds)


def station(booth: Booth, accepts: str = "card", version: int = 2, **more: Any) -> None:
    """Make the booth a station with a captain and an organiser, whose setting is ``accepts``."""
    now_ms = booth.clocks.true_ms
    appointments = [
        Appointment(CAPTAIN, "王队长", "captain", now_ms - 1, now_ms + 10**9),
        Appointment(ORGANISER, "赵委员", "organiser", now_ms - 1, now_ms + 10**9),
    ]
    directory = [ListedVolunteer(ME, "张晓明")]
    document = booth.community.reference(
        version=version, **{"appointments": appointments, "directory": directory, **more}
    )
    assert booth.station.apply_reference(document)
    booth.certificates = {**booth.certificates, "accepts": accepts}
    booth.restart()


def know_the_time(booth: Booth) -> None:
    booth.exchange()
    booth.station.tend()


def dynamic(booth: Booth, number: str = ME, *, age_s: float = 30, **changes: Any) -> str:
    """A phone's code, minted some seconds ago."""
    return booth.community.dynamic(at(booth, -age_s), volunteer_number=number, **changes)


def refusal(outcome: ScanOutcome) -> RefusalReason:
    assert isinstance(outcome, Refused), outcome
    return outcome.reason


def check_ins(booth: Booth) -> list[CheckIn]:
    bodies = [envelope.body for envelope in booth.events() if envelope.kind == "check_in"]
    return [msgspec.convert(body, CheckIn) for body in bodies]


# Revocation


def test_a_card_reported_lost_is_refused_from_the_next_list_on(booth: Booth) -> None:
    document = booth.community.reference(version=2, revocations=booth.community.revocations(CLAIMS.serial))
    assert booth.station.apply_reference(document)
    assert refusal(booth.station.present(booth.card())) is RefusalReason.REVOKED
    new = booth.station.present(booth.card(serial=b"\0\0\0\7"))
    assert isinstance(new, CheckedIn)
    booth.restart()
    assert refusal(booth.station.present(booth.card())) is RefusalReason.REVOKED


def revoking(version: int, list_version: int | None) -> Any:
    us = Community()
    listed = None if list_version is None else us.revocations(CLAIMS.serial, version=list_version)
    return us.reference(version=version, revocations=listed)


@pytest.mark.parametrize(("version", "list_version"), [(3, 4), (9, 4), (9, None), (4, 5), (3, None)])
def test_an_older_list_never_replaces_a_newer_one(booth: Booth, version: int, list_version: int | None) -> None:
    assert booth.station.apply_reference(revoking(4, 5))
    assert not booth.station.apply_reference(revoking(version, list_version))
    assert booth.station.device.shelf.current().revocations.version == 5


@pytest.mark.parametrize(("version", "list_version"), [(4, 6), (5, 5), (5, 6)])
def test_a_newer_list_alone_is_taken(booth: Booth, version: int, list_version: int) -> None:
    assert booth.station.apply_reference(revoking(4, 5))
    assert booth.station.apply_reference(revoking(version, list_version))
    booth.restart()
    assert booth.station.device.shelf.current().revocations.version == list_version


# Dynamic codes


def test_a_dynamic_code_is_taken_once(booth: Booth) -> None:
    know_the_time(booth)
    code = dynamic(booth)
    assert isinstance(booth.station.present(code), CheckedIn)
    booth.clocks.elapse(60)
    assert refusal(booth.station.present(code)) is RefusalReason.REPLAYED
    booth.clocks.elapse(HOUR)
    assert isinstance(booth.station.present(dynamic(booth, serial=b"\0\0\0\2")), CheckedOut)


def test_a_fresh_code_of_the_same_serial_is_another(booth: Booth) -> None:
    know_the_time(booth)
    assert isinstance(booth.station.present(dynamic(booth)), CheckedIn)
    booth.clocks.elapse(60)
    assert isinstance(booth.station.present(dynamic(booth)), JustStarted)


def test_a_replay_is_known_after_a_restart(booth: Booth) -> None:
    know_the_time(booth)
    code = dynamic(booth)
    assert isinstance(booth.station.present(code), CheckedIn)
    booth.restart()
    know_the_time(booth)
    assert refusal(booth.station.present(code)) is RefusalReason.REPLAYED


KILLED = """
import sys
from pathlib import Path
from tests.support.station import Booth
from tests.support.clock import FakeClocks
folder, code, true_ns, bt_ns = Path(sys.argv[1]), *sys.argv[2:]
booth = Booth(folder, clocks=FakeClocks(true_ns=int(true_ns), bt_ns=int(bt_ns)))
booth.exchange()
booth.station.tend()
print(type(booth.station.present(code)).__name__, flush=True)
sys.stdin.read()
"""


def test_a_replay_is_known_after_the_program_was_killed(booth: Booth) -> None:
    code, root = dynamic(booth), str(Path(__file__).parents[4])
    clocks = [str(booth.clocks.true_ns), str(booth.clocks.bt_ns)]
    command = [sys.executable, "-c", KILLED, str(booth.folder), code, *clocks]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=root, text=True, stdin=pipe, stdout=pipe) as kiosk:
        assert kiosk.stdout is not None
        assert kiosk.stdout.readline() == "CheckedIn\n"
        os.kill(kiosk.pid, signal.SIGKILL)
    know_the_time(booth)
    assert refusal(booth.station.present(code)) is RefusalReason.REPLAYED
    assert booth.kinds().count("check_in") == 1


def test_what_could_not_be_recorded_was_not_taken(booth: Booth) -> None:
    know_the_time(booth)
    code = dynamic(booth)
    with closing(sqlite3.connect(booth.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        outcome = booth.station.present(code)
        other.execute("ROLLBACK")
    assert outcome == NotRecorded(RecordingFault.BUSY)
    assert isinstance(booth.station.present(code), CheckedIn)


def test_a_code_that_had_ended_as_the_newest_was_issued_is_stale(booth: Booth) -> None:
    know_the_time(booth)
    old = dynamic(booth, OTHER, age_s=299)
    newest = booth.community.dynamic(at(booth, 60), volunteer_number=ME)
    assert isinstance(booth.station.present(newest), CheckedIn)
    assert refusal(booth.station.present(old)) is RefusalReason.REPLAYED
    still_good = dynamic(booth, OTHER, age_s=200)
    assert isinstance(booth.station.present(still_good), CheckedIn)


def test_the_cache_holds_no_more_than_one_lifetime_of_a_code(booth: Booth) -> None:
    know_the_time(booth)
    for number in range(1, 40):
        booth.station.present(dynamic(booth, serial=number.to_bytes(4, "big"), age_s=0))
        booth.clocks.elapse(60)
    assert booth.rows("SELECT count(*) FROM seen_codes")[0][0] <= 6


def test_codes_of_another_issuer_have_a_mark_of_their_own(booth: Booth) -> None:
    other = Community()
    key = other.trust_list().keys[0]
    trust = msgspec.structs.replace(
        other.trust_list(), version=2, keys=[key, msgspec.structs.replace(key, issuer="410100")]
    )
    assert booth.station.apply_reference(booth.community.reference(version=2, trust=trust))
    know_the_time(booth)
    assert isinstance(booth.station.present(booth.community.dynamic(at(booth, 240))), CheckedIn)
    late = dynamic(booth, OTHER, age_s=200, issuer="410100")
    assert isinstance(booth.station.present(late), CheckedIn)


def test_a_code_that_no_clock_can_date_is_worth_a_card_and_may_be_shown_again(booth: Booth) -> None:
    code = dynamic(booth)
    assert isinstance(booth.station.present(code), CheckedIn)
    assert isinstance(booth.station.present(code), JustStarted)
    assert booth.rows("SELECT count(*) FROM seen_codes") == [(0,)]


# The station's setting


def test_a_photographed_card_is_not_enough_where_the_phone_is_asked_for(booth: Booth) -> None:
    station(booth, "dynamic")
    know_the_time(booth)
    assert refusal(booth.station.present(booth.card())) is RefusalReason.DYNAMIC_NEEDED
    assert isinstance(booth.station.present(dynamic(booth)), CheckedIn)
    lasting = booth.community.dynamic(at(booth), minutes=60, volunteer_number=OTHER)
    assert refusal(booth.station.present(lasting)) is RefusalReason.DYNAMIC_NEEDED


def test_there_a_wrong_clock_turns_nobody_away_the_captain_decides(booth: Booth) -> None:
    station(booth, "dynamic")
    assert booth.station.present(dynamic(booth)) == CaptainNeeded(ME, "张晓明")
    assert refusal(booth.station.present(booth.card(CAPTAIN))) is RefusalReason.DYNAMIC_NEEDED
    outcome = booth.station.present(dynamic(booth, CAPTAIN))
    assert isinstance(outcome, CheckedIn)
    assert (outcome.volunteer_number, check_ins(booth)[0].witness) == (ME, CAPTAIN)


def test_a_card_waits_for_the_captain_and_nothing_is_recorded_before(booth: Booth) -> None:
    station(booth, "card_and_captain")
    assert booth.station.present(booth.card(), "tutoring") == CaptainNeeded(ME, "张晓明")
    assert booth.kinds() == []
    booth.clocks.elapse(29)
    outcome = booth.station.present(booth.card(CAPTAIN, display_name="王队长"))
    assert isinstance(outcome, CheckedIn)
    assert (outcome.volunteer_number, outcome.name, outcome.service) == (ME, "张晓明", "tutoring")
    [body] = check_ins(booth)
    assert (body.volunteer, body.witness, body.certificate) == (
        ME,
        CAPTAIN,
        Presented("410302", "0001", CLAIMS.serial.hex(), validity_unchecked=True),
    )


def test_the_captain_comes_too_late(booth: Booth) -> None:
    station(booth, "card_and_captain")
    booth.station.present(booth.card())
    booth.clocks.elapse(31)
    outcome = booth.station.present(booth.card(CAPTAIN))
    assert isinstance(outcome, CheckedIn)
    assert (outcome.volunteer_number, check_ins(booth)[0].witness) == (CAPTAIN, None)


def test_how_long_one_waits_is_the_stations_setting(booth: Booth) -> None:
    booth.duty = {"confirm_s": 60}
    station(booth, "card_and_captain")
    booth.station.present(booth.card())
    booth.clocks.elapse(45)
    outcome = booth.station.present(booth.card(CAPTAIN))
    assert isinstance(outcome, CheckedIn)
    assert outcome.volunteer_number == ME


@pytest.mark.parametrize("number", [OTHER, ORGANISER])
def test_nobody_else_speaks_for_a_volunteer(booth: Booth, number: str) -> None:
    station(booth, "card_and_captain")
    booth.station.present(booth.card())
    assert booth.station.present(booth.card(number)) == CaptainNeeded(number, "张晓明")
    assert booth.kinds() == []
    outcome = booth.station.present(booth.card(CAPTAIN))
    assert isinstance(outcome, CheckedIn)
    assert outcome.volunteer_number == number, "who came last is who the screen asks about"


def test_a_captain_whose_term_is_over_is_a_volunteer_like_others(booth: Booth) -> None:
    now_ms = booth.clocks.true_ms
    past = [Appointment(CAPTAIN, "王队长", "captain", 0, now_ms)]
    station(booth, "card_and_captain", appointments=past)
    booth.station.present(booth.card())
    assert booth.station.present(booth.card(CAPTAIN)) == CaptainNeeded(CAPTAIN, "张晓明")


def test_a_captains_own_card_is_enough_for_the_captain(booth: Booth) -> None:
    station(booth, "card_and_captain")
    assert isinstance(booth.station.present(booth.card(CAPTAIN)), CheckedIn)
    assert isinstance(booth.station.present(booth.card(CAPTAIN)), JustStarted)


def test_a_captain_speaks_once(booth: Booth) -> None:
    station(booth, "card_and_captain")
    booth.station.present(booth.card())
    assert isinstance(booth.station.present(booth.card(CAPTAIN)), CheckedIn)
    own = booth.station.present(booth.card(CAPTAIN))
    assert isinstance(own, CheckedIn)
    assert own.volunteer_number == CAPTAIN


def test_a_refused_code_in_between_lets_the_volunteer_wait_on(booth: Booth) -> None:
    station(booth, "card_and_captain")
    booth.station.present(booth.card())
    assert isinstance(booth.station.present("134567890123456785"), Refused)
    outcome = booth.station.present(booth.card(CAPTAIN))
    assert isinstance(outcome, CheckedIn)
    assert outcome.volunteer_number == ME


def test_whoever_turns_to_the_phone_waits_no_longer(booth: Booth) -> None:
    station(booth, "card_and_captain")
    know_the_time(booth)
    booth.station.present(booth.card())
    assert isinstance(booth.station.present(dynamic(booth)), CheckedIn)
    own = booth.station.present(booth.card(CAPTAIN))
    assert isinstance(own, CheckedIn)
    assert own.volunteer_number == CAPTAIN


def test_a_power_cut_ends_the_waiting(booth: Booth) -> None:
    station(booth, "card_and_captain")
    booth.station.present(booth.card())
    waiting = booth.station.present.waiting.request
    booth.reboot(off_s=1)
    booth.station.present.waiting.request = waiting
    own = booth.station.present(booth.card(CAPTAIN))
    assert isinstance(own, CheckedIn)
    assert own.volunteer_number == CAPTAIN


def test_duty_is_ended_without_the_captain(booth: Booth) -> None:
    station(booth, "card_and_captain")
    booth.station.present(booth.card())
    booth.station.present(booth.card(CAPTAIN))
    booth.clocks.elapse(60)
    assert isinstance(booth.station.present(booth.card()), JustStarted)
    booth.clocks.elapse(HOUR)
    assert isinstance(booth.station.present(booth.card()), CheckedOut)


def test_a_session_past_its_limit_is_closed_only_when_the_captain_has_come(booth: Booth) -> None:
    station(booth, "card_and_captain")
    booth.station.present(booth.card())
    booth.station.present(booth.card(CAPTAIN))
    booth.clocks.elapse(20 * HOUR)
    assert isinstance(booth.station.present(booth.card()), CaptainNeeded)
    assert "auto_close" not in booth.kinds()
    assert isinstance(booth.station.present(booth.card(CAPTAIN)), CheckedIn)
    assert booth.kinds()[-2:] == ["auto_close", "check_in"]


# Numbers


def test_a_typed_number_needs_the_captain_at_both_ends_and_says_so_in_the_record(booth: Booth) -> None:
    station(booth)
    assert booth.station.present.typed(TYPED_ME, "tutoring") == CaptainNeeded(ME, "张晓明")
    assert booth.kinds() == []
    began = booth.station.present(booth.card(CAPTAIN))
    assert isinstance(began, CheckedIn)
    assert (began.volunteer_number, began.service, began.validity_unchecked) == (ME, "tutoring", False)
    [body] = check_ins(booth)
    assert body.certificate == Presented("410302", "none", "none", format="typed", trust=Trust.TYPED)
    assert body.witness == CAPTAIN
    booth.clocks.elapse(HOUR)
    assert isinstance(booth.station.present.typed(TYPED_ME), CaptainNeeded)
    assert isinstance(booth.station.present(booth.card(CAPTAIN)), CheckedOut)
    session = booth.session(began.session_id).session
    assert session.provenance is Provenance.TYPED
    assert TYPED in session.flags


def test_a_session_ended_by_a_typed_number_names_its_witness(booth: Booth) -> None:
    station(booth)
    booth.check_in()
    booth.clocks.elapse(HOUR)
    booth.station.present.typed(TYPED_ME)
    assert isinstance(booth.station.present(booth.card(CAPTAIN)), CheckedOut)
    body = msgspec.convert(booth.events()[-1].body, CheckOut)
    assert (body.witness, body.certificate.trust) == (CAPTAIN, Trust.TYPED)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (TYPED_ME[:-1] + str((int(TYPED_ME[-1]) + 1) % 10), RefusalReason.WRONG_NUMBER),
        ("", RefusalReason.WRONG_NUMBER),
        (OTHER + check_digit(OTHER), RefusalReason.NOT_LISTED),
    ],
)
def test_a_wrong_or_unknown_number_is_refused(booth: Booth, typed: str, reason: RefusalReason) -> None:
    station(booth)
    assert refusal(booth.station.present.typed(typed)) is reason


def test_a_captain_may_not_type_the_own_number_to_speak_for_anybody(booth: Booth) -> None:
    station(booth, directory=[ListedVolunteer(ME, "张晓明"), ListedVolunteer(CAPTAIN, "王队长")])
    booth.station.present.typed(TYPED_ME)
    assert isinstance(booth.station.present.typed(CAPTAIN + check_digit(CAPTAIN)), CaptainNeeded)
    assert booth.kinds() == []


def test_an_old_card_is_read_where_the_settings_say_so(booth: Booth) -> None:
    old = "https://old.example/v?id=" + ME
    station(booth)
    assert refusal(booth.station.present(old)) is RefusalReason.WEB_ADDRESS
    booth.certificates = {
        "legacy": [{"name": "old-address", "kind": "web_address", "prefix": "https://old.example/v?id="}]
    }
    booth.restart()
    outcome = booth.station.present(old)
    assert isinstance(outcome, CheckedIn)
    assert (outcome.volunteer_number, outcome.name) == (ME, "张晓明")
    assert LISTED in booth.session(outcome.session_id).session.flags
    stranger = booth.station.present(old[:-1] + "9")
    assert refusal(stranger) is RefusalReason.NOT_LISTED
