"""The platform's secret seeds as files of mode 0600: the root key, the issuer's key, and the platform's own.

The root key signs trust lists, revocations and whole reference data; the platform's own key its time and its pages of
changes, which it makes all day long.

Upstream: ``sync.protocol.signing``.
Downstream: ``registry``, ``demo``.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sync.platform.errors import KeyFileError
from sync.platform.ports import Entropy
from sync.protocol.enrolment import READABLE_BY_OTHERS
from sync.protocol.signing.keys import SEED_BYTES, SigningKey

ROOT, ISSUER, PLATFORM = "root.seed", "issuer.seed", "platform.seed"
KID_BYTES = 2
OWNER_ONLY = 0o600


def kid_of(key: SigningKey) -> bytes:
    """Return the 2-byte key id of a certificate key: the beginning of its public key's SHA-256."""
    return hashlib.sha256(key.public).digest()[:KID_BYTES]


def create_key(folder: Path, name: str, entropy: Entropy) -> SigningKey:
    """Make a new seed in ``folder`` and return its key.

    Raises:
        KeyFileError: a file of that name is there already, or the folder cannot be written.
    """
    seed = entropy(SEED_BYTES)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_secret(folder / name, seed.hex().encode() + b"\n")
    except OSError as error:
        raise KeyFileError(f"The key {folder / name} cannot be written: {error.strerror}.") from error
    return SigningKey(seed)


def load_key(folder: Path, name: str) -> SigningKey:
    """Return the key of a seed file.

    Raises:
        KeyFileError: missing, readable by others, or not a seed; the sentence says what to do.
    """
    path = folder / name
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(
            f"The key {path} cannot be read. Is keys_dir in the settings the folder that holds {ROOT} and {ISSUER}?"
        ) from error
    if mode & READABLE_BY_OTHERS:
        raise KeyFileError(f"Others may read the key {path} (mode {mode:04o}). Run: chmod 600 {path}")
    try:
        seed = bytes.fromhex(text)
    except ValueError:
        seed = b""
    if len(seed) != SEED_BYTES:
        raise KeyFileError(f"The key {path} is not {SEED_BYTES} bytes in hexadecimal. Bring it back from the backup.")
    return SigningKey(seed)


def platform_key(folder: Path, entropy: Entropy) -> SigningKey:
    """Return the platform's own key; one is made where there is a root key and none of its own yet.

    Raises:
        KeyFileError: as :func:`load_key`, and where the folder cannot be written.
    """
    if not (folder / PLATFORM).exists() and (folder / ROOT).exists():
        create_key(folder, PLATFORM, entropy)
    return load_key(folder, PLATFORM)


def _no_key() -> SigningKey:
    raise KeyFileError("This server was started without a folder of keys.")


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys that a server answers with; each is read when it is asked for.

    Attributes:
        root: signs what devices trust for good.
        platform: signs the platform's time and pages of changes.
    """

    root: Callable[[], SigningKey] = _no_key
    platform: Callable[[], SigningKey] = _no_key

    @classmethod
    def of(cls, folder: Path) -> Keyring:
        """Return the keys of a folder; what was read once is not read again."""
        return cls(cache(lambda: load_key(folder, ROOT)), cache(lambda: load_key(folder, PLATFORM)))


def write_secret(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read; an existing file is never overwritten.

    Raises:
        OSError: the file exists or cannot be made.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, in place of the one of that name, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    write_secret(part, content)
    part.replace(path)
