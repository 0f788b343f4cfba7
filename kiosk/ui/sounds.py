"""What is heard with an outcome; without a sound card the kiosk is silent and whole.

Upstream: ``assets/sounds``.
Downstream: ``app``.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from kivy.core.audio import SoundLoader

from kiosk.presenter.views import Sound

if TYPE_CHECKING:
    from pathlib import Path

_LOG = logging.getLogger(__name__)


class Sounds:
    """Every sound, loaded once."""

    def __init__(self, folder: Path, volume: float) -> None:
        """Load what can be loaded. ``volume`` 0 to 1; 0 loads nothing."""
        self._players: dict[Sound, Any] = {}
        for sound in Sound if volume > 0 else ():
            player = SoundLoader.load(str(folder / f"{sound}.wav"))
            if player is None:
                _LOG.warning("no sound %s: the kiosk stays silent for it", sound)
                continue
            player.volume = volume
            self._players[sound] = player

    def play(self, sound: Sound) -> None:
        """Play it from its beginning, over whatever still sounds."""
        player = self._players.get(sound)
        if player is not None:
            player.stop()
            player.play()
