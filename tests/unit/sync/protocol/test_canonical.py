"""The canonical bytes are RFC 8785's, and what has two spellings has none."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.canonical import MAX_SAFE_INTEGER, canonical_bytes, canonical_fields
from sync.protocol.errors import ProtocolError
from tests.support.envelopes import check_in

KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LEAVES = st.none() | st.booleans() | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER) | TEXTS
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=15)


@given(VALUES)
def test_the_bytes_are_those_of_the_reference_implementation(value: Any) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)


@given(st.dictionaries(KEYS, LEAVES))
def test_the_order_of_keys_changes_nothing(value: dict[str, Any]) -> None:
    assert canonical_bytes(dict(reversed(value.items()))) == canonical_bytes(value)


def test_a_struct_has_the_bytes_of_its_fields() -> None:
    body = check_in()
    assert canonical_bytes(body).startswith(b'{"certificate":{"issuer":"410302"')


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        {"a": [1, {"b": 0.0}]},
        ((1, 2.5),),
        MAX_SAFE_INTEGER + 1,
        -MAX_SAFE_INTEGER - 1,
        {"a": 10**30},
        {"键": 1},
        {1: "a"},
        "\ud800",
        {"a": ["\udfff"]},
    ],
    ids=repr,
)
def test_what_has_no_single_spelling_is_refused(value: Any) -> None:
    with pytest.raises(ProtocolError):
        canonical_bytes(value)


def test_a_value_nested_beyond_reason_is_refused() -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(ProtocolError):
        canonical_bytes(value)


@pytest.mark.parametrize("value", [MAX_SAFE_INTEGER, -MAX_SAFE_INTEGER, True, False, None, 0, "", {}, []])
def test_the_edges_of_the_range_are_kept(value: Any) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)


class Named(msgspec.Struct):
    """A struct whose fields stand in another order than their names."""

    z: int
    a: str


@given(st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER), TEXTS)
def test_a_structs_bytes_are_those_of_its_fields(number: int, text: str) -> None:
    assert canonical_fields(Named(number, text)) == canonical_bytes({"a": text, "z": number})


def test_a_struct_with_half_a_character_has_none() -> None:
    with pytest.raises(ProtocolError):
        canonical_fields(Named(1, "\ud800"))
