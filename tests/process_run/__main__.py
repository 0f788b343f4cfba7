"""``python -m tests.process_run``: a town of processes suffers for a while and heals; then everything is counted.

Upstream: ``town``, ``judge``.
Downstream: people, ``make faults``.

Prints a table and one line of JSON; exits with 1 where something was lost, doubled, left over or wrong.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.process_run.judge import judge
from tests.process_run.town import Town, town_in

PAUSE_S = 0.4, 1.6
HEALING_S = 180.0


def main() -> int:
    """Run one town."""
    parser = argparse.ArgumentParser(prog="python -m tests.process_run", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120, help="how long everything breaks")
    parser.add_argument("--seed", type=int, default=1, help="which kills and which faults")
    parser.add_argument("--booths", type=int, default=4, help="devices, each with an agent")
    parser.add_argument("--workers", type=int, default=2, help="processes of the platform")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # what was begun is ended
    with tempfile.TemporaryDirectory(prefix="town-") as name:
        begin = time.monotonic()
        with town_in(Path(name), asked.seed, booths=asked.booths, workers=asked.workers) as town:
            up_s = time.monotonic() - begin
            town.suffer(asked.seconds, PAUSE_S, clones=True)
            healed_s = town.heal(HEALING_S)
            town.stop()
            verdict = judge(town)
    figures = {**vars(asked), "up_s": round(up_s, 1), "drained_after_s": round(healed_s, 1), **_suffered(town)}
    figures |= verdict.as_dict()
    faults = {fault.value: count for fault, count in sorted(town.proxy.counts.items())}
    for label, value in {**figures, **{f"requests: {fault}": count for fault, count in faults.items()}}.items():
        sys.stdout.write(f"{label.replace('_', ' '):<28} {value}\n")
    good = verdict.is_good and not figures["ended_by_themselves"]
    sys.stdout.write(json.dumps({"run": "faults", "good": good, **figures, "requests": faults}) + "\n")
    return 0 if good else 1


def _suffered(town: Town) -> dict[str, int]:
    """Return what befell the town's processes."""
    return {
        "killed_booths": sum(each.kills for each in town.writers),
        "killed_agents": sum(each.kills for each in town.agents),
        "killed_workers": town.crew.children_killed,
        "killed_platform": town.crew.kills,
        "database_crashes": town.cluster.restarts,
        "ended_by_themselves": sum(each.ends for each in (*town.writers, *town.agents)),
    }


if __name__ == "__main__":
    sys.exit(main())
