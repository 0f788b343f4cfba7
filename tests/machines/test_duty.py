"""Whatever happens at a booth, in whatever order: the duty it records is the duty there was.

The same few lives in every run; `make machine` lives many more, each time others, and shrinks what fails.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

from tests.machines.duty_machine import DutyMachine

TestDuty = DutyMachine.TestCase
TestDuty.settings = settings(
    max_examples=30,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
