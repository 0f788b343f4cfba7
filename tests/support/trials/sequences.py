"""A hand that shows a card or a phone for 1.3 seconds: it comes, trembles, the lens hunts for focus, it goes.

    0 s            0.35 s                          1.05 s          1.3 s
     │ comes, smeared │ trembles; focus overshoots, settles │ goes, smeared │

*Upstream*: `stills` for things and kinds, `lens`. *Downstream*: tests, `bench/decode.py`.
"""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np

from tests.support.trials.lens import HEIGHT, WIDTH, Light, Pose, empty, taken
from tests.support.trials.stills import thing_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.trials.things import Chance, Pixels

FPS = 15.0
FRAMES = 20
COME_S, GO_S, END_S = 0.35, 1.05, 1.3
SHUTTER = 0.3  # share of the time between two frames
KINDS = ("card", "phone", "torn", "dirty", "cracked")


def sequence(seed: int, idle: int = 0) -> tuple[str, Iterator[Pixels]]:
    """Return what the code says, and the 20 frames one by one, (720, 1280) uint8; before them `idle` empty ones."""
    chance = np.random.default_rng((seed, 77))
    thing = thing_of(str(chance.choice(KINDS, p=(0.4, 0.3, 0.1, 0.1, 0.1))), chance)
    rest, light = _rest(chance), _light(chance)
    phases = chance.uniform(0, math.tau, 4)
    focus = (float(chance.uniform(1.0, 4.0)), float(chance.uniform(0.2, 0.8)), float(chance.uniform(3, 9)))
    tremble = float(chance.uniform(0.3, 2.5))

    def at(time_s: float) -> Pose:
        away = _away(time_s)
        shift_x = tremble * (math.sin(7.3 * math.tau * time_s + phases[0]) + math.sin(2.1 * time_s + phases[1]))
        shift_y = tremble * (math.sin(8.9 * math.tau * time_s + phases[2]) + math.sin(3.3 * time_s + phases[3]))
        near = 1 + 0.04 * math.sin(4 * time_s + phases[1])
        return dataclasses.replace(
            rest,
            x=rest.x + shift_x + 90 * away,
            y=rest.y + shift_y + 420 * away,
            module_px=rest.module_px * near * (1 - 0.15 * away),
            turned=rest.turned + 0.5 * away,
        )

    def frames() -> Iterator[Pixels]:
        yield from (empty(light, number) for number in range(idle))
        for number in range(FRAMES):
            time_s = number / FPS
            now, later = at(time_s), at(time_s + SHUTTER / FPS)
            moved = (later.x - now.x, later.y - now.y)
            as_now = dataclasses.replace(
                light,
                blur_px=math.hypot(light.blur_px, _hunting(time_s, *focus)),
                smear_px=math.hypot(*moved),
                smear_way=math.atan2(moved[1], moved[0]),
            )
            yield taken(thing, now, as_now, seed + number)

    return thing.text, frames()


def _rest(chance: Chance) -> Pose:
    return Pose(
        WIDTH * float(chance.uniform(0.4, 0.6)),
        HEIGHT * float(chance.uniform(0.45, 0.55)),
        float(chance.uniform(1.9, 4.2)),
        float(chance.normal(0, 0.2)),
        *(float(each) for each in chance.uniform(-0.12, 0.12, 2)),
    )


def _light(chance: Chance) -> Light:
    hard = chance.random() < 0.35
    return Light(
        blur_px=float(chance.uniform(0.3, 1.3)),
        gain=float(chance.uniform(0.15, 0.5) if hard else chance.uniform(0.7, 1.5)),
        noise=float(chance.uniform(2, 6) if hard else chance.uniform(2, 5)),
        glare=float(chance.uniform(150, 350) if chance.random() < 0.25 else 0),
        glare_at=(float(chance.uniform(-0.1, 0.3)), float(chance.uniform(-0.3, 0.3))),
        shadow=float(chance.uniform(0.2, 0.6) if chance.random() < 0.25 else 1),
        shadow_way=float(chance.uniform(0, math.tau)),
        jpeg=int(chance.integers(60, 92)),
    )


def _away(time_s: float) -> float:
    """Return 0 while it is shown, towards 1 before and after."""
    late = max((COME_S - time_s) / COME_S, (time_s - GO_S) / (END_S - GO_S), 0.0)
    return late * late


def _hunting(time_s: float, start_px: float, settle_s: float, swing: float) -> float:
    """Return the blur of a lens that looks for its focus, pixels."""
    return abs(start_px * math.exp(-time_s / settle_s * 2) * math.cos(swing * time_s))
