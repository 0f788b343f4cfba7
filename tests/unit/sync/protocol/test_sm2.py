"""SM2 stands behind the trust list like Ed25519: the standard's own example, and nothing else verifies."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sync.protocol.certificate.codec import EDDSA, SM2, decode_text
from sync.protocol.certificate.mint import mint
from sync.protocol.errors import CertificateError, SignatureError
from sync.protocol.signing.keys import SigningKey, verifies
from sync.protocol.signing.sm2 import ORDER, Sm2SigningKey, Sm2Verifier
from sync.protocol.signing.verifying import verifies_as
from sync.protocol.vocabulary import KeyAlgorithm
from tests.support.certificates import PAYLOAD, bytes_of, cbor, text_of
from tests.support.community import CLAIMS, KID, Community

# GB/T 32918.5-2017, Annex A.2: the example on the recommended curve, user id 1234567812345678
PRIVATE = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
MESSAGE = b"message digest"
SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
KEY = Sm2SigningKey(PRIVATE)
FEW = settings(max_examples=8, deadline=None)  # a verification takes tens of milliseconds


def holds(message: bytes, signature: bytes, public: bytes = PUBLIC) -> bool:
    return verifies_as("sm2", public, message, signature)


def test_the_example_of_the_standard() -> None:
    assert KEY.public == PUBLIC
    assert holds(MESSAGE, SIGNATURE)


def test_every_changed_byte_of_it_is_refused() -> None:
    for at in range(0, 64, 3):
        changed = bytearray(SIGNATURE)
        changed[at] ^= 1
        assert not holds(MESSAGE, bytes(changed))
    assert not holds(MESSAGE + b"\0", SIGNATURE)
    assert not holds(MESSAGE, SIGNATURE[32:] + SIGNATURE[:32])


@pytest.mark.parametrize("signature", [b"", SIGNATURE[:63], SIGNATURE + b"\0", b"\0" * 64, b"\xff" * 64])
def test_a_signature_has_two_numbers_in_range(signature: bytes) -> None:
    assert not holds(MESSAGE, signature)


def test_r_and_s_may_not_cancel() -> None:
    s = ORDER - 5
    assert not holds(MESSAGE, (5).to_bytes(32, "big") + s.to_bytes(32, "big"))


@FEW
@given(st.binary(max_size=100))
def test_what_is_signed_verifies_and_always_alike(message: bytes) -> None:
    signature = KEY.sign(message)
    assert len(signature) == 64
    assert signature == KEY.sign(message)
    assert holds(message, signature)
    assert not holds(message + b"!", signature)


def test_two_messages_have_two_nonces() -> None:
    """Equal nonces would give the key away; r is made of the nonce and the message."""
    assert KEY.sign(b"a")[:32] != KEY.sign(b"b")[:32]


def test_numbers_keep_their_full_width() -> None:
    signatures = [KEY.sign(number.to_bytes(2, "big")) for number in range(300)]
    short = [each for each in signatures if not each[0] or not each[32]]
    assert short, "one of 300 begins with a zero byte"
    assert all(len(each) == 64 and holds(bytes(MESSAGE), each) is False for each in short)
    assert all(holds(signatures.index(each).to_bytes(2, "big"), each) for each in short)


@pytest.mark.parametrize("public", [b"", b"\0" * 64, b"\xff" * 64, PUBLIC[:63], PUBLIC[:-1] + b"\0", b"\4" + PUBLIC])
def test_a_point_beside_the_curve_verifies_nothing(public: bytes) -> None:
    with pytest.raises(ValueError, match="SM2"):
        Sm2Verifier(public)
    assert not holds(MESSAGE, SIGNATURE, public)


@pytest.mark.parametrize("seed", [b"", b"\0" * 32, b"\xff" * 32, (ORDER - 1).to_bytes(32, "big"), PRIVATE[:31]])
def test_a_private_key_is_a_number_in_range(seed: bytes) -> None:
    with pytest.raises(SignatureError, match="SM2"):
        Sm2SigningKey(seed)


# Certificates under it


def test_the_header_says_which_algorithm_and_a_certificate_is_read_back() -> None:
    read = decode_text(mint(CLAIMS, KID, KEY))
    assert (read.claims, read.algorithm) == (CLAIMS, KeyAlgorithm.SM2)
    assert holds(read.signed_bytes, read.signature)
    assert decode_text(Community().certificate()).algorithm is KeyAlgorithm.ED25519
    assert (EDDSA, SM2) == (-8, -65537)


def test_the_header_is_part_of_what_is_signed() -> None:
    read = decode_text(mint(CLAIMS, KID, KEY))
    swapped = cbor([cbor({1: EDDSA, 4: KID}), {}, cbor(PAYLOAD), read.signature])
    assert not holds(decode_text(text_of(swapped)).signed_bytes, read.signature)


def test_each_bit_of_such_a_certificate_counts() -> None:
    data = bytes_of(mint(CLAIMS, KID, KEY))
    for bit in range(0, len(data) * 8, 61):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            read = decode_text(text_of(bytes(flipped)))
        except CertificateError:
            continue
        assert not verifies_as(read.algorithm, PUBLIC, read.signed_bytes, read.signature)


def test_the_key_of_one_algorithm_opens_nothing_of_the_other() -> None:
    signed = SigningKey(PRIVATE).sign(MESSAGE)
    assert verifies(SigningKey(PRIVATE).public, MESSAGE, signed)
    assert verifies_as("ed25519", SigningKey(PRIVATE).public, MESSAGE, signed)
    assert not holds(MESSAGE, signed)
    assert not verifies_as("ed25519", PUBLIC, MESSAGE, SIGNATURE)


@pytest.mark.parametrize(("algorithm", "public"), [("sm2", "00" * 32), ("ed25519", "00" * 64)])
def test_an_entrys_key_has_the_length_of_its_algorithm(algorithm: str, public: str) -> None:
    with pytest.raises(ValueError, match=algorithm):
        replace(Community().trust_list().keys[0], algorithm=algorithm, public=public)


def test_the_library_is_loaded_only_where_a_key_asks_for_it() -> None:
    program = "import sys; from kiosk.certificate.identify import identify; sys.exit('gmalg' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
