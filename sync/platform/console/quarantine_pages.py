"""Quarantine with decision: the queue, one record in plain words, and what people of the station decide on it.

Upstream: ``deciding``, ``quarantine_views``, ``gate``.
Downstream: ``assembly``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync.platform import terms, wording
from sync.platform.console import quarantine_views, queries
from sync.platform.console.forms import Fields, one
from sync.platform.console.frame import HEADERS, Frame
from sync.platform.console.gate import fields_of, visitor_of
from sync.platform.deciding import Deciding
from sync.platform.deciding_words import SetApartRecord, Verdict
from sync.platform.errors import DecisionError
from sync.platform.hand_entries import Hours
from sync.platform.ports import Ports, unix_ms
from sync.platform.signin.door import Door
from sync.platform.signin.people import Visitor
from sync.platform.signin.rights import Right, covers, points_in
from sync.platform.store import Database, Unit
from sync.platform.wording import marked
from sync.protocol.vocabulary import EntryReason, ServiceKind

PAGE = "/quarantine"
LINES = 50
MINUTE_FORM = "%Y-%m-%dT%H:%M"
NOT_PROVED = marked("The password is not right, or it was tried too often. Nothing was changed.")
HOURS_UNREAD = marked("Say whose hours, from when until when.")
OTHER_TEAM = marked("A captain enters and confirms hours of the own team.")
EMPTY = dict.fromkeys(("verdict", "team", "volunteer", "service", "starts", "ends", "reason", "note"), "")
RIGHTS = {Verdict.PROPOSE: Right.HOURS, Verdict.CONFIRM: Right.HOURS, Verdict.DECLINE: Right.HOURS}


@dataclass(frozen=True, slots=True)
class QuarantinePages:
    """The pages over one database."""

    database: Database
    ports: Ports
    frame: Frame
    door: Door

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(PAGE, self.queue, methods=["GET"], response_model=None)
        router.add_api_route(PAGE + "/{record}", self.record, methods=["GET"], response_model=None)
        router.add_api_route(PAGE + "/{record}", self.decide, methods=["POST"], response_model=None)
        return router

    def queue(self, request: Request) -> Response:
        """The records that wait, or with ``?decided=1`` those that were decided."""
        reader, points = self.frame.reader(request), points_in(visitor_of(request).places(Right.QUARANTINE))
        decided, before = request.query_params.get("decided") == "1", queries.read_number(request, "before")
        with self.database.reading() as unit:
            found = unit.decisions.queue(points, decided=decided, before=before, limit=LINES + 1)
            count = unit.decisions.count_waiting(points)
        return self.frame.page(
            request,
            "quarantine.html",
            records=[quarantine_views.record_line(each, reader) for each in found[:LINES]],
            more=found[LINES - 1].id if len(found) > LINES else None,
            decided=decided,
            count=count,
            before=before,
        )

    def record(self, request: Request, record: str) -> Response:
        """One record: what the device said, why it was refused, what was decided so far."""
        return self._record(request, record)

    def _record(
        self, request: Request, record: str, status: int = HTTPStatus.OK, fault: str = "", given: Fields | None = None
    ) -> Response:
        reader, visitor = self.frame.reader(request), visitor_of(request)
        with self.database.reading() as unit:
            found = _find(unit, visitor, record)
            if found is None:
                return self.frame.page(request, "missing.html", HTTPStatus.NOT_FOUND)
            past, team = unit.decisions.history(found.id), _proposed_team(unit, found)
        told, offered = quarantine_views.told_by(found.whole), quarantine_views.verdicts_for(found)
        starts = datetime.fromtimestamp(told.at_ms / 1000, reader.zone).strftime(MINUTE_FORM) if told.at_ms else ""
        filled = {name: values[0] for name, values in (given or {}).items()}
        return self.frame.page(
            request,
            "quarantined.html",
            status,
            record=found,
            line=quarantine_views.record_line(found, reader),
            told=list(told.lines(reader)),
            past=quarantine_views.past_lines(past, reader),
            offered=[verdict for verdict in offered if _may(visitor, verdict, found, team)],
            waits_for_others=bool(offered) and not any(_may(visitor, verdict, found, team) for verdict in offered),
            filled={**EMPTY, "volunteer": told.volunteer, "service": told.service, "starts": starts, **filled},
            services=[(kind.value, reader.word(wording.SERVICES, kind)) for kind in ServiceKind],
            reasons=[(reason.value, reader.word(terms.ENTRIES, reason)) for reason in EntryReason],
            is_proved=visitor.is_proved,
            has_number=visitor.account.volunteer is not None,
            now=reader.local_now(unix_ms(self.ports.clock())).strftime(MINUTE_FORM),
            fault=fault,
        )

    def decide(self, request: Request, record: str) -> Response:
        """Decide on a record; what follows for the ledger is in the same transaction."""
        visitor, fields = visitor_of(request), fields_of(request)
        word, reader = one(fields, "verdict"), self.frame.reader(request)
        with self.database.reading() as unit:
            found = _find(unit, visitor, record)
            team = _proposed_team(unit, found) if found else None
        verdict = Verdict(word) if word in set(Verdict) else None
        if found is None or verdict is None or not _may(visitor, verdict, found, team):
            return self.frame.page(request, "not_allowed.html", HTTPStatus.FORBIDDEN)
        if not self.door.prove(visitor, fields.get("password", [""])[0], self.frame.coming(request).address):
            return self._record(request, record, HTTPStatus.CONFLICT, reader.say(NOT_PROVED), fields)
        try:
            hours = _of_own_team(_hours(fields, reader.zone), visitor, found) if verdict is Verdict.PROPOSE else None
            with self.database.writing(f"hand:{found.service_point}") as unit:
                Deciding(unit, self.ports, visitor.account).decide(found, verdict, one(fields, "note"), hours)
        except DecisionError as error:
            return self._record(request, record, HTTPStatus.CONFLICT, reader.say(str(error)), fields)
        return RedirectResponse(f"{PAGE}/{found.id}", HTTPStatus.SEE_OTHER, HEADERS)


def _find(unit: Unit, visitor: Visitor, record: str) -> SetApartRecord | None:
    is_number = record.isascii() and record.isdigit() and len(record) <= queries.MOST_DIGITS
    found = unit.decisions.record(int(record)) if is_number else None
    points = points_in(visitor.places(Right.QUARANTINE))
    return found if found and (points is None or found.service_point in points) else None


def _proposed_team(unit: Unit, record: SetApartRecord) -> str | None:
    sessions = [each.session for each in unit.decisions.history(record.id) if each.session]
    entry = unit.ledger.find(sessions[-1]) if sessions else None
    return entry.session.team if entry else None


def _of_own_team(hours: Hours, visitor: Visitor, record: SetApartRecord) -> Hours:
    """Return the hours with the captain's team where none was said; who has one team enters no other's."""
    places = visitor.places(Right.HOURS)
    teams = [team for point, team in places or () if point == record.service_point]
    if hours.team is None and len(teams) == 1:
        hours = replace(hours, team=teams[0])
    if not covers(places, record.service_point, hours.team):
        raise DecisionError(OTHER_TEAM)
    return hours


def _may(visitor: Visitor, verdict: Verdict, record: SetApartRecord, team: str | None) -> bool:
    places = visitor.places(RIGHTS.get(verdict, Right.DECIDE))
    if verdict in {Verdict.CONFIRM, Verdict.DECLINE}:
        return covers(places, record.service_point, team)
    points = points_in(places)
    return points is None or record.service_point in points


def _hours(fields: Fields, zone: ZoneInfo) -> Hours:
    volunteer, service, reason = (one(fields, name) for name in ("volunteer", "service", "reason"))
    starts, ends = (_instant(one(fields, name), zone) for name in ("starts", "ends"))
    known = service in set(ServiceKind) and reason in set(EntryReason)
    if not volunteer or starts is None or ends is None or not known:
        raise DecisionError(HOURS_UNREAD)
    return Hours(volunteer, service, unix_ms(starts), unix_ms(ends), EntryReason(reason), one(fields, "team") or None)


def _instant(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.strptime(text, MINUTE_FORM).replace(tzinfo=zone)
    except ValueError:
        return None
