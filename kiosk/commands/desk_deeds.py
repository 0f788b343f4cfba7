"""What the operator's desk asks for, done: one line an intent.

Upstream: ``kiosk.presenter.desk.intents``, ``kiosk.composition`` (the station).
Downstream: ``deeds``.
"""

from __future__ import annotations

import importlib.metadata
import shutil
from typing import TYPE_CHECKING, Any

from kiosk.presenter.desk import intents
from kiosk.presenter.desk.intents import Answered
from kiosk.usecases.desk import Machine
from kiosk.usecases.export_ports import ExportFault, NotExported
from kiosk.usecases.receive_operator import OwnCard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kiosk.presenter.acts import Intent
    from kiosk.presenter.desk.intents import Came
    from kiosk.station import OperatorsDesk, Station
    from kiosk.usecases.area_outcome import AreaOutcome
    from kiosk.usecases.outcomes import Outcome

PROGRAM = "wenming-duty-kiosk"
_CALLS: Mapping[type[Intent], Callable[[OperatorsDesk, Any], Came]] = {
    intents.ReceiveIntent: lambda desk, intent: desk.receive(intent.text),
    intents.SignInIntent: lambda desk, intent: desk.sign_in(intent.text, intent.pin),
    intents.SetPinIntent: lambda desk, intent: desk.set_pin(intent.text, intent.pin),
    intents.ReadQueue: lambda desk, intent: desk.read_queue(intent.operator, intent.matter, intent.page),
    intents.ReadSheet: lambda desk, intent: desk.read_session(intent.operator, intent.session_id),
    intents.ReadPeople: lambda desk, intent: desk.read_people(intent.operator),
    intents.AmendIntent: lambda desk, intent: desk.amend_session(intent.operator, intent.session_id, intent.change),
    intents.VoidIntent: lambda desk, intent: desk.void_session(intent.operator, intent.session_id, intent.reason),
    intents.DecideIntent: lambda desk, intent: desk.decide_objection(intent.operator, intent.session_id, intent.ruling),
    intents.DismissIntent: lambda desk, intent: desk.dismiss_proposal(
        intent.operator, intent.session_id, intent.reason
    ),
    intents.RateMany: lambda desk, intent: desk.rate_service.several(intent.operator, intent.sessions, intent.mark),
    intents.EnterIntent: lambda desk, intent: desk.enter_hours(intent.operator, intent.entry),
}


def _confirm(desk: OperatorsDesk, intent: intents.ConfirmMany) -> Came:
    if len(intent.sessions) > 1:
        return desk.confirm_session.several(intent.operator, intent.sessions)
    return desk.confirm_session(intent.operator, intent.sessions[0], beyond_shift=intent.beyond_shift)


def _move_kit(desk: OperatorsDesk, intent: intents.KitIntent) -> Came:
    move = desk.kit.take_back if intent.returned else desk.kit.hand_out
    return move(intent.operator, intent.volunteer, intent.item)


def _lead(desk: OperatorsDesk, intent: intents.GroupIntent) -> Came:
    if intent.service is None:
        return desk.group.close(intent.operator)
    return desk.group.open(intent.operator, intent.service, intent.team)


def _drill(desk: OperatorsDesk, intent: intents.DrillIntent) -> Came:
    return desk.drill.start(intent.operator) if intent.on else desk.drill.end(intent.operator)


def _answered(call: Callable[[OperatorsDesk, Any], Came]) -> Callable[[Station, Any], Answered]:
    return lambda station, intent: Answered(call(station.operators, intent))


def _read_desk(station: Station, intent: intents.ReadDesk) -> Answered:
    return Answered(station.operators.read_desk(intent.operator, _machine(station, intent.camera)))


def _machine(station: Station, camera: str | None) -> Machine:
    from kiosk.store.device_file import left_aside  # noqa: PLC0415 - the first frame does not wait for it

    file = station.device.file
    with station.device.ledger.reading() as reading:
        checkpoint = reading.newest_checkpoint()
    return Machine(
        disk_free_bytes=shutil.disk_usage(file.parent).free,
        camera=camera,
        set_aside=len(left_aside(file)),
        signed_to=None if checkpoint is None else checkpoint.seq,
        version=_version(),
    )


def _version() -> str | None:
    try:
        return importlib.metadata.version(PROGRAM)
    except importlib.metadata.PackageNotFoundError:  # run from its folder, without having been installed
        return None


def _stop(station: Station, _intent: intents.StopExporting) -> Answered:
    station.operators.export.stop()
    return Answered(NotExported(ExportFault.CANCELLED))


def _scan_beside(station: Station, intent: intents.ScanIntent) -> Outcome | AreaOutcome:
    """Record duty as always; the operator's own card, still in hand, is none."""
    if station.operators.receive.is_own(intent.operator.operator, intent.text):
        return Answered(OwnCard())
    return station.present(intent.text)


_LONGER: Mapping[type[Intent], Callable[[OperatorsDesk, Any], Came]] = {
    intents.ConfirmMany: _confirm,
    intents.KitIntent: _move_kit,
    intents.GroupIntent: _lead,
    intents.DrillIntent: _drill,
    intents.LookForSticks: lambda desk, _intent: desk.export.look(),
    intents.BeginExport: lambda desk, intent: desk.export.begin(
        intent.operator, intent.target, intent.formats, intent.months
    ),
    intents.GoOnExporting: lambda desk, _intent: desk.export.go_on(),
}
DESK_DEEDS: Mapping[type[Intent], Callable[[Station, Any], Outcome | AreaOutcome]] = {
    **{intent: _answered(call) for intent, call in (*_CALLS.items(), *_LONGER.items())},
    intents.ReadDesk: _read_desk,
    intents.ScanIntent: _scan_beside,
    intents.StopExporting: _stop,
}
