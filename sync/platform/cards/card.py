"""What a card says, and how cards look.

Upstream: nothing.
Downstream: ``sheet``, ``printing``, the commands, ``console``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Card:
    """What one card says; ``text`` is the code's, ``number`` as it shall be printed, ``until`` a local day.

    ``team``: of a visitor's card, which is good on the one day ``until``; empty on every other.
    """

    text: str
    name: str
    number: str
    until: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How cards look.

    Attributes:
        issuing_unit: 发证单位; the line is left out where it is empty.
        emblem: the official picture's file; its place closes up where there is none.
        single: one card a page instead of ten a sheet.
        backs: the backs too.
    """

    issuing_unit: str = ""
    emblem: Path | None = None
    single: bool = False
    backs: bool = False
