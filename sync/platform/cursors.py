"""Cursors of the changes feed: opaque to devices, a place in the versions of one scope to the platform. Pure.

Upstream: nothing.
Downstream: ``feed``.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

_FORM = re.compile(r"([0-9a-f]{24})\.([0-9]{1,16})\.([0-9]{1,16})")


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a device has read.

    Attributes:
        of: what it is a cursor of (:func:`tag`).
        version: everything up to it has been read.
        tombstones_after: those up to it were left out: a snapshot began there.
    """

    of: str
    version: int
    tombstones_after: int = 0

    @property
    def knows_to(self) -> int:
        """The version up to which nothing that is gone can still stand at the device."""
        return max(self.version, self.tombstones_after)

    def __str__(self) -> str:
        """Return it as it travels."""
        return f"{self.of}.{self.version}.{self.tombstones_after}"


def tag(*parts: str) -> str:
    """Return what tells the cursors of one epoch, scope and place from all others."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def read_cursor(text: str) -> Cursor | None:
    """Return a cursor that came back; None where this is none."""
    found = _FORM.fullmatch(text)
    return Cursor(found[1], int(found[2]), int(found[3])) if found else None
