"""The chain names whatever was changed, removed, reordered or brought from elsewhere."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sync.protocol.canonical import canonical_bytes
from sync.protocol.envelope import GENESIS, Envelope, Position, Stamp, check, open_body, seal, verify_chain
from sync.protocol.errors import ChainError, ProtocolError
from sync.protocol.events import Aside, CheckIn, DeviceNote
from sync.protocol.kinds import BODY_OF_KIND, KIND_OF_BODY
from sync.protocol.vocabulary import EventKind
from tests.support.envelopes import NAME, Recorder, chain_of, check_in, check_out, stamp

AT = Position("stream-1")


def test_a_whole_chain_ends_in_its_head() -> None:
    chain = chain_of(4)
    assert verify_chain(chain, AT) == Position("stream-1", 4, chain[-1].h)


def test_a_chain_can_be_checked_in_parts() -> None:
    chain = chain_of(5)
    assert verify_chain(chain[2:], verify_chain(chain[:2], AT)) == verify_chain(chain, AT)


def test_nothing_new_leaves_the_head_where_it_was() -> None:
    assert verify_chain([], AT) == AT


def test_the_first_envelope_follows_thirty_two_zero_bytes() -> None:
    first = chain_of(1)[0]
    assert (first.seq, first.prev) == (1, GENESIS)


def test_the_hash_is_sha256_over_the_previous_and_the_canonical_bytes() -> None:
    envelope = chain_of(2)[1]
    hashed = {name: getattr(envelope, name) for name in ("id", "stream", "seq", "kind", "body", "stamp")}
    assert envelope.h == hashlib.sha256(bytes.fromhex(envelope.prev) + canonical_bytes(hashed)).hexdigest()


FORGERIES: dict[str, dict[str, Any]] = {
    "id": {"id": "other"},
    "kind": {"kind": "check_out"},
    "body": {"body": {"session": "s2", "volunteer": "V9"}},
    "stamp": {"stamp": stamp(99)},
    "hash": {"h": "ab" * 32},
    "previous": {"prev": "cd" * 32},
    "sequence": {"seq": 7},
    "stream": {"stream": "stream-2"},
}


@pytest.mark.parametrize("part", FORGERIES)
@pytest.mark.parametrize("index", range(5))
def test_a_changed_envelope_is_named(part: str, index: int) -> None:
    chain = chain_of(5)
    chain[index] = replace(chain[index], **FORGERIES[part])
    with pytest.raises(ChainError) as caught:
        verify_chain(chain, AT)
    assert caught.value.seq == (FORGERIES[part].get("seq", index + 1) if part == "stream" else index + 1)


@pytest.mark.parametrize("index", range(4))
def test_a_removed_envelope_is_named(index: int) -> None:
    chain = chain_of(5)
    del chain[index]
    with pytest.raises(ChainError) as caught:
        verify_chain(chain, AT)
    assert caught.value.seq == index + 1


@given(st.permutations(range(5)).filter(lambda order: order != list(range(5))))
def test_reordered_envelopes_are_named(order: list[int]) -> None:
    chain = chain_of(5)
    with pytest.raises(ChainError) as caught:
        verify_chain([chain[index] for index in order], AT)
    first_wrong = next(place for place, index in enumerate(order) if place != index)
    assert caught.value.seq == first_wrong + 1


def test_an_envelope_of_another_history_is_named_even_with_a_right_number() -> None:
    mine = chain_of(3)
    other = Recorder()
    for _ in range(3):
        other.record(check_out())
    with pytest.raises(ChainError) as caught:
        verify_chain([mine[0], other.envelopes[1]], AT)
    assert caught.value.seq == 2


def test_an_envelope_of_another_stream_is_named() -> None:
    with pytest.raises(ChainError, match="another stream"):
        verify_chain(chain_of(1, stream="stream-9"), AT)


def test_an_envelope_survives_its_json() -> None:
    envelope = seal(check_in(), id_="e1", at=AT, stamp=stamp(), aside=NAME)
    assert msgspec.json.decode(msgspec.json.encode(envelope), type=Envelope) == envelope


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_has_one_body_type(kind: EventKind) -> None:
    assert KIND_OF_BODY[BODY_OF_KIND[kind]] == kind


def test_an_unknown_kind_has_no_body_and_is_no_fault() -> None:
    envelope = replace(seal(DeviceNote("x"), id_="e1", at=AT, stamp=stamp()), kind="lantern", body={"anything": [1]})
    assert open_body(envelope) is None
    check(replace(envelope, h=envelope.digest()))


@pytest.mark.parametrize(
    "body", [{}, {"session": 1}, {"session": "s", "volunteer": "V" * 33}, {"session": "", "volunteer": "V"}]
)
def test_a_known_kind_with_other_fields_is_refused(body: dict[str, Any]) -> None:
    envelope = replace(chain_of(1)[0], body=body)
    with pytest.raises(ProtocolError, match="check_in"):
        open_body(envelope)


def test_what_no_end_would_take_is_never_sealed() -> None:
    for body in (replace(check_in(), service="x" * 65), replace(check_in(), volunteer=""), DeviceNote("")):
        with pytest.raises(ProtocolError):
            seal(body, id_="e1", at=AT, stamp=stamp())


# The aside: a name beside the chain


def test_an_envelope_may_lose_its_name_and_still_holds() -> None:
    envelope = chain_of(1)[0]
    check(envelope)
    check(replace(envelope, aside=None))
    verify_chain([replace(envelope, aside=None)], AT)


def test_a_name_cannot_be_swapped() -> None:
    envelope = replace(chain_of(1)[0], aside=Aside("李四", NAME.salt))
    with pytest.raises(ProtocolError, match="name"):
        check(envelope)


def test_a_salt_that_is_not_hexadecimal_is_refused() -> None:
    envelope = replace(chain_of(1)[0], aside=Aside(NAME.name, "zz"))
    with pytest.raises(ProtocolError, match="hexadecimal"):
        check(envelope)


def test_only_a_check_in_carries_a_name() -> None:
    envelope = seal(check_out(), id_="e1", at=AT, stamp=stamp(), aside=NAME)
    with pytest.raises(ProtocolError, match="check-in"):
        check(envelope)


def test_a_changed_envelope_is_refused_by_itself() -> None:
    with pytest.raises(ProtocolError, match="changed"):
        check(replace(chain_of(1)[0], id="other"))


def test_the_name_is_not_in_the_chained_body() -> None:
    envelope = chain_of(1)[0]
    assert NAME.name.encode() not in canonical_bytes(envelope.body)
    body = open_body(envelope)
    assert isinstance(body, CheckIn)
    assert body.name_digest == NAME.digest()


@given(name=st.text(st.characters(exclude_categories=["Cs"]), max_size=40), salt=st.binary(min_size=16, max_size=16))
def test_another_salt_gives_another_digest(name: str, salt: bytes) -> None:
    flipped = bytes([salt[0] ^ 1]) + salt[1:]
    assert Aside(name, salt.hex()).digest() != Aside(name, flipped.hex()).digest()


def test_a_booth_that_is_never_switched_off_goes_on_recording() -> None:
    a_year_us = 366 * 24 * 3600 * 1_000_000
    at = Stamp("boot-1", 1, 20 * a_year_us, 1_800_000_000_000, "unknown")
    envelope = seal(check_in(), id_="e1", at=Position("stream-1"), stamp=at)
    assert envelope.digest() == envelope.h
    assert envelope.stamp.bt_ns == 20 * a_year_us * 1000
