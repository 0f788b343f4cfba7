"""Why a scan was not accepted: values with a sentence in the catalogue, never exceptions (duty-rules.md 2).

Upstream: nothing.
Downstream: ``kiosk.usecases``, ``kiosk.presenter`` (one sentence and one advice for each).
"""

from __future__ import annotations

from enum import StrEnum


class RefusalReason(StrEnum):
    """What is wrong with what was shown."""

    PAYMENT_CODE = "payment_code"
    WEB_ADDRESS = "web_address"
    CONTACT_CARD = "contact_card"
    ID_NUMBER = "id_number"
    BARE_DIGITS = "bare_digits"
    NOT_A_CERTIFICATE = "not_a_certificate"
    DAMAGED = "damaged"
    UNKNOWN_ISSUER = "unknown_issuer"
    FORGED = "forged"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    REVOKED = "revoked"
    REPLAYED = "replayed"
    DYNAMIC_NEEDED = "dynamic_needed"
    NOT_LISTED = "not_listed"
    WRONG_NUMBER = "wrong_number"
    SEVERAL_CODES = "several_codes"
    SUSPENDED = "suspended"
    GUARDIAN_NEEDED = "guardian_needed"
    MINOR_AT_NIGHT = "minor_at_night"


class RecordingFault(StrEnum):
    """Why a good scan could not be recorded; nothing was half-recorded and the volunteer must know it."""

    DISK_FULL = "disk_full"
    BUSY = "busy"
    READ_ONLY = "read_only"
    BROKEN = "broken"


class UndoRefusal(StrEnum):
    """Why a scan could not be taken back."""

    TOO_LATE = "too_late"
    UNKNOWN = "unknown"


class StatementRefusal(StrEnum):
    """Why a volunteer's word on the end of an earlier duty was not taken."""

    NOT_AFTER_START = "not_after_start"
    AFTER_LIMIT = "after_limit"
    SETTLED = "settled"
    SCAN_AGAIN = "scan_again"


class MoveRefusal(StrEnum):
    """Why a duty elsewhere could not be ended from here, or another service kind or the next post not taken up."""

    SETTLED = "settled"
    SCAN_AGAIN = "scan_again"
    TRAINING = "training"
    POST_GONE = "post_gone"
