"""The look: colours by role, one unit for every length, the faces; the only place that knows a colour.

Upstream: ``options``, ``kiosk.presenter.views.Tone``.
Downstream: every .kv, as ``theme``.

Lengths in .kv are written for 1280×800 (or 800×1280) and multiplied by ``theme.unit``. Every pair of text and ground
keeps a contrast of 7:1 or more (WCAG AAA); ``tests/unit/kiosk/ui`` computes it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from kivy.core.text import LabelBase
from kivy.event import EventDispatcher
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty
from kivy.utils import get_color_from_hex

from kiosk.presenter.views import Tone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

WIDE, HIGH = 1280, 800
TARGET_MM = 20


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
    accent="#A50F26",
    accent_deep="#7E0A1C",
    accent_text="#FFFFFF",
    gold="#FFE3A3",
    edge="#00000000",
    tones=MappingProxyType(
        {
            Tone.ACCENT: Pair("#A50F26", "#FFFFFF"),
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


class Theme(EventDispatcher):
    """The look in force; .kv files bind to it."""

    unit = NumericProperty(1.0)
    touch = NumericProperty(84.0)
    portrait = BooleanProperty(False)
    paper = ColorProperty(WARM.paper)
    card = ColorProperty(WARM.card)
    ink = ColorProperty(WARM.ink)
    soft_ink = ColorProperty(WARM.soft_ink)
    line = ColorProperty(WARM.line)
    accent = ColorProperty(WARM.accent)
    accent_deep = ColorProperty(WARM.accent_deep)
    accent_text = ColorProperty(WARM.accent_text)
    gold = ColorProperty(WARM.gold)
    edge = ColorProperty(WARM.edge)
    palette = WARM

    def use(self, palette: Palette) -> None:
        """Take every colour from this palette."""
        self.palette = palette
        for role in ("paper", "card", "ink", "soft_ink", "line", "accent", "accent_deep", "accent_text", "gold", "edge"):
            setattr(self, role, getattr(palette, role))

    def fit(self, width: float, height: float, pixels_per_mm: float) -> None:
        """Set the unit and the least size of a control for a window of this many pixels."""
        self.portrait = height > width
        across, along = (HIGH, WIDE) if self.portrait else (WIDE, HIGH)
        self.unit = min(width / across, height / along)
        self.touch = TARGET_MM * pixels_per_mm

    def ground(self, tone: Tone) -> list[float]:
        """Return the ground of a role, RGBA 0…1."""
        return list(get_color_from_hex(self.palette.tones[tone].ground))

    def text(self, tone: Tone) -> list[float]:
        """Return the text of a role, RGBA 0…1."""
        return list(get_color_from_hex(self.palette.tones[tone].text))


THEME = Theme()


def register_faces(fonts: Path, icons: Path) -> None:
    """Make the faces known as ``body``, ``heading`` and ``icons``; nothing is read before the first text."""
    LabelBase.register("body", str(fonts / "NotoSansCJKsc-Regular.otf"))
    LabelBase.register("heading", str(fonts / "NotoSansCJKsc-Bold.otf"))
    LabelBase.register("icons", str(icons / "duty-icons.ttf"))
