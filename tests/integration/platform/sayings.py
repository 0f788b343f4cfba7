"""What persons say of duties, and what devices record beside them, for histories drawn at random.

Upstream: ``sync.protocol``.
Downstream: ``test_order_of_arrival``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.protocol.events import Body, CheckIn, Drill, Heartbeat, Kit
from sync.protocol.judgements import (
    Amendment,
    Confirmation,
    Decision,
    Objection,
    Rating,
    RecipientRating,
    Statement,
    Void,
)
from sync.protocol.vocabulary import (
    AmendmentReason,
    DecisionReason,
    Face,
    KitItem,
    ObjectionReason,
    Quality,
    StatementAnswer,
    VoidReason,
)
from tests.integration.platform.conftest import START_MS
from tests.integration.platform.fleet import CARD, FakeDevice

if TYPE_CHECKING:
    from sync.protocol.envelope import Envelope

MINUTE_MS = 60_000
SAYINGS = ("state", "confirm", "amend", "void", "object", "decide", "rate")
BESIDE = ("beat", "group", "drill", "face", "kit")


def said(act: str, log: list[Envelope], session: str, drawn: tuple[str, int]) -> Body:
    """What a person says of the latest session, and of any event before."""
    person, minutes = drawn
    by, of = ("OP1", "OP2", "LY1")[minutes % 3], log[minutes % len(log)].id if log else "none"
    at_ms = START_MS + minutes * MINUTE_MS
    every: dict[str, Body] = {
        "state": Statement(session, person, CARD, StatementAnswer.OTHER_TIME, at_ms),
        "confirm": Confirmation(session, log[-1].id if log else of, by, beyond_shift=minutes % 2 == 0),
        "amend": Amendment(session, AmendmentReason.WRONG_END, by, None, at_ms, None, of if minutes % 3 else None),
        "void": Void(session, VoidReason.DUPLICATE, by),
        "object": Objection(session, person, CARD, ObjectionReason.WRONG_TIME),
        "decide": Decision(session, of, minutes % 2 == 0, DecisionReason.WITNESS, by),
        "rate": Rating(session, Quality.GOOD, by),
    }
    return every[act]


def beside(act: str, device: FakeDevice, session: str, minutes: int) -> Body:
    """What stands beside sessions, or makes one of a visiting team or a drill."""
    last_us = (device.log[-1].stamp.bt_us if device.log else 0) + minutes
    group = CheckIn(
        f"g{len(device.log)}", "LY1", CARD, "0" * 64, "tea", device.service_point, group="g", drill=minutes % 2 == 0
    )
    every: dict[str, Body] = {
        "beat": Heartbeat(f"boot-{device.boot_n}", device.boot_n, last_us),
        "group": group,
        "drill": Drill(on=minutes % 2 == 0, by="OP1"),
        "face": RecipientRating(Face.NEUTRAL, device.service_point, [session], burst=minutes % 2 == 0),
        "kit": Kit("LY1", KitItem.CAP, minutes, returned=minutes % 2 == 0, by="OP1"),
    }
    return every[act]
