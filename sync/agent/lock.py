"""One agent a device file: a lock of the operating system beside the file, gone with whoever holds it.

Upstream: nothing.
Downstream: ``commands``.
"""

from __future__ import annotations

import fcntl
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class TakenError(Exception):
    """Another agent sends from this device file."""


@contextmanager
def only_agent_of(device_file: Path) -> Iterator[None]:
    """Be the only agent of a device file.

    Raises:
        TakenError: there is one already.
    """
    with _lock_of(device_file).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TakenError from error
        yield


def is_taken(device_file: Path) -> bool:
    """Tell whether an agent sends from this device file now."""
    with suppress(FileNotFoundError), _lock_of(device_file).open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _lock_of(device_file: Path) -> Path:
    return device_file.with_name(f"{device_file.name}-agent-lock")
