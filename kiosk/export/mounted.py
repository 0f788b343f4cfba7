"""The sticks that are plugged in: what is mounted under the folders where a desktop or an operator mounts them.

Upstream: the system's table of mounts.
Downstream: ``kiosk.composition``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TABLE = Path("/proc/self/mounts")
_OCTAL = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class MountedSticks:
    """Looks into the table each time; ``under`` are the folders whose mounts are taken for sticks."""

    under: tuple[Path, ...]
    table: Path = TABLE
    writable: Callable[[Path], bool] = lambda folder: os.access(folder, os.W_OK)

    def __call__(self) -> tuple[Path, ...]:
        """Return the folders to write to, by name; none where the table cannot be read."""
        try:
            lines = self.table.read_text("utf-8", "surrogateescape").splitlines()
        except OSError:
            return ()
        mounts = {_plain(line.split(" ")[1]) for line in lines if line.count(" ") > 1}
        found = (mount for mount in mounts if any(root in mount.parents for root in self.under))
        return tuple(sorted(mount for mount in found if self.writable(mount)))


def _plain(field: str) -> Path:
    """Return a path as it is: the table writes a space as an octal number (fstab(5))."""
    return Path(_OCTAL.sub(lambda octal: chr(int(octal[1], 8)), field))
