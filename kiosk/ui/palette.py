"""Every colour by its role, in the warm look and in the stark one; the only place that knows a colour.

Upstream: ``kiosk.presenter.views.Tone``.
Downstream: ``theme``.

Every text keeps a contrast of 7:1 or more to its ground (WCAG AAA), as ``tests/integration/ui`` computes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from kiosk.presenter.views import Tone

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Pair:
    """A ground and the text on it, as ``#rrggbb``."""

    ground: str
    text: str


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour by its role; ``edge`` is an outline, transparent where shadows do its work."""

    paper: str
    card: str
    ink: str
    soft_ink: str
    line: str
    accent: str
    accent_deep: str
    accent_text: str
    gold: str
    edge: str
    tones: Mapping[Tone, Pair]


WARM = Palette(
    paper="#F6F0E4",
    card="#FFFDF8",
    ink="#241A14",
    soft_ink="#55463B",
    line="#E4D9C6",
    accent="#9C0E24",
    accent_deep="#74091A",
    accent_text="#FFFFFF",
    gold="#FFF0CB",
    edge="#00000000",
    tones=MappingProxyType(
        {
            Tone.ACCENT: Pair("#9C0E24", "#FFFFFF"),
            Tone.GOOD: Pair("#DDEFDF", "#0F4A26"),
            Tone.CALM: Pair("#E0EAF4", "#143A62"),
            Tone.WARN: Pair("#FCE9BC", "#573900"),
            Tone.BAD: Pair("#FADFDB", "#7A0E12"),
            Tone.QUIET: Pair("#EEE5D6", "#3A2D24"),
        }
    ),
)
STARK = replace(
    WARM,
    paper="#FFFFFF",
    card="#FFFFFF",
    ink="#000000",
    soft_ink="#000000",
    line="#000000",
    accent="#7A0014",
    accent_deep="#4A000C",
    gold="#FFFFFF",
    edge="#000000",
    tones=MappingProxyType(
        {tone: Pair("#FFFFFF", "#000000") for tone in Tone} | {Tone.ACCENT: Pair("#7A0014", "#FFFFFF")}
    ),
)
