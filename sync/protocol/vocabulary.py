"""The field's words as closed lists: the same spelling in every file, event, column and catalogue.

Upstream: nothing.
Downstream: everything.
"""

from __future__ import annotations

from enum import StrEnum


class ServiceKind(StrEnum):
    """服务项目: the seven of REQ 1.6 (附1.6), in the policy's order. Stations may add their own ids."""

    DIRECTIONS = "directions"  # 指路问询
    TEA_CHARGING = "tea_charging"  # 茶水充电
    POVERTY_RELIEF = "poverty_relief"  # 扶贫济困
    LEGAL_ADVICE = "legal_advice"  # 法律咨询
    TUTORING = "tutoring"  # 课业辅导
    CULTURE_SPORTS = "culture_sports"  # 文体活动
    ENVIRONMENT = "environment"  # 环境保护


class TallyKind(StrEnum):
    """What is counted by touch at the end of a duty (REQ 1.6: 指路 n, 茶水 n, 充电 n)."""

    DIRECTIONS = "directions"  # 指路
    TEA = "tea"  # 茶水
    CHARGING = "charging"  # 充电


class EventKind(StrEnum):
    """Kinds of events on the wire (protocol.md). Unknown kinds are stored, not refused."""

    CHECK_IN = "check_in"
    CHECK_OUT = "check_out"
    CHOICE = "choice"
    UNDO = "undo"
    AUTO_CLOSE = "auto_close"
    TALLY = "tally"
    ANCHOR = "anchor"
    DEVICE_NOTE = "device_note"
    HEARTBEAT = "heartbeat"
    CAPTAIN_ENTRY = "captain_entry"
    STATEMENT = "statement"
    CONFIRMATION = "confirmation"
    AMENDMENT = "amendment"
    VOID = "void"
    OBJECTION = "objection"
    DECISION = "decision"
    RATING = "rating"
    RECIPIENT_RATING = "recipient_rating"
    STAR_APPLICATION = "star_application"
    KIT = "kit"
    GROUP_OPENED = "group_opened"
    GROUP_CLOSED = "group_closed"
    DRILL = "drill"
    ROSTER_RESPONSE = "roster_response"
    OPERATOR_SIGNED_IN = "operator_signed_in"
    OPERATOR_REFUSED = "operator_refused"
    OPERATOR_PIN_SET = "operator_pin_set"
    OPERATOR_PIN_RESET = "operator_pin_reset"


class SessionState(StrEnum):
    """States of a duty session (duty-rules.md, States). Upload is not one of them."""

    OPEN = "open"
    CLOSED = "closed"  # ended by two scans; counts, and waits for its captain
    PROVISIONAL = "provisional"  # counts nothing until a person decides
    CONFIRMED = "confirmed"
    AMENDED = "amended"  # a correction stands beside the original, which stays
    VOID = "void"


class Matter(StrEnum):
    """What a session waits for a person to do; a session without any is settled."""

    END_UNKNOWN = "end_unknown"  # the volunteer has not said when the duty ended
    CONFIRM = "confirm"  # a captain's word
    SECOND_PERSON = "second_person"  # hours, a correction or a withdrawal by one person wait for another
    OBJECTION = "objection"  # the volunteer disputes it (令67 Art 13)
    RATE = "rate"  # quality and effect (REQ 2.6b)


class Provenance(StrEnum):
    """How a session came to be; it travels to every total, screen, ledger and upload."""

    ONE_SCAN = "one_scan"  # still on duty: a check-in scan only
    TWO_SCANS = "two_scans"
    ONE_SCAN_STATED = "one_scan_stated"  # the end is the volunteer's word, confirmed by a captain
    ONE_SCAN_AUTO = "one_scan_auto"  # closed by the rules, not by the volunteer
    CAPTAIN_ENTRY = "captain_entry"
    CORRECTION = "correction"
    TRANSFER_IN = "transfer_in"
    TYPED = "typed"  # a number was typed because the code could not be read, and a captain confirmed it


class ClockQuality(StrEnum):
    """What the device knew of the time when it stamped (clock.md, ``clk``)."""

    ANCHORED = "anchored"
    NTP = "ntp"
    FLOOR = "floor"
    UNKNOWN = "unknown"


class BoundsQuality(StrEnum):
    """How the true time of a stamp is known afterwards (clock.md)."""

    ANCHORED = "anchored"
    BRACKETED = "bracketed"
    CLAMPED = "clamped"
    STATED = "stated"  # no clock was asked: a person said so


class AutoCloseReason(StrEnum):
    """Why a session was closed without its volunteer."""

    CAP = "cap"
    CLOSING_TIME = "closing_time"
    DAYTIME = "daytime"  # a minor's day was over
    DRILL_ENDED = "drill_ended"


class EntryReason(StrEnum):
    """Why hours were entered by hand. A closed list: free text in the chain could never be erased again."""

    FORGOT_CARD = "forgot_card"
    KIOSK_FAILED = "kiosk_failed"
    SERVED_ELSEWHERE = "served_elsewhere"
    OTHER = "other"


class StatementAnswer(StrEnum):
    """What a volunteer says of a duty that was never ended (duty-rules.md 3)."""

    SHIFT_END = "shift_end"
    CLOSING_TIME = "closing_time"
    OTHER_TIME = "other_time"


class AmendmentReason(StrEnum):
    """Why a record is corrected; a closed list, as :class:`EntryReason`."""

    WRONG_START = "wrong_start"
    WRONG_END = "wrong_end"
    WRONG_SERVICE = "wrong_service"
    WRONG_CLOCK = "wrong_clock"
    OTHER = "other"


class VoidReason(StrEnum):
    """Why a record is withdrawn."""

    DUPLICATE = "duplicate"
    NOT_PRESENT = "not_present"
    OTHER_PERSON = "other_person"
    TRIAL = "trial"
    OTHER = "other"


class ObjectionReason(StrEnum):
    """What a volunteer disputes in a record (令67 Art 13)."""

    WRONG_TIME = "wrong_time"
    WRONG_SERVICE = "wrong_service"
    NOT_MINE = "not_mine"
    WRONG_RATING = "wrong_rating"
    OTHER = "other"


class DecisionReason(StrEnum):
    """Why an objection was upheld or not."""

    CORRECTED = "corrected"
    RECORDS_AGREE = "records_agree"
    WITNESS = "witness"
    NO_EVIDENCE = "no_evidence"
    OTHER = "other"


class Quality(StrEnum):
    """服务质量 as the captain rates it (REQ 1.5b, 2.6b)."""

    EXCELLENT = "excellent"  # 优秀
    GOOD = "good"  # 良好
    ADEQUATE = "adequate"  # 合格
    FAIL = "fail"  # 不合格


class Effect(StrEnum):
    """服务效果 in words to tap; a closed list, for free text in the chain could never be erased again."""

    PROBLEM_SOLVED = "problem_solved"  # 问题得到解决
    PEOPLE_SATISFIED = "people_satisfied"  # 群众满意
    ORDER_KEPT = "order_kept"  # 秩序良好
    KNOWLEDGE_SHARED = "knowledge_shared"  # 知识得到普及
    SURROUNDINGS_BETTER = "surroundings_better"  # 环境得到改善
    TO_BE_IMPROVED = "to_be_improved"  # 有待改进


class Face(StrEnum):
    """服务评价 by the person who was served: one anonymous touch (REQ 2.7c)."""

    SATISFIED = "satisfied"
    NEUTRAL = "neutral"
    DISSATISFIED = "dissatisfied"


class KitItem(StrEnum):
    """What is handed out for a duty and comes back (REQ 1.1d)."""

    CAP = "cap"  # 小红帽
    ARMBAND = "armband"  # 袖标


class CertificateKind(StrEnum):
    """``card``: printed or stored; ``dynamic``: for a phone, living for minutes; ``day``: a visitor's, for one day."""

    CARD = "card"
    DYNAMIC = "dynamic"
    DAY = "day"


class Trust(StrEnum):
    """What speaks for the identity that was presented."""

    SIGNED = "signed"  # the issuer's signature
    LISTED = "listed"  # the station's directory: the code was a bare number of an older system
    TYPED = "typed"  # the directory and a captain: the number was typed by hand


class KeyAlgorithm(StrEnum):
    """How the holder of a key signs; fixed by the key's entry on the trust list, never chosen by a message."""

    ED25519 = "ed25519"  # RFC 8032
    SM2 = "sm2"  # GB/T 32918.2 with SM3 and the default user id


class EventOutcome(StrEnum):
    """What the platform says of each event of a batch (protocol.md)."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    RETRY = "retry"


class AssignmentState(StrEnum):
    """How far a volunteer's place at a post has come (duty-rules.md, Roster against reality)."""

    DRAFT = "draft"  # on the planner's page alone
    OFFERED = "offered"  # asked, not answered
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LEFT = "left"  # 请假, after it was accepted
    SWAPPED = "swapped"  # 换班: a colleague serves
    WITHDRAWN = "withdrawn"  # by the planner


class RosterAnswer(StrEnum):
    """What a volunteer says of the roster; in brackets what it is said of."""

    ACCEPT = "accept"  # [assignment]
    DECLINE = "decline"  # [assignment] asked and never ordered (条例 Art 25)
    LEAVE = "leave"  # 请假 [assignment]
    TAKE = "take"  # an open post [post]
    ASK_SWAP = "ask_swap"  # 换班 [own assignment], to a colleague, for one of theirs or for nothing
    AGREE_SWAP = "agree_swap"  # [swap]
    REFUSE_SWAP = "refuse_swap"  # [swap]
    WITHDRAW_SWAP = "withdraw_swap"  # [swap] by who asked
    SEEN = "seen"  # what became of an answer was read [answer]


class LeaveReason(StrEnum):
    """Why a volunteer cannot come; a closed list, as :class:`EntryReason`, and never asked for."""

    ILL = "ill"
    FAMILY = "family"
    WORK = "work"
    TRAVEL = "travel"
    OTHER = "other"


class SwapState(StrEnum):
    """How far an exchange has come."""

    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"  # agreed, but a rule or a change spoke against it meanwhile


class AnswerOutcome(StrEnum):
    """What became of a :class:`RosterAnswer`."""

    DONE = "done"
    LOST = "lost"  # another answer held: the place was given, or the same volunteer said otherwise later
    REFUSED = "refused"  # a rule speaks against it
    VOID = "void"  # there is nothing any more of which it was said


class RosterReason(StrEnum):
    """What speaks against a volunteer at a post, or made an answer lose; each has a sentence in every catalogue."""

    UNKNOWN = "unknown"  # no such volunteer or post
    SUSPENDED = "suspended"
    UNAVAILABLE = "unavailable"  # 服务时间 does not reach over it
    DECLINED = "declined"  # refused before by the volunteer
    OTHER_TEAM = "other_team"
    SKILL = "skill"
    TRAINING = "training"  # not held, or lapsed by then
    NIGHT = "night"  # minors serve by day
    CONSENT = "consent"  # of a minor's guardian
    OVERLAP = "overlap"
    REST = "rest"
    DAY_FULL = "day_full"
    WEEK_FULL = "week_full"
    WEEKLY_WISH = "weekly_wish"
    POST_FULL = "post_full"
    TWICE = "twice"  # is there already
    CANCELLED = "cancelled"  # the post is no more
    BEGUN = "begun"  # the post has begun or is over
    NOT_OWN = "not_own"  # another's assignment or swap
    CHANGED = "changed"  # was answered, withdrawn or exchanged meanwhile
    SAID_OTHERWISE = "said_otherwise"  # the same volunteer's later word holds
