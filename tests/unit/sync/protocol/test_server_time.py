"""The platform's time is believed when the platform signed it, for the question that was asked."""

from __future__ import annotations

import msgspec
import pytest

from sync.protocol.errors import SignatureError
from sync.protocol.server_time import TIME, ServerTime, read_time
from sync.protocol.signing.documents import sign_document
from sync.protocol.signing.keys import SigningKey

PLATFORM, STRANGER = SigningKey(b"p" * 32), SigningKey(b"s" * 32)
TOLD = ServerTime("nonce-of-mine", 1_783_040_400_000, "epoch-1")


def answer(told: ServerTime = TOLD, key: SigningKey = PLATFORM, kind: str = TIME) -> bytes:
    return msgspec.json.encode(sign_document(kind, msgspec.to_builtins(told), key))


def test_a_signed_time_is_read() -> None:
    assert read_time(answer(), PLATFORM.public, TOLD.nonce) == TOLD


@pytest.mark.parametrize(
    "said",
    [
        b"<html>Welcome to our free network</html>",
        b"\xff\xfe",
        answer(key=STRANGER),
        answer(kind="changes"),
        answer(ServerTime("nonce-of-another", TOLD.server_ms, TOLD.epoch)),
        answer().replace(b"1783040400000", b"1783040400001"),
    ],
    ids=["portal", "bytes", "another key", "another kind", "another question", "changed"],
)
def test_anything_else_is_not(said: bytes) -> None:
    with pytest.raises(SignatureError):
        read_time(said, PLATFORM.public, TOLD.nonce)
