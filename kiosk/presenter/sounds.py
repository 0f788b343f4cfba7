"""Which sound is heard with which cue; a card that closes is silent.

Upstream: ``navigation``, ``views``.
Downstream: ``kiosk_presenter``.
"""

from __future__ import annotations

from types import MappingProxyType

from kiosk.presenter.navigation import Cue
from kiosk.presenter.views import Sound

SOUNDS = MappingProxyType(
    {
        Cue.CHECKED_IN: Sound.START,
        Cue.CHECKED_OUT: Sound.END,
        Cue.ASKED: Sound.QUESTION,
        Cue.GROUP_SCANNED: Sound.START,
        Cue.JUST_STARTED: Sound.QUESTION,
        Cue.UNDONE: Sound.QUESTION,
        Cue.CAPTAIN_NEEDED: Sound.QUESTION,
        Cue.REFUSED: Sound.REFUSAL,
        Cue.NOT_RECORDED: Sound.REFUSAL,
        Cue.UNDO_REFUSED: Sound.REFUSAL,
        Cue.MOVE_REFUSED: Sound.REFUSAL,
    }
)
