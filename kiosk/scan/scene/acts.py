"""Who shows what and when: the script of a scene, and where everybody is at an instant.

    at_s - 2.2        at_s - 0.7      at_s         at_s + hold_s        + 0.6            + 2.1
       │ walks in        │ lifts card   │ holds still    │ lowers card      │ walks on       │ gone

*Upstream*: the demo's script. *Downstream*: `film` asks for the pose of each frame.
"""

import math
from dataclasses import dataclass

WALK_S = 1.5
LIFT_S = 0.7
LOWER_S = 0.6


@dataclass(frozen=True, slots=True)
class Act:
    """One volunteer shows one card, or two.

    Attributes:
        text: what the code says, any text that fits a QR code.
        at_s: when the card has come to rest, seconds from the beginning of the film.
        hold_s: how long it is held still, seconds.
        look: which volunteer, any number; the same number looks the same.
        second_text: a second card in the other hand.
    """

    text: str
    at_s: float
    hold_s: float
    look: int
    second_text: str | None = None


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a volunteer is.

    Attributes:
        away: 0 before the lens, -1 outside on the side of coming, +1 outside on the side of leaving.
        bob: height of the step, 0 to 1.
        lifted: 0 card below the picture, 1 card before the lens.
        eyes_closed: blinking.
    """

    away: float
    bob: float
    lifted: float
    eyes_closed: bool


def pose_at(act: Act, time_s: float) -> Pose | None:
    """Return the pose at an instant of the film, None while the volunteer is outside."""
    since = time_s - act.at_s
    came, left = -LIFT_S, act.hold_s + LOWER_S
    if not came - WALK_S < since < left + WALK_S:
        return None
    away = -_eased((came - since) / WALK_S) if since < came else _eased((since - left) / WALK_S)
    lifted = _eased((since - came) / LIFT_S) * (1 - _eased((since - act.hold_s) / LOWER_S))
    walking = since < came or since > left
    bob = abs(math.sin(math.pi * 2 * time_s)) if walking else 0.0
    return Pose(away, bob, lifted, eyes_closed=math.fmod(time_s + act.look, 2.6) < 0.13)  # noqa: PLR2004  a blink


def _eased(share: float) -> float:
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)
