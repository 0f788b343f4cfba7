"""A kiosk whose outcomes come from standard input and whose states go to standard output; run by ``test_window``.

In, one word a line: the name of a sample outcome, ``records``, ``where`` or ``stop``. Out, JSON lines.
"""

from __future__ import annotations

import gettext
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from kiosk.domain.policy import DutyPolicy
from kiosk.presenter.contents import CameraSight
from kiosk.presenter.kiosk_presenter import KioskPresenter
from kiosk.presenter.phrases import Language
from kiosk.presenter.records.acts import OpenRecordsIntent
from kiosk.ui import asking_samples, environment, record_samples, samples
from kiosk.ui.options import Hooks, ScreenOptions

ASSETS = Path(__file__).resolve().parents[3] / "assets"


def say(kind: str, value: object) -> None:
    sys.stdout.write(json.dumps({kind: value}, default=str) + "\n")
    sys.stdout.flush()


def main() -> None:
    home, width, height = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    environment.prepare(os.environ, home)
    from kivy.clock import Clock  # noqa: PLC0415 - after the environment is prepared

    from kiosk.ui.app import KioskApp  # noqa: PLC0415 - as above
    from kiosk.ui.widgets.control import Control  # noqa: PLC0415 - as above

    catalogues = {each: gettext.translation("kiosk", str(ASSETS / "locale"), [each.value]) for each in Language}
    presenter = KioskPresenter("", DutyPolicy(card_s=60, undo_s=90), samples.ZONE, catalogues)
    picture = samples.picture()

    def ready() -> None:
        app.camera(CameraSight.SEEING)
        app.board(samples.board())
        Clock.schedule_interval(report, 0.02)
        threading.Thread(target=listen, daemon=True).start()

    def report(_elapsed: float, last: list[Any] = []) -> None:  # noqa: B006 - the one state kept between calls
        state = app.state
        if state is None:
            return
        now = [state.screen, state.header.language.text, repr(state.view)]
        if now != last:
            last[:] = now
            say("state", {"screen": now[0], "other_language": now[1], "view": now[2]})

    def where() -> None:
        controls = [widget for widget in app.root.walk() if isinstance(widget, Control) and widget.tap is not None]
        spots = {
            repr(widget.tap): (widget.center_x, app.root.height - widget.center_y, *widget.size) for widget in controls
        }
        say("where", spots)

    def listen() -> None:
        outcomes: dict[str, Any] = {name: (outcome,) for name, outcome in samples.outcomes().items()}
        outcomes |= {name: (outcome,) for name, outcome in asking_samples.outcomes().items()}
        outcomes |= {"forgotten": (asking_samples.forgotten(),), "elsewhere": (asking_samples.elsewhere(),)}
        outcomes["group"] = (asking_samples.scanned(),)
        outcomes["records"] = (record_samples.own_records(), OpenRecordsIntent(""))
        for line in sys.stdin:
            word = line.strip()
            deed = {"where": where, "stop": app.stop}.get(word)
            app.post(deed or (lambda word=word: app.show(*outcomes[word])))

    hooks = Hooks(
        time.monotonic,
        lambda intent: say("intent", repr(intent)),
        lambda after: picture if after < picture.number else None,
        ready,
    )
    app = KioskApp(presenter, ScreenOptions(ASSETS, (width, height), volume=0.5), hooks)
    app.run()
    say("stopped", value=True)


if __name__ == "__main__":
    main()
