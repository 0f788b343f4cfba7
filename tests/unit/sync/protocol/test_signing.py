"""Only what the right key signed is believed, whole and unchanged; no clock is needed for it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.errors import SignatureError
from sync.protocol.signing.documents import SignedDocument, open_document, sign_document
from sync.protocol.signing.keys import SigningKey, verifies
from sync.protocol.signing.requests import (
    LABEL,
    TAG,
    HttpRequest,
    RequestSignature,
    nonce_of,
    read_signature,
    sign_request,
    verify_request,
)
from tests.support.vectors import load

KEY, OTHER = SigningKey(b"k" * 32), SigningKey(b"o" * 32)
PAYLOAD = {"version": 3, "name": "王城公园", "keys": [1, 2, {"a": None}]}
URL = "https://platform.example/v1/events"
AT = datetime(2027, 1, 1, tzinfo=UTC)

# Keys


@given(st.binary(max_size=200))
def test_a_signature_holds_for_its_message_and_its_key(message: bytes) -> None:
    signature = KEY.sign(message)
    assert verifies(KEY.public, message, signature)
    assert not verifies(OTHER.public, message, signature)
    assert not verifies(KEY.public, message + b"\0", signature)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_seed_has_thirty_two_bytes(length: int) -> None:
    with pytest.raises(SignatureError, match="32"):
        SigningKey(b"x" * length)


@given(public=st.binary(max_size=40), signature=st.binary(max_size=70))
def test_rubbish_verifies_nothing_and_raises_nothing(public: bytes, signature: bytes) -> None:
    assert not verifies(public, b"message", signature)


@pytest.mark.external
def test_the_verdicts_of_wycheproof() -> None:
    groups = load("wycheproof_ed25519.json")["testGroups"]
    wrong = [
        case["tcId"]
        for group in groups
        for case in group["tests"]
        if verifies(bytes.fromhex(group["publicKey"]["pk"]), bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
        != (case["result"] == "valid")
    ]
    assert wrong == []
    assert sum(len(group["tests"]) for group in groups) > 100


# Documents


def test_a_signed_document_opens() -> None:
    assert open_document(sign_document("trust_list", PAYLOAD, KEY), "trust_list", KEY.public) == PAYLOAD


def test_the_order_of_its_fields_does_not_matter() -> None:
    document = sign_document("trust_list", PAYLOAD, KEY)
    turned = SignedDocument(document.kind, dict(reversed(PAYLOAD.items())), document.signature)
    assert open_document(turned, "trust_list", KEY.public) == PAYLOAD


@pytest.mark.parametrize(
    "document",
    [
        sign_document("trust_list", PAYLOAD, OTHER),
        SignedDocument("trust_list", {**PAYLOAD, "version": 4}, sign_document("trust_list", PAYLOAD, KEY).signature),
        SignedDocument("trust_list", {**PAYLOAD, "more": 1}, sign_document("trust_list", PAYLOAD, KEY).signature),
        SignedDocument("trust_list", PAYLOAD, ""),
        SignedDocument("trust_list", PAYLOAD, "not hex"),
        SignedDocument("trust_list", PAYLOAD, "签名"),
        SignedDocument("trust_list", PAYLOAD, "00" * 64),
        SignedDocument("trust_list", {"version": 1.5}, "00" * 64),
        SignedDocument("trust_list", {"键": 1}, "00" * 64),
    ],
    ids=["other key", "changed", "added", "unsigned", "no hex", "no ASCII", "zeros", "float", "no canonical form"],
)
def test_any_other_document_is_refused(document: SignedDocument) -> None:
    with pytest.raises(SignatureError):
        open_document(document, "trust_list", KEY.public)


def test_a_document_never_stands_for_another_kind() -> None:
    document = sign_document("trust_list", PAYLOAD, KEY)
    with pytest.raises(SignatureError, match="reference_data"):
        open_document(document, "reference_data", KEY.public)
    renamed = SignedDocument("reference_data", document.payload, document.signature)
    with pytest.raises(SignatureError):
        open_document(renamed, "reference_data", KEY.public)


# Requests


def signed(body: bytes = b"body", key: SigningKey = KEY, at: datetime = AT, **changes: Any) -> HttpRequest:
    """Return a signed request as a server receives it: header names in lower case."""
    request = HttpRequest("POST", URL, {"Content-Type": "application/json"}, body)
    sign_request(request, key, "device-1", at)
    parts = {"method": request.method, "url": request.url, "body": body, **changes}
    return HttpRequest(headers={name.lower(): value for name, value in request.headers.items()}, **parts)


def public_of(key_id: str) -> bytes | None:
    return {"device-1": KEY.public}.get(key_id)


def test_a_signed_request_names_its_device() -> None:
    assert verify_request(signed(), public_of) == "device-1"


def test_only_the_three_headers_are_added() -> None:
    request = HttpRequest("POST", URL, {"Content-Type": "x"}, b"body")
    added = sign_request(request, KEY, "device-1", AT)
    assert {name.lower() for name in added} == {"content-digest", "signature", "signature-input"}
    assert request.headers == {"Content-Type": "x", **added}


@pytest.mark.parametrize("year", [1970, 2001, 2026, 2099, 2999])
def test_a_booth_with_any_clock_may_speak(year: int) -> None:
    assert verify_request(signed(at=datetime(year, 1, 2, tzinfo=UTC)), public_of) == "device-1"


def test_a_proxy_may_stand_between() -> None:
    assert verify_request(signed(url="http://10.0.0.7:8080/v1/events"), public_of) == "device-1"


@pytest.mark.parametrize(
    "changes",
    [{"url": "https://platform.example/v1/enrol"}, {"method": "PUT"}],
    ids=["path", "method"],
)
def test_a_tampered_request_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(SignatureError):
        verify_request(signed(**changes), public_of)


@pytest.mark.parametrize("body", [b"Body", b"", b"body\0"])
def test_another_body_is_refused(body: bytes) -> None:
    request = signed()
    request.body = body
    with pytest.raises(SignatureError):
        verify_request(request, public_of)


def test_another_key_or_an_unknown_device_is_refused() -> None:
    for request, keys in ((signed(key=OTHER), public_of), (signed(), lambda _: None), (signed(), lambda _: b"short")):
        with pytest.raises(SignatureError):
            verify_request(request, keys)


def test_an_unsigned_request_is_refused() -> None:
    with pytest.raises(SignatureError):
        verify_request(HttpRequest("POST", URL, {}, b"body"), public_of)


@pytest.mark.parametrize("missing", ["content-digest", "signature", "signature-input"])
def test_a_missing_part_is_refused(missing: str) -> None:
    request = signed()
    del request.headers[missing]
    with pytest.raises(SignatureError):
        verify_request(request, public_of)


def test_the_digest_of_another_body_is_refused() -> None:
    request = signed()
    request.headers["content-digest"] = signed(b"other").headers["content-digest"]
    request.body = b"other"
    with pytest.raises(SignatureError):
        verify_request(request, public_of)


def test_a_signature_that_covers_less_is_refused() -> None:
    request = signed()
    inputs = request.headers["signature-input"]
    request.headers["signature-input"] = inputs.replace(' "content-digest"', "").replace('"content-digest" ', "")
    assert request.headers["signature-input"] != inputs
    with pytest.raises(SignatureError):
        verify_request(request, public_of)


@pytest.mark.parametrize("covered", [("@method", "@path"), ("@method", "content-digest"), ("@path", "content-digest")])
def test_a_device_that_signs_less_than_all_is_refused(covered: tuple[str, ...]) -> None:
    class Keys(HTTPSignatureKeyResolver):
        def resolve_private_key(self, key_id: str) -> Any:
            return KEY.private

    whole = signed()
    request = HttpRequest("POST", URL, {"Content-Digest": whole.headers["content-digest"]}, b"body")
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=Keys())
    signer.sign(
        request,
        key_id="device-1",
        created=AT,
        label=LABEL,
        tag=TAG,
        covered_component_ids=covered,
        use_existing_digest=True,
    )
    request.headers = {name.lower(): value for name, value in request.headers.items()}
    assert request.headers["signature-input"].count('"') == 2 * len(covered) + 6  # the names, key id, algorithm, tag
    with pytest.raises(SignatureError):
        verify_request(request, public_of)


def test_a_signature_for_another_purpose_is_refused() -> None:
    request = signed()
    request.headers["signature-input"] = request.headers["signature-input"].replace("lyz-device-1", "other")
    with pytest.raises(SignatureError):
        verify_request(request, public_of)


def test_a_key_that_cannot_be_looked_up_now_is_no_word_on_the_signature() -> None:
    def away(_key_id: str) -> bytes | None:
        raise OSError("the database is away")

    with pytest.raises(OSError, match="is away"):
        verify_request(signed(), away)


def asked(url: str, nonce: str | None = None) -> HttpRequest:
    request = HttpRequest("GET", url, {}, b"")
    sign_request(request, KEY, "device-1", AT, nonce)
    return HttpRequest("GET", url, {name.lower(): value for name, value in request.headers.items()}, b"")


def test_a_question_covers_its_query() -> None:
    request = asked(f"{URL}?scope=station&limit=5")
    assert verify_request(request, public_of) == "device-1"
    assert "content-digest" not in request.headers
    for query in ("scope=station&limit=6", "scope=station", "limit=5&scope=station", ""):
        request.url = f"{URL}?{query}"
        with pytest.raises(SignatureError):
            verify_request(request, public_of)


def test_a_question_without_a_query_covers_that_it_has_none() -> None:
    request = asked(URL)
    assert verify_request(request, public_of) == "device-1"
    request.url = f"{URL}?limit=5"
    with pytest.raises(SignatureError):
        verify_request(request, public_of)


def test_a_question_that_brings_a_body_is_refused() -> None:
    request = asked(URL)
    request.body = b"smuggled"
    with pytest.raises(SignatureError):
        verify_request(request, public_of)


def test_a_signed_question_is_never_a_signed_order() -> None:
    request = asked(URL)
    request.method = "POST"
    with pytest.raises(SignatureError):
        verify_request(request, public_of)
    order = signed()
    order.method, order.body = "GET", b""
    with pytest.raises(SignatureError):
        verify_request(order, public_of)


@pytest.mark.parametrize("nonce", [None, "AAAAAAAA-_09"])
def test_the_nonce_that_was_signed_with_is_told(nonce: str | None) -> None:
    assert read_signature(asked(URL, nonce), public_of) == RequestSignature("device-1", nonce)
    request = HttpRequest("POST", URL, {}, b"body")
    sign_request(request, KEY, "device-1", AT, nonce)
    request.headers = {name.lower(): value for name, value in request.headers.items()}
    assert read_signature(request, public_of).nonce == nonce


def test_a_nonce_changed_after_signing_is_refused() -> None:
    request = asked(URL, "AAAAAAAAAAAA")
    request.headers["signature-input"] = request.headers["signature-input"].replace("AAAAAAAAAAAA", "BBBBBBBBBBBB")
    with pytest.raises(SignatureError):
        read_signature(request, public_of)


@pytest.mark.parametrize(
    ("headers", "nonce"),
    [
        ({"lyz-nonce": "abcdEFGH-_12"}, "abcdEFGH-_12"),
        ({"Lyz-Nonce": "abcdEFGH"}, "abcdEFGH"),
        ({}, None),
        ({"Lyz-Nonce": "short"}, None),
        ({"Lyz-Nonce": 'abcdefgh"'}, None),
        ({"Lyz-Nonce": "abcdefg\u00e9"}, None),
        ({"Lyz-Nonce": "a" * 129}, None),
    ],
)
def test_only_a_nonce_that_can_be_signed_with_is_taken_from_an_answer(
    headers: dict[str, str], nonce: str | None
) -> None:
    assert nonce_of(headers) == nonce


HEADER = st.text(st.characters(max_codepoint=255), max_size=60) | st.sampled_from(
    [
        "lyz=()",
        "lyz=:AAAA:",
        "lyz",
        "lyz=1",
        "lyz=:",
        "lyz=(1 2)",
        'lyz=("@method");keyid="device-1"',
        "()",
        "=",
        "a=b, a=b",
    ]
)


@given(name=st.sampled_from(["content-digest", "signature", "signature-input"]), value=HEADER, whole=st.booleans())
def test_hostile_headers_raise_nothing_but_signature_errors(name: str, value: str, whole: bool) -> None:
    request = signed()
    request.headers[name] = value if whole else request.headers[name][:20] + value
    with pytest.raises(SignatureError):
        verify_request(request, public_of)


@given(st.dictionaries(st.sampled_from(["content-digest", "signature", "signature-input"]), HEADER))
def test_requests_of_rubbish_raise_nothing_but_signature_errors(headers: dict[str, str]) -> None:
    with pytest.raises(SignatureError):
        verify_request(HttpRequest("POST", URL, headers, b"body"), public_of)


def test_documents_travel_as_json() -> None:
    document = sign_document("trust_list", PAYLOAD, KEY)
    payload = json.loads(json.dumps(document.payload, ensure_ascii=False))
    assert open_document(SignedDocument("trust_list", payload, document.signature), "trust_list", KEY.public) == PAYLOAD
