"""Enrolment codes: made of chance, read as people type them, shown as a link."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.enrolling import CODE_ALPHABET, CODE_LENGTH, code_link, make_code, normal_code


@given(st.binary(min_size=8, max_size=8))
def test_a_code_is_twelve_characters_in_groups_of_four(entropy: bytes) -> None:
    code = make_code(entropy)
    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert normal_code(code) == code.replace("-", "")
    assert normal_code(f" {code.lower()} ") == normal_code(code)


def test_every_one_of_sixty_bits_counts() -> None:
    codes = {make_code((1 << bit).to_bytes(8, "big")) for bit in range(60)}
    assert len(codes) == 60
    assert make_code(bytes(8)) not in codes


@given(st.text(CODE_ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH))
def test_what_looks_alike_is_alike(letters: str) -> None:
    looks = letters.replace("0", "o").replace("1", "L")
    assert normal_code(looks) == letters
    assert normal_code(letters.replace("1", "i")) == letters


@pytest.mark.parametrize(
    "typed", ["", "ABCD-EFGH-JKM", "ABCD-EFGH-JKMNP", "ABCD-EFGH-JKMU", "一二三四五六七八九十甲乙"]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert normal_code(typed) is None


def test_the_link_names_platform_and_code() -> None:
    assert code_link("https://platform.example/", "ABCD-EFGH-JKMN") == "https://platform.example/#enrol=ABCD-EFGH-JKMN"
    assert code_link("http://127.0.0.1:8420", "A") == "http://127.0.0.1:8420/#enrol=A"
