"""Lines of a stick: each is believed for its signature, and a file for its order and its end."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.batch import Receipt
from sync.protocol.bundle import (
    BundlePart,
    ReceiptPart,
    body_text,
    in_order,
    line_of,
    read_bundle_line,
    read_receipt_line,
)
from sync.protocol.errors import CutOffError, ForeignError, StickError
from sync.protocol.signing.documents import sign_document
from sync.protocol.signing.keys import SigningKey

KEY, PLATFORM = SigningKey(b"d" * 32), SigningKey(b"p" * 32)
PART = BundlePart("bundle-1", "device-1", "device-1", 1, 7, 2, body_text(b"\x1f\x8b body"))
END = BundlePart("bundle-1", "device-1", "device-1", 2, 7)
RECEIPT = ReceiptPart("bundle-1", "device-1", 1, Receipt("batch-1", "ab" * 32, [], 5, "epoch-1"))


def public_of(key_id: str) -> bytes | None:
    return {"device-1": KEY.public}.get(key_id)


def test_a_line_comes_back_as_it_was_signed() -> None:
    read = read_bundle_line(line_of(PART, KEY), public_of)
    assert read == PART
    assert read.body_bytes() == b"\x1f\x8b body"
    assert read_receipt_line(line_of(RECEIPT, PLATFORM), PLATFORM.public) == RECEIPT


@given(st.integers(0, len(line_of(PART, KEY)) - 2), st.integers(1, 255))
def test_a_line_with_any_byte_changed_is_not_believed(at: int, change: int) -> None:
    line = bytearray(line_of(PART, KEY))
    line[at] ^= change
    try:
        read = read_bundle_line(bytes(line), public_of)
    except StickError:
        return
    assert read == PART  # a hexadecimal digit of the signature in capitals


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"", StickError),
        (b"\x89PNG\r\n", StickError),
        (b"{}\n", StickError),
        (b"[" * 5000 + b"\n", StickError),
        (line_of(PART, KEY)[:-1], CutOffError),
        (line_of(PART, KEY)[:40], CutOffError),
        (line_of(PART, PLATFORM), ForeignError),
        (line_of(msgspec.structs.replace(PART, key_id="device-2"), KEY), ForeignError),
        (line_of(RECEIPT, KEY), StickError),
        (msgspec.json.encode(sign_document("receipt", msgspec.to_builtins(PART), KEY)) + b"\n", StickError),
    ],
)
def test_what_is_no_line_of_a_bundle_is_an_error_of_its_kind(line: bytes, error: type[StickError]) -> None:
    with pytest.raises(error):
        read_bundle_line(line, public_of)


def test_a_receipt_is_believed_of_the_platform_alone() -> None:
    with pytest.raises(ForeignError):
        read_receipt_line(line_of(RECEIPT, KEY), PLATFORM.public)


def test_a_body_that_is_not_base_64_is_an_error() -> None:
    with pytest.raises(StickError):
        msgspec.structs.replace(PART, body="*").body_bytes()


def test_a_whole_file_is_its_parts_up_to_the_end() -> None:
    assert list(in_order([PART, END])) == [PART]
    receipts = [RECEIPT, ReceiptPart("bundle-1", "device-1", 2)]
    assert list(in_order(receipts)) == [RECEIPT]


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ([], CutOffError),
        ([PART], CutOffError),
        ([END], StickError),
        ([PART, msgspec.structs.replace(END, n=3)], StickError),
        ([PART, msgspec.structs.replace(END, bundle="bundle-2")], StickError),
        ([PART, msgspec.structs.replace(END, device="device-2")], StickError),
    ],
)
def test_a_file_without_its_end_or_of_two_files_is_an_error(parts: list[BundlePart], error: type[StickError]) -> None:
    with pytest.raises(error):
        list(in_order(parts))


def test_what_was_yielded_before_a_cut_holds() -> None:
    parts = in_order([PART])
    assert next(parts) == PART
    with pytest.raises(CutOffError):
        next(parts)
