"""A mark beside the device file: something read from it was damaged, so that the next opening looks at all of it.

Upstream: ``faults``.
Downstream: ``device_file``.

The mark is an empty file, so that it outlives the process that met the damage. Where it cannot be made, a small file is
looked at whole anyway.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def suspect(file: Path) -> None:
    """Put the mark."""
    if file.parent.is_dir():
        with suppress(OSError):
            _mark(file).touch()


def is_suspect(file: Path) -> bool:
    """Tell whether the mark stands."""
    return _mark(file).exists()


def clear(file: Path) -> None:
    """Take the mark away: the file was looked at whole and is sound."""
    with suppress(OSError):
        _mark(file).unlink(missing_ok=True)


def _mark(file: Path) -> Path:
    return file.with_name(f"{file.name}-suspect")
