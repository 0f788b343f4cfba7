"""Bodies of calls: what is packed comes back, and what is hostile is refused before it is parsed."""

from __future__ import annotations

import gzip

import msgspec
import pytest

from sync.protocol.contact import ContactRequest, DeviceReport
from sync.protocol.errors import BatchError, BatchTooLargeError
from sync.protocol.packing import MAX_COMPRESSED_BYTES, MAX_PLAIN_BYTES, pack, unpack

SAID = ContactRequest("device-1", DeviceReport("1.0", waiting=3))


def test_what_is_packed_comes_back_and_is_always_the_same_bytes() -> None:
    assert unpack(pack(SAID), ContactRequest) == SAID
    assert pack(SAID) == pack(SAID)


def test_gzip_of_any_maker_is_taken() -> None:
    assert unpack(gzip.compress(msgspec.json.encode(SAID), compresslevel=9), ContactRequest) == SAID


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        pack(SAID)[:-1],
        pack(SAID) + b"x",
        pack(SAID) + pack(SAID),
        pack([]),
        pack({"device": 1}),
        gzip.compress(b"\xff\xfe"),
        gzip.compress(b'{"device": "\xff"}'),
        gzip.compress(b"[" * 100_000),
    ],
    ids=["nothing", "not gzip", "cut", "longer", "two", "a list", "a field", "not text", "not UTF-8", "nested"],
)
def test_what_is_not_the_body_of_the_call_is_refused(body: bytes) -> None:
    with pytest.raises(BatchError):
        unpack(body, ContactRequest)


def test_too_much_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(BatchTooLargeError):
        unpack(gzip.compress(b" " * (MAX_PLAIN_BYTES + 1)), ContactRequest)
    with pytest.raises(BatchTooLargeError):
        unpack(b"x" * (MAX_COMPRESSED_BYTES + 1), ContactRequest)


def test_what_is_too_large_to_be_taken_is_not_sent() -> None:
    noise = [(7**place % 10**300) for place in range(3000)]
    with pytest.raises(BatchTooLargeError):
        pack([str(each) for each in noise])
