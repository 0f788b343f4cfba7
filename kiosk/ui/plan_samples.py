"""A made-up roster of a fortnight for the gallery and for tests of the screen; nobody here exists.

Upstream: ``kiosk.domain.own_plan``, ``samples`` (the day it is).
Downstream: ``record_samples``, ``gallery``, ``tests``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from kiosk.domain.own_plan import own_plan
from kiosk.domain.own_roster import OwnAnswer
from kiosk.ui.samples import NOW, STATION, ZONE
from sync.protocol.events import Presented
from sync.protocol.reference import ReferenceData, RosteredShift, ServicePoint, Standing
from sync.protocol.roster import AnswerSettled, OpenPost, RosterResponse, SwapAsked
from sync.protocol.signing.documents import SignedDocument
from sync.protocol.vocabulary import AnswerOutcome, AssignmentState, RosterAnswer, RosterReason, SwapState

if TYPE_CHECKING:
    from kiosk.domain.own_plan import OwnPlan

ME, MING, FANG, OTHER = "LY-000-001", "LY-000-002", "LY-000-003", "LY-000-004"
NAMES = {ME: "张建明", MING: "李晓明", FANG: "王桂芳", OTHER: "赵海燕"}
NOW_MS = round(NOW.timestamp() * 1000)
CARD = Presented("410302", "0001", "00")


def _span(day: int, hour: int, minutes: int) -> tuple[int, int]:
    begin = date(2025, 7, day)
    begin_ms = round(datetime(begin.year, begin.month, begin.day, hour, tzinfo=ZONE).timestamp() * 1000)
    return begin_ms, begin_ms + minutes * 60_000


def _shift(id_: str, volunteer: str, service: str, span: tuple[int, int], *, offered: bool = False) -> RosteredShift:
    state = AssignmentState.OFFERED if offered else AssignmentState.ACCEPTED
    post = f"{service}-{span[0]}"
    return RosteredShift(id_, volunteer, NAMES[volunteer], service, *span, state=state, post=post, version=1)


def data() -> ReferenceData:
    """Return what the platform told: places, a swap that is asked, open posts, two outcomes."""
    monday, saturday, thursday, sunday = (
        _span(14, 9, 180),
        _span(19, 14, 180),
        _span(24, 8, 180),
        _span(20, 9, 180),
    )
    roster = [
        _shift("mine-1", ME, "directions", monday, offered=True),
        _shift("mine-2", ME, "tea_charging", saturday),
        _shift("mine-3", ME, "environment", thursday),
        _shift("ming-1", MING, "directions", monday),
        _shift("ming-2", MING, "directions", sunday),
        _shift("fang-1", FANG, "tea_charging", saturday),
        _shift("fang-2", FANG, "culture_sports", _span(22, 14, 180)),
        _shift("other-1", OTHER, "directions", _span(17, 9, 180)),
        _shift("other-2", OTHER, "legal_advice", _span(23, 15, 120)),
        _shift("other-3", OTHER, "tutoring", _span(25, 16, 120)),
    ]
    posts = [
        OpenPost("post-1", "tea_charging", *_span(16, 14, 180), wanted=2),
        OpenPost("post-2", "directions", *_span(19, 15, 180), wanted=1),
        OpenPost("post-3", "legal_advice", *_span(21, 9, 120), wanted=1, training="法律援助"),
        OpenPost("post-4", "culture_sports", *_span(23, 18, 120), wanted=1),
        OpenPost("post-5", "directions", *_span(25, 9, 180), wanted=3),
    ]
    lost = AnswerSettled(
        "said-1",
        ME,
        RosterAnswer.TAKE,
        "post-0",
        AnswerOutcome.LOST,
        *_span(18, 9, 180),
        "directions",
        RosterReason.POST_FULL,
    )
    return ReferenceData(
        version=1,
        issued_ms=NOW_MS,
        device="device",
        service_point=ServicePoint("point", STATION, "410302"),
        trust_list=SignedDocument("trust_list", {}, ""),
        roster=roster,
        standings=[Standing(ME)],
        open_posts=posts,
        swaps=[SwapAsked("swap-1", "ming-2", MING, ME, SwapState.ASKED, 1, "mine-3")],
        settled=[lost],
    )


def said(answer: RosterAnswer, of: str, version: int = 1, id_: str = "own") -> OwnAnswer:
    """Return an answer as this device's ledger has it."""
    return OwnAnswer(id_, RosterResponse(ME, CARD, answer, of, version))


def plan(volunteer: str = ME, *answers: OwnAnswer) -> OwnPlan:
    """Return how it looks to a volunteer, with answers that the platform has not dealt with."""
    return own_plan(volunteer, data(), answers, NOW_MS)
