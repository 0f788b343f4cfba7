"""What may happen to the running program: it is killed, in the middle of a transaction too; the power goes.

Upstream: ``tests.support.station``.
Downstream: ``duty_machine``.

A kill leaves what is on the disk at that instant: the file and its log are copied, and the next program is started on
the copy. SQLite of the dead program never gets to tidy anything up.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.support.station import Booth

LEFT_ON_DISK = ("device.sqlite", "device.sqlite-wal", "enrolment.json")


class KilledError(Exception):
    """The program is dead; nothing of ours catches this."""


def image_of(booth: Booth) -> Path:
    """Copy what is on the disk at this instant to another folder, and return it."""
    target = booth.folder.with_name(f"{booth.folder.name}x")
    target.mkdir()
    for name in LEFT_ON_DISK:
        with suppress(FileNotFoundError):
            shutil.copy(booth.folder / name, target / name)
    return target


def start_on(booth: Booth, folder: Path) -> None:
    """Start the program on what was left in a folder."""
    booth.station.close()
    booth.folder, booth.file = folder, folder / "device.sqlite"
    booth.station = booth.opened()


def kill(booth: Booth) -> None:
    """Kill the program between two transactions, and start it again."""
    start_on(booth, image_of(booth))


def kill_within(booth: Booth, act: Any, at_append: int | None, *arguments: Any) -> bool:
    """Do an act of a program that is killed within its transaction, and start the program again.

    Args:
        booth: where.
        act: a use case with a ledger, or with a room that has one.
        at_append: after so many appends; None: at the very end, before the commit.
        arguments: of the act.

    Returns:
        Whether it came to that; an act that records nothing ends before.
    """
    mortal = _Mortal(booth.station.device.ledger, at_append, lambda: image_of(booth))
    room = getattr(act, "room", None)
    doomed = replace(act, ledger=mortal) if room is None else replace(act, room=replace(room, ledger=mortal))
    with suppress(KilledError):
        doomed(*arguments)
    if mortal.image is None:
        return False
    start_on(booth, mortal.image)
    return True


@dataclass
class _Mortal:
    """The port ``Ledger`` of a program that is killed within its next transaction that writes."""

    ledger: Any
    at_append: int | None
    picture: Callable[[], Path]
    image: Path | None = None

    def reading(self) -> Any:
        return self.ledger.reading()

    @contextmanager
    def writing(self) -> Iterator[Any]:
        with self.ledger.writing() as writing:
            transaction = _Transaction(writing, self)
            yield transaction
            if transaction.appended:
                self.die()

    def die(self) -> None:
        self.image = self.picture()
        raise KilledError


class _Transaction:
    """The port ``Writing``, counting what is appended."""

    def __init__(self, writing: Any, mortal: _Mortal) -> None:
        self._writing, self._mortal = writing, mortal
        self.appended = 0

    def append(self, *arguments: Any) -> Any:
        envelope = self._writing.append(*arguments)
        self.appended += 1
        if self.appended == self._mortal.at_append:
            self._mortal.die()
        return envelope

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writing, name)
