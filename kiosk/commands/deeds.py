"""Which intent of the screen is which deed of the station: one line each.

Upstream: ``kiosk.presenter`` (intents), ``kiosk.composition`` (the station).
Downstream: ``desk``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.presenter.acts import ChooseServiceIntent, TallyIntent, TypedNumberIntent, UndoIntent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kiosk.composition import Station
    from kiosk.presenter.acts import Intent
    from kiosk.usecases.area_outcome import AreaOutcome
    from kiosk.usecases.outcomes import Outcome

DEEDS: Mapping[type[Intent], Callable[[Station, Any], Outcome | AreaOutcome]] = {
    UndoIntent: lambda station, intent: station.undo(intent.event_id),
    ChooseServiceIntent: lambda station, intent: station.choose(intent.session_id, intent.service),
    TallyIntent: lambda station, intent: station.tally(intent.session_id, intent.counts),
    TypedNumberIntent: lambda station, intent: station.present.typed(intent.number),
}


def carry_out(station: Station, intent: Intent) -> Outcome | AreaOutcome:
    """Do what the screen asks for, and return what came of it.

    Raises:
        RecordingError: the device's file cannot be read or written.
    """
    return DEEDS[type(intent)](station, intent)
