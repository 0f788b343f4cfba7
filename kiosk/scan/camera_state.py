"""What the camera is doing, as a table that the screen and the health record can trust.

                 BRIGHT              DARK
    STARTING ─────────────▶ SEEING ◀──────▶ DARK
                             ▲   │
                      BRIGHT │   │ STUCK (the same picture, or none, for 2 s)
                             │   ▼
                             FROZEN           LOST   from anywhere but ENDED ─▶ GONE; BRIGHT or DARK brings it back
                                              OVER   from anywhere           ─▶ ENDED, for good

*Upstream*: `eyesight` and the source give the signs. *Downstream*: `camera`, `events`.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType


class CameraState(Enum):
    """What a person in front of the kiosk may be told."""

    STARTING = "starting"
    SEEING = "seeing"
    DARK = "dark"
    FROZEN = "frozen"
    GONE = "gone"
    ENDED = "ended"


class CameraSign(Enum):
    """What just happened at the source."""

    BRIGHT = "bright"
    DARK = "dark"
    STUCK = "stuck"
    LOST = "lost"
    OVER = "over"


_S = CameraState
_FROM_A_PICTURE = {CameraSign.BRIGHT: _S.SEEING, CameraSign.DARK: _S.DARK}
_ALIVE = {**_FROM_A_PICTURE, CameraSign.STUCK: _S.FROZEN, CameraSign.LOST: _S.GONE, CameraSign.OVER: _S.ENDED}

TRANSITIONS: Mapping[CameraState, Mapping[CameraSign, CameraState]] = MappingProxyType(
    {
        _S.STARTING: _ALIVE,
        _S.SEEING: _ALIVE,
        _S.DARK: _ALIVE,
        _S.FROZEN: _ALIVE,
        _S.GONE: {**_FROM_A_PICTURE, CameraSign.STUCK: _S.GONE, CameraSign.LOST: _S.GONE, CameraSign.OVER: _S.ENDED},
        _S.ENDED: dict.fromkeys(CameraSign, _S.ENDED),
    }
)


def after(state: CameraState, sign: CameraSign) -> CameraState:
    """Return the state that follows; the table is complete."""
    return TRANSITIONS[state][sign]
