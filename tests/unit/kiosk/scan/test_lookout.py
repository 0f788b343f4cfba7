"""What frames mean to the people before the lens."""

from collections.abc import Sequence

from kiosk.scan.events import Scanned, SeveralCodes, Sighting, StillShown
from kiosk.scan.lookout import Lookout, LookoutLimits
from kiosk.scan.pipeline import Pipeline, PipelineLimits
from tests.unit.kiosk.scan.doubles import HandClock, ScriptedDecoder, frame_of, plain

TENTH = 100_000_000


def sightings(script: Sequence[tuple[bytes, ...]], *, confirm: bool = True) -> list[tuple[int, Sighting]]:
    """What a lookout says to a script of ten frames a second."""
    lookout = Lookout(Pipeline((ScriptedDecoder(script),), PipelineLimits(), HandClock()), LookoutLimits(), HandClock())
    said = []
    for number in range(len(script)):
        _, sighting = lookout.look(frame_of(plain(), number, number * TENTH))
        if sighting is not None:
            said.append((number, sighting))
        if isinstance(sighting, Scanned) and confirm:
            lookout.taken(sighting)
    return said


def kinds(said: list[tuple[int, Sighting]]) -> list[tuple[int, type[Sighting]]]:
    return [(number, type(sighting)) for number, sighting in said]


def test_one_card_held_still_is_one_scan_and_a_sign_of_life_each_second() -> None:
    assert kinds(sightings([(b"A",)] * 25)) == [(0, Scanned), (10, StillShown), (20, StillShown)]


def test_a_scan_carries_its_text_frame_and_times() -> None:
    (_, scan), *_ = sightings([(b"A",)])
    assert scan == Scanned("A", 0, 0, HandClock()())
    assert "'A'" not in repr(scan)


def test_a_scan_nobody_took_is_reported_again() -> None:
    assert kinds(sightings([(b"A",)] * 3, confirm=False)) == [(0, Scanned), (1, Scanned), (2, Scanned)]


def test_two_codes_at_once_are_refused_once_a_second() -> None:
    said = sightings([(b"A", b"B")] * 12)
    assert kinds(said) == [(0, SeveralCodes), (10, SeveralCodes)]
    assert said[0][1] == SeveralCodes(2, 0)


def test_the_code_left_over_after_two_is_a_scan_at_once() -> None:
    assert kinds(sightings([(b"A", b"B"), (b"B",)])) == [(0, SeveralCodes), (1, Scanned)]


def test_a_held_card_stays_held_while_a_second_one_is_in_the_way() -> None:
    said = sightings([(b"A",)] + [(b"A", b"B")] * 60 + [(b"A",)])
    assert [number for number, sighting in said if isinstance(sighting, Scanned)] == [0]


def test_an_empty_frame_says_nothing() -> None:
    assert sightings([()] * 5) == []
