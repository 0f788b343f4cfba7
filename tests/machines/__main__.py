"""`python -m tests.machines [duty|wire]`: let much more happen than the standard test does, each time something else.

Upstream: ``duty_machine``, ``wire_machine``.
Downstream: people, ``make machine``, ``make wire``.

Exits with 1 and prints the steps, shrunk to the few that matter, where a promise did not hold. Of the wire, the lives
in which nobody asks what a restored platform lacks must fail: else the machine would not notice what it is for.
"""

from __future__ import annotations

import argparse
import logging
import sys

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.machines.duty_machine import DutyMachine
from tests.machines.wire_machine import DeafMachine, KeysMachine, WireMachine

DEAF_LIVES = 200  # it comes to a failure within some dozens
KEYS_PART = 4  # one life of devices that change their keys for so many others


def main() -> int:
    """Run so many lives of so many steps."""
    parser = argparse.ArgumentParser(prog="python -m tests.machines", description=__doc__)
    parser.add_argument("world", nargs="?", choices=("duty", "wire"), default="duty", help="what happens to what")
    parser.add_argument("--lives", type=int, default=1000, help="how many booths live, or platforms with their devices")
    parser.add_argument("--steps", type=int, default=50, help="how much happens to each at most")
    parser.add_argument("--no-shrink", action="store_true", help="do not look for fewer steps that fail as well")
    asked = parser.parse_args()
    phases = [Phase.generate] if asked.no_shrink else [Phase.generate, Phase.shrink]
    if asked.world == "duty":
        _live(DutyMachine, asked.lives, asked.steps, phases)
        return 0
    logging.disable(logging.CRITICAL)  # agents and booths say much when everything breaks
    _live(WireMachine, asked.lives, asked.steps, phases)
    _live(KeysMachine, max(1, asked.lives // KEYS_PART), asked.steps, phases)
    return _fails(DeafMachine, max(DEAF_LIVES, asked.lives), asked.steps)


def _live(machine: type[RuleBasedStateMachine], lives: int, steps: int, phases: list[Phase]) -> None:
    chosen = settings(
        max_examples=lives,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)
    sys.stdout.write(f"{machine.__name__}: {lives} lives of up to {steps} steps: every promise held\n")


def _fails(machine: type[RuleBasedStateMachine], lives: int, steps: int) -> int:
    try:
        _live(machine, lives, steps, [Phase.generate])
    except AssertionError as error:
        sys.stdout.write(f"{machine.__name__}: noticed, as it must be: {str(error).partition(chr(10))[0]}\n")
        return 0
    sys.stdout.write(f"{machine.__name__}: nothing was noticed, though nobody asked what the platform lacks\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
