"""One picture a seed, of the kinds a booth sees; each kind from easy to beyond reading.

*Upstream*: `things`, `lens`. *Downstream*: tests, `bench/decode.py`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tests.support.trials.lens import HEIGHT, WIDTH, Light, Pose, taken
from tests.support.trials.things import card, certificate_text, cracked, dirty, phone, torn

if TYPE_CHECKING:
    from tests.support.trials.things import Chance, Pixels, Thing


@dataclass(frozen=True, slots=True)
class Still:
    """A picture and its answer.

    Attributes:
        kind: what is hard about it.
        gray: (720, 1280) uint8, 0 = black.
        text: what its code says.
    """

    kind: str
    gray: Pixels
    text: str


KINDS = (
    "card", "phone", "perspective", "blur", "motion", "glare", "low_light",
    "small", "torn", "dirty", "cracked", "sunlight", "inverted", "burnt_out",
)  # fmt: skip


def still(kind: str, seed: int) -> Still:
    """Take one picture of a kind."""
    chance = np.random.default_rng((seed, KINDS.index(kind)))
    thing = thing_of(kind, chance)
    pose = Pose(
        WIDTH * float(chance.uniform(0.4, 0.6)),
        HEIGHT * float(chance.uniform(0.45, 0.55)),
        float(chance.uniform(2.4, 4.2)),
        float(chance.normal(0, 0.2)),
        *(float(each) for each in chance.uniform(-0.08, 0.08, 2)),
    )
    light = Light(float(chance.uniform(0.4, 1.1)), noise=float(chance.uniform(2, 6)), jpeg=int(chance.integers(60, 95)))
    pose, light = _harder(kind, pose, light, chance)
    return Still(kind, taken(thing, pose, light, seed), thing.text)


def thing_of(kind: str, chance: Chance) -> Thing:
    """Take a card or a phone into the hand, spoilt as the kind says."""
    text = certificate_text(chance)
    spoils = {"torn": torn, "dirty": dirty, "cracked": cracked}
    if kind in ("phone", "cracked") or (kind not in ("card", "torn", "dirty") and chance.random() < 0.35):
        thing = phone(text, chance, spoils.get(kind))
    else:
        thing = card(text, chance, spoils.get(kind))
    return dataclasses.replace(thing, pixels=255 - thing.pixels) if kind == "inverted" else thing


def _harder(kind: str, pose: Pose, light: Light, chance: Chance) -> tuple[Pose, Light]:
    """Return the pose and light of a kind."""

    def draw(low: float, high: float) -> float:
        return float(chance.uniform(low, high))

    spots = (draw(-0.1, 0.3), draw(-0.3, 0.3))
    poses = {
        "perspective": {"yaw": draw(-0.45, 0.45), "pitch": draw(-0.4, 0.4), "turned": draw(-3, 3)},
        "small": {"module_px": draw(1.4, 2.6)},
    }
    lights: dict[str, dict[str, float | tuple[float, float]]] = {
        "blur": {"blur_px": pose.module_px * draw(0.2, 0.65)},
        "motion": {"smear_px": pose.module_px * draw(0.5, 2.2), "smear_way": draw(0, 3.2)},
        "glare": {"glare": draw(150, 420), "glare_at": spots},
        "low_light": {"gain": draw(0.1, 0.4), "noise": draw(2, 7)},
        "sunlight": {"gain": draw(1.0, 1.5), "shadow": draw(0.15, 0.6), "shadow_way": draw(0, 6.3)},
        "burnt_out": {"gain": draw(1.3, 3.6), "blur_px": pose.module_px * draw(0.15, 0.4)},
    }
    return dataclasses.replace(pose, **poses.get(kind, {})), dataclasses.replace(light, **lights.get(kind, {}))  # type: ignore[arg-type]
