"""The demo booth."""

import itertools

import numpy as np
import pytest

from kiosk.scan.decoders import load
from kiosk.scan.picture import BgrPicture
from kiosk.scan.pipeline import Pipeline, PipelineLimits
from kiosk.scan.scene import Act, render
from kiosk.scan.scene.acts import pose_at
from tests.unit.kiosk.scan.doubles import HandClock, frame_of

TEXT = "LYZ1:" + "6BFOXN%TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2+$N IOP-IA%NFQGRJPC%OQHIZC4.OI1RM8ZA.A5" * 2
SIZE = (1280, 720)


def texts_in(act: Act, from_s: float, to_s: float, size: tuple[int, int] = SIZE) -> list[tuple[str, ...]]:
    pipeline = Pipeline(load().usable, PipelineLimits(), HandClock())
    frames = itertools.islice(render([act], to_s, 10, size, 3), round(from_s * 10), None)
    return [pipeline.read(frame_of(BgrPicture(frame), n, n * 100_000_000)).texts for n, frame in enumerate(frames)]


@pytest.mark.parametrize("look", range(6))
def test_a_card_held_still_is_read_in_every_frame(look: int) -> None:
    assert texts_in(Act(TEXT, 0.5, 1.0, look), 0.6, 1.5) == [(TEXT,)] * 9


def test_two_cards_held_up_are_two_codes() -> None:
    found = texts_in(Act(TEXT, 0.5, 1.0, 1, TEXT[::-1]), 0.6, 1.5)
    assert all(set(texts) == {TEXT, TEXT[::-1]} for texts in found)


def test_a_smaller_camera_still_reads_it() -> None:
    assert texts_in(Act(TEXT, 0.5, 1.0, 2), 0.8, 1.2, (960, 540)) == [(TEXT,)] * 4


def test_the_same_seed_gives_the_same_film() -> None:
    one, two, other = (next(render([Act(TEXT, 0, 1, 0)], 0.1, 10, SIZE, seed)) for seed in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_a_film_has_the_frames_it_was_asked_for() -> None:
    frames = list(render([], 0.5, 10, (640, 360), 1))
    assert [frame.shape for frame in frames] == [(360, 640, 3)] * 5


def test_everybody_comes_and_goes() -> None:
    act = Act(TEXT, 10, 2, 0)
    assert pose_at(act, 7.7) is None
    assert pose_at(act, 14.2) is None
    coming, holding, leaving = pose_at(act, 8), pose_at(act, 11), pose_at(act, 14)
    assert coming is not None
    assert coming.away < 0
    assert holding is not None
    assert (holding.away, holding.lifted) == (0, 1)
    assert leaving is not None
    assert leaving.away > 0


def test_text_too_long_for_level_m_still_fits_a_card() -> None:
    assert next(render([Act("X" * 4_000, 0, 1, 0)], 0.1, 10, SIZE, 1)).shape == (720, 1280, 3)
