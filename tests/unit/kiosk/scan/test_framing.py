"""A serial line's bytes become codes, however the scanner ends them and however they are torn on the way."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.scan.folding import folded
from kiosk.scan.framing import Framing
from tests.support.community import Community

MS = 1_000_000
CARD = Community().certificate()


def framed(*parts: bytes, idle_after: bool = False, most_bytes: int = 4096) -> list[str]:
    framing = Framing(100, most_bytes)
    texts = [text for number, part in enumerate(parts) for text in framing.take(part, number * MS)]
    return texts + (list(framing.take(b"", len(parts) * MS + 200 * MS)) if idle_after else [])


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\n\r"])
def test_each_ending_ends_a_code(end: bytes) -> None:
    assert framed(b"first" + end + b"second" + end) == ["first", "second"]


def test_silence_ends_a_code_without_an_ending() -> None:
    assert framed(b"code") == []
    assert framed(b"code", idle_after=True) == ["code"]
    framing = Framing(100, 4096)
    assert [*framing.take(b"co", 0), *framing.take(b"", 99 * MS), *framing.take(b"de", 99 * MS)] == []
    assert list(framing.take(b"", 199 * MS)) == ["code"]
    assert list(framing.take(b"", 999 * MS)) == []


def test_an_ending_torn_in_two_is_one_ending() -> None:
    assert framed(b"first\r", b"\nsecond\r", b"\n") == ["first", "second"]


def test_too_long_a_code_is_dropped_up_to_its_end() -> None:
    assert framed(b"x" * 11 + b"\rgood\r", most_bytes=10) == ["good"]
    assert framed(b"x" * 8, b"x" * 8, b"x" * 8, b"\rgood\r", most_bytes=10) == ["good"]
    assert framed(b"x" * 8, b"x" * 8, idle_after=True, most_bytes=10) == []
    assert framed(b"x" * 10 + b"\r", most_bytes=10) == ["x" * 10]


def test_bytes_that_are_no_text_become_a_text_that_is_refused() -> None:
    assert framed(b"\xff\xfe\x00A\r") == ["\ufffd\ufffd\x00A"]


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=8))
def test_where_it_is_torn_changes_nothing(data: bytes, cuts: list[int]) -> None:
    at = [0, *sorted(cuts), len(data)]
    parts = [data[begin:end] for begin, end in pairwise(at) if data[begin:end]]
    assert framed(*parts, idle_after=True) == framed(*([data] if data else []), idle_after=True)


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\r\n", codec="utf-8"), min_size=1), max_size=5))
def test_texts_come_through_whole(texts: list[str]) -> None:
    assert framed(*(text.encode() + b"\r\n" for text in texts)) == texts


WIDE = {sign: chr(ord(sign) - 0x20 + 0xFF00) for sign in map(chr, range(0x21, 0x7F))} | {" ": "\u3000"}


@pytest.mark.parametrize(
    "spoilt",
    [
        CARD,
        CARD.lower(),
        CARD.swapcase(),
        "".join(WIDE[sign] for sign in CARD),
        "".join(WIDE[sign] for sign in CARD.lower()),
        CARD.replace(".", "。").replace("/", "、").replace("$", "￥").replace(":", "：").replace("*", "×"),
    ],
    ids=["whole", "lower case", "turned case", "full width", "full width, lower case", "Chinese punctuation"],
)
def test_a_certificate_is_folded_back(spoilt: str) -> None:
    assert folded(spoilt, "LYZ1:") == CARD


@pytest.mark.parametrize("text", ["", "https://example.org/Ab?x=1", "１２３４", "lyz2:abc", "学雷锋", "xLYZ1:A"])
def test_what_is_not_ours_stays_as_it_came(text: str) -> None:
    assert folded(text, "LYZ1:") == text
