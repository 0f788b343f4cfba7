"""The look in force: colours by role, one unit for every length, the faces.

Upstream: ``palette``, ``options``.
Downstream: every .kv, as ``theme``.

Lengths in .kv are written for 1280×800 (or 800×1280) and multiplied by ``theme.unit``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kivy.core.text import LabelBase
from kivy.event import EventDispatcher
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty
from kivy.utils import get_color_from_hex

from kiosk.ui.palette import WARM, Palette

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.presenter.views import Tone

ROLES = ("paper", "card", "ink", "soft_ink", "line", "accent", "accent_deep", "accent_text", "gold", "edge")
WIDE, HIGH = 1280, 800
TARGET_MM = 20


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
        for role in (
            "paper",
            "card",
            "ink",
            "soft_ink",
            "line",
            "accent",
            "accent_deep",
            "accent_text",
            "gold",
            "edge",
        ):
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
