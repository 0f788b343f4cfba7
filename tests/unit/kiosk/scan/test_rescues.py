"""Each rescue reads what the plain pass does not, and where to look is found."""

import itertools

import cv2
import numpy as np
import pytest

from kiosk.scan.decoders import PyzbarDecoder, ZxingDecoder
from kiosk.scan.region import Region, likely
from kiosk.scan.rescuer import Attempt, Rescuer
from kiosk.scan.rescues import ALL, IN_TURN, Rescue, fit
from kiosk.scan.restraint import halved, is_hostile
from tests.support.trials.hostile import hostile
from tests.support.trials.lens import Light, Pose, empty, taken
from tests.support.trials.stills import Still, still
from tests.support.trials.things import card
from tests.unit.kiosk.scan.doubles import ScriptedDecoder

FIRST, OTHER = ZxingDecoder(), PyzbarDecoder()
HARD = ("blur", "motion", "small", "glare", "dirty", "cracked", "burnt_out", "perspective")


def unread() -> "itertools.chain[Still]":
    """Scenes of our own that the plain pass does not read, for as long as somebody asks."""
    scenes = (still(kind, seed) for seed in itertools.count(1_000) for kind in HARD)
    return itertools.chain(scene for scene in scenes if not FIRST.search(scene.gray).payloads)


def alone(rescue: Rescue, scene: Still) -> Attempt:
    decoders = (FIRST, OTHER)
    near = FIRST.search(scene.gray).near
    return next(Rescuer(decoders, (rescue,)).all_of(scene.gray, near, 1))


@pytest.mark.parametrize("rescue", IN_TURN, ids=lambda rescue: rescue.name)
def test_each_rescue_reads_what_the_plain_pass_does_not(rescue: Rescue) -> None:
    read = [
        scene for scene in itertools.islice(unread(), 40) if alone(rescue, scene).payloads == (scene.text.encode(),)
    ]
    assert read


def test_the_names_are_told_apart() -> None:
    assert len({rescue.name for rescue in ALL}) == len(ALL)


@pytest.mark.parametrize("at", [(300, 200), (640, 360), (980, 500)])
@pytest.mark.parametrize("gain", [0.2, 1.0])
def test_the_likeliest_region_is_where_the_card_is(at: tuple[int, int], gain: float) -> None:
    thing = card("LYZ1:" + "A7/" * 60, np.random.default_rng(1))
    frame = taken(thing, Pose(*at, module_px=2.5), Light(gain=gain), 1)
    (region,) = likely(frame, 1)
    assert region.left < at[0] + 60 < region.right
    assert region.top < at[1] < region.bottom
    assert region.of(frame).size < frame.size / 8


def test_a_frame_of_one_grey_and_a_tiny_one_have_no_region() -> None:
    assert likely(np.full((720, 1280), 90, np.uint8), 3) == ()
    assert likely(np.zeros((10, 10), np.uint8), 3) == ()


def test_a_region_at_the_edge_is_cut_at_the_edge() -> None:
    gray = np.zeros((100, 200), np.uint8)
    assert Region(150, 50, 200, 100).wider(0.2).of(gray).shape == (60, 60)
    assert Region(-50, -50, -10, -10).of(gray).size == 0


def test_a_code_that_was_found_and_not_read_says_where() -> None:
    scenes = itertools.islice(unread(), 200)
    near = next(found for scene in scenes if (found := FIRST.search(scene.gray).near))
    assert all(region.right > region.left and region.bottom > region.top for region in near)


def test_a_costly_rescue_whose_time_has_not_come_is_passed_over() -> None:
    rescuer = Rescuer([ScriptedDecoder(), ScriptedDecoder(cheap=False)])
    tried = [rescuer.take_turn(empty(Light(), 1), (), may_cost=lambda: False) for _ in range(8)]
    assert {attempt.rescue for attempt in tried if attempt} == {
        rescue.name for rescue in IN_TURN if not rescue.by_other
    }


def test_only_costly_rescues_whose_time_has_not_come_are_no_rescue() -> None:
    only = [rescue for rescue in IN_TURN if rescue.by_other]
    rescuer = Rescuer([ScriptedDecoder(), ScriptedDecoder(cheap=False)], only)
    assert rescuer.take_turn(empty(Light(), 1), (), may_cost=lambda: False) is None


def test_no_view_is_larger_than_its_bound() -> None:
    huge = np.zeros((1080, 1920), np.uint8)
    assert all(max(view.shape) <= 2_600 for rescue in ALL for view, _ in rescue.views(huge))
    assert fit(huge, 960).shape == (540, 960)
    assert fit(huge, 4_000) is huge


def test_what_is_full_of_fine_structure_is_read_at_half_its_size() -> None:
    dense = dict(hostile(1920, 1080))["finder patterns of 1 px"]
    assert is_hostile(dense)
    assert halved(dense).shape == (540, 960)


@pytest.mark.parametrize("kind", ["card", "phone", "low_light", "small"])
def test_no_scene_of_a_booth_is_taken_for_hostile(kind: str) -> None:
    assert not is_hostile(still(kind, 1).gray)


def test_a_code_from_edge_to_edge_is_not_hostile() -> None:
    frames = dict(hostile(1920, 1080))
    assert not is_hostile(frames["version 40"])
    assert not is_hostile(np.asarray(cv2.resize(frames["version 40"], (960, 540)), np.uint8), above=1_000_000)
