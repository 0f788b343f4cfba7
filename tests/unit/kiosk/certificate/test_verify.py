"""A certificate is accepted when the right issuer signed it for now, as far as the clock can tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.certificate.verify import EARLY_TOLERANCE, Now, verify
from sync.protocol.certificate.mint import mint
from sync.protocol.errors import (
    CertificateError,
    ExpiredError,
    ForgedError,
    MalformedError,
    NotACertificateError,
    NotYetValidError,
    RevokedError,
    UnknownIssuerError,
)
from sync.protocol.revocation import read_revocation_list, sign_revocation_list
from sync.protocol.signing.keys import SigningKey
from sync.protocol.signing.sm2 import Sm2SigningKey
from sync.protocol.trust import TrustList
from tests.support.certificates import built
from tests.support.community import CLAIMS, KID, Community, milliseconds
from tests.support.vectors import load

US = Community()
TRUST = US.trust_list()
SECOND = timedelta(seconds=1)
DURING = Now(CLAIMS.issued_at + timedelta(days=1), CLAIMS.issued_at + timedelta(days=2))


def exactly(at: datetime) -> Now:
    return Now(at, at)


def test_a_good_certificate_is_accepted() -> None:
    verified = verify(US.certificate(), TRUST, DURING)
    assert (verified.claims, verified.kid, verified.validity_unchecked) == (CLAIMS, KID.hex(), False)


# Issuer and key


def test_a_certificate_signed_by_a_stranger_is_forged() -> None:
    with pytest.raises(ForgedError):
        verify(US.certificate(US.stranger), TRUST, DURING)


def test_a_key_that_is_not_in_the_list_is_unknown() -> None:
    for text in (US.certificate(kid=b"\x00\x02"), US.certificate(US.stranger, kid=b"\xff\xff")):
        with pytest.raises(UnknownIssuerError):
            verify(text, TRUST, DURING)
    with pytest.raises(UnknownIssuerError):
        verify(US.certificate(), TrustList(1, 1, []), DURING)


def test_the_same_key_id_of_another_issuer_opens_nothing() -> None:
    with pytest.raises(UnknownIssuerError):
        verify(US.certificate(issuer="410100"), TRUST, DURING)


def test_two_issuers_may_have_the_same_key_id() -> None:
    other = replace(TRUST.keys[0], issuer="410100", public=US.stranger.public.hex())
    both = replace(TRUST, keys=[other, *TRUST.keys])
    assert verify(US.certificate(), both, DURING).claims == CLAIMS
    assert verify(US.certificate(US.stranger, issuer="410100"), both, DURING).claims.issuer == "410100"
    with pytest.raises(ForgedError):
        verify(US.certificate(issuer="410100"), both, DURING)


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "trusted"), [(0, 1, True), (1, 2, False), (-1, 0, False), (-1, 1, True)]
)
def test_a_key_opens_only_what_was_issued_within_its_days(valid_from: int, valid_until: int, trusted: bool) -> None:
    issued_ms = milliseconds(CLAIMS.issued_at)
    key = replace(TRUST.keys[0], valid_from_ms=issued_ms + valid_from, valid_until_ms=issued_ms + valid_until)
    trust = replace(TRUST, keys=[key])
    if trusted:
        assert verify(US.certificate(), trust, DURING).kid == KID.hex()
    else:
        with pytest.raises(UnknownIssuerError):
            verify(US.certificate(), trust, DURING)


def test_keys_that_overlap_while_they_rotate_both_open() -> None:
    new = SigningKey(b"n" * 32)
    rotated = replace(TRUST, keys=[*TRUST.keys, replace(TRUST.keys[0], kid="0002", public=new.public.hex())])
    assert verify(US.certificate(), rotated, DURING).kid == "0001"
    assert verify(US.certificate(new, kid=b"\0\2"), rotated, DURING).kid == "0002"
    with pytest.raises(ForgedError):
        verify(US.certificate(new), rotated, DURING)


def test_the_algorithm_is_never_read_from_the_message() -> None:
    with pytest.raises(MalformedError):
        verify(built({1: -7, 4: KID}), TRUST, DURING)


# Algorithm


SM2 = Sm2SigningKey(b"i" * 32)
BY_SM2 = replace(TRUST.keys[0], kid="0002", algorithm="sm2", public=SM2.public.hex())
BOTH = replace(TRUST, keys=[*TRUST.keys, BY_SM2])


def test_an_issuer_may_turn_to_sm2_while_both_keys_overlap() -> None:
    assert verify(US.certificate(), BOTH, DURING).kid == "0001"
    assert verify(mint(CLAIMS, b"\0\2", SM2), BOTH, DURING).kid == "0002"


def test_a_message_that_names_another_algorithm_than_the_list_is_forged() -> None:
    same_id = replace(BOTH, keys=[replace(TRUST.keys[0], kid="0002")])
    for text, trust in ((mint(CLAIMS, KID, SM2), TRUST), (mint(CLAIMS, b"\0\2", SM2), same_id)):
        with pytest.raises(ForgedError):
            verify(text, trust, DURING)
    with pytest.raises(ForgedError):
        verify(US.certificate(kid=b"\0\2"), BOTH, DURING)


def test_two_keys_of_an_issuer_with_one_id_both_open() -> None:
    clash = replace(TRUST, keys=[TRUST.keys[0], replace(BY_SM2, kid="0001")])
    assert verify(US.certificate(), clash, DURING).kid == "0001"
    assert verify(mint(CLAIMS, KID, SM2), clash, DURING).kid == "0001"


# Revocation


def test_what_the_issuer_took_back_is_refused_and_nothing_else() -> None:
    revoked = read_revocation_list(US.revocations(CLAIMS.serial), US.root.public)
    with pytest.raises(RevokedError):
        verify(US.certificate(), TRUST, DURING, revoked)
    assert verify(US.certificate(serial=b"\1\2\3\4\5\7"), TRUST, DURING, revoked).claims.kind == "card"


def test_the_same_serial_of_another_issuer_is_not_taken_back() -> None:
    document = sign_revocation_list(1, 1, {"410100": [CLAIMS.serial]}, US.root)
    assert verify(US.certificate(), TRUST, DURING, read_revocation_list(document, US.root.public)).claims == CLAIMS


def test_a_stranger_is_never_told_what_was_taken_back() -> None:
    revoked = read_revocation_list(US.revocations(CLAIMS.serial), US.root.public)
    with pytest.raises(ForgedError):
        verify(US.certificate(US.stranger), TRUST, DURING, revoked)


def test_what_was_taken_back_and_has_ended_is_called_taken_back() -> None:
    revoked = read_revocation_list(US.revocations(CLAIMS.serial), US.root.public)
    with pytest.raises(RevokedError):
        verify(US.certificate(), TRUST, exactly(CLAIMS.expires_at), revoked)


# Dates


@pytest.mark.parametrize("second", [-1, 0, 1])
def test_good_while_now_is_before_the_end_and_expired_exactly_at_it(second: int) -> None:
    now = exactly(CLAIMS.expires_at + second * SECOND)
    if second < 0:
        assert not verify(US.certificate(), TRUST, now).validity_unchecked
    else:
        with pytest.raises(ExpiredError):
            verify(US.certificate(), TRUST, now)


@pytest.mark.parametrize("seconds", [-301, -300, -1, 0])
def test_five_minutes_before_the_issue_are_forgiven(seconds: int) -> None:
    now = exactly(CLAIMS.issued_at + seconds * SECOND)
    if seconds < -300:
        with pytest.raises(NotYetValidError):
            verify(US.certificate(), TRUST, now)
    else:
        assert not verify(US.certificate(), TRUST, now).validity_unchecked


BEFORE, WITHIN, AFTER = CLAIMS.issued_at - timedelta(days=1), DURING.earliest, CLAIMS.expires_at + timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "unchecked"),
    [
        (Now(BEFORE, WITHIN), True),
        (Now(WITHIN, AFTER), True),
        (Now(BEFORE, AFTER), True),
        (Now(WITHIN, CLAIMS.expires_at), True),
        (Now(WITHIN, CLAIMS.expires_at - SECOND), False),
        (Now(CLAIMS.issued_at - EARLY_TOLERANCE, WITHIN), False),
        (Now(CLAIMS.issued_at - EARLY_TOLERANCE - SECOND, WITHIN), True),
        (Now(WITHIN, None), True),
        (Now(BEFORE, None), True),
    ],
)
def test_a_wrong_clock_never_turns_a_volunteer_away(now: Now, unchecked: bool) -> None:
    assert verify(US.certificate(), TRUST, now).validity_unchecked is unchecked


def test_surely_past_is_refused_even_where_nothing_bounds_the_clock_from_above() -> None:
    with pytest.raises(ExpiredError):
        verify(US.certificate(), TRUST, Now(CLAIMS.expires_at, None))


@given(
    st.timedeltas(timedelta(days=-900), timedelta(days=900)),
    st.none() | st.timedeltas(timedelta(0), timedelta(days=900)),
)
def test_only_what_no_possible_instant_allows_is_refused(offset: timedelta, width: timedelta | None) -> None:
    earliest = CLAIMS.issued_at + offset
    now = Now(earliest, None if width is None else earliest + width)
    possible_after_issue = now.latest is None or now.latest >= CLAIMS.issued_at - EARLY_TOLERANCE
    possible_before_end = earliest < CLAIMS.expires_at
    try:
        verify(US.certificate(), TRUST, now)
    except (ExpiredError, NotYetValidError):
        assert not (possible_after_issue and possible_before_end)
    else:
        assert possible_after_issue
        assert possible_before_end


def test_a_stranger_is_never_told_that_a_forged_card_has_expired() -> None:
    with pytest.raises(ForgedError):
        verify(US.certificate(US.stranger), TRUST, exactly(AFTER))


# Anything else


@given(st.text(max_size=700), st.booleans())
def test_hostile_texts_raise_nothing_but_certificate_errors(text: str, ours: bool) -> None:
    with pytest.raises(CertificateError):
        verify("LYZ1:" * ours + text, TRUST, DURING)


@pytest.mark.parametrize("text", ["", "134567890123456789", "https://example.com", "张三", "x" * 3000])
def test_another_worlds_code_is_named_and_not_kept(text: str) -> None:
    with pytest.raises(NotACertificateError) as caught:
        verify(text, TRUST, DURING)
    assert not text or text not in str(caught.value)


@pytest.mark.external
def test_every_naughty_string_is_refused() -> None:
    for text in load("blns.json"):
        for shown in (text, "LYZ1:" + text):
            with pytest.raises(CertificateError):
                verify(shown, TRUST, Now(datetime(2027, 1, 1, tzinfo=UTC), None))
