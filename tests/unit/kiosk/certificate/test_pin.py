"""Six digits, kept as Argon2id and nothing else."""

from __future__ import annotations

import pytest

from kiosk.certificate.pin import hashed, is_easy, is_pin, matches

SALT = bytes(range(16))
KEPT = hashed("274918", SALT)


def test_what_is_kept_is_argon2id_and_matches_its_pin_alone() -> None:
    assert KEPT.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert "274918" not in KEPT
    assert matches(KEPT, "274918")
    assert not matches(KEPT, "274919")
    assert hashed("274918", SALT[::-1]) != KEPT


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "12a456", "１２３４５６", "123456\n", "-12345"])
def test_what_is_no_pin_never_matches(pin: str) -> None:
    assert not is_pin(pin)
    assert not matches(KEPT, pin)


@pytest.mark.parametrize("kept", ["", "x", "$argon2id$broken", KEPT[:-4]])
def test_what_was_kept_wrongly_matches_nothing(kept: str) -> None:
    assert not matches(kept, "274918")


@pytest.mark.parametrize("pin", ["000000", "111111", "123456", "654321", "121212", "123123", "567890"])
def test_easy_pins_are_known(pin: str) -> None:
    assert is_easy(pin)
    assert not is_easy("274918")
