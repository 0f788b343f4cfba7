"""Whatever happens between devices and the platform, in whatever order: nothing is lost and nothing is doubled.

The same few lives in every run; `make wire` lives many more, each time others, and shrinks what fails.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.machines.wire_machine import WireMachine

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

TestWire = WireMachine.TestCase
TestWire.settings = settings(
    max_examples=10,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
