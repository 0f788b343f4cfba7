"""`python -m tests.machines`: let much more happen to a booth than the standard test does, each time something else.

Upstream: ``duty_machine``.
Downstream: people, ``make machine``.

Exits with 1 and prints the steps, shrunk to the few that matter, where a promise did not hold.
"""

from __future__ import annotations

import argparse
import sys

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machines.duty_machine import DutyMachine


def main() -> int:
    """Run so many lives of so many steps."""
    parser = argparse.ArgumentParser(prog="python -m tests.machines", description=__doc__)
    parser.add_argument("--lives", type=int, default=1000, help="how many booths live")
    parser.add_argument("--steps", type=int, default=50, help="how much happens to each at most")
    parser.add_argument("--no-shrink", action="store_true", help="do not look for fewer steps that fail as well")
    asked = parser.parse_args()
    chosen = settings(
        max_examples=asked.lives,
        stateful_step_count=asked.steps,
        deadline=None,
        database=None,
        phases=[Phase.generate] if asked.no_shrink else [Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(DutyMachine, settings=chosen)
    sys.stdout.write(f"{asked.lives} lives of up to {asked.steps} steps: every promise held\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
