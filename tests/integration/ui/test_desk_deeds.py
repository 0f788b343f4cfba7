"""Between the desk's screen and the station: each intent is one deed, and reads say how the machine is."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from kiosk.commands.deeds import DEEDS, carry_out
from kiosk.commands.desk import Desk
from kiosk.presenter.desk import intents
from kiosk.presenter.desk.intents import Answered
from kiosk.scan.camera_state import CameraState
from kiosk.scan.events import CameraChanged
from kiosk.usecases.desk import DeskBoard
from kiosk.usecases.desk_outcomes import DrillEnded, DrillStarted, GroupDone, GroupOpen, KitMoved
from kiosk.usecases.export_ports import ExportFault, NotExported
from kiosk.usecases.outcomes import CheckedIn
from kiosk.usecases.receive_operator import OwnCard
from sync.protocol.vocabulary import KitItem
from tests.support.booth import Screen
from tests.support.operators import HEAD, VOLUNTEER, manned_booth, signed_in
from tests.support.station import settings_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_every_intent_of_the_desk_has_a_deed() -> None:
    assert set(get_args(intents.DeskIntent)) <= set(DEEDS)


def test_kit_groups_practice_and_cards_beside_are_done_by_the_station(tmp_path: Path) -> None:
    with manned_booth(tmp_path) as booth:
        head = signed_in(booth, HEAD)

        def came(intent: intents.DeskIntent) -> object:
            answer = carry_out(booth.station, intent)
            return answer.came if isinstance(answer, Answered) else answer

        assert came(intents.ScanIntent(head, booth.card(HEAD))) == OwnCard()
        assert isinstance(came(intents.ScanIntent(head, booth.card(VOLUNTEER))), CheckedIn)
        out = came(intents.KitIntent(head, VOLUNTEER, KitItem.CAP, returned=False))
        assert isinstance(out, KitMoved)
        assert out.held == 1
        assert isinstance(came(intents.KitIntent(head, VOLUNTEER, KitItem.CAP, returned=True)), KitMoved)
        assert isinstance(came(intents.GroupIntent(head, "tutoring")), GroupOpen)
        assert isinstance(came(intents.GroupIntent(head, None)), GroupDone)
        assert isinstance(came(intents.DrillIntent(head, on=True)), DrillStarted)
        assert isinstance(came(intents.DrillIntent(head, on=False)), DrillEnded)
        assert came(intents.StopExporting()) == NotExported(ExportFault.CANCELLED)


def test_the_desk_reads_how_the_camera_the_disk_and_the_file_are(tmp_path: Path) -> None:
    with manned_booth(tmp_path) as booth:
        head = signed_in(booth, HEAD)
        screen = Screen(settings_in(tmp_path))

        def post(deed: Callable[[], object]) -> None:
            deed()

        desk = Desk(booth.opened, post)
        desk.open(screen)
        try:
            desk.on_scan(CameraChanged(CameraState.DARK, "the lamp is out"))
            desk.perform(intents.ReadDesk(head))
            screen.wait_for(lambda seen: any(isinstance(each, Answered) for each in seen.outcomes))
        finally:
            desk.close()
        board = next(each for each in screen.outcomes if isinstance(each, Answered)).came
        assert isinstance(board, DeskBoard)
        machine = board.health.machine
        assert (machine.camera, machine.set_aside) == ("dark", 0)
        assert machine.disk_free_bytes is not None
        assert machine.signed_to is not None
