"""Whatever happens at a booth, in whatever order: the duty it records is the duty there was.

The same few lives in every run; `make machine` lives many more, each time others, and shrinks what fails.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sync.protocol.reference import RosteredShift
from tests.machines.duty_machine import DutyMachine
from tests.machines.life import ANN, BOB, HOUR_S, MEMORY, NAME
from tests.support.station import Booth, booth_in

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

TestDuty = DutyMachine.TestCase
TestDuty.settings = settings(
    max_examples=14,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(
    first_s=st.integers(181, 6 * HOUR_S),
    more_s=st.one_of(st.integers(0, 120), st.integers(0, 5 * HOUR_S)),
    shift_h=st.none() | st.tuples(st.integers(-2, 3), st.integers(1, 5)),
)
def test_who_serves_longer_never_counts_less(first_s: int, more_s: int, shift_h: tuple[int, int] | None) -> None:
    place = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=place) as folder, booth_in(Path(folder)) as booth:
        if shift_h is not None:
            _roster(booth, *shift_h)
        booth.check_in(ANN)
        booth.check_in(BOB)
        booth.clocks.elapse(first_s)
        first = booth.check_out(ANN)
        booth.clocks.elapse(more_s)
        last = booth.check_out(BOB)
    assert 0 <= first.credited_minutes <= last.credited_minutes <= last.original_s // 60
    assert first.credited_minutes <= first.original_s // 60


def _roster(booth: Booth, starts_h: int, lasts_h: int) -> None:
    """Give both the same shift, so many hours from now."""
    starts_ms = booth.clocks.true_ms + starts_h * HOUR_S * 1000
    ends_ms = starts_ms + lasts_h * HOUR_S * 1000
    shifts = tuple(RosteredShift(each, each, NAME, "environment", starts_ms, ends_ms) for each in (ANN, BOB))
    assert booth.station.apply_reference(booth.community.reference(version=2, roster=shifts))
