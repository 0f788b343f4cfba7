"""Reference data, trust lists and enrolments are believed when they are signed, whole and kept secret."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from sync.protocol.enrolment import Enrolment, read_enrolment
from sync.protocol.errors import CertificateError, NotACertificateError, ProtocolError, SignatureError
from sync.protocol.problems import TOO_LARGE, Problem
from sync.protocol.reference import REFERENCE_DATA, ServiceRule, Standing, read_reference_data
from sync.protocol.signing.documents import sign_document
from sync.protocol.trust import TRUST_LIST, read_trust_list
from tests.support.community import Community

US = Community()
ENROLMENT = msgspec.json.encode(US.enrolment())


def test_signed_reference_data_is_read() -> None:
    data = read_reference_data(US.reference(version=7), US.root.public)
    assert (data.version, data.service_point.name) == (7, "王城公园东门岗亭")
    assert read_trust_list(data.trust_list, US.root.public) == US.trust_list()


def test_reference_data_of_another_root_is_refused() -> None:
    with pytest.raises(SignatureError):
        read_reference_data(US.reference(), US.stranger.public)


def test_a_trust_list_of_another_root_within_good_reference_data_is_refused() -> None:
    other = Community(root=US.stranger).reference()
    data = read_reference_data(other, US.stranger.public)
    with pytest.raises(SignatureError):
        read_trust_list(data.trust_list, US.root.public)


@pytest.mark.parametrize("payload", [{}, {"version": 0}, {"version": "1"}, {"keys": []}])
def test_signed_but_incomplete_is_refused(payload: dict[str, Any]) -> None:
    with pytest.raises(SignatureError, match="signed, but"):
        read_reference_data(sign_document(REFERENCE_DATA, payload, US.root), US.root.public)
    with pytest.raises(SignatureError, match="signed, but"):
        read_trust_list(sign_document(TRUST_LIST, payload, US.root), US.root.public)


@pytest.mark.parametrize("algorithm", ["none", "hs256", "rsa", ""])
def test_a_trust_list_names_only_algorithms_that_are_known(algorithm: str) -> None:
    payload = msgspec.to_builtins(US.trust_list())
    payload["keys"][0]["algorithm"] = algorithm
    with pytest.raises(SignatureError):
        read_trust_list(sign_document(TRUST_LIST, payload, US.root), US.root.public)


# Enrolment


def test_an_enrolment_only_its_owner_may_read_is_read() -> None:
    assert read_enrolment(ENROLMENT, 0o600) == US.enrolment()
    assert read_enrolment(ENROLMENT, 0o400) == US.enrolment()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o601, 0o666, 0o777])
def test_a_secret_that_others_may_read_is_refused_with_what_to_do(mode: int) -> None:
    with pytest.raises(ProtocolError, match=f"{mode:04o}.*chmod 600"):
        read_enrolment(ENROLMENT, mode)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"null",
        b"\xff\xfe",
        ENROLMENT[:-1],
        ENROLMENT.replace(US.device_seed.hex().encode(), b"00"),
        b"[" * 10**5,
    ],
    ids=["empty", "no fields", "null", "no UTF-8", "cut", "short seed", "brackets"],
)
def test_what_is_no_enrolment_is_refused_with_whom_to_ask(data: bytes) -> None:
    with pytest.raises(ProtocolError, match="platform's keeper"):
        read_enrolment(data, 0o600)


def test_an_enrolment_with_further_fields_of_a_later_version_is_read() -> None:
    later = ENROLMENT.replace(b"{", b'{"later":{"a":[1]},', 1)
    assert read_enrolment(later, 0o600) == US.enrolment()


def test_an_enrolment_nested_beyond_reason_is_refused() -> None:
    deep = ENROLMENT.replace(b'"payload":{', b'"payload":{"x":' + b"[" * 10**5 + b"]" * 10**5 + b",", 1)
    with pytest.raises(ProtocolError):
        read_enrolment(deep, 0o600)


def test_an_enrolment_survives_its_json() -> None:
    enrolment = replace(US.enrolment(), platform_url="https://platform.example")
    assert msgspec.json.decode(msgspec.json.encode(enrolment), type=Enrolment) == enrolment


# Errors and problems


def test_a_foreign_code_is_named_by_its_kind_and_never_by_its_text() -> None:
    error = NotACertificateError("payment_code")
    assert isinstance(error, CertificateError)
    assert (error.kind, str(error)) == ("payment_code", "not a certificate: payment_code")


def test_a_problem_travels_as_rfc_9457_says() -> None:
    fields = msgspec.json.decode(msgspec.json.encode(TOO_LARGE))
    assert fields == {
        "type": "too-large",
        "title": "The batch is too large",
        "status": 413,
        "detail": "Send half of it.",
    }
    assert "detail" not in msgspec.json.decode(msgspec.json.encode(Problem("x", "X", 400)))


def test_who_and_what_is_not_named_in_it_is_nothing_known() -> None:
    standing = Standing("V1", star=2)
    rule = ServiceRule("tea", tallies=["cups"])
    data = read_reference_data(US.reference(standings=[standing], services=[rule]), US.root.public)
    assert (data.standing_of("V1"), data.standing_of("V2")) == (standing, None)
    assert (data.tallies_of("tea"), data.tallies_of("directions")) == (("cups",), ())
