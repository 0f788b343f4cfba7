"""Every text of both looks can be read in the sun: 7:1 or more to its ground (WCAG AAA)."""

from __future__ import annotations

import pytest

from kiosk.presenter.views import Tone
from kiosk.ui.palette import STARK, WARM, Palette

ENOUGH = 7.0


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("look", [WARM, STARK], ids=["warm", "stark"])
def test_every_text_stands_out(look: Palette) -> None:
    pairs = [(look.tones[tone].text, look.tones[tone].ground) for tone in Tone]
    pairs += [(ink, ground) for ink in (look.ink, look.soft_ink, look.accent) for ground in (look.paper, look.card)]
    pairs += [(look.accent_text, ground) for ground in (look.accent, look.accent_deep)] + [(look.gold, look.accent)]
    assert [(pair, round(contrast(*pair), 2)) for pair in pairs if contrast(*pair) < ENOUGH] == []


def test_a_known_contrast_is_computed_right() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
