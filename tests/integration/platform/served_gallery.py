"""Pictures of plan against service: ``python -m tests.integration.platform.served_gallery DIR``.

Upstream: ``gallery``, ``tests.support.served_town``.
Downstream: docs/gallery, people who look.
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import threading
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn

from sync.platform.app import Appearance, build_app
from sync.platform.ports import Ports
from sync.platform.rostering.hours import instant_of
from sync.platform.rostering.model import Opening
from sync.platform.store import Database
from tests.integration.platform.gallery import chromium, enter, keep
from tests.support.console import CHEAP, PASSWORD, enlist
from tests.support.served_town import HOUR_MS, PLANNER, SHIFTS, Town, live

NOON = datetime(2026, 11, 24, 15, 20, tzinfo=UTC) - timedelta(hours=8)  # 15:20 in Luoyang
POINT = "p00"
PAGES = (
    ("served-day", f"/roster/served?on={NOON.date()}"),
    ("served-month", f"/roster/served?view=month&on={NOON.date()}"),
    ("served-week", f"/roster/served?view=week&point={POINT}&on={NOON.date()}"),
)


def town(database: Database) -> None:
    """Three weeks at six points; one booth has been without a network since yesterday."""
    today, now_ms = NOON.date(), round(NOON.timestamp() * 1000)
    made = Town(database)
    made.found(6, 40, instant_of(today - timedelta(days=24), 0))
    with database.writing("roster") as unit:
        for point in made.points:
            spans = [Opening(day, begin, end) for day in range(7) for begin, end, _ in SHIFTS]
            unit.openings.put_hours(point.id, spans, PLANNER)
    live(made, today - timedelta(days=22), today + timedelta(days=5), now_ms)
    for place, point in enumerate(made.points):
        device = made.devices[point.id][0]
        late = now_ms - 30 * HOUR_MS if place == 2 else now_ms
        device.log = [each for each in device.log if each.stamp.wall_ms <= late]
        made.tell(device, late)


def main(folder: Path) -> None:
    """Take them at the size of an office PC."""
    with tempfile.TemporaryDirectory() as there:
        database = Database.open(f"sqlite:///{there}/platform.sqlite")
        database.migrate()
        with database.writing("registry") as unit:
            unit.registry.begin_epoch("epoch-1")
        town(database)
        enlist(database, "王秋月", point=None)
        ports = Ports(lambda: NOON, lambda: str(uuid.uuid4()), os.urandom)
        server = uvicorn.Server(uvicorn.Config(build_app(database, ports, Appearance(costs=CHEAP)), log_config=None))
        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(target=server.run, args=([listener],))
            thread.start()
            with chromium(1366, 768) as page:
                url = f"http://127.0.0.1:{listener.getsockname()[1]}"
                enter(page, url, "王秋月", PASSWORD)
                for word, path in PAGES:
                    page.goto(url + path)
                    keep(page, folder / f"console-roster-{word}.png")
            server.should_exit = True
            thread.join(10)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
