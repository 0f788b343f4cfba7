"""The log of what people did: who, when, what, to what. Words of a closed list; no secret, no name, no free text.

Upstream: ``store``.
Downstream: every changing deed of the console and of the account commands; the page of the log.

Rows are immutable by trigger, like events. What a person wrote as a reason stands with the decision, not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Deed(StrEnum):
    """What can have been done."""

    ACCOUNT_ADDED = "account_added"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_TERM_SET = "account_term_set"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a word of the log
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - as above
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    DEVICE_CODE_MADE = "device_code_made"
    DEVICE_CODE_WITHDRAWN = "device_code_withdrawn"
    DEVICE_REVOKED = "device_revoked"
    ALARM_ACKNOWLEDGED = "alarm_acknowledged"
    RECORD_REJECTED = "record_rejected"
    RECORD_ASKED = "record_asked"
    RECORD_REOPENED = "record_reopened"
    HOURS_PROPOSED = "hours_proposed"
    HOURS_CONFIRMED = "hours_confirmed"
    HOURS_DECLINED = "hours_declined"
    LEDGER_EXPORTED = "ledger_exported"
    CARD_ISSUED = "card_issued"
    CARD_REISSUED = "card_reissued"
    CARD_LOST = "card_lost"
    CARD_REVOKED = "card_revoked"
    PHONE_LINKED = "phone_linked"
    CARDS_PRINTED = "cards_printed"
    ROSTER_EXPORTED = "roster_exported"
    ROSTER_IMPORTED = "roster_imported"
    ROSTER_PRINTED = "roster_printed"
    ROSTER_PLACED = "roster_placed"
    ROSTER_TAKEN_OFF = "roster_taken_off"
    ROSTER_POST_WRITTEN = "roster_post_written"
    ROSTER_POST_CANCELLED = "roster_post_cancelled"
    ROSTER_POSTS_MADE = "roster_posts_made"
    ROSTER_WEEK_COPIED = "roster_week_copied"
    ROSTER_PROPOSAL_ASKED = "roster_proposal_asked"
    ROSTER_PROPOSAL_APPLIED = "roster_proposal_applied"
    ROSTER_PROPOSAL_DISCARDED = "roster_proposal_discarded"
    ROSTER_PUBLISHED = "roster_published"
    ROSTER_UNDONE = "roster_undone"


@dataclass(frozen=True, slots=True)
class Done:
    """One deed to be noted.

    Attributes:
        by: an account's id; None: the keeper, at the machine's own command line.
        deed: what was done.
        subject: to what: an id or a number, never a name.
        detail: a word or count that belongs to it.
        service_point: where, if anywhere.
    """

    by: str | None
    deed: Deed
    subject: str = ""
    detail: str = ""
    service_point: str | None = None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A noted deed, when (UTC ms), and the sign-in name of who did it."""

    id: int
    at_ms: int
    who: str | None
    done: Done


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which deeds are asked for; None means all.

    Attributes:
        from_ms, until_ms: noted in [from, until), UTC ms.
        who: a sign-in name.
        points: service points of which, and of nothing else, deeds are shown.
    """

    from_ms: int | None = None
    until_ms: int | None = None
    who: str | None = None
    deed: Deed | None = None
    points: frozenset[str] | None = None
