"""A page of changes is believed only as the answer to its question; a document and its entries say the same."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.protocol.changes import (
    CHANGES,
    SET_SEAL,
    ChangesPage,
    Scope,
    SetSeal,
    Tombstone,
    Topic,
    Upsert,
    digest_of,
    read_page,
    read_seal,
)
from sync.protocol.entries import Told, documents_in, entries_of, told_by
from sync.protocol.errors import SignatureError
from sync.protocol.reference import (
    Appointment,
    ListedVolunteer,
    OpenElsewhere,
    RosteredShift,
    ServicePoint,
    ServiceRule,
    Standing,
    Training,
)
from sync.protocol.signing.documents import SignedDocument, sign_document
from sync.protocol.signing.keys import SigningKey

KEY, STRANGER = SigningKey(b"p" * 32), SigningKey(b"s" * 32)
SEAL = SetSeal("device-1", Scope.STATION, 7, 1, "epoch-1", "0" * 64)
PAGE = ChangesPage(
    device="device-1",
    scope=Scope.STATION,
    after="c1",
    upserts=[Upsert("notice", "0", {"place": 0, "text": "请戴小红帽"})],
    tombstones=[Tombstone("notice", "1")],
    cursor="c2",
    more=False,
    version=7,
    issued_ms=1,
    epoch="epoch-1",
    seal=sign_document(SET_SEAL, msgspec.to_builtins(SEAL), KEY),
)


def answer(page: object, key: SigningKey = KEY, kind: str = CHANGES) -> bytes:
    return msgspec.json.encode(sign_document(kind, msgspec.to_builtins(page), key))


def test_a_page_is_read_as_it_was_signed() -> None:
    assert read_page(answer(PAGE), KEY.public, "device-1", Scope.STATION, "c1") == PAGE


@pytest.mark.parametrize(
    ("content", "question"),
    [
        (answer(PAGE, STRANGER), ("device-1", Scope.STATION, "c1")),
        (answer(PAGE, kind="other"), ("device-1", Scope.STATION, "c1")),
        (answer({"device": "device-1"}), ("device-1", Scope.STATION, "c1")),
        (answer(PAGE), ("device-2", Scope.STATION, "c1")),
        (answer(PAGE), ("device-1", Scope.REVOCATIONS, "c1")),
        (answer(PAGE), ("device-1", Scope.STATION, "c0")),
        (answer(PAGE), ("device-1", Scope.STATION, None)),
        (answer(PAGE).replace("请戴".encode(), "不戴".encode()), ("device-1", Scope.STATION, "c1")),
        (b"<html>Please accept our terms</html>", ("device-1", Scope.STATION, "c1")),
        (b"\xff", ("device-1", Scope.STATION, "c1")),
        (b"[" * 100_000, ("device-1", Scope.STATION, "c1")),
    ],
)
def test_nothing_else_is_a_page(content: bytes, question: tuple[str, Scope, str | None]) -> None:
    with pytest.raises(SignatureError):
        read_page(content, KEY.public, *question)


def test_a_seal_is_of_one_device_and_one_scope() -> None:
    signed = sign_document(SET_SEAL, msgspec.to_builtins(SEAL), KEY)
    assert read_seal(signed, KEY.public, "device-1", Scope.STATION) == SEAL
    wrong: list[tuple[SignedDocument, bytes, str, Scope]] = [
        (signed, STRANGER.public, "device-1", Scope.STATION),
        (signed, KEY.public, "device-2", Scope.STATION),
        (signed, KEY.public, "device-1", Scope.REVOCATIONS),
        (sign_document(SET_SEAL, {"device": "device-1"}, KEY), KEY.public, "device-1", Scope.STATION),
    ]
    for document, public, device, scope in wrong:
        with pytest.raises(SignatureError):
            read_seal(document, public, device, scope)


def test_a_digest_is_of_the_set_and_not_of_its_order_nor_of_names() -> None:
    one, other = Upsert("a", "1", {"n": 1, "display_name": "张晓明"}), Upsert("a", "2", {"n": 2})
    nameless = Upsert("a", "1", {"n": 1, "display_name": ""})
    assert digest_of([one, other]) == digest_of([other, nameless])
    assert digest_of([one]) != digest_of([one, other])
    assert digest_of([other]) != digest_of([Upsert("b", "2", {"n": 2})])
    assert digest_of([other]) != digest_of([Upsert("a", "2", {"n": 3})])


MS, TEXT = st.integers(0, 2**40), st.text(min_size=1, max_size=6)
NUMBER = st.from_regex(r"41[0-9]{4}", fullmatch=True)


def distinct(each: st.SearchStrategy[Any], key: str) -> st.SearchStrategy[list[Any]]:
    return st.lists(each, max_size=4, unique_by=lambda one: getattr(one, key))


APPOINTMENTS = st.builds(Appointment, NUMBER, TEXT, st.sampled_from(["head", "captain"]), MS, MS, st.none() | TEXT)
TOLD = st.builds(
    Told,
    st.builds(ServicePoint, TEXT, TEXT, TEXT, st.none() | TEXT, st.none() | TEXT),
    distinct(st.builds(RosteredShift, TEXT, NUMBER, TEXT, TEXT, MS, MS, st.none() | TEXT), "id"),
    st.lists(TEXT, max_size=12),
    st.lists(APPOINTMENTS, max_size=4, unique_by=lambda one: (one.volunteer, one.role, one.from_ms, one.team)),
    distinct(st.builds(ListedVolunteer, NUMBER, TEXT), "volunteer"),
    distinct(st.builds(Standing, NUMBER, trained=st.lists(st.builds(Training, TEXT, st.none() | MS))), "volunteer"),
    distinct(st.builds(ServiceRule, TEXT, st.none() | TEXT, st.booleans(), st.lists(TEXT)), "service"),
    distinct(st.builds(OpenElsewhere, TEXT, NUMBER, TEXT, TEXT, MS), "session"),
)


def as_a_set(told: Told) -> list[Any]:
    return [
        told.service_point,
        told.notices,
        *(sorted(map(repr, getattr(told, name))) for name in Told.__struct_fields__[3:]),
        sorted(map(repr, told.roster)),
    ]


@settings(max_examples=60)
@given(told=TOLD)
def test_a_document_taken_apart_and_put_together_says_the_same(told: Told) -> None:
    entries = list(entries_of(told))
    assert len({(each.topic, each.key) for each in entries}) == len(entries)
    again = told_by(reversed(entries))
    assert again is not None
    assert as_a_set(again) == as_a_set(told)
    assert told_by(entries) == again
    assert again.roster == sorted(told.roster, key=lambda each: (each.starts_ms, each.id))


def test_what_this_program_does_not_know_stops_nothing() -> None:
    told = Told(ServicePoint("point-1", "岗亭", "410302"), notices=["a"])
    strange = [Upsert("weather", "today", {"sky": "clear"}), Upsert("notice", "x", {"place": "first"})]
    assert told_by([*entries_of(told), *strange]) == told
    assert told_by(strange) is None
    assert Told(**told.fields()) == told


def test_a_signed_list_is_found_among_entries() -> None:
    signed = sign_document("trust_list", {"version": 1}, KEY)
    entries = [Upsert(Topic.TRUST_LIST, "", msgspec.to_builtins(signed))]
    assert documents_in(entries, Topic.TRUST_LIST) == [signed]
    assert documents_in(entries, Topic.REVOCATIONS) == []
    assert documents_in([Upsert(Topic.TRUST_LIST, "", {"kind": 1})], Topic.TRUST_LIST) == []
