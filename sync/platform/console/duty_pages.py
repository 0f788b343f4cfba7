"""The pages behind the ledger: one session with its whole history, one volunteer with totals, the station's affairs.

Upstream: ``store``, ``ingest``, ``views``, ``histories``, ``frame``.
Downstream: ``app``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync.platform import terms, wording
from sync.platform.console import queries, views
from sync.platform.console.frame import Frame
from sync.platform.console.gate import visitor_of
from sync.platform.console.histories import Happening, history_of, speakers
from sync.platform.console.reader import Reader
from sync.platform.ingest import Recorded, original_of
from sync.platform.ports import Clock, unix_ms
from sync.platform.records import Entry
from sync.platform.signin.rights import Right, covers
from sync.platform.store import Database, Unit
from sync.protocol.envelope import open_body
from sync.protocol.errors import ProtocolError
from sync.protocol.events import Undo
from sync.protocol.sessions import Session
from sync.protocol.timebook import TimeBook
from sync.protocol.timeline import TimeLog, locate
from sync.protocol.totals import Totals, totals_of

MOST = 200  # star applications shown, the latest
LATEST = 100  # sessions of a volunteer shown; totals have all of them
NS_PER_MINUTE = 60_000_000_000


@dataclass(frozen=True, slots=True)
class DutyPages:
    """The pages over one database, within their frame."""

    database: Database
    clock: Clock
    frame: Frame

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route("/session", self.session, methods=["GET"], response_model=None)
        router.add_api_route("/volunteer", self.volunteer, methods=["GET"], response_model=None)
        router.add_api_route("/station", self.station, methods=["GET"], response_model=None)
        return router

    def session(self, request: Request) -> Response:
        """One session: as it counts, as it was recorded, and everything that was said of it."""
        reader, id_ = self.frame.reader(request), request.query_params.get("id", "")
        with self.database.reading() as unit:
            entry = unit.ledger.find(id_)
            if entry is None or not _covers(request, entry):
                return self.frame.page(request, "missing.html", status=HTTPStatus.NOT_FOUND)
            history = unit.events.histories((id_,))[id_]
            books = unit.times.around_scans([each.envelope for each in history])
            happenings = _happenings(history, books, unit)
            names = {number: _name(unit, number) for number in speakers(each.body for each in happenings)}
            faces = unit.observations.faces_of((id_,))
        day, today = reader.day_of(entry.session.started.est_ms), reader.day_of(unix_ms(self.clock()))
        original = original_of(history, books)
        return self.frame.page(
            request,
            "session.html",
            line=views.line_of(entry, day, views.Beside(today, faces), reader),
            day=reader.day_title(day),
            original=_recorded_line(entry, original, reader),
            original_minutes=original.original_ns // NS_PER_MINUTE if original else 0,
            minutes=entry.session.original_ns // NS_PER_MINUTE,
            stated=reader.moment(entry.session.stated_end_ms) if entry.session.stated_end_ms else None,
            history=history_of(happenings, names, reader),
        )

    def volunteer(self, request: Request) -> Response:
        """One volunteer: what all sessions add up to, every minute once, and the latest of them."""
        reader, number = self.frame.reader(request), request.query_params.get("number", "")
        with self.database.reading() as unit:
            lines, entries = unit.ledger.of_volunteer(number)
            name, decided = _name(unit, number), unit.standings.of(number)
            faces = unit.observations.faces_of(entry.session.id for entry in entries[:LATEST])
        if (not entries and not name) or not _knows(request, entries):
            return self.frame.page(request, "missing.html", status=HTTPStatus.NOT_FOUND)
        totals, today = totals_of(lines), reader.day_of(unix_ms(self.clock()))
        beside = views.Beside(today, faces, frozenset(totals.overlapping))
        return self.frame.page(
            request,
            "volunteer.html",
            number=number,
            name=name or next((entry.name for entry in entries if entry.name), ""),
            star=decided.star,
            suspended=decided.suspended,
            totals=totals,
            shares=_shares(totals, reader),
            provisional_minutes=totals.provisional_s // 60,
            overlapping=views.days_of([e for e in entries if e.session.id in totals.overlapping], beside, reader),
            days=views.days_of(entries[:LATEST], beside, reader),
            sessions=len(entries),
        )

    def station(self, request: Request) -> Response:
        """Kit that is out, star applications for the community to decide, and what those who were served say."""
        reader = self.frame.reader(request)
        with self.database.reading() as unit:
            kit, applications = unit.observations.kit_out(), unit.observations.applications(MOST)
            faces = unit.observations.faces_by_place()
        return self.frame.page(
            request,
            "station.html",
            kit=[(each, reader.word(terms.KIT, each.item)) for each in kit],
            applications=[(each, reader.moment(each.received_ms)) for each in applications],
            faces=faces,
            link_to=lambda number: f"/volunteer?{queries.urlencoded(number=number)}",
        )


def _covers(request: Request, entry: Entry) -> bool:
    places = visitor_of(request).places(Right.LEDGER)
    return covers(places, entry.session.service_point, entry.session.team)


def _knows(request: Request, entries: Sequence[Entry]) -> bool:
    """Tell whether a volunteer is shown: to who sees all places, gives out cards, or had them on duty."""
    visitor = visitor_of(request)
    is_open = visitor.places(Right.LEDGER) is None or visitor.may(Right.CARDS)
    return is_open or any(_covers(request, entry) for entry in entries)


def _name(unit: Unit, number: str) -> str:
    known = unit.registry.volunteer(number)
    return known.name if known else ""


def _happenings(history: Sequence[Recorded], books: Mapping[str, TimeBook], unit: Unit) -> list[Happening]:
    found = []
    devices: dict[str, str] = {}
    for recorded in history:
        envelope = recorded.envelope
        try:
            body = open_body(envelope)
        except ProtocolError:
            continue
        if body is None:
            continue
        if recorded.device not in devices:
            device = unit.devices.find(recorded.device)
            devices[recorded.device] = device.name if device else recorded.device
        log = books[envelope.stream].around((envelope.stamp,)) if envelope.stream in books else TimeLog()
        found.append(Happening(envelope, body, locate(envelope.stamp, log), devices[recorded.device], False))
    undone = {each.body.of for each in found if isinstance(each.body, Undo)}
    return [replace(each, is_undone=each.envelope.id in undone) for each in found]


def _recorded_line(entry: Entry, original: Session | None, reader: Reader) -> views.Line | None:
    """Return the original beside what counts now, where a person changed it; None where they are the same."""
    now = entry.session
    if original is None or (original.started, original.ended, original.service) == (
        now.started,
        now.ended,
        now.service,
    ):
        return None
    day = reader.day_of(entry.session.started.est_ms)
    return views.line_of(replace(entry, session=original), day, views.Beside(day), reader)


def _what_counts(session: Session) -> tuple[object, ...]:
    return session.started, session.ended, session.service


def _shares(totals: Totals, reader: Reader) -> list[views.Share]:
    return [
        views.Share(provenance, reader.word(wording.PROVENANCES, provenance), len(share.sessions), share.minutes)
        for provenance, share in totals.by_provenance.items()
    ]
