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
    CAPTAIN_ENTRY = "captain_entry"
    CONFIRMATION = "confirmation"
    OPERATOR_SIGNED_IN = "operator_signed_in"
    OPERATOR_REFUSED = "operator_refused"
    OPERATOR_PIN_SET = "operator_pin_set"
    OPERATOR_PIN_RESET = "operator_pin_reset"


class SessionState(StrEnum):
    """States of a duty session (duty-rules.md, States). Upload is not one of them."""

    OPEN = "open"
    CLOSED = "closed"
    PROVISIONAL = "provisional"
    VOID = "void"


class Provenance(StrEnum):
    """How a session came to be; it travels to every total, screen, ledger and upload."""

    ONE_SCAN = "one_scan"  # still on duty: a check-in scan only
    TWO_SCANS = "two_scans"
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


class EntryReason(StrEnum):
    """Why hours were entered by hand. A closed list: free text in the chain could never be erased again."""

    FORGOT_CARD = "forgot_card"
    KIOSK_FAILED = "kiosk_failed"
    SERVED_ELSEWHERE = "served_elsewhere"
    OTHER = "other"


class CertificateKind(StrEnum):
    """``card``: printed or stored; ``dynamic``: minted by the platform for a phone, living for minutes."""

    CARD = "card"
    DYNAMIC = "dynamic"


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
