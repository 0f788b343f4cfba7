"""What a program asked of the disk, in order, with the instants at which it said that something is recorded.

*Upstream*: nothing. *Downstream*: `recorder` writes it, `disk` plays it back.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Created:
    """A name that was not there before now leads to a new, empty file."""

    name: str
    inode: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A name was taken away; the file lives on for those who have it open."""

    name: str


@dataclass(frozen=True, slots=True)
class Written:
    """These bytes stand from this offset on, once they reach the disk."""

    inode: int
    offset: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Truncated:
    """The file was cut, or grown, to this many bytes."""

    inode: int
    size: int


@dataclass(frozen=True, slots=True)
class Synced:
    """All that was asked of this file before is on the disk."""

    inode: int


@dataclass(frozen=True, slots=True)
class DirectorySynced:
    """All names made or taken away before are on the disk."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The program said so: these events are recorded, and of these it knows that the platform has them."""

    recorded: frozenset[str]
    settled: frozenset[str]


Operation = Created | Removed | Written | Truncated | Synced | DirectorySynced | Acknowledged
Trace = tuple[Operation, ...]
