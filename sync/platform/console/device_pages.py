"""Devices: all of them, those that need somebody first; one of them with its history; its alarms seen, itself revoked.

Upstream: ``store``, ``device_views``, ``gate``, ``charts``, ``registry``.
Downstream: ``assembly``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync.platform import terms, wording
from sync.platform.console import charts, device_views
from sync.platform.console.device_views import Beheld, DeviceLine
from sync.platform.console.forms import one
from sync.platform.console.frame import HEADERS, Frame
from sync.platform.console.gate import fields_of, visitor_of
from sync.platform.console.reader import Reader
from sync.platform.ports import Ports, unix_ms
from sync.platform.registry import Office
from sync.platform.signin.audit import Deed, Done
from sync.platform.signin.door import Door
from sync.platform.signin.people import Visitor
from sync.platform.signin.rights import Right, covers, points_in
from sync.platform.store import Database, Unit
from sync.platform.wording import marked

PAGE = "/devices"
REMARKS, BATCHES = 20, 30  # the latest ones
DAYS = 30  # of the chart
MOST_NOTE = 400
DAY_MS = 24 * 3600 * 1000
NOT_PROVED = marked("The password is not right, or it was tried too often. Nothing was changed.")
WHY = marked("Say why in a few words.")


@dataclass(frozen=True, slots=True)
class DevicePages:
    """The pages over one database."""

    database: Database
    ports: Ports
    frame: Frame
    door: Door

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(PAGE, self.devices, methods=["GET"], response_model=None)
        router.add_api_route(PAGE + "/{device}", self.device, methods=["GET"], response_model=None)
        router.add_api_route(PAGE + "/{device}/events.svg", self.chart, methods=["GET"], response_model=None)
        router.add_api_route(PAGE + "/{device}/alarm", self.see_alarm, methods=["POST"], response_model=None)
        router.add_api_route(PAGE + "/{device}/revoke", self.revoke, methods=["POST"], response_model=None)
        return router

    def devices(self, request: Request) -> Response:
        """Every device: where, how it is in a word, last contact, what waits, what is missing, alarms."""
        reader, now_ms = self.frame.reader(request), unix_ms(self.ports.clock())
        with self.database.reading() as unit:
            beheld = beheld_by(unit, visitor_of(request))
            remarks = unit.observations.device_remarks(REMARKS)
        names = {each.standing.device.name for each in beheld}
        notes = [
            (reader.moment(each.received_ms), each.device_name, reader.word(terms.DEVICE_NOTES, each.word))
            for each in remarks
            if each.device_name in names
        ]
        lines = device_views.lines_of(beheld, now_ms, reader)
        return self.frame.page(request, "devices.html", devices=lines, notes=notes)

    def device(self, request: Request, device: str) -> Response:
        """One device with its history."""
        return self._device(request, device)

    def _device(self, request: Request, device: str, status: int = HTTPStatus.OK, fault: str = "") -> Response:
        reader, now_ms, visitor = self.frame.reader(request), unix_ms(self.ports.clock()), visitor_of(request)
        with self.database.reading() as unit:
            found = next((each for each in beheld_by(unit, visitor) if each.standing.device.id == device), None)
            if found is None:
                return self.frame.page(request, "missing.html", HTTPStatus.NOT_FOUND)
            shown = _shown(unit, found, reader)
        line, point = device_views.device_line(found, now_ms, reader), found.standing.device.service_point
        about = {
            "line": line,
            "registered": reader.moment(found.standing.device.registered_ms),
            "revoked": _moment(found.standing.device.revoked_ms, reader),
            "may_tend": covers(visitor.places(Right.TEND), point),
            "may_revoke": covers(visitor.places(Right.REVOKE), point),
            "is_proved": visitor.is_proved,
            "fault": fault,
            "days": DAYS,
        }
        return self.frame.page(request, "device.html", status, **about, **shown)

    def chart(self, request: Request, device: str) -> Response:
        """The events a device brought, a bar a day."""
        reader, now_ms = self.frame.reader(request), unix_ms(self.ports.clock())
        today = reader.day_of(now_ms)
        zone_ms = round(reader.offset(now_ms) / timedelta(milliseconds=1))
        with self.database.reading() as unit:
            found = any(each.standing.device.id == device for each in beheld_by(unit, visitor_of(request)))
            counts = unit.tended.accepted_by_day(device, now_ms - DAYS * DAY_MS, zone_ms) if found else {}
        last = (now_ms + zone_ms) // DAY_MS
        bars = [
            ((today - timedelta(days=back)).strftime("%m-%d"), counts.get(last - back, 0))
            for back in range(DAYS - 1, -1, -1)
        ]
        return charts.answer(charts.bars(bars))

    def see_alarm(self, request: Request, device: str) -> Response:
        """Note that somebody saw an alarm, and what was done."""
        visitor, fields = visitor_of(request), fields_of(request)
        word, note, now_ms = one(fields, "word"), one(fields, "note")[:MOST_NOTE], unix_ms(self.ports.clock())
        if not note:
            return self._device(request, device, HTTPStatus.CONFLICT, WHY)
        with self.database.writing(device) as unit:
            known, raised = unit.devices.find(device), unit.tended.alarms(device).get(device, ())
            alarm = next((each for each in raised if each.word == word), None)
            if known is None or alarm is None or not covers(visitor.places(Right.TEND), known.service_point):
                return self.frame.page(request, "not_allowed.html", HTTPStatus.FORBIDDEN)
            unit.tended.note_alarm(device, word, alarm.last_ms, visitor.account.id, now_ms, note)
            done = Done(visitor.account.id, Deed.ALARM_ACKNOWLEDGED, device, word, known.service_point)
            unit.audit.note(done, now_ms)
        return _back(device)

    def revoke(self, request: Request, device: str) -> Response:
        """Refuse a device from now on; nothing it brought is deleted."""
        visitor, fields = visitor_of(request), fields_of(request)
        why, password = one(fields, "note")[:MOST_NOTE], fields.get("password", [""])[0]
        if not why:
            return self._device(request, device, HTTPStatus.CONFLICT, WHY)
        if not self.door.prove(visitor, password, self.frame.coming(request).address):
            return self._device(request, device, HTTPStatus.CONFLICT, NOT_PROVED)
        with self.database.writing(device) as unit:
            known = unit.devices.find(device)
            if known is None or not covers(visitor.places(Right.REVOKE), known.service_point):
                return self.frame.page(request, "not_allowed.html", HTTPStatus.FORBIDDEN)
            Office(unit, self.ports, "").revoke(device)
            now_ms = unix_ms(self.ports.clock())
            unit.tended.note_alarm(device, REVOKED_WORD, now_ms, visitor.account.id, now_ms, why)
            unit.audit.note(Done(visitor.account.id, Deed.DEVICE_REVOKED, device, "", known.service_point), now_ms)
        return _back(device)


REVOKED_WORD = "revoked"  # the note of a revocation stands among those of alarms


def beheld_by(unit: Unit, visitor: Visitor) -> list[Beheld]:
    """Return the devices at the visitor's service points, and what is known of each; the console's own are none."""
    points, own = points_in(visitor.places(Right.DEVICES)), unit.hand_streams.devices()
    contacts, alarms = unit.contacts.latest(), unit.tended.alarms()
    return [
        Beheld(standing, contacts.get(standing.device.id), alarms.get(standing.device.id, ()))
        for standing in unit.devices.standings()
        if standing.device.id not in own and (points is None or standing.device.service_point in points)
    ]


def _shown(unit: Unit, found: Beheld, reader: Reader) -> dict[str, Any]:
    device = found.standing.device.id
    words = {**wording.ALARMS, REVOKED_WORD: marked("Revoked")}
    return {
        "alarms": [
            (each.word, reader.word(wording.ALARMS, each.word), each.times, each.unseen, reader.moment(each.last_ms))
            for each in found.alarms
        ],
        "alarm_notes": [
            (reader.moment(each.at_ms), reader.word(words, each.word), each.who, each.note)
            for each in unit.tended.alarm_notes(device)
        ],
        "batches": [(reader.moment(each.received_ms), each) for each in unit.tended.batches(device, BATCHES)],
        "kinds": [(reader.word(wording.KINDS, kind), times) for kind, times in unit.tended.kinds(device)],
        "notes": [
            (reader.moment(each.received_ms), reader.word(terms.DEVICE_NOTES, each.word))
            for each in unit.tended.remarks(device, REMARKS)
        ],
        "waiting_records": unit.decisions.count_waiting(None, device),
    }


def silent(lines: Sequence[DeviceLine]) -> int:
    """Return how many devices have not been heard of for a day."""
    return sum(line.condition == device_views.Condition.SILENT for line in lines)


def _moment(ms: int | None, reader: Reader) -> str:
    return "" if ms is None else reader.moment(ms)


def _back(device: str) -> Response:
    return RedirectResponse(f"{PAGE}/{device}", HTTPStatus.SEE_OTHER, HEADERS)
