"""A checkpoint stands for one head, by one key; a batch may carry one, and older batches are still read."""

from __future__ import annotations

import gzip
from typing import Any

import msgspec
import pytest

from sync.protocol.batch import Batch, body_sha256, decode_batch, encode_batch
from sync.protocol.checkpoint import Checkpoint, is_signed_by, sign_checkpoint
from sync.protocol.envelope import Position
from sync.protocol.signing.keys import SigningKey
from tests.support.envelopes import chain_of, stamp

KEY, OTHER = SigningKey(b"d" * 32), SigningKey(b"o" * 32)
CHAIN = chain_of(3)
HEAD = Position("stream-1", 3, CHAIN[-1].h)
SIGNED = sign_checkpoint(HEAD, stamp(60), KEY)


def test_it_holds_for_the_head_and_the_key_it_was_made_with() -> None:
    assert is_signed_by(SIGNED, KEY.public)
    assert SIGNED.head == HEAD
    assert not is_signed_by(SIGNED, OTHER.public)


@pytest.mark.parametrize(
    "change", [{"seq": 2}, {"h": "0" * 64}, {"stream": "other"}, {"stamp": stamp(61)}, {"signature": "0" * 128}]
)
def test_it_holds_for_nothing_else(change: dict[str, Any]) -> None:
    assert not is_signed_by(msgspec.structs.replace(SIGNED, **change), KEY.public)


def test_what_cannot_be_signed_is_not_signed() -> None:
    assert not is_signed_by(msgspec.structs.replace(SIGNED, stream="\ud800"), KEY.public)


def test_a_batch_brings_its_checkpoint_along() -> None:
    batch = Batch("b1", "device-1", CHAIN, SIGNED)
    assert decode_batch(encode_batch(batch)).batch == batch


def test_a_batch_of_an_older_device_has_the_same_bytes_as_ever() -> None:
    plain = gzip.decompress(encode_batch(Batch("b1", "device-1", CHAIN)))
    assert b"checkpoint" not in plain
    assert body_sha256(plain) == body_sha256(msgspec.json.encode({"id": "b1", "device": "device-1", "events": CHAIN}))


@pytest.mark.parametrize("brought", [{"seq": "three"}, 7, None])
def test_a_checkpoint_that_is_none_stops_no_event(brought: object) -> None:
    plain = msgspec.json.encode({"id": "b1", "device": "device-1", "events": CHAIN, "checkpoint": brought})
    assert decode_batch(gzip.compress(plain)).batch == Batch("b1", "device-1", CHAIN)


def test_beside_an_event_that_is_none_the_checkpoint_still_counts() -> None:
    events = [*CHAIN, {"id": "broken"}]
    plain = msgspec.json.encode({"id": "b1", "device": "device-1", "events": events, "checkpoint": SIGNED})
    delivery = decode_batch(gzip.compress(plain))
    assert delivery.batch.checkpoint == SIGNED
    assert [one.id for one in delivery.malformed] == ["broken"]


def test_it_costs_a_batch_few_bytes() -> None:
    with_it = encode_batch(Batch("b1", "device-1", CHAIN, SIGNED))
    assert len(with_it) - len(encode_batch(Batch("b1", "device-1", CHAIN))) < 350
    assert isinstance(SIGNED, Checkpoint)
