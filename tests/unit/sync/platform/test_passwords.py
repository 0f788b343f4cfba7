"""Passwords: what is kept, what is taken, and that keyboards do not matter."""

from __future__ import annotations

import pytest

from sync.platform.passwords import Costs, hashed, is_good, matches
from tests.support.console import CHEAP, PASSWORD

KEPT = hashed(PASSWORD, b"0123456789abcdef", CHEAP)


def test_what_is_kept_is_argon2id_by_the_costs_of_rfc_9106_and_matches_its_password_alone() -> None:
    assert hashed(PASSWORD, b"0123456789abcdef", Costs()).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert PASSWORD not in KEPT
    assert matches(KEPT, PASSWORD)
    assert not matches(KEPT, PASSWORD[:-1])
    assert not matches(KEPT, "")


def test_the_same_words_typed_at_another_keyboard_match() -> None:
    kept = hashed("ＡＢＣ-１２３４ 岗亭东门", b"0123456789abcdef", CHEAP)
    assert matches(kept, "ABC-1234 岗亭东门")


@pytest.mark.parametrize("kept", ["", "x", "$argon2id$broken", KEPT[:-4]])
def test_what_was_kept_wrongly_matches_nothing(kept: str) -> None:
    assert not matches(kept, PASSWORD)


def test_a_password_without_end_is_not_looked_at() -> None:
    assert not matches(KEPT, PASSWORD * 100)


@pytest.mark.parametrize("good", [PASSWORD, "four words of a song", "K7-hat-Armband!x"])
def test_a_sentence_is_taken(good: str) -> None:
    assert is_good(good, "keeper")


@pytest.mark.parametrize(
    "easy",
    ["short", "eleven char", "aaaaaaaaaaaaaaa", "abababababab", "passwordpassword", "keeperkeeper12", "x" * 129],
)
def test_what_anyone_tries_first_is_not(easy: str) -> None:
    assert not is_good(easy, "keeper")
