"""The gate: open for people, shut for flicker."""

import numpy as np
import pytest

from kiosk.scan.gate import GateLimits, PresenceGate
from kiosk.scan.picture import Pixels

LIMITS = GateLimits()


def booth(seed: int = 1) -> Pixels:
    chance = np.random.default_rng(seed)
    return np.kron(chance.integers(30, 220, (15, 20)), np.ones((6, 8))).astype(np.uint8)


def knowing_gate(scene: Pixels) -> PresenceGate:
    gate = PresenceGate(LIMITS)
    for _ in range(LIMITS.learn_frames):
        gate.is_open(scene)
    return gate


def test_the_gate_is_open_until_it_knows_the_scene() -> None:
    gate = PresenceGate(LIMITS)
    assert [gate.is_open(booth()) for _ in range(LIMITS.learn_frames)] == [True] * (LIMITS.learn_frames - 1) + [False]


@pytest.mark.parametrize("gain", [0.88, 0.95, 1.05, 1.12])
def test_flicker_does_not_open_it(gain: float) -> None:
    gate = knowing_gate(booth())
    assert not gate.is_open(np.clip(booth() * gain, 0, 255).astype(np.uint8))


def test_sensor_noise_does_not_open_it() -> None:
    gate, chance = knowing_gate(booth()), np.random.default_rng(2)
    for _ in range(20):
        noisy = np.clip(booth() + chance.normal(0, 4, booth().shape), 0, 255).astype(np.uint8)
        assert not gate.is_open(noisy)


def test_a_card_opens_it() -> None:
    gate, scene = knowing_gate(booth()), booth()
    scene[40:60, 50:80] = 250
    assert gate.is_open(scene)


def test_a_person_who_fills_a_third_of_the_picture_opens_it() -> None:
    gate, scene = knowing_gate(booth()), booth()
    scene[:, 50:100] = 60
    assert gate.is_open(scene)


def test_what_stays_becomes_the_scene() -> None:
    gate, scene = knowing_gate(booth()), booth()
    scene[40:60, 50:80] = 250
    for _ in range(2000):
        still_open = gate.is_open(scene)
    assert not still_open


def test_another_picture_size_begins_anew() -> None:
    gate = knowing_gate(booth())
    assert gate.is_open(booth()[:60])
