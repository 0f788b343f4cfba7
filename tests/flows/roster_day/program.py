"""A whole kiosk in a real window, without a camera, under the day's clocks; run by ``test_roster_day``.

In, a line each: ``scan TEXT`` (a card is shown), ``tend`` (the minute is over), ``where`` or ``stop``. Out, JSON lines.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Any

from kiosk.commands.desk import Desk
from kiosk.composition import open_presenter, open_station
from kiosk.scan.events import Scanned
from kiosk.timekeeping.system import boottime_ns
from kiosk.ui import environment
from kiosk.ui.options import Hooks, ScreenOptions
from tests.flows.roster_day.clocks import FileClocks
from tests.integration.ui.window_program import ASSETS, say
from tests.support.station import settings_in


class Telling:
    """Tells each new state of a window's screen, and where its controls are."""

    def __init__(self, app: Any, control: Any) -> None:
        self._app, self._control, self._last = app, control, ("", "")

    def report(self, _elapsed: float) -> None:
        state = self._app.state
        now = self._last if state is None else (state.screen, repr(state.view))
        if now != self._last:
            self._last = now
            say("state", {"screen": now[0], "view": now[1]})

    def where(self) -> None:
        root = self._app.root
        controls = [each for each in root.walk() if isinstance(each, self._control) and each.tap is not None]
        say("where", {repr(each.tap): (each.center_x, root.height - each.center_y, *each.size) for each in controls})


def main() -> None:
    home, width, height = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    environment.prepare(os.environ, home / "kivy")
    from kivy.clock import Clock  # noqa: PLC0415 - after the environment is prepared

    from kiosk.ui import bridge  # noqa: PLC0415 - as above
    from kiosk.ui.app import KioskApp  # noqa: PLC0415 - as above
    from kiosk.ui.widgets.control import Control  # noqa: PLC0415 - as above

    settings, clocks = settings_in(home), FileClocks(home / "clock")
    desk = Desk(lambda: open_station(settings, clocks), bridge.post)

    def ready() -> None:
        desk.open(app)
        Clock.schedule_interval(telling.report, 0.02)
        threading.Thread(target=listen, daemon=True).start()

    def listen() -> None:
        for line in sys.stdin:
            word, _, text = line.strip().partition(" ")
            if word == "scan":
                desk.on_scan(Scanned(text, 0, 0, 0))
            elif word == "tend":
                desk._submit(desk._tend)
            else:
                app.post({"where": telling.where, "stop": app.stop}[word])

    hooks = Hooks(lambda: boottime_ns() / 1e9, desk.perform, lambda _after: None, ready, scan_as=desk.read_scans_as)
    app = KioskApp(open_presenter(settings), ScreenOptions(ASSETS, (width, height), volume=0.0), hooks)
    telling = Telling(app, Control)
    app.run()
    desk.close()
    say("stopped", value=True)


if __name__ == "__main__":
    main()
