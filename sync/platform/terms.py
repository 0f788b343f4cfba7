"""The words of the closed lists that judgements are made of: matters, reasons, quality, effects, faces, kit.

Upstream: ``wording``, ``sync.protocol.vocabulary``.
Downstream: ``console``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sync.platform.wording import marked
from sync.protocol.vocabulary import (
    AmendmentReason,
    AutoCloseReason,
    DecisionReason,
    Effect,
    EntryReason,
    Face,
    KitItem,
    Matter,
    ObjectionReason,
    Quality,
    StatementAnswer,
    Trust,
    VoidReason,
)

MATTERS: Mapping[str, str] = MappingProxyType(
    {
        Matter.END_UNKNOWN: marked("the volunteer has not said when it ended"),
        Matter.CONFIRM: marked("the captain's confirmation"),
        Matter.SECOND_PERSON: marked("a second person"),
        Matter.OBJECTION: marked("a decision on the objection"),
        Matter.RATE: marked("rating of quality and effect"),
    }
)
QUALITIES: Mapping[str, str] = MappingProxyType(
    {
        Quality.EXCELLENT: marked("Excellent"),
        Quality.GOOD: marked("Good work"),
        Quality.ADEQUATE: marked("Adequate"),
        Quality.FAIL: marked("Failed"),
    }
)
EFFECTS: Mapping[str, str] = MappingProxyType(
    {
        Effect.PROBLEM_SOLVED: marked("problem solved"),
        Effect.PEOPLE_SATISFIED: marked("people satisfied"),
        Effect.ORDER_KEPT: marked("order kept"),
        Effect.KNOWLEDGE_SHARED: marked("knowledge shared"),
        Effect.SURROUNDINGS_BETTER: marked("surroundings better"),
        Effect.TO_BE_IMPROVED: marked("to be improved"),
    }
)
FACES: Mapping[str, str] = MappingProxyType(
    {
        Face.SATISFIED: marked("Satisfied"),
        Face.NEUTRAL: marked("So-so"),
        Face.DISSATISFIED: marked("Dissatisfied"),
    }
)
KIT: Mapping[str, str] = MappingProxyType({KitItem.CAP: marked("Red cap"), KitItem.ARMBAND: marked("Armband")})
TRUST: Mapping[str, str] = MappingProxyType(
    {
        Trust.SIGNED: marked("certificate scanned"),
        Trust.LISTED: marked("number of an older system"),
        Trust.TYPED: marked("number typed by hand"),
    }
)
ANSWERS: Mapping[str, str] = MappingProxyType(
    {
        StatementAnswer.SHIFT_END: marked("at the end of the shift"),
        StatementAnswer.CLOSING_TIME: marked("at closing time"),
        StatementAnswer.OTHER_TIME: marked("at another time"),
    }
)
DEVICE_NOTES: Mapping[str, str] = MappingProxyType(
    {
        "stream_started": marked("A new sequence of records begins"),
        "stream_forked": marked("Another machine wrote to this sequence; a new one begins"),
        "recovered_from_damage": marked("The device's file was damaged and was recovered"),
    }
)
ENDINGS: Mapping[str, str] = MappingProxyType(
    {
        AutoCloseReason.CAP: marked("longest duty reached"),
        AutoCloseReason.CLOSING_TIME: marked("closing time"),
        AutoCloseReason.DAYTIME: marked("a minor's day was over"),
        AutoCloseReason.DRILL_ENDED: marked("drill ended"),
    }
)
ENTRIES: Mapping[str, str] = MappingProxyType(
    {
        EntryReason.FORGOT_CARD: marked("card forgotten"),
        EntryReason.KIOSK_FAILED: marked("kiosk out of order"),
        EntryReason.SERVED_ELSEWHERE: marked("served elsewhere"),
        EntryReason.OTHER: marked("other reason"),
    }
)
CORRECTIONS: Mapping[str, str] = MappingProxyType(
    {
        AmendmentReason.WRONG_START: marked("wrong start"),
        AmendmentReason.WRONG_END: marked("wrong end"),
        AmendmentReason.WRONG_SERVICE: marked("wrong service"),
        AmendmentReason.WRONG_CLOCK: marked("wrong clock"),
        AmendmentReason.OTHER: marked("other reason"),
    }
)
WITHDRAWALS: Mapping[str, str] = MappingProxyType(
    {
        VoidReason.DUPLICATE: marked("recorded twice"),
        VoidReason.NOT_PRESENT: marked("was not there"),
        VoidReason.OTHER_PERSON: marked("another person"),
        VoidReason.TRIAL: marked("a trial"),
        VoidReason.OTHER: marked("other reason"),
    }
)
OBJECTIONS: Mapping[str, str] = MappingProxyType(
    {
        ObjectionReason.WRONG_TIME: marked("wrong time"),
        ObjectionReason.WRONG_SERVICE: marked("wrong service"),
        ObjectionReason.NOT_MINE: marked("not my record"),
        ObjectionReason.WRONG_RATING: marked("wrong rating"),
        ObjectionReason.OTHER: marked("other reason"),
    }
)
DECISIONS: Mapping[str, str] = MappingProxyType(
    {
        DecisionReason.CORRECTED: marked("the record is corrected"),
        DecisionReason.RECORDS_AGREE: marked("the records agree"),
        DecisionReason.WITNESS: marked("there is a witness"),
        DecisionReason.NO_EVIDENCE: marked("there is no evidence"),
        DecisionReason.OTHER: marked("other reason"),
    }
)
