"""``python -m tests.process_run.writer FOLDER SEED PERIOD_S``: a kiosk without a window, at which cards are shown.

Upstream: the real station (``kiosk.composition``).
Downstream: ``town`` starts it, and kills it.

What the person at the booth was told is recorded goes to a file of its own, after the station said so and not before.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

from kiosk.composition import open_station
from kiosk.settings import KioskSettings
from kiosk.usecases.errors import RecordingError

TEND_EVERY = 20
TOLD = "told"


def main(folder: Path, seed: int, period_s: float) -> None:
    """Show cards until killed."""
    station = open_station(KioskSettings.load(None))
    cards: list[str] = json.loads((folder / "cards.json").read_text("utf-8"))
    chance = random.Random(f"{seed} {os.getpid()}")  # noqa: S311 - which card is next is no secret
    told = os.open(folder / TOLD, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for turn in range(10**9):
        try:
            outcome: Any = station.present(chance.choice(cards))
            if getattr(outcome, "event_id", None):
                os.write(told, f"{outcome.event_id}\n".encode())
            if chance.random() < 0.2 and getattr(outcome, "session_id", None):
                station.tally(outcome.session_id, {"tea": chance.randrange(9)})
        except RecordingError as error:
            sys.stderr.write(f"not recorded, so nobody was told: {error}\n")
        if turn % TEND_EVERY == TEND_EVERY - 1:
            station.tend()
        time.sleep(period_s * chance.uniform(0.5, 1.5))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
