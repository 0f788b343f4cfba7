"""A bundle on a stick is believed line by line: signed by whom it names, in order, with an end."""

from __future__ import annotations

from itertools import permutations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.batch import EventReceipt, Receipt
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
from sync.protocol.vocabulary import EventOutcome

DEVICE, PLATFORM, STRANGER = (SigningKey(letter * 32) for letter in (b"d", b"p", b"s"))
BODY = b"any bytes \x00\xff"
FIRST = BundlePart("bundle-1", "device-1", "device-1", 1, 7, 2, body_text(BODY))
END = BundlePart("bundle-1", "device-1", "device-1", 2)
RECEIPT = Receipt("batch-1", "0" * 64, [EventReceipt("e1", EventOutcome.ACCEPTED)], 1, "epoch-1")
ANSWERED = ReceiptPart("bundle-1", "device-1", 1, RECEIPT)


def known(key_id: str) -> bytes | None:
    return DEVICE.public if key_id == "device-1" else None


def test_a_line_comes_back_as_it_went() -> None:
    read = read_bundle_line(line_of(FIRST, DEVICE), known)
    assert (read, read.body_bytes()) == (FIRST, BODY)
    assert read_receipt_line(line_of(ANSWERED, PLATFORM), PLATFORM.public) == ANSWERED


@given(st.integers(0, len(line_of(FIRST, DEVICE)) - 2))
def test_a_line_that_is_cut_anywhere_says_nothing(length: int) -> None:
    with pytest.raises((CutOffError, StickError)):
        read_bundle_line(line_of(FIRST, DEVICE)[:length], known)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (line_of(FIRST, STRANGER), ForeignError),
        (line_of(FIRST, DEVICE).replace(b'"upto":7', b'"upto":8'), ForeignError),
        (line_of(msgspec.structs.replace(FIRST, key_id="another"), DEVICE), ForeignError),
        (line_of(ANSWERED, DEVICE), StickError),
        (b"<html>\n", StickError),
        (b"\xff\xfe\n", StickError),
        (b"[" * 5000 + b"\n", StickError),
        (msgspec.json.encode(sign_document("time", msgspec.to_builtins(FIRST), DEVICE)) + b"\n", StickError),
    ],
    ids=["stranger", "changed", "unknown key", "a receipt", "html", "bytes", "nested", "another kind"],
)
def test_a_line_of_somebody_else_says_nothing(line: bytes, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        read_bundle_line(line, known)


def test_a_receipt_that_the_platform_did_not_sign_says_nothing() -> None:
    with pytest.raises(ForeignError):
        read_receipt_line(line_of(ANSWERED, STRANGER), PLATFORM.public)


def test_a_body_that_is_no_base_64_is_said() -> None:
    with pytest.raises(StickError):
        msgspec.structs.replace(FIRST, body="*").body_bytes()


def test_a_whole_file_gives_its_parts_without_the_end() -> None:
    assert list(in_order([FIRST, END])) == [FIRST]
    assert list(in_order([ANSWERED, ReceiptPart("bundle-1", "device-1", 2)])) == [ANSWERED]


@pytest.mark.parametrize("change", [{"bundle": "bundle-2"}, {"device": "device-2"}, {"n": 3}])
def test_parts_that_do_not_follow_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(StickError):
        list(in_order([FIRST, msgspec.structs.replace(END, **change)]))


def test_without_its_end_a_file_is_cut_off_and_what_came_before_holds() -> None:
    taken: list[BundlePart] = []
    with pytest.raises(CutOffError):
        taken.extend(in_order([FIRST]))
    assert taken == [FIRST]


def test_only_one_order_is_the_order() -> None:
    parts = [FIRST, msgspec.structs.replace(FIRST, n=2), msgspec.structs.replace(END, n=3)]
    whole = 0
    for order in permutations(parts):
        try:
            whole += list(in_order(order)) == parts[:2]
        except StickError:
            continue
    assert whole == 1
