"""Targets: the platforms that are told, how, and where their files lie.

Upstream: nothing.
Downstream: ``store.targets``, the rest of this room.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sync.platform.errors import PlatformError

NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")


class TargetKind(StrEnum):
    """How a platform is told."""

    RELAY = "relay"  # it speaks the protocol: every event goes there as it came
    FILES = "files"  # it takes files of decided duties


class FileFormat(StrEnum):
    """What the files of a target are."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Target:
    """A platform that is told.

    Attributes:
        name: a word that names its files too.
        names: whether volunteers' names go there; ``basis`` says on what legal ground (个保法 Arts 13, 23), and whoever
            set it up stands for it.
        format: of files.
        undecided: whether files hold duties that no person has decided yet, marked as such.
        made_ms: when it was set up, UTC ms.
    """

    name: str
    kind: TargetKind
    names: bool
    basis: str
    made_ms: int
    format: FileFormat = FileFormat.XLSX
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class Reported:
    """What a target was last told of a session: the fingerprint of the line, the parcel it went in, the one before."""

    session: str
    fingerprint: str
    parcel: int
    before: int
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """Some lines that went to a target together; ``taken_ms`` is UTC ms, ``settled`` that nothing is left to do."""

    number: int
    lines: int
    corrections: int
    proof: str
    taken_ms: int
    settled: bool = False


@dataclass(frozen=True, slots=True)
class ParcelTotals:
    """All parcels of a target, and how many lines it did not take."""

    parcels: int = 0
    lines: int = 0
    corrections: int = 0
    last_ms: int | None = None
    refused: int = 0


@dataclass(frozen=True, slots=True)
class TargetFiles:
    """Where the files of a relay lie."""

    folder: Path
    name: str

    @property
    def mailbox(self) -> Path:
        """Its mailbox."""
        return self.folder / f"{self.name}.sqlite"

    @property
    def enrolment(self) -> Path:
        """What makes this platform a device of the next one."""
        return self.folder / f"{self.name}.enrolment.json"

    @property
    def agent(self) -> Path:
        """The settings of its agent."""
        return self.folder / f"{self.name}.toml"


def checked_name(name: str) -> str:
    """Return a target's name.

    Raises:
        PlatformError: it is not a word that a file can be called by.
    """
    if not NAME.fullmatch(name):
        raise PlatformError(f"{name!r} cannot name a target: a small letter first, then letters, digits, hyphens.")
    return name
