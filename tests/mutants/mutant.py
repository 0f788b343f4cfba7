"""A mutant: one thing done wrong on purpose, and the tests that must notice.

Upstream: nothing.
Downstream: the rooms (``clock`` …), ``__main__``, tests/guards/test_mutants.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One textual edit of one source file.

    Attributes:
        name: what is done wrong, in words joined by hyphens.
        file: the source, from the root of the checkout.
        old: what stands there, exactly once.
        new: what is put in its place.
        tests: what pytest is given; some of it must turn red.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def fits(self, root: Path) -> bool:
        """Tell whether the edit applies to the tree at ``root``."""
        return (root / self.file).read_text(encoding="utf-8").count(self.old) == 1
