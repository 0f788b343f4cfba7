"""What a disk may hold when the power goes: everything that was synced, and of the rest whatever it likes.

*Upstream*: `trace`. *Downstream*: `images`.

The model, file by file:

* What was written before a file's last sync stands. Of what was written since, any part may stand, in any order: writes
  are cut into sectors, and each sector stands or does not.
* A sector is as it was or as it was asked to be, never garbage (SQLite's "powersafe overwrite"). Where the file grew
  and a sector did not reach the disk, the length may have: then zeros or noise stand there.
* A cut of the file since its last sync happened or did not.
* Names (made, taken away) since the folder's last sync reach the disk in the order in which they were asked for, as
  journaling file systems keep them: some first part of them stands. A file without its name is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from tests.power_cut.trace import (
    Acknowledged,
    Created,
    DirectorySynced,
    Operation,
    Removed,
    Synced,
    Truncated,
    Written,
)

Files = dict[str, bytes]
Change = Written | Truncated


class Whim(Protocol):
    """How one disk fails."""

    @property
    def sector(self) -> int:
        """Bytes that stand or fall together; 0: a whole write does."""

    @property
    def filler(self) -> bytes | None:
        """The byte that stands where only the file's length reached the disk; None: no length does."""

    def stands(self, number: int, of: int) -> bool:
        """Whether the n-th of some unsynced pieces of a file reached the disk."""

    def names(self, of: int) -> int:
        """How many of the unsynced changes of names did."""


@dataclass(slots=True)
class File:
    """One file: what surely stands, and what was asked since."""

    synced: bytes = b""
    since: list[Change] = field(default_factory=list)

    def sync(self) -> None:
        """Everything asked so far stands."""
        if self.since:
            self.synced, self.since = _applied(self.synced, self.since), []

    def after(self, whim: Whim) -> bytes:
        """Return what this file may be after the cut."""
        pieces = [piece for change in self.since for piece in _pieces(change, whim.sector)]
        standing = [piece for number, piece in enumerate(pieces) if whim.stands(number, len(pieces))]
        content = _applied(self.synced, standing)
        longest = len(_applied(self.synced, self.since)) if whim.filler is not None else 0
        return content + (whim.filler or b"") * max(0, longest - len(content))


class Disk:
    """The disk at one instant of a trace."""

    def __init__(self, before: Mapping[str, bytes]) -> None:
        """Begin with files that surely stand."""
        self._files = {number: File(content) for number, content in enumerate(before.values())}
        self._names = {name: number for number, name in enumerate(before)}
        self._names_since: list[tuple[str, int | None]] = []
        self.said = Acknowledged(frozenset(), frozenset())

    def play(self, operation: Operation) -> None:
        """Let one operation of the trace happen."""
        match operation:
            case Created(name, inode):
                self._files[inode] = File()
                self._names_since.append((name, inode))
            case Removed(name):
                self._names_since.append((name, None))
            case Written(inode) | Truncated(inode):
                self._files[inode].since.append(operation)
            case Synced(inode):
                self._files[inode].sync()
            case DirectorySynced():
                self._names, self._names_since = self._named(len(self._names_since)), []
            case Acknowledged():
                self.said = operation

    def after(self, whim: Whim) -> Files:
        """Return the files that a disk of this whim holds when the power goes now."""
        names = self._named(whim.names(len(self._names_since)))
        return {name: self._files[inode].after(whim) for name, inode in names.items()}

    def _named(self, first: int) -> dict[str, int]:
        names = dict(self._names)
        for name, inode in self._names_since[:first]:
            if inode is None:
                names.pop(name, None)
            else:
                names[name] = inode
        return names


def _pieces(change: Change, sector: int) -> Iterator[Change]:
    if isinstance(change, Truncated) or sector == 0:
        yield change
        return
    at, end = change.offset, change.offset + len(change.content)
    while at < end:
        until = min(end, at // sector * sector + sector)
        yield Written(change.inode, at, change.content[at - change.offset : until - change.offset])
        at = until


def _applied(content: bytes, changes: Iterable[Change]) -> bytes:
    now = bytearray(content)
    for change in changes:
        if isinstance(change, Truncated):
            now = now[: change.size] + bytes(max(0, change.size - len(now)))
            continue
        now.extend(bytes(max(0, change.offset - len(now))))
        now[change.offset : change.offset + len(change.content)] = change.content
    return bytes(now)
