"""Between scanner and screen: while the card is asked for a scan opens records, and never begins duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.commands.desk import Desk
from kiosk.presenter.records.acts import OpenRecordsIntent
from kiosk.scan.events import Scanned
from kiosk.usecases.outcomes import CheckedIn
from kiosk.usecases.record_outcomes import OwnRecords
from tests.support.booth import Screen
from tests.support.station import booth_in, settings_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_scan_is_what_the_screen_says_it_is(tmp_path: Path) -> None:
    with booth_in(tmp_path) as booth:
        screen = Screen(settings_in(tmp_path))

        def post(deed: Callable[[], object]) -> None:
            deed()

        desk = Desk(booth.opened, post)
        desk.open(screen)
        try:
            desk.read_scans_as(OpenRecordsIntent)
            desk.on_scan(Scanned(booth.card(), 0, 0, 0))
            screen.wait_for(lambda seen: any(isinstance(each, OwnRecords) for each in seen.outcomes))
            assert "check_in" not in booth.kinds()
            desk.read_scans_as(None)
            desk.on_scan(Scanned(booth.card(), 0, 0, 0))
            screen.wait_for(lambda seen: any(isinstance(each, CheckedIn) for each in seen.outcomes))
        finally:
            desk.close()
