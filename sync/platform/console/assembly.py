"""The console put together: every page behind its gate, and the few that stand before it.

Upstream: the pages, ``gate``, ``signin.door``.
Downstream: ``app``.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Depends, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from sync.platform.console.account_pages import AccountPages
from sync.platform.console.audit_pages import AuditPages
from sync.platform.console.calendar_feed import CalendarFeed
from sync.platform.console.certificates import CertificatePages
from sync.platform.console.device_pages import DevicePages
from sync.platform.console.duty_pages import DutyPages
from sync.platform.console.enrol_pages import EnrolPages
from sync.platform.console.exporting import Exporting
from sync.platform.console.frame import Frame
from sync.platform.console.gate import Gate, TurnedAwayError
from sync.platform.console.issuing import Issuing
from sync.platform.console.misses import Misses
from sync.platform.console.my import MyPage
from sync.platform.console.my_door import PhoneDoor
from sync.platform.console.my_roster import MyRoster
from sync.platform.console.my_times import MyTimes
from sync.platform.console.open_pages import OpenPages
from sync.platform.console.pages import Console
from sync.platform.console.planner_deeds import PlannerDeeds
from sync.platform.console.planner_pages import PlannerPages
from sync.platform.console.planner_proposals import PlannerProposals
from sync.platform.console.planner_publishing import PlannerPublishing
from sync.platform.console.quarantine_pages import QuarantinePages
from sync.platform.console.roster_files_pages import RosterFilesPages
from sync.platform.console.roster_setup_desk import Room
from sync.platform.console.roster_setup_log import LogPages
from sync.platform.console.roster_setup_pages import SetupPages
from sync.platform.console.roster_setup_people import PeoplePages
from sync.platform.console.roster_setup_templates import TemplatePages
from sync.platform.console.served_pages import ServedPages
from sync.platform.console.sign_in_pages import SignInPages
from sync.platform.passwords import Costs
from sync.platform.ports import Ports
from sync.platform.signin.door import Door
from sync.platform.store import Database


@dataclass(frozen=True, slots=True)
class Setting:
    """What the console stands on.

    Attributes:
        costs: of a new password; what is kept of earlier ones names its own.
    """

    database: Database
    ports: Ports
    frame: Frame
    issuing: Issuing
    costs: Costs


def add_console(app: FastAPI, setting: Setting) -> OpenPages:
    """Add the console's routes to an application, and return the pages that are open to everybody."""
    database, ports, frame, issuing = setting.database, setting.ports, setting.frame, setting.issuing
    door = Door(database, ports, setting.costs)
    gate, sign_in, outside = Gate(door, frame), SignInPages(door, frame), OpenPages(frame)
    misses = Misses()
    phone = PhoneDoor(database, ports, frame, misses)
    unguarded = (
        outside.router(),
        sign_in.open_router(),
        MyPage(database, ports, frame, issuing, misses).router(),
        MyRoster(phone).router(),
        MyTimes(phone, issuing.public_url).router(),
        CalendarFeed(database, ports, frame, misses).router(),
    )
    for router in unguarded:
        app.include_router(router)
    planner = PlannerPages(database, ports, frame)
    room = Room(database, ports, frame)
    guarded = (
        Console(database, ports.clock, frame, issuing.upward).router(),
        Exporting(database, ports, frame).router(),
        DevicePages(database, ports, frame, door).router(),
        EnrolPages(database, ports, frame, issuing).router(),
        QuarantinePages(database, ports, frame, door).router(),
        AccountPages(database, ports, frame, door).router(),
        AuditPages(database, frame).router(),
        DutyPages(database, ports.clock, frame).router(),
        ServedPages(database, ports, frame).router(),
        CertificatePages(database, ports, frame, issuing).router(),
        planner.router(),
        PlannerDeeds(planner).router(),
        PlannerPublishing(planner).router(),
        PlannerProposals(planner).router(),
        RosterFilesPages(database, ports, frame).router(),
        *(each(room).router() for each in (SetupPages, TemplatePages, PeoplePages, LogPages)),
        sign_in.router(),
    )
    for router in guarded:
        app.include_router(router, dependencies=[Depends(gate.admit)])
    app.mount("/static", outside.assets())
    app.add_exception_handler(TurnedAwayError, _turned_away)
    return outside


def _turned_away(_request: Request, error: Exception) -> Response:
    if not isinstance(error, TurnedAwayError):
        raise error
    return error.response
