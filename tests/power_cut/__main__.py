"""`python -m tests.power_cut`: cut the power of a recorded booth as often as you like; prints one line of JSON.

*Upstream*: `scenario`, `images`. *Downstream*: people, `make power`.
"""

from __future__ import annotations

import argparse
import json
import sys

from tests.power_cut.images import Verdict, images_of, judge
from tests.power_cut.scenario import record, workplace
from tests.power_cut.trace import Acknowledged, Synced


def main() -> int:
    """Judge the images; 0 when nothing was lost and nothing is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.power_cut", description=__doc__)
    parser.add_argument("--images", type=int, default=5000, help="how many different images to open")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same images")
    parser.add_argument("--synchronous", default="FULL", choices=["FULL", "NORMAL", "OFF"])
    asked = parser.parse_args()
    recording, verdict = record(asked.synchronous), Verdict()
    instants = set()
    with workplace() as folder:
        for image in images_of(recording, asked.images, asked.seed):
            judge(image, recording, folder / "booth", verdict)
            instants.add(image.cut)
    figures = {
        "images": verdict.images,
        "instants": len(instants),
        "operations": len(recording.trace),
        "syncs": sum(isinstance(each, Synced) for each in recording.trace),
        "acknowledged": len(
            next(each for each in reversed(recording.trace) if isinstance(each, Acknowledged)).recorded
        ),
        "records_lost": verdict.lost,
        "faults": dict(verdict.faults),
        "examples": verdict.examples,
        "synchronous": asked.synchronous,
        "seed": asked.seed,
    }
    sys.stdout.write(json.dumps(figures) + "\n")
    return 1 if verdict.faults else 0


if __name__ == "__main__":
    sys.exit(main())
