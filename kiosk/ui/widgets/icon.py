"""One picture of the icon font, by its name.

Upstream: ``assets/icons/icons.json``, read once by ``app``.
Downstream: badges, buttons, tiles.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kivy.properties import StringProperty
from kivy.uix.label import Label

from kiosk.ui.kv import load_beside

if TYPE_CHECKING:
    from pathlib import Path

_GLYPHS: dict[str, str] = {}


def read_glyphs(icons: Path) -> None:
    """Read the code point of every icon, once."""
    table = json.loads((icons / "icons.json").read_text("utf-8"))
    _GLYPHS.update({name: chr(int(codepoint, 16)) for name, codepoint in table.items()})


class Icon(Label):
    """A glyph; ``name`` as in :class:`kiosk.presenter.icons.Icon`."""

    name = StringProperty("")

    def on_name(self, _icon: object, name: str) -> None:
        self.text = _GLYPHS.get(name, "")


load_beside(__file__)
