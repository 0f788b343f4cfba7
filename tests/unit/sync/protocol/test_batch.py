"""Batches keep their limits before they are read; a receipt is believed only for the very bytes that were sent."""

from __future__ import annotations

import gzip
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.batch import (
    MAX_COMMAS,
    MAX_EVENTS,
    Batch,
    Delivery,
    EventReceipt,
    Receipt,
    body_sha256,
    decode_batch,
    encode_batch,
    encode_receipt,
    read_receipt,
)
from sync.protocol.errors import BatchError, BatchTooLargeError, ReceiptError
from sync.protocol.events import Tally
from sync.protocol.packing import MAX_COMPRESSED_BYTES, MAX_PLAIN_BYTES, pack
from sync.protocol.vocabulary import EventOutcome
from tests.support.envelopes import Recorder, chain_of

BATCH = Batch("b1", "device-1", chain_of(3))
BODY = encode_batch(BATCH)


def as_json(count: int = 1, **changes: object) -> dict[str, Any]:
    batch: dict[str, Any] = msgspec.to_builtins(Batch("b1", "device-1", chain_of(count)))
    return {**batch, **changes}


def zipped(value: object) -> bytes:
    return gzip.compress(json.dumps(value).encode())


# Batches


def test_a_batch_survives_the_wire() -> None:
    assert decode_batch(BODY) == Delivery(BATCH)


def test_the_same_batch_has_the_same_bytes() -> None:
    assert encode_batch(BATCH) == BODY


def test_five_hundred_events_are_taken() -> None:
    batch = Batch("b1", "device-1", chain_of(MAX_EVENTS))
    assert decode_batch(encode_batch(batch)) == Delivery(batch)


@pytest.mark.parametrize("events", [[], chain_of(MAX_EVENTS + 1)], ids=["none", "too many"])
def test_no_event_or_too_many_are_refused(events: list[Any]) -> None:
    with pytest.raises(BatchError):
        decode_batch(zipped(as_json(events=msgspec.to_builtins(events))))


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        "text",
        None,
        {"id": "b1", "device": "d", "events": [{}]},
        as_json(device=7),
        as_json(id=""),
        as_json(events={"0": 1}),
    ],
    ids=repr,
)
def test_other_fields_are_refused(value: object) -> None:
    with pytest.raises(BatchError):
        decode_batch(zipped(value))


@pytest.mark.parametrize("body", [b"", b"{}", b"\x1f\x8b", b"<html>", json.dumps(as_json()).encode()])
def test_what_is_not_gzip_is_refused(body: bytes) -> None:
    with pytest.raises(BatchError):
        decode_batch(body)


@pytest.mark.parametrize("plain", [b"", b"{", b"\xff\xfe", b'{"id":"\xff"}', b"<html></html>"])
def test_gzip_of_what_is_not_json_is_refused(plain: bytes) -> None:
    with pytest.raises(BatchError):
        decode_batch(gzip.compress(plain))


def test_every_torn_body_is_refused() -> None:
    for length in range(len(BODY)):
        with pytest.raises(BatchError):
            decode_batch(BODY[:length])


def test_bytes_after_the_end_are_refused() -> None:
    for tail in (b"\0", BODY):
        with pytest.raises(BatchError):
            decode_batch(BODY + tail)


def test_a_flipped_bit_never_gives_another_batch() -> None:
    for index in range(10, len(BODY)):  # the ten bytes of gzip's header say nothing of the content
        flipped = bytearray(BODY)
        flipped[index] ^= 1
        with pytest.raises(BatchError):
            decode_batch(bytes(flipped))


def wrong(event: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the same event in every way it can fail to be an envelope while its id is still readable."""
    return {
        "no hash": {name: value for name, value in event.items() if name != "h"},
        "nothing but an id": {"id": event["id"]},
        "body is text": {**event, "body": "x"},
        "kind is a number": {**event, "kind": 7},
        "seq is a text": {**event, "seq": "1"},
        "stamp is null": {**event, "stamp": None},
    }


@pytest.mark.parametrize("fault", list(wrong({"id": "x"})))
def test_a_malformed_event_is_set_beside_the_others(fault: str) -> None:
    first, middle, last = msgspec.to_builtins(chain_of(3))
    changed = wrong(middle)[fault]
    delivery = decode_batch(zipped(as_json(events=[first, changed, last])))
    assert [msgspec.to_builtins(envelope) for envelope in delivery.batch.events] == [first, last]
    (apart,) = delivery.malformed
    assert (apart.id, json.loads(apart.raw)) == (middle["id"], changed)
    assert apart.kind == (changed.get("kind") if isinstance(changed.get("kind"), str) else "")
    assert apart.why


def test_bytes_that_are_not_unicode_spoil_their_own_event_only() -> None:
    first, second = msgspec.to_builtins(chain_of(2))
    spoilt = json.dumps({**second, "kind": "MARK"}).encode().replace(b"MARK", b"\xff")
    body = b'{"id":"b1","device":"d","events":[' + json.dumps(first).encode() + b"," + spoilt + b"]}"
    delivery = decode_batch(gzip.compress(body))
    assert len(delivery.batch.events) == 1
    assert "\\xff" in delivery.malformed[0].raw


def test_a_batch_of_malformed_events_only_is_read() -> None:
    delivery = decode_batch(zipped(as_json(events=[{"id": "e1"}, {"id": "e2"}])))
    assert (delivery.batch.events, [one.id for one in delivery.malformed]) == ([], ["e1", "e2"])


@pytest.mark.parametrize("event", [{}, {"id": ""}, {"id": 7}, "text", None, {"id": "x" * 65}], ids=repr)
def test_an_event_that_cannot_be_named_cannot_be_answered(event: object) -> None:
    with pytest.raises(BatchError, match="no id to answer it under"):
        decode_batch(zipped(as_json(events=[msgspec.to_builtins(chain_of(1)[0]), event])))


def test_json_nested_beyond_reason_is_refused() -> None:
    text = json.dumps(as_json()).replace('"body": {', '"body": {"x": ' + "[" * 100_000 + "]" * 100_000 + ",", 1)
    with pytest.raises(BatchError):
        decode_batch(gzip.compress(text.encode()))


@pytest.mark.parametrize("filler", [b" ", b"["], ids=["spaces", "brackets"])
def test_a_bomb_is_refused_before_it_is_parsed(filler: bytes) -> None:
    bomb = gzip.compress(filler * (40 * MAX_PLAIN_BYTES))
    assert len(bomb) < MAX_COMPRESSED_BYTES
    with pytest.raises(BatchError):
        decode_batch(bomb)


def test_a_body_of_just_the_decompressed_limit_is_read() -> None:
    plain = msgspec.json.encode(BATCH)
    with pytest.raises(BatchTooLargeError):
        decode_batch(gzip.compress(plain + b" " * (MAX_PLAIN_BYTES + 1 - len(plain))))
    assert decode_batch(gzip.compress(plain + b" " * (MAX_PLAIN_BYTES - 1 - len(plain)))) == Delivery(BATCH)


def test_a_body_over_the_compressed_limit_is_neither_sent_nor_read() -> None:
    recorder = Recorder()
    for number in range(100):  # SHA-256 hardly compresses: long bodies of hex make a batch large
        counts = {body_sha256(bytes([number, other])): other for other in range(99)}
        recorder.record(Tally("s1", counts))
    batch = Batch("b1", "device-1", recorder.envelopes)
    with pytest.raises(BatchTooLargeError):
        encode_batch(batch)
    with pytest.raises(BatchTooLargeError):
        decode_batch(gzip.compress(msgspec.json.encode(batch)))


@given(st.binary(max_size=300))
def test_hostile_bodies_raise_nothing_but_batch_errors(body: bytes) -> None:
    for candidate in (body, gzip.compress(body), BODY[:20] + body):
        with pytest.raises(BatchError):
            decode_batch(candidate)


# Receipts


def receipt(**changes: Any) -> Receipt:
    events = [EventReceipt(envelope.id, EventOutcome.ACCEPTED) for envelope in BATCH.events]
    return msgspec.structs.replace(Receipt("b1", body_sha256(BODY), events, 1_800_000_000_000, "epoch-1"), **changes)


def test_the_receipt_of_these_bytes_is_believed() -> None:
    assert read_receipt(encode_receipt(receipt()), BATCH, BODY) == receipt()


@pytest.mark.parametrize(
    "changes", [{"batch": "b2"}, {"body_sha256": body_sha256(b"other")}], ids=["another batch", "other bytes"]
)
def test_the_receipt_of_another_batch_is_not_believed(changes: dict[str, str]) -> None:
    with pytest.raises(ReceiptError, match="another batch"):
        read_receipt(encode_receipt(receipt(**changes)), BATCH, BODY)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"OK",
        b"<!DOCTYPE html><html><body>Welcome to the WiFi of the park</body></html>",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xff",
        b"[" * 100_000,
        b'{"x":' + b"[" * 100_000,
        encode_receipt(receipt())[:-1],
        encode_receipt(receipt()).replace(b'"accepted"', b'"fine"', 1),
    ],
    ids=lambda answer: repr(answer[:20]),
)
def test_what_is_not_a_receipt_is_not_believed(answer: bytes) -> None:
    with pytest.raises(ReceiptError):
        read_receipt(answer, BATCH, BODY)


def test_every_cut_receipt_is_not_believed() -> None:
    answer = encode_receipt(receipt())
    for length in range(len(answer)):
        with pytest.raises(ReceiptError):
            read_receipt(answer[:length], BATCH, BODY)


def test_what_would_be_large_in_memory_alone_is_refused_before_it_is_read() -> None:
    event = {**msgspec.to_builtins(chain_of(1)[0]), "body": {"odd": [[] for _ in range(MAX_COMMAS + 1)]}}
    with pytest.raises(BatchTooLargeError):
        decode_batch(pack({"id": "b", "device": "d", "events": [event]}))
