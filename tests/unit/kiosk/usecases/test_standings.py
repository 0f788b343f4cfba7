"""What the platform says of a volunteer decides what a scan may begin; a wrong clock turns nobody away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.refusal import RefusalReason
from kiosk.domain.standing import Caution, Want
from kiosk.usecases.outcomes import CheckedIn, CheckedOut, ChoiceRefused, JustStarted, Refused, ServiceChosen
from sync.protocol.envelope import open_body
from sync.protocol.events import AutoClose
from sync.protocol.reference import ServiceRule, Standing, Training
from sync.protocol.vocabulary import AutoCloseReason, CertificateKind, SessionState
from tests.support.community import milliseconds
from tests.support.rules import tell
from tests.support.station import Booth

ME, HOUR = "4103020000000017", 3600
NINE = datetime(2026, 12, 10, 1, 0, tzinfo=UTC)  # nine in the morning in Luoyang
ADULT_MS = milliseconds(datetime(2030, 1, 1, tzinfo=UTC))


def know_the_time(booth: Booth) -> None:
    booth.exchange()
    booth.station.tend()


def at(booth: Booth, instant: datetime, *, known: bool = True) -> None:
    booth.clocks.set_to(instant)
    if known:
        know_the_time(booth)


def minor(booth: Booth, *, consent: bool = True) -> None:
    tell(booth, Standing(ME, adult_from_ms=ADULT_MS, guardian_consent=consent))


def test_the_suspended_begin_no_duty_but_end_the_one_they_are_in(booth: Booth) -> None:
    booth.check_in()
    tell(booth, Standing(ME, suspended=True))
    assert isinstance(booth.station.present(booth.card()), JustStarted)
    booth.clocks.elapse(HOUR)
    assert isinstance(booth.station.present(booth.card()), CheckedOut)
    before = booth.kinds()
    assert booth.station.present(booth.card()) == Refused(RefusalReason.SUSPENDED)
    assert booth.kinds() == before


def test_a_minor_without_a_guardians_consent_is_told_what_to_bring(booth: Booth) -> None:
    minor(booth, consent=False)
    at(booth, NINE)
    assert booth.station.present(booth.card()) == Refused(RefusalReason.GUARDIAN_NEEDED)
    booth.clocks.elapse((datetime(2030, 1, 1, tzinfo=UTC) - NINE).total_seconds())
    know_the_time(booth)
    assert isinstance(booth.station.present(booth.card(expires_at=NINE + timedelta(days=2000))), CheckedIn)


@pytest.mark.parametrize(("hour", "allowed"), [(7, False), (8, True), (19, True), (20, False), (23, False)])
def test_minors_serve_by_day(booth: Booth, hour: int, allowed: bool) -> None:
    minor(booth)
    at(booth, NINE + timedelta(hours=hour - 9, minutes=1))
    outcome = booth.station.present(booth.card())
    assert isinstance(outcome, CheckedIn) if allowed else outcome == Refused(RefusalReason.MINOR_AT_NIGHT)


def test_a_clock_that_cannot_tell_turns_no_minor_away(booth: Booth) -> None:
    minor(booth)
    at(booth, NINE + timedelta(hours=12), known=False)
    assert booth.check_in().cautions == (Caution.NIGHT,)


def test_a_clock_that_is_known_to_be_wrong_asks_for_no_consent(booth: Booth) -> None:
    minor(booth, consent=False)
    booth.clocks.set_wall(0)
    booth.restart()
    assert booth.check_in().cautions == (Caution.GUARDIAN,)


def test_a_minors_duty_ends_with_the_day(booth: Booth) -> None:
    minor(booth)
    at(booth, NINE + timedelta(hours=9))
    began = booth.check_in()
    booth.clocks.elapse(2.25 * HOUR - 1)
    assert booth.station.close_overdue() == 0
    booth.clocks.elapse(2)
    assert booth.station.close_overdue() == 1
    body = open_body(booth.events()[-1])
    assert isinstance(body, AutoClose)
    assert body.reason is AutoCloseReason.DAYTIME
    assert abs(body.at_ms - milliseconds(NINE + timedelta(hours=11, minutes=15))) < 1000
    assert booth.session(began.session_id).session.state is SessionState.PROVISIONAL


def test_a_missing_training_is_a_warning(booth: Booth) -> None:
    tell(booth, services=[ServiceRule("directions", training="first_aid")])
    outcome = booth.check_in()
    assert (outcome.service, outcome.wants) == ("directions", {"directions": Want("first_aid", strict=False)})
    assert booth.station.choose(outcome.session_id, "directions") == ServiceChosen(outcome.session_id, "directions")


@pytest.mark.parametrize("asked", [None, "directions"])
def test_a_strict_kind_is_not_chosen_for_somebody_without_its_training(booth: Booth, asked: str | None) -> None:
    tell(booth, services=[ServiceRule("directions", training="first_aid", strict=True)])
    outcome = booth.check_in(service=asked)
    assert outcome.service == "tea_charging"
    refused = booth.station.choose(outcome.session_id, "directions")
    assert refused == ChoiceRefused(outcome.session_id, "tea_charging", "first_aid")
    assert booth.kinds() == ["check_in"]


def test_where_every_kind_is_locked_a_scan_is_still_recorded(booth: Booth) -> None:
    kinds = (
        "directions",
        "tea_charging",
        "poverty_relief",
        "legal_advice",
        "tutoring",
        "culture_sports",
        "environment",
    )
    tell(booth, services=[ServiceRule(kind, training="first_aid", strict=True) for kind in kinds])
    assert booth.check_in().service == "directions"


@pytest.mark.parametrize(("lapses_in_s", "held"), [(None, True), (HOUR, True), (-HOUR, False)])
def test_a_training_counts_until_it_lapses(booth: Booth, lapses_in_s: int | None, held: bool) -> None:
    at(booth, NINE)
    until_ms = None if lapses_in_s is None else booth.clocks.true_ms + lapses_in_s * 1000
    rule = ServiceRule("directions", training="first_aid", strict=True)
    tell(booth, Standing(ME, trained=[Training("first_aid", until_ms)]), services=[rule])
    assert (booth.check_in().service == "directions") is held


def test_a_social_workers_duty_is_recorded_and_counts_nothing(booth: Booth) -> None:
    tell(booth, Standing(ME, paid=True))
    assert booth.check_in().paid
    booth.clocks.elapse(HOUR)
    ended = booth.check_out()
    assert (ended.paid, ended.original_s, ended.credited_minutes, ended.total_minutes) == (True, HOUR, 0, 0)


def test_what_is_counted_at_the_end_is_the_service_kinds_own(booth: Booth) -> None:
    tell(booth, services=[ServiceRule("directions", tallies=["tea", "charging"])])
    booth.check_in()
    booth.clocks.elapse(HOUR)
    assert booth.check_out().tallies == ("tea", "charging")
    booth.check_in("4103020000000025", service="tutoring")
    booth.clocks.elapse(HOUR)
    assert booth.check_out("4103020000000025").tallies == ()


def day_card(booth: Booth, day: datetime) -> str:
    begin = day.replace(hour=16, minute=0) - timedelta(days=1)  # midnight in Luoyang
    ends = begin + timedelta(days=1)
    return booth.card("D-20261210-7", issued_at=begin, expires_at=ends, kind=CertificateKind.DAY)


def test_a_day_card_is_good_on_its_day_only(booth: Booth) -> None:
    card = day_card(booth, NINE)
    at(booth, NINE - timedelta(days=1))
    assert booth.station.present(card) == Refused(RefusalReason.NOT_YET_VALID)
    booth.clocks.elapse(24 * HOUR)
    know_the_time(booth)
    assert isinstance(booth.station.present(card), CheckedIn)
    booth.clocks.elapse(HOUR)
    assert isinstance(booth.station.present(card), CheckedOut)
    booth.clocks.elapse(24 * HOUR)
    know_the_time(booth)
    assert booth.station.present(card) == Refused(RefusalReason.EXPIRED)


def test_a_day_card_under_a_clock_that_knows_nothing_is_accepted_and_marked(booth: Booth) -> None:
    outcome = booth.station.present(day_card(booth, NINE + timedelta(days=400)))
    assert isinstance(outcome, CheckedIn)
    assert booth.session(outcome.session_id).session.certificate.validity_unchecked
