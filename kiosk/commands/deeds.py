"""Which intent of the screen is which deed of the station: one line each.

Upstream: ``kiosk.presenter`` (intents), ``kiosk.composition`` (the station).
Downstream: ``desk``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.commands.desk_deeds import DESK_DEEDS
from kiosk.presenter.acts import ChooseServiceIntent, TallyIntent, TypedNumberIntent, UndoIntent
from kiosk.presenter.asking.acts import (
    ChangeServiceIntent,
    CloseGroupIntent,
    EndElsewhereIntent,
    StateEndIntent,
    StayOnIntent,
)
from kiosk.presenter.faces import RateIntent
from kiosk.presenter.records.acts import (
    AnswerIntent,
    ApplyIntent,
    ObjectIntent,
    OpenRecordsIntent,
    ReadRecordIntent,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kiosk.presenter.acts import Intent
    from kiosk.station import Station
    from kiosk.usecases.area_outcome import AreaOutcome
    from kiosk.usecases.outcomes import Outcome

DEEDS: Mapping[type[Intent], Callable[[Station, Any], Outcome | AreaOutcome]] = {
    UndoIntent: lambda station, intent: station.undo(intent.event_id),
    ChooseServiceIntent: lambda station, intent: station.choose(intent.session_id, intent.service),
    TallyIntent: lambda station, intent: station.tally(intent.session_id, intent.counts),
    TypedNumberIntent: lambda station, intent: station.present.typed(intent.number),
    StateEndIntent: lambda station, intent: station.answers.state_end(intent.check_in, intent.said),
    EndElsewhereIntent: lambda station, intent: station.answers.end_elsewhere(intent.check_in, intent.session_id),
    ChangeServiceIntent: lambda station, intent: station.answers.change_service(intent.check_out, intent.service),
    StayOnIntent: lambda station, intent: station.answers.stay_on(intent.check_out, intent.post),
    CloseGroupIntent: lambda station, intent: station.close_group(intent.group),
    OpenRecordsIntent: lambda station, intent: station.records.open(intent.text),
    ReadRecordIntent: lambda station, intent: station.records.read(intent.scan, intent.session),
    ObjectIntent: lambda station, intent: station.records.object(intent.scan, intent.session, intent.reason),
    ApplyIntent: lambda station, intent: station.records.apply_for_star(intent.scan, intent.level),
    AnswerIntent: lambda station, intent: station.records.answer_roster(intent.scan, intent.reply),
    RateIntent: lambda station, intent: station.records.rate(intent.face),
    **DESK_DEEDS,
}


def carry_out(station: Station, intent: Intent) -> Outcome | AreaOutcome:
    """Do what the screen asks for, and return what came of it.

    Raises:
        RecordingError: the device's file cannot be read or written.
    """
    return DEEDS[type(intent)](station, intent)
