"""A sheet of the idle screen with its title: picture, words, and one figure at the right.

Upstream: ``rounded``.
Downstream: the idle screen, by its .kv.
"""

from __future__ import annotations

from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.rounded import Panel


class PanelTitle(BoxLayout):
    """What a sheet is about."""

    icon = StringProperty("")
    title = StringProperty("")
    figure = StringProperty("")


class InfoPanel(Panel):
    """A sheet of the idle screen."""


load_beside(__file__)
