"""One certificate has one spelling, and nothing else is let through; nothing that is shown raises anything else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.certificate import codec
from sync.protocol.certificate.claims import Claims
from sync.protocol.certificate.codec import ALPHABET, MAX_TEXT, PREFIX, decode_text, encode_text, sig_structure
from sync.protocol.certificate.mint import mint
from sync.protocol.errors import CertificateError, MalformedError, NotACertificateError
from sync.protocol.signing.keys import SigningKey, verifies
from sync.protocol.vocabulary import CertificateKind
from tests.support.certificates import PAYLOAD, PROTECTED, built, bytes_of, cbor, signed, text_of
from tests.support.community import CLAIMS, KID
from tests.support.vectors import load

KEY = SigningKey(b"i" * 32)
TEXT = mint(CLAIMS, KID, KEY)
WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)
INSTANTS = st.integers(0, codec.LAST_SECOND - 1)


@st.composite
def claims(draw: st.DrawFn) -> Claims:
    issued = draw(INSTANTS)
    return Claims(
        issuer=draw(st.text("0123456789", min_size=1, max_size=12)),
        volunteer_number=draw(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=32)),
        display_name=draw(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40)),
        serial=draw(st.binary(min_size=4, max_size=16)),
        issued_at=datetime.fromtimestamp(issued, UTC),
        expires_at=datetime.fromtimestamp(draw(st.integers(issued + 1, codec.LAST_SECOND)), UTC),
        kind=draw(st.sampled_from(CertificateKind)),
    )


# What is minted is read


@given(claims(), st.binary(min_size=2, max_size=2))
def test_every_minted_certificate_is_read_back(wanted: Claims, kid: bytes) -> None:
    text = mint(wanted, kid, KEY)
    read = decode_text(text)
    assert (read.claims, read.kid) == (wanted, kid)
    assert verifies(KEY.public, read.signed_bytes, read.signature)
    assert len(text) <= MAX_TEXT
    assert ALPHABET.issuperset(text)


def test_a_usual_certificate_has_about_217_characters() -> None:
    assert 200 <= len(TEXT) <= 240


def test_the_id_number_has_no_place_in_it() -> None:
    assert set(cbor2.loads(cbor2.loads(bytes_of(TEXT))[2])) == {1, 2, 4, 6, 7, -1, -2}


@pytest.mark.parametrize("kid", [b"", b"\0", b"\0\0\0"])
def test_a_key_id_has_two_bytes_when_minted(kid: bytes) -> None:
    with pytest.raises(MalformedError):
        mint(CLAIMS, kid, KEY)


BAD_CLAIMS: dict[str, dict[str, Any]] = {
    "no issuer": {"issuer": ""},
    "issuer too long": {"issuer": "4" * 13},
    "no number": {"volunteer_number": ""},
    "number too long": {"volunteer_number": "4" * 33},
    "no name": {"display_name": ""},
    "name too long": {"display_name": "张" * 41},
    "a line break in the name": {"display_name": "张\n三"},
    "a bell in the name": {"display_name": "张\a三"},
    "text turned round": {"display_name": "张\u202e三"},
    "an invisible joint": {"display_name": "张\u200b三"},
    "space around": {"display_name": " 张三"},
    "serial too short": {"serial": b"\1\2\3"},
    "serial too long": {"serial": b"\1" * 17},
    "over before it begins": {"expires_at": CLAIMS.issued_at},
    "before 1970": {"issued_at": datetime(1969, 12, 31, tzinfo=UTC)},
}


@pytest.mark.parametrize("changes", BAD_CLAIMS.values(), ids=BAD_CLAIMS)
def test_what_could_not_be_read_back_is_never_minted(changes: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        mint(replace(CLAIMS, **changes), KID, KEY)


def test_what_would_be_too_long_to_be_read_is_never_minted() -> None:
    with pytest.raises(MalformedError, match="longer"):
        mint(replace(CLAIMS, display_name="𠮷" * 40, volunteer_number="𠮷" * 32), KID, KEY)


def test_an_instant_of_any_zone_is_the_same_instant() -> None:
    shanghai = timezone(timedelta(hours=8))
    assert mint(replace(CLAIMS, expires_at=CLAIMS.expires_at.astimezone(shanghai)), KID, KEY) == TEXT


# Every change of a real certificate is refused


def refused_or_forged(text: str) -> bool:
    """Whether a text is refused: as it is read, or by its signature. Anything but a CertificateError fails the test."""
    try:
        read = decode_text(text)
    except CertificateError:
        return True
    return not verifies(KEY.public, read.signed_bytes, read.signature)


def test_every_bit_flip_is_refused() -> None:
    data = bytes_of(TEXT)
    for index in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[index // 8] ^= 1 << index % 8
        assert refused_or_forged(text_of(bytes(flipped))), f"bit {index}"


def test_every_truncation_is_refused() -> None:
    data = bytes_of(TEXT)
    assert all(refused_or_forged(TEXT[:length]) for length in range(len(TEXT)))
    assert all(refused_or_forged(text_of(data[:length])) for length in range(len(data)))
    assert all(refused_or_forged(text_of(data[length:])) for length in range(1, len(data)))


def test_every_swap_of_a_character_is_refused() -> None:
    for index in range(len(TEXT)):
        for other in ALPHABET - {TEXT[index]}:
            assert refused_or_forged(TEXT[:index] + other + TEXT[index + 1 :]), f"character {index} as {other!r}"


def test_every_swap_of_neighbours_is_refused() -> None:
    for index in range(len(TEXT) - 1):
        if TEXT[index] != TEXT[index + 1]:
            swapped = TEXT[:index] + TEXT[index + 1] + TEXT[index] + TEXT[index + 2 :]
            assert refused_or_forged(swapped), f"character {index}"


def test_every_character_left_out_or_doubled_is_refused() -> None:
    for index in range(len(TEXT)):
        assert refused_or_forged(TEXT[:index] + TEXT[index + 1 :])
        assert refused_or_forged(TEXT[:index] + TEXT[index] + TEXT[index:])


@given(st.text(max_size=20), st.integers(0, len(TEXT)))
def test_whatever_is_inserted_is_refused(inserted: str, at: int) -> None:
    changed = TEXT[:at] + inserted + TEXT[at:]
    assert changed == TEXT or refused_or_forged(changed)


# Rightly signed and wrongly built


CLAIM_KEYS = {"iss": 1, "sub": 2, "exp": 4, "iat": 6, "cti": 7, "name": -1, "kind": -2}


def changed_payload(**changes: Any) -> dict[Any, Any]:
    return {**PAYLOAD, **{CLAIM_KEYS[name]: value for name, value in changes.items()}}


NAN = float("nan")
BUILT: dict[str, str] = {
    "no algorithm": built({4: KID}),
    "no key id": built({1: -8}),
    "ES256": built({1: -7, 4: KID}),
    "algorithm by name": built({1: "EdDSA", 4: KID}),
    "algorithm as a float": built({1: -8.0, 4: KID}),
    "a further header": built({**PROTECTED, 3: 0}),
    "a critical header": built({**PROTECTED, 2: [1]}),
    "key id as text": built({1: -8, 4: "ab"}),
    "key id of one byte": built({1: -8, 4: b"\1"}),
    "key id of three bytes": built({1: -8, 4: b"\1\2\3"}),
    "header is a list": built([1, -8, 4, KID]),
    "unprotected header": built(unprotected={4: KID}),
    "unprotected list": built(unprotected=[]),
    "unprotected zero": built(unprotected=0),
    "exp is NaN": built(payload=changed_payload(exp=NAN)),
    "exp is infinite": built(payload=changed_payload(exp=float("inf"))),
    "exp is a float": built(payload=changed_payload(exp=1893456000.0)),
    "exp is missing": built(payload={k: v for k, v in PAYLOAD.items() if k != 4}),
    "exp is text": built(payload=changed_payload(exp="2030-01-01")),
    "exp is true": built(payload=changed_payload(exp=True)),
    "exp is null": built(payload=changed_payload(exp=None)),
    "exp is beyond the year 9999": built(payload=changed_payload(exp=codec.LAST_SECOND + 1)),
    "exp is a big number": built(payload=changed_payload(exp=2**70)),
    "exp is negative": built(payload=changed_payload(exp=-1)),
    "exp is a tagged date": built(payload=changed_payload(exp=cbor2.CBORTag(1, 1893456000))),
    "iat is after exp": built(payload=changed_payload(iat=PAYLOAD[4])),
    "kind 3": built(payload=changed_payload(kind=3)),
    "kind −1": built(payload=changed_payload(kind=-1)),
    "kind true": built(payload=changed_payload(kind=True)),
    "kind as text": built(payload=changed_payload(kind="card")),
    "a further claim": built(payload={**PAYLOAD, 3: "audience"}),
    "a claim by name": built(payload={**PAYLOAD, "iss": "410302"}),
    "serial as text": built(payload=changed_payload(cti="abcdef")),
    "number as an integer": built(payload=changed_payload(sub=4103020000000017)),
    "number as bytes": built(payload=changed_payload(sub=b"4103020000000017")),
    "name of a hundred characters": built(payload=changed_payload(name="张" * 100)),
    "name with a line break": built(payload=changed_payload(name="张\r\n三")),
    "claims are a list": built(payload=list(PAYLOAD.items())),
    "claims are a number": built(payload=7),
    "claims within claims": built(payload=changed_payload(name={1: {2: {3: {4: 5}}}})),
    "payload is a map, not bytes": text_of(cbor([cbor(PROTECTED), {}, PAYLOAD, b"\0" * 64])),
    "payload is null": text_of(cbor([cbor(PROTECTED), {}, None, b"\0" * 64])),
    "header is a map, not bytes": text_of(cbor([PROTECTED, {}, cbor(PAYLOAD), b"\0" * 64])),
    "header is empty": text_of(cbor([b"", {}, cbor(PAYLOAD), b"\0" * 64])),
    "signature of 63 bytes": text_of(cbor([cbor(PROTECTED), {}, cbor(PAYLOAD), b"\0" * 63])),
    "signature of 65 bytes": text_of(cbor([cbor(PROTECTED), {}, cbor(PAYLOAD), b"\0" * 65])),
    "signature is text": text_of(cbor([cbor(PROTECTED), {}, cbor(PAYLOAD), "0" * 64])),
    "three parts": text_of(cbor([cbor(PROTECTED), {}, cbor(PAYLOAD)])),
    "five parts": text_of(cbor([*cbor2.loads(bytes_of(TEXT)), 0])),
    "a map of parts": text_of(cbor(dict(enumerate(cbor2.loads(bytes_of(TEXT)))))),
    "tagged as COSE_Sign1": text_of(b"\xd2" + bytes_of(TEXT)),
    "tagged as CWT": text_of(b"\xd8\x3d\xd2" + bytes_of(TEXT)),
    "self-described CBOR": text_of(b"\xd9\xd9\xf7" + bytes_of(TEXT)),
    "one byte follows": text_of(bytes_of(TEXT) + b"\0"),
    "another certificate follows": text_of(bytes_of(TEXT) * 2),
    "indefinite array": text_of(b"\x9f" + bytes_of(TEXT)[1:] + b"\xff"),
    "long count of the array": text_of(b"\x98\x04" + bytes_of(TEXT)[1:]),
    "nothing": PREFIX,
    "one byte": text_of(b"\0"),
    "400 levels": text_of(b"\x81" * 400),
    "a length of 2**64 − 1": text_of(b"\x5b" + b"\xff" * 8),
    "an array of 2**62": text_of(b"\x9b\x40" + b"\0" * 7),
    "a map of 2**62": text_of(b"\xbb\x40" + b"\0" * 7),
    "text that is not UTF-8": text_of(b"\x62\xff\xff"),
    "a reference to itself": text_of(b"\xd8\x1c\x81\xd8\x1d\x00"),
    "a regular expression": text_of(b"\xd8\x23\x61("),
    "a MIME message": text_of(b"\xd8\x24\x61x"),
    "a fraction by zero": text_of(b"\xd8\x1e\x82\x01\x00"),
    "a date of the year zero": text_of(b"\xc0\x6a0000-00-00"),
    "a list as a key": text_of(b"\xa1\x80\x00"),
    "a map as a key": text_of(b"\xa1\xa0\x00"),
}


@pytest.mark.parametrize("text", BUILT.values(), ids=BUILT)
def test_the_issuers_own_signature_does_not_help_a_wrong_build(text: str) -> None:
    with pytest.raises(MalformedError):
        decode_text(text)


def second_spellings() -> dict[str, bytes]:
    """Payloads that mean the same claims to a lax reader, each signed by the issuer."""
    good = cbor(PAYLOAD)
    exp, year = b"\x04\x1a", b"\x04\x1b\0\0\0\0"
    count = len(PAYLOAD)
    name = cbor(CLAIMS.display_name)
    return {
        "a key twice": bytes([good[0] + 1]) + good[1:] + b"\x21\x00",
        "exp twice, the good one last": bytes([good[0] + 1]) + b"\x04\x1a\xff\xff\xff\xff" + good[1:],
        "exp twice, the good one first": bytes([good[0] + 1]) + good[1:] + b"\x04\x1a\xff\xff\xff\xff",
        "exp in eight bytes": good.replace(exp, year, 1),
        "keys in another order": cbor2.dumps(dict(reversed(PAYLOAD.items()))),
        "an indefinite map": b"\xbf" + good[1:] + b"\xff",
        "a map counted in two bytes": bytes([0xB8, count]) + good[1:],
        "a name in pieces": good.replace(name, b"\x7f" + name + b"\xff"),
        "bytes after the claims": good + b"\0",
        "a tag before a claim": good.replace(b"\x01\x66", b"\x01\xc1\x66", 1),
        "exp as a big number": good.replace(exp, b"\x04\xc2\x44", 1),
    }


@pytest.mark.parametrize("payload", second_spellings().values(), ids=second_spellings())
def test_claims_have_no_second_spelling(payload: bytes) -> None:
    assert payload != cbor(PAYLOAD)
    with pytest.raises(MalformedError):
        decode_text(text_of(signed(cbor(PROTECTED), payload)))


def test_a_text_over_six_hundred_characters_is_not_even_decoded() -> None:
    for text in (PREFIX + "A" * MAX_TEXT, TEXT + "0" * 3000, text_of(b"\0" * 401)):
        with pytest.raises(MalformedError, match="longer"):
            decode_text(text)


@pytest.mark.parametrize("character", ["a", "é", "张", "\n", "\0", "_", "０", "\ud800"])
def test_a_character_outside_the_alphabet_is_refused(character: str) -> None:
    with pytest.raises(MalformedError, match="alphabet"):
        decode_text(TEXT[:-1] + character)


@pytest.mark.parametrize("text", ["", " ", "lyz1:" + TEXT[5:], " " + TEXT, "LYZ2:" + TEXT[5:], "\ufeff" + TEXT, "LYZ1"])
def test_another_beginning_is_no_certificate_of_ours(text: str) -> None:
    with pytest.raises(NotACertificateError) as caught:
        decode_text(text)
    assert text.strip() == "" or text not in str(caught.value)


# Hostile texts raise nothing but CertificateError


@given(st.text(max_size=700))
def test_hostile_texts_raise_nothing_else(text: str) -> None:
    for candidate in (text, PREFIX + text):
        with pytest.raises(CertificateError):
            decode_text(candidate)


@given(st.binary(max_size=410))
def test_hostile_bytes_raise_nothing_else(data: bytes) -> None:
    for candidate in (data, cbor([cbor(PROTECTED), {}, data, b"\0" * 64]), cbor([data, {}, cbor(PAYLOAD), b"\0" * 64])):
        with pytest.raises(CertificateError):
            decode_text(text_of(candidate))


CBOR_LEAVES = (
    st.integers(-(2**70), 2**70) | st.binary(max_size=9) | st.text(max_size=5) | st.floats() | st.booleans() | st.none()
)
CBOR_VALUES = st.recursive(
    CBOR_LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.integers(-9, 9) | st.text(max_size=2), inner, max_size=4)
        | st.builds(cbor2.CBORTag, st.integers(0, 300), inner)
    ),
    max_leaves=12,
)


@given(CBOR_VALUES)
def test_hostile_cbor_raises_nothing_else(value: Any) -> None:
    data = cbor2.dumps(value)
    for candidate in (data, signed(cbor(PROTECTED), data), signed(data, cbor(PAYLOAD))):
        with pytest.raises(CertificateError):
            decode_text(text_of(candidate))


@given(st.sampled_from(sorted(PAYLOAD)), CBOR_VALUES)
def test_a_claim_of_any_value_is_read_or_refused(key: int, value: Any) -> None:
    text = text_of(signed(cbor(PROTECTED), cbor2.dumps({**PAYLOAD, key: value}, canonical=True)))
    try:
        read = decode_text(text)
    except CertificateError:
        return
    payload, protected = codec.encode_claims(read.claims), codec.encode_protected(read.kid)
    assert encode_text(protected, payload, read.signature) == text


# Public test data


@pytest.mark.external
def test_no_naughty_string_is_a_certificate() -> None:
    for text in load("blns.json"):
        for candidate in (text, PREFIX + text, TEXT + text, text + TEXT):
            if candidate != TEXT:
                assert refused_or_forged(candidate)


@pytest.mark.external
def test_what_the_strict_reader_lets_through_is_deterministic() -> None:
    through = 0
    for case in load("cbor_appendix_a.json"):
        data = bytes.fromhex(case["hex"])
        try:
            value = codec._decode_strictly(data)
        except MalformedError:
            continue
        through += 1
        assert case["roundtrip"]
        assert cbor2.dumps(value, canonical=True) == data
        assert data[0] >> 5 not in {6, 7}, "no tag, no float, no simple value"
    assert through >= 25


@pytest.mark.external
@pytest.mark.parametrize("name", ["eddsa-sig-01", "eddsa-sig-02"])
def test_the_signatures_of_cose_eddsa(name: str) -> None:
    vector = load(f"cose/{name}.json")
    protected, _, payload, signature = cbor2.loads(bytes.fromhex(vector["output"]["cbor"])).value
    signed_bytes = sig_structure(protected, payload)
    assert signed_bytes.hex().upper() == vector["intermediates"]["ToBeSign_hex"].upper()
    if vector["input"]["sign0"]["key"]["crv"] == "Ed25519":
        public = bytes.fromhex(vector["input"]["sign0"]["key"]["x_hex"])
        assert verifies(public, signed_bytes, signature)
        assert not verifies(public, signed_bytes + b"\0", signature)


@pytest.mark.external
def test_no_cose_message_of_others_is_one_of_our_certificates() -> None:
    passing, failing = (f"sign-pass-0{n}" for n in (1, 2, 3)), (f"sign-fail-0{n}" for n in (1, 2, 3, 4, 6, 7))
    for name in ("eddsa-sig-01", "eddsa-sig-02", *passing, *failing):
        message = bytes.fromhex(load(f"cose/{name}.json")["output"]["cbor"])
        with pytest.raises(CertificateError):
            decode_text(text_of(message))
