"""Who stands before the camera, whatever spoke for it: a signature, the directory, or a captain later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.certificate.identify import LONGEST_DYNAMIC, Sources, identify, identify_typed
from kiosk.certificate.legacy import checked_number, recognise, web_address
from kiosk.certificate.verify import NOTHING_REVOKED, Now
from kiosk.domain.admission import Shown
from sync.protocol.check_digit import check_digit
from sync.protocol.errors import (
    CertificateError,
    NotACertificateError,
    NotListedError,
    RevokedError,
    WrongCheckDigitError,
)
from sync.protocol.events import Presented
from sync.protocol.reference import ListedVolunteer
from sync.protocol.revocation import read_revocation_list
from sync.protocol.vocabulary import Trust
from tests.support.community import CLAIMS, ISSUED, Community

US = Community()
NUMBER = "41030200017"
TYPED = NUMBER + check_digit(NUMBER)
OLD_ADDRESS = "https://old.example/v?id="
FORMATS = (web_address("old-address", OLD_ADDRESS), checked_number("old-card", len(TYPED)))
LISTED = (ListedVolunteer("V0", "王五"), ListedVolunteer(NUMBER, "李四"))
SOURCES = Sources(US.trust_list(), NOTHING_REVOKED, LISTED, "410302")
WITH_OLD = Sources(US.trust_list(), NOTHING_REVOKED, LISTED, "410302", FORMATS)
NOW = Now(ISSUED, ISSUED + timedelta(seconds=1))


def test_a_card_is_what_its_issuer_signed() -> None:
    identity = identify(US.certificate(), SOURCES, NOW)
    assert (identity.volunteer_number, identity.name, identity.shown) == (
        CLAIMS.volunteer_number,
        CLAIMS.display_name,
        Shown.CARD,
    )
    assert identity.presented == Presented("410302", "0001", CLAIMS.serial.hex())
    assert identity.claims == CLAIMS


@pytest.mark.parametrize(
    ("minutes", "now", "shown"),
    [
        (5, NOW, Shown.DYNAMIC),
        (5, Now(ISSUED, None), Shown.UNDATED),
        (5, Now(ISSUED, ISSUED + timedelta(minutes=5)), Shown.UNDATED),
        (15, NOW, Shown.DYNAMIC),
        (15.1, NOW, Shown.CARD),
    ],
)
def test_a_dynamic_code_is_worth_more_only_while_it_lives_for_minutes_and_can_be_dated(
    minutes: float, now: Now, shown: Shown
) -> None:
    assert identify(US.dynamic(ISSUED, minutes), SOURCES, now).shown is shown
    assert timedelta(minutes=15) == LONGEST_DYNAMIC


# Older formats


@pytest.mark.parametrize(("text", "name"), [(OLD_ADDRESS + NUMBER, "old-address"), (TYPED, "old-card")])
def test_an_older_format_is_read_where_the_station_says_so_and_the_directory_knows_the_number(
    text: str, name: str
) -> None:
    with pytest.raises(NotACertificateError):
        identify(text, SOURCES, NOW)
    identity = identify(text, WITH_OLD, NOW)
    assert (identity.volunteer_number, identity.name, identity.shown) == (NUMBER, "李四", Shown.LISTED)
    assert identity.presented == Presented("410302", "none", "none", format=name, trust=Trust.LISTED)
    assert identity.claims is None


def test_a_number_of_nobody_in_the_directory_is_refused() -> None:
    for text in (OLD_ADDRESS + "999", "10000000000" + check_digit("10000000000")):
        with pytest.raises(NotListedError):
            identify(text, WITH_OLD, NOW)


@pytest.mark.parametrize(
    "text",
    [
        NUMBER + str((int(check_digit(NUMBER)) + 1) % 10),  # a wrong check digit
        NUMBER,
        TYPED + "0",
        " " + TYPED,
        TYPED + "\n",
        OLD_ADDRESS,
        OLD_ADDRESS + NUMBER + "&x=1",
        OLD_ADDRESS + "../" + NUMBER,
        OLD_ADDRESS.replace("old", "evil") + NUMBER,
        OLD_ADDRESS.replace(".", "x") + NUMBER,
        "x" + OLD_ADDRESS + NUMBER,
    ],
)
def test_what_is_nearly_an_older_format_stays_a_strangers_code(text: str) -> None:
    with pytest.raises(NotACertificateError):
        identify(text, WITH_OLD, NOW)


@pytest.mark.parametrize("text", ["134567890123456785", "2812345678901234567", "410302199001011234"])
def test_a_payment_code_or_an_id_number_is_never_offered_to_a_plug_in(text: str) -> None:
    greedy = replace_formats(checked_number("greedy", len(text)), web_address("any", ""))
    with pytest.raises(NotACertificateError) as caught:
        identify(text, greedy, NOW)
    assert caught.value.kind in {"payment_code", "id_number"}


def replace_formats(*formats: object) -> Sources:
    return Sources(SOURCES.trust, SOURCES.revocations, SOURCES.directory, SOURCES.region, formats)  # type: ignore[arg-type]


@given(st.text(max_size=40))
def test_hostile_texts_raise_nothing_but_certificate_errors(text: str) -> None:
    for each in (text, OLD_ADDRESS + text, "LYZ1:" + text):
        with pytest.raises(CertificateError):
            identify(each, WITH_OLD, NOW)
        with pytest.raises(CertificateError):
            identify_typed(each, WITH_OLD)


def test_the_first_format_that_fits_is_taken() -> None:
    assert recognise(TYPED, ()) is None
    assert recognise(TYPED, (FORMATS[1], checked_number("second", len(TYPED)))) == (FORMATS[1], NUMBER)


# Typed numbers


@pytest.mark.parametrize(
    "typed", [TYPED, f" {TYPED} ", f"{NUMBER}-{TYPED[-1]}", f"{TYPED[:4]} {TYPED[4:]}", "４" + TYPED[1:]]
)
def test_a_typed_number_names_whom_the_directory_knows(typed: str) -> None:
    identity = identify_typed(typed, SOURCES)
    assert (identity.volunteer_number, identity.name, identity.shown) == (NUMBER, "李四", Shown.TYPED)
    assert identity.presented == Presented("410302", "none", "none", format="typed", trust=Trust.TYPED)


@pytest.mark.parametrize("typed", ["", "7", NUMBER, TYPED[:-1] + "x", TYPED + "1", "V0", "-", "²³"])
def test_a_slip_of_a_finger_is_seen(typed: str) -> None:
    with pytest.raises((WrongCheckDigitError, NotListedError)):
        identify_typed(typed, SOURCES)


def test_a_typed_number_of_nobody_is_refused() -> None:
    with pytest.raises(NotListedError):
        identify_typed("123" + check_digit("123"), SOURCES)


def test_the_revocation_list_is_asked() -> None:
    revoked = read_revocation_list(US.revocations(CLAIMS.serial), US.root.public)
    with pytest.raises(RevokedError):
        identify(US.certificate(), Sources(US.trust_list(), revoked, (), "410302"), NOW)
