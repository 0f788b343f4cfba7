"""A whole kiosk without a camera: the real screen on a real station, where yesterday's duty waits for its captain.

Run by ``test_desk_window``. In, one word a line: ``scan`` (the operator's card is shown), ``where`` or ``stop``. Out,
JSON lines.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from kiosk.commands.desk import Desk
from kiosk.composition import open_presenter
from kiosk.scan.events import Scanned
from kiosk.ui import environment
from kiosk.ui.options import Hooks, ScreenOptions
from kiosk.usecases.outcomes import EndStated
from kiosk.usecases.state_end import Said
from sync.protocol.vocabulary import StatementAnswer
from tests.integration.ui.window_program import ASSETS, say
from tests.support.operators import HEAD, VOLUNTEER, manned_booth, set_pin
from tests.support.station import Booth, settings_in

SERVED = timedelta(hours=3, minutes=30)


def leave_a_statement(booth: Booth) -> None:
    """A duty of yesterday that nobody ended, and its volunteer's word on when it was over."""
    began = booth.check_in(VOLUNTEER, "tutoring")
    booth.clocks.elapse(26 * 3600)
    booth.station.tend()
    again = booth.check_in(VOLUNTEER)
    said = Said(began.session_id, StatementAnswer.OTHER_TIME, began.at + SERVED)
    stated = booth.station.answers.state_end(again.event_id, said)
    assert isinstance(stated, EndStated), stated


def main() -> None:
    home, width, height = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    environment.prepare(os.environ, home / "kivy")
    from kivy.clock import Clock  # noqa: PLC0415 - after the environment is prepared

    from kiosk.ui import bridge  # noqa: PLC0415 - as above
    from kiosk.ui.app import KioskApp  # noqa: PLC0415 - as above
    from kiosk.ui.widgets.control import Control  # noqa: PLC0415 - as above

    with manned_booth(home) as booth:
        set_pin(booth, HEAD)
        leave_a_statement(booth)
        card = booth.card(HEAD)
        desk = Desk(booth.opened, bridge.post)

        def ready() -> None:
            desk.open(app)
            Clock.schedule_interval(report, 0.02)
            threading.Thread(target=listen, daemon=True).start()

        def report(_elapsed: float, last: list[Any] = []) -> None:  # noqa: B006 - the one state kept between calls
            state = app.state
            now = None if state is None else [state.screen, repr(state.view)]
            if now is not None and now != last:
                last[:] = now
                say("state", {"screen": now[0], "view": now[1]})

        def where() -> None:
            controls = [each for each in app.root.walk() if isinstance(each, Control) and each.tap is not None]
            spots = {repr(each.tap): (each.center_x, app.root.height - each.center_y, *each.size) for each in controls}
            say("where", spots)

        def listen() -> None:
            deeds = {"where": lambda: app.post(where), "stop": lambda: app.post(app.stop)}
            deeds["scan"] = lambda: desk.on_scan(Scanned(card, 0, 0, 0))
            for line in sys.stdin:
                deeds[line.strip()]()

        presenter = open_presenter(settings_in(home))
        hooks = Hooks(time.monotonic, desk.perform, lambda _after: None, ready, scan_as=desk.read_scans_as)
        app = KioskApp(presenter, ScreenOptions(ASSETS, (width, height), volume=0.0), hooks)
        app.run()
        desk.close()
        began = next(each for each in booth.events() if each.kind == "check_in")
        session = booth.session(str(began.body["session"])).session
        written = [[each.kind, each.body] for each in booth.events()]
        say("ledger", {"written": written, "state": session.state, "minutes": session.credited_minutes})
        say("complete", value=session.is_complete)


if __name__ == "__main__":
    main()
