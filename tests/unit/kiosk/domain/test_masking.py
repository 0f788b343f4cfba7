"""Names as strangers may see them; no character is torn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.masking import MASK, masked_name


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张晓明", "张＊明"),
        ("王伟", "王＊"),
        ("欧阳娜娜", "欧＊＊娜"),
        ("阿卜杜拉·买买提", "阿＊＊提"),
        ("李", "李"),
        ("", ""),
        ("𠮷田𬱖", "𠮷＊𬱖"),  # characters beyond the basic plane
        ("葛\U000e0100城", "葛\U000e0100＊"),  # a variation selector belongs to its character
        ("e\u0301mile\u0301", "e\u0301＊＊e\u0301"),  # marks of their own
        ("नीता", "नी＊"),  # vowels that are spacing marks
        ("\u0301a", "\u0301＊"),  # a mark that begins a name stands by itself
    ],
)
def test_first_and_last_character_stay(name: str, masked: str) -> None:
    assert masked_name(name) == masked


@given(st.text(min_size=2, max_size=40))
def test_a_masked_name_is_short_and_shows_at_most_two_characters(name: str) -> None:
    masked = masked_name(name)
    if masked != name:
        assert MASK in masked
        assert masked.count(MASK) - name.count(MASK) <= 2
        assert len(masked) <= len(name) + 1
        assert masked[0] == name[0]


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=3, max_size=8))
def test_the_middle_of_a_chinese_name_never_shows(name: str) -> None:
    assert masked_name(name) == name[0] + MASK * min(len(name) - 2, 2) + name[-1]
