"""A number that is typed carries a check digit: no single slip of a finger names another volunteer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.check_digit import check_digit, number_of

NUMBERS = st.text("0123456789", min_size=1, max_size=31)


def test_the_example_of_the_standard() -> None:
    assert check_digit("0794") == "5"  # ISO/IEC 7064, MOD 11,10


@given(NUMBERS)
def test_a_number_is_read_back(number: str) -> None:
    assert number_of(number + check_digit(number)) == number


@given(NUMBERS, st.data())
def test_every_wrong_digit_is_seen(number: str, data: st.DataObject) -> None:
    typed = number + check_digit(number)
    at = data.draw(st.integers(0, len(typed) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != typed[at]]))
    assert number_of(typed[:at] + other + typed[at + 1 :]) is None


@pytest.mark.parametrize("typed", ["", "7", "a7", "12x", "０７９４５", "07 945", "-07945", "²³"])
def test_anything_else_is_no_number(typed: str) -> None:
    assert number_of(typed) is None


@pytest.mark.parametrize("number", ["", "12a", "１２", "-1"])
def test_only_digits_have_one(number: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        check_digit(number)
