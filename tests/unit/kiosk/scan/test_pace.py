"""Keeping time."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.scan.pace import Pace, Reel
from tests.unit.kiosk.scan.doubles import HandClock


def test_a_beat_of_the_same_rate_is_never_dropped_for_jitter() -> None:
    clock = HandClock()
    pace = Pace(10, clock)
    for jitter in (0, 0.01, -0.02, 0.015, -0.005) * 20:
        assert pace.early_s() == 0
        pace.take()
        clock.forward(0.1 + jitter)


@given(st.lists(st.floats(0.001, 0.5), min_size=20, max_size=200))
def test_turns_never_exceed_the_rate(gaps: list[float]) -> None:
    clock = HandClock()
    begun = clock()
    pace = Pace(10, clock)
    turns = 0
    for gap in gaps:
        if pace.early_s() == 0:
            pace.take()
            turns += 1
        clock.forward(gap)
    assert turns <= (clock() - begun) / 1e9 * 10 + 2


def test_a_reel_waits_for_each_picture() -> None:
    clock, waits = HandClock(), []
    reel = Reel(10, clock)

    def pause(seconds: float) -> bool:
        waits.append(round(seconds, 3))
        clock.forward(seconds)
        return False

    for _ in range(3):
        assert not reel.wait(pause)
        clock.forward(0.02)
    assert waits == [0, 0.08, 0.08]


def test_a_reel_does_not_race_after_the_machine_slept() -> None:
    clock, waits = HandClock(), []
    reel = Reel(10, clock)

    def pause(seconds: float) -> bool:
        waits.append(seconds)
        clock.forward(seconds)
        return False

    reel.wait(pause)
    clock.forward(3600)
    for _ in range(3):
        reel.wait(pause)
    assert waits == [0, 0, 0.1, 0.1]


def test_a_wait_broken_off_is_told() -> None:
    assert Reel(10, HandClock()).wait(lambda _: True)
