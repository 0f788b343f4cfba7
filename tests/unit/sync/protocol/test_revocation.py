"""The revocation list is exact, small and quick, has one spelling, and only the root key speaks in it."""

from __future__ import annotations

import base64
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.errors import SignatureError
from sync.protocol.revocation import (
    REVOCATION_LIST,
    RevocationList,
    decode_gaps,
    encode_gaps,
    parse_revocation_list,
    read_revocation_list,
    sign_revocation_list,
)
from sync.protocol.signing.documents import sign_document
from sync.protocol.signing.keys import SigningKey

ROOT, STRANGER = SigningKey(b"r" * 32), SigningKey(b"s" * 32)
SERIALS = st.binary(min_size=4, max_size=16)
PAYLOAD: dict[str, Any] = sign_revocation_list(3, 7, {"410302": [b"\0\0\0\1", b"\0\0\1\x2d"]}, ROOT).payload


@given(st.dictionaries(st.sampled_from(["410302", "410100"]), st.sets(SERIALS, max_size=30)), SERIALS)
def test_it_holds_exactly_what_was_taken_back(revoked: dict[str, set[bytes]], other: bytes) -> None:
    found = read_revocation_list(sign_revocation_list(1, 1, revoked, ROOT), ROOT.public)
    for issuer in ("410302", "410100", "410400"):
        numbers = {int.from_bytes(serial, "big") for serial in revoked.get(issuer, ())}
        assert all(found.holds(issuer, serial) for serial in revoked.get(issuer, ()))
        assert found.holds(issuer, other) is (int.from_bytes(other, "big") in numbers)


@given(st.sets(st.integers(0, 2**128 - 1)))
def test_every_list_of_serials_is_read_back(numbers: set[int]) -> None:
    assert decode_gaps(encode_gaps(sorted(numbers))) == numbers


@given(st.binary(max_size=60))
def test_whatever_is_read_has_no_second_spelling(data: bytes) -> None:
    try:
        numbers = decode_gaps(data)
    except ValueError:
        return
    assert encode_gaps(sorted(numbers)) == data


@pytest.mark.parametrize(
    "data", [b"\x80", b"\x01\x80", b"\x00", b"\x01\x00", b"\x81\x00", b"\xff" * 18 + b"\x7f", b"\xff"]
)
def test_torn_zero_long_and_wide_gaps_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="gap"):
        decode_gaps(data)


def test_a_city_takes_ten_thousand_back_in_under_twenty_kilobytes() -> None:
    drawn = np.random.default_rng(1).choice(1_100_000, 10_000, replace=False)
    document = sign_revocation_list(1, 1, {"410302": [int(number).to_bytes(6, "big") for number in drawn]}, ROOT)
    assert len(msgspec.json.encode(document)) < 20_000
    found = read_revocation_list(document, ROOT.public)
    assert sum(len(serials) for serials in found.serials.values()) == 10_000


def test_without_a_list_nothing_is_taken_back() -> None:
    found = read_revocation_list(None, ROOT.public)
    assert (found, found.version, found.holds("410302", b"\0\0\0\1")) == (RevocationList(), 0, False)


def test_an_issuer_without_any_is_left_out() -> None:
    assert sign_revocation_list(1, 1, {"410302": []}, ROOT).payload["issuers"] == []


def test_only_the_root_key_speaks() -> None:
    with pytest.raises(SignatureError):
        read_revocation_list(sign_revocation_list(1, 1, {}, STRANGER), ROOT.public)
    with pytest.raises(SignatureError):
        read_revocation_list(sign_document("trust_list", PAYLOAD, ROOT), ROOT.public)


GAPS = base64.b64encode(b"\x02").decode()
BAD: dict[str, dict[str, Any]] = {
    "no version": {"version": None},
    "version zero": {"version": 0},
    "an issuer twice": {"issuers": PAYLOAD["issuers"] * 2},
    "fewer than it says": {"issuers": [{"issuer": "410302", "count": 2, "gaps": GAPS}]},
    "more than it says": {"issuers": [{"issuer": "410302", "count": 1, "gaps": PAYLOAD["issuers"][0]["gaps"]}]},
    "not base64": {"issuers": [{"issuer": "410302", "count": 1, "gaps": "Ag=!"}]},
    "not ASCII": {"issuers": [{"issuer": "410302", "count": 1, "gaps": "张"}]},
    "base64 in a second spelling": {"issuers": [{"issuer": "410302", "count": 1, "gaps": "Ah=="}]},
    "a torn gap": {"issuers": [{"issuer": "410302", "count": 1, "gaps": "gA=="}]},
}


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD)
def test_what_is_signed_and_no_list_is_refused(changes: dict[str, Any]) -> None:
    document = sign_document(REVOCATION_LIST, {**PAYLOAD, **changes}, ROOT)
    with pytest.raises(SignatureError, match="revocation list"):
        read_revocation_list(document, ROOT.public)


def test_serials_are_numbers_so_leading_zeros_are_no_way_out() -> None:
    found = parse_revocation_list(PAYLOAD)
    assert found.holds("410302", b"\0" * 15 + b"\1")
    assert not found.holds("410302", b"\0\0\0\2")
