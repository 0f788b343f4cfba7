"""The enrolment file as the agent keeps it: read where it changed, written whole or not at all.

Upstream: ``sync.protocol.enrolment``.
Downstream: ``rotating``, ``enrolling``, ``lines``, the commands.

A new file is written beside it, flushed to the disk with its folder, and only then takes its name; its mode is 0600
from the first byte on. Whoever changes it holds the lock beside it.
"""

from __future__ import annotations

import fcntl
import os
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from sync.protocol.enrolment import Enrolment, read_enrolment
from sync.protocol.errors import ProtocolError
from sync.protocol.signing.keys import SigningKey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OWNER_ONLY = 0o600
Mark = tuple[int, int, int]  # inode, size, time of the last change (ns)
KEY_ID_DIGITS = 16


@dataclass(frozen=True, slots=True)
class KeyIds:
    """Under which ids a device signs with its keys; None where it has no such key."""

    earlier: str | None
    present: str
    coming: str | None


class EnrolmentError(Exception):
    """The enrolment file cannot be read or written; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class EnrolmentFile:
    """The file that makes a machine this station's device."""

    path: Path

    def read(self) -> Enrolment:
        """Return what it says.

        Raises:
            EnrolmentError: it is missing, readable by others, or not an enrolment.
        """
        try:
            return read_enrolment(self.path.read_bytes(), stat.S_IMODE(self.path.stat().st_mode))
        except OSError as error:
            why = f"{error.strerror}; bring the device's enrolment file there, or: sync.agent enrol URL CODE"
            raise EnrolmentError(f"{self.path}: {why}") from error
        except ProtocolError as error:
            raise EnrolmentError(f"{self.path}: {error}") from error

    def mark(self) -> Mark | None:
        """Return what changes whenever the file does; None where it is not there."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns

    def write(self, enrolment: Enrolment) -> None:
        """Put another in its place; after a power cut there is the one or the other, whole.

        Raises:
            EnrolmentError: it cannot be written; what was there stands.
        """
        try:
            write_secret(self.path, msgspec.json.encode(enrolment))
        except OSError as error:
            raise EnrolmentError(f"{self.path} cannot be written: {error.strerror}") from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let nobody else change it meanwhile."""
        with self.path.with_name(f"{self.path.name}.lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def write_secret(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 whole, through a new one beside it, and flush both to the disk."""
    fresh = path.with_name(f"{path.name}.new")
    with suppress(FileNotFoundError):
        fresh.unlink()
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def key_id_of(enrolment: Enrolment) -> str:
    """Return the id under which the device signs: its own, followed by the key's first digits after its first key."""
    return _key_id(enrolment.device, enrolment.seed, is_first=not enrolment.earlier_public)


def key_ids(enrolment: Enrolment) -> KeyIds:
    """Return the ids of the device's keys, those before and after the present one too."""
    device, is_second = enrolment.device, len(enrolment.earlier_public) == 1
    earlier, coming = enrolment.earlier_seed, enrolment.next_seed
    return KeyIds(
        earlier=None if earlier is None else _key_id(device, earlier, is_first=is_second),
        present=key_id_of(enrolment),
        coming=None if coming is None else _key_id(device, coming, is_first=False),
    )


def _key_id(device: str, seed: str, *, is_first: bool) -> str:
    public = SigningKey(bytes.fromhex(seed)).public.hex()
    return device if is_first else f"{device}/{public[:KEY_ID_DIGITS]}"
