"""What stands between this platform and one that speaks otherwise: the port of every adapter.

Upstream: ``lines``.
Downstream: ``delivering`` drives one; ``files`` is the first.

How to write another, say for an HTTP interface of a provincial platform: one class with the two methods below, made in
``commands.upward`` for a new ``TargetKind``. Everything else is done for it: which duties are due, what was told before
and is a correction now, the cursor, repeating after a crash, the status. It keeps nothing itself, and has to hold to
three things:

* ``take`` may be called again with the same number and other lines: a crash came before what it did was noted. Name
  what you send by ``parcel`` and record number, so that the second time replaces the first.
* ``take`` reads ``lines`` once, one after another, and never gathers them: there may be more than memory holds.
* A line that the other side refuses goes into ``refused`` with its reason, in words a person can act on; it does not
  stop the others. What stops everything (no network, no disk) is raised as :class:`AdapterError`; it is tried again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sync.platform.errors import PlatformError
from sync.platform.upward.lines import ReportLine


class AdapterError(PlatformError):
    """The other platform, or the way to it, cannot be used now; nothing was noted, and the parcel goes again."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What an adapter says of a parcel: a proof that it can find again, and the lines that were refused, with why."""

    proof: str
    refused: Mapping[str, str] = field(default_factory=dict)


class Adapter(Protocol):
    """A way to a platform that speaks otherwise."""

    def take(self, parcel: int, lines: Iterable[ReportLine]) -> Taken:
        """Bring one parcel to where a crash cannot lose it any more.

        Raises:
            AdapterError: it could not; nothing of it counts.
        """
        ...

    def settle(self, parcel: int, proof: str) -> bool:
        """Finish a parcel after it was noted as taken; called again until it returned, once at least.

        Returns:
            False where nothing of the parcel is to be found any more: then all of it goes again.

        Raises:
            AdapterError: not now.
        """
        ...
