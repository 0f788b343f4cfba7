"""Key files: made once, for their owner's eyes, refused when others may read them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from sync.platform.errors import KeyFileError
from sync.platform.keys import ISSUER, create_key, kid_of, load_key


def fixed(count: int) -> bytes:
    return b"\x07" * count


def test_a_key_that_was_made_is_found_again(tmp_path: Path) -> None:
    made = create_key(tmp_path / "keys", ISSUER, fixed)
    found = load_key(tmp_path / "keys", ISSUER)
    assert (found.public, kid_of(found)) == (made.public, kid_of(made))
    assert stat.S_IMODE((tmp_path / "keys" / ISSUER).stat().st_mode) == 0o600


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    create_key(tmp_path, ISSUER, fixed)
    with pytest.raises(KeyFileError, match="cannot be written"):
        create_key(tmp_path, ISSUER, fixed)


def test_a_key_others_may_read_is_refused_with_what_to_do(tmp_path: Path) -> None:
    create_key(tmp_path, ISSUER, fixed)
    (tmp_path / ISSUER).chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load_key(tmp_path, ISSUER)


@pytest.mark.parametrize("text", ["", "zz", "00" * 31])
def test_what_is_not_a_seed_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / ISSUER).write_text(text)
    (tmp_path / ISSUER).chmod(0o600)
    with pytest.raises(KeyFileError, match="32 bytes"):
        load_key(tmp_path, ISSUER)


def test_a_missing_key_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="keys_dir"):
        load_key(tmp_path, ISSUER)
