"""Made-up records for pictures of the operator's desk; nobody here exists.

Upstream: ``samples``, ``kiosk.usecases.desk``.
Downstream: ``desk_gallery``, ``tests/integration/ui``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.presenter.desk.intents import (
    Answered,
    DeskIntent,
    LookForSticks,
    ReadDesk,
    ReadPeople,
    ReadQueue,
    ReadSheet,
    ReceiveIntent,
    SignInIntent,
)
from kiosk.ui.samples import NOW, ZONE
from kiosk.usecases import desk
from kiosk.usecases.operator_outcomes import SignedIn
from kiosk.usecases.read_people import Chosen, People
from kiosk.usecases.receive_operator import Received
from kiosk.usecases.step_export import Sticks
from sync.protocol.vocabulary import (
    AmendmentReason,
    BoundsQuality,
    KitItem,
    Matter,
    ObjectionReason,
    Provenance,
    ServiceKind,
    SessionState,
    StatementAnswer,
)
from sync.protocol.working_days import Countdown

if TYPE_CHECKING:
    from kiosk.presenter.desk.intents import Came

OPERATOR = SignedIn("4103020000001400", "欧阳淑兰", ("head",))
NAMES = ("张建明", "李㛃", "阿卜杜热西提·买买提", "孙桂芝", "周䶮", "王秀英", "赵德厚", "马兰花", "刘铁柱")
SERVICES = tuple(map(str, ServiceKind))


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 7, day, hour, minute, tzinfo=ZONE).astimezone(NOW.tzinfo)


def line(number: int, matter: Matter = Matter.CONFIRM, **changes: object) -> desk.DeskLine:
    """Return the record of the ``number``-th of them."""
    day, left = 11 - number, 9 - 2 * number
    plain = desk.DeskLine(
        session_id=f"s{number}",
        volunteer=f"41030200000{20170 + 7 * number}",
        name=NAMES[number % len(NAMES)],
        service=SERVICES[number % len(SERVICES)],
        team="red",
        started_at=_at(day, 9, 2),
        ended_at=_at(day, 11, 17 + number),
        original_minutes=135 + number,
        credited_minutes=0 if matter is Matter.END_UNKNOWN else 135 + number,
        state=SessionState.CLOSED,
        provenance=Provenance.TWO_SCANS,
        matters=(matter, Matter.RATE),
        quality=None,
        countdown=Countdown((_at(day, 9) + timedelta(days=14)).date(), left, announced=True),
        own=number == len(NAMES) - 1,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def queue(matter: Matter = Matter.CONFIRM, page: int = 0) -> desk.QueuePage:
    """Return a page of what waits: nine records of what must be confirmed, fewer of the rest."""
    total = {Matter.CONFIRM: 9, Matter.RATE: 6, Matter.END_UNKNOWN: 2, Matter.SECOND_PERSON: 1}.get(matter, 0)
    lines = tuple(line(number, matter) for number in range(total))
    return desk.QueuePage(matter, lines[8 * page : 8 * page + 8], page, max(1, -(-total // 8)), total)


def board(*, drill: bool = False, group: bool = False) -> desk.DeskBoard:
    """Return a Saturday morning with something in every corner."""
    machine = desk.Machine(23_400_000_000, "seeing", set_aside=0, signed_to=18_402, version="0.1.0")
    people = tuple(
        desk.DeskOnDuty(f"o{at}", f"4103020000002{at}77", name, SERVICES[at], None, _at(12, 8, 10 + 7 * at), at == 1)
        for at, name in enumerate(NAMES[:5])
    )
    held = tuple(desk.KitHeld(each.volunteer, each.name, KitItem.CAP, 1) for each in people[:3])
    ends_at = NOW + timedelta(minutes=71)
    return desk.DeskBoard(
        now=NOW,
        calibrated=True,
        on_duty=people,
        counts={each: queue(each).total for each in Matter},
        queue=queue(),
        overdue=1,
        kit=(*held, desk.KitHeld("4103020000002988", "何冬梅", KitItem.ARMBAND, 1)),
        drill=desk.DrillState(NOW - timedelta(minutes=9), "1", OPERATOR.name, ends_at) if drill else None,
        group=desk.GroupState("g", "environment", None, _at(12, 9, 20), "1", OPERATOR.name, 12) if group else None,
        health=desk.DeskHealth(3, NOW - timedelta(minutes=42), "anchored", calibrated=True, machine=machine),
        rights=frozenset({"confirm", "correct", "rate", "enter_hours", "kit", "group", "drill", "export"}),
    )


def sheet(kind: str = "statement") -> desk.SessionSheet:
    """Return a record nobody ended and whose volunteer has spoken, or one that is disputed."""
    recorded = desk.Version(
        _at(10, 14, 2), _at(10, 22), "directions", SessionState.PROVISIONAL, Provenance.ONE_SCAN_AUTO, 0, 0
    )
    waits = (desk.Waits("e1", desk.Awaiting.STATEMENT, None, ""),)
    refusals = {desk.DeskAct.RATE: DeskRefusal.UNDECIDED_HOURS, desk.DeskAct.DECIDE: DeskRefusal.NO_OBJECTION}
    plain = desk.SessionSheet(
        line=line(
            0,
            provenance=Provenance.ONE_SCAN_AUTO,
            ended_at=_at(10, 22),
            started_at=_at(10, 14, 2),
            state=SessionState.PROVISIONAL,
            credited_minutes=0,
        ),
        recorded=recorded,
        judged=recorded,
        flags=frozenset({"wide_duration", "validity_unchecked"}),
        tallies={"directions": 6},
        clock=desk.ClockWords(BoundsQuality.ANCHORED, BoundsQuality.CLAMPED, wide=True),
        offers=tuple(desk.Offer(each, refusals.get(each)) for each in desk.DeskAct),
        waits=waits,
        statement=desk.Said(StatementAnswer.OTHER_TIME, _at(10, 17, 30)),
    )
    if kind == "statement":
        return plain
    judged = replace(
        recorded,
        ended_at=_at(10, 17, 30),
        provenance=Provenance.CORRECTION,
        state=SessionState.AMENDED,
        original_minutes=208,
        credited_minutes=208,
    )
    objection = desk.ObjectionLine("e9", ObjectionReason.WRONG_TIME)
    amendment = desk.AmendmentLine(
        "e3", "1", "王秀英", AmendmentReason.WRONG_END, None, _at(10, 17, 30), None, holds=True
    )
    return replace(
        plain,
        judged=judged,
        line=replace(
            plain.line,
            state=SessionState.AMENDED,
            provenance=Provenance.CORRECTION,
            matters=(Matter.OBJECTION,),
            credited_minutes=208,
        ),
        flags=frozenset(),
        offers=tuple(desk.Offer(each, None) for each in desk.DeskAct),
        waits=(),
        amendments=(amendment,),
        objections=(objection,),
    )


def people() -> People:
    """Return who can be chosen."""
    known = tuple(
        Chosen(f"41030200000{20170 + 7 * at}", name, ("party", "youth", None)[at % 3], at < 3)
        for at, name in enumerate(NAMES)
    )
    return People(known, SERVICES, ("party", "youth", "women", "disabled_aid", "community"), None)


def answer(intent: DeskIntent, kind: str = "statement", **state: bool) -> Answered | None:
    """Return what a station would answer to a read, or to the door."""
    came: Came | None = None
    match intent:
        case ReadDesk():
            came = board(**state)
        case ReadQueue():
            came = queue(intent.matter, intent.page)
        case ReadSheet():
            read = sheet(kind)
            came = replace(read, line=replace(read.line, session_id=intent.session_id))
        case ReadPeople():
            came = people()
        case ReceiveIntent():
            came = Received(OPERATOR.operator, OPERATOR.name, has_pin=intent.text != "first")
        case LookForSticks():
            came = Sticks((Path("/media/KINGSTON"),), NOW.astimezone(ZONE).date())
        case SignInIntent():
            came = OPERATOR
    return None if came is None else Answered(came)
