"""The demo's script: who shows which card when, and while the network is away.

Upstream: ``kiosk.scan.scene``.
Downstream: ``play``.

::

    s    0 ── 3 ──────── 9 ────── 15 ──── 21 ────── 27 ────── 33 ─── 40
         first in   second in   second   forged   first out  second out
                                again
    network   there   │◀──────── away ────────▶│   there
                      7                       30
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.scan.scene.acts import Act

DURATION_S = 40.0
AWAY_FROM_S, AWAY_UNTIL_S = 7.0, 30.0
FPS = 15.0
SIZE = (1280, 720)
SEED = 20170616  # the day of the policy
HOLD_S = 2.0
SERVED = 2  # duties that start and end in the scene
JUST_STARTED_S = 12  # the demo's hours are seconds: a real station waits three minutes


@dataclass(frozen=True, slots=True)
class Cast:
    """The texts on the cards: two volunteers' certificates and a forged one."""

    first: str
    second: str
    forged: str


def acts_of(cast: Cast) -> tuple[Act, ...]:
    """Return the acts of the scene."""
    return (
        Act(cast.first, 3.0, HOLD_S, look=0),
        Act(cast.second, 9.0, HOLD_S, look=1),
        Act(cast.second, 15.0, HOLD_S, look=1),
        Act(cast.forged, 21.0, HOLD_S, look=2),
        Act(cast.first, 27.0, HOLD_S, look=0),
        Act(cast.second, 33.0, HOLD_S, look=1),
    )
