"""Every word an official reads, Chinese first, from one gettext catalogue; the msgids are the English wording.

Upstream: ``assets/locale`` (Babel writes the catalogues; a guard test holds them complete and compiled).
Downstream: ``console``, ``api`` (sentences of receipts).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from gettext import GNUTranslations, translation
from pathlib import Path
from types import MappingProxyType

from sync.platform.ingest import Alarm, Refusal
from sync.platform.records import CardState
from sync.platform.signin.audit import Deed
from sync.platform.signin.rights import Role
from sync.protocol.sessions import (
    BEYOND_SHIFT,
    CLOCK_CLAMPED,
    DRILL,
    GROUP,
    LISTED,
    OVER_CAP,
    PAID,
    TYPED,
    VALIDITY_UNCHECKED,
    WIDE_DURATION,
)
from sync.protocol.vocabulary import EventKind, Provenance, ServiceKind, SessionState, TallyKind

CHINESE, ENGLISH = "zh_CN", "en"
LANGUAGES = (CHINESE, ENGLISH)
DOMAIN = "platform"
CATALOGUES = Path(__file__).parents[2] / "assets" / "locale"


def marked(msgid: str) -> str:
    """Mark a text for the catalogue; it is translated where it is shown."""
    return msgid


SERVICES: Mapping[str, str] = MappingProxyType(
    {
        ServiceKind.DIRECTIONS: marked("Directions and enquiries"),
        ServiceKind.TEA_CHARGING: marked("Tea and charging"),
        ServiceKind.POVERTY_RELIEF: marked("Help for those in need"),
        ServiceKind.LEGAL_ADVICE: marked("Legal advice"),
        ServiceKind.TUTORING: marked("Homework help"),
        ServiceKind.CULTURE_SPORTS: marked("Culture and sports"),
        ServiceKind.ENVIRONMENT: marked("Environment"),
    }
)
STATES: Mapping[str, str] = MappingProxyType(
    {
        SessionState.OPEN: marked("On duty"),
        SessionState.CLOSED: marked("Ended"),
        SessionState.PROVISIONAL: marked("To be decided"),
        SessionState.CONFIRMED: marked("Confirmed"),
        SessionState.AMENDED: marked("Amended"),
        SessionState.VOID: marked("Withdrawn"),
    }
)
PROVENANCES: Mapping[str, str] = MappingProxyType(
    {
        Provenance.ONE_SCAN: marked("Start scanned"),
        Provenance.TWO_SCANS: marked("Start and end scanned"),
        Provenance.ONE_SCAN_STATED: marked("Start scanned, end stated and confirmed"),
        Provenance.ONE_SCAN_AUTO: marked("Start scanned, ended by rule"),
        Provenance.CAPTAIN_ENTRY: marked("Entered by captain"),
        Provenance.CORRECTION: marked("Corrected"),
        Provenance.TRANSFER_IN: marked("Transferred in"),
        Provenance.TYPED: marked("Number typed, confirmed by captain"),
    }
)
KINDS: Mapping[str, str] = MappingProxyType(
    {
        EventKind.CHECK_IN: marked("Start of duty"),
        EventKind.CHECK_OUT: marked("End of duty"),
        EventKind.CHOICE: marked("Choice of service"),
        EventKind.UNDO: marked("Taken back"),
        EventKind.AUTO_CLOSE: marked("Ended by rule"),
        EventKind.TALLY: marked("Tally"),
        EventKind.ANCHOR: marked("Time check"),
        EventKind.DEVICE_NOTE: marked("Note of the device"),
        EventKind.CAPTAIN_ENTRY: marked("Hours entered by hand"),
        EventKind.STATEMENT: marked("Volunteer's word on the end"),
        EventKind.CONFIRMATION: marked("Confirmation"),
        EventKind.AMENDMENT: marked("Correction"),
        EventKind.VOID: marked("Withdrawal"),
        EventKind.OBJECTION: marked("Objection"),
        EventKind.DECISION: marked("Decision on the objection"),
        EventKind.RATING: marked("Captain's rating"),
        EventKind.RECIPIENT_RATING: marked("Rating by the person served"),
        EventKind.STAR_APPLICATION: marked("Star application"),
        EventKind.KIT: marked("Cap or armband"),
        EventKind.GROUP_OPENED: marked("Visiting team opened"),
        EventKind.GROUP_CLOSED: marked("Visiting team closed"),
        EventKind.DRILL: marked("Drill mode"),
        EventKind.ROSTER_RESPONSE: marked("Answer to the roster"),
        EventKind.HEARTBEAT: marked("Sign of life"),
        EventKind.OPERATOR_SIGNED_IN: marked("Operator signed in"),
        EventKind.OPERATOR_REFUSED: marked("Operator not let in"),
        EventKind.OPERATOR_PIN_SET: marked("Operator's PIN set"),
        EventKind.OPERATOR_PIN_RESET: marked("Operator's PIN reset"),
    }
)
TALLIES: Mapping[str, str] = MappingProxyType(
    {
        TallyKind.DIRECTIONS: marked("directions"),
        TallyKind.TEA: marked("tea"),
        TallyKind.CHARGING: marked("charging"),
    }
)
FLAGS: Mapping[str, str] = MappingProxyType(
    {
        OVER_CAP: marked("longer than 12 hours"),
        WIDE_DURATION: marked("duration not known exactly"),
        CLOCK_CLAMPED: marked("device clock was wrong"),
        VALIDITY_UNCHECKED: marked("certificate date not checked"),
        TYPED: marked("number typed by hand"),
        LISTED: marked("number of an older system"),
        GROUP: marked("came with a visiting team"),
        BEYOND_SHIFT: marked("time after the shift confirmed"),
        PAID: marked("paid work, counts nothing"),
        DRILL: marked("drill, counts nothing"),
    }
)
CARD_STATES: Mapping[str, str] = MappingProxyType(
    {
        CardState.GOOD: marked("Good"),
        CardState.EXPIRED: marked("Expired"),
        CardState.LOST: marked("Reported lost"),
        CardState.REPLACED: marked("Replaced"),
        CardState.REVOKED: marked("Revoked for good"),
        CardState.NONE: marked("No card yet"),
    }
)
DEEDS_DONE: Mapping[str, str] = MappingProxyType(
    {
        "issue": marked("The card was issued. It can be printed now."),
        "reissue": marked("A new card was issued; the old one is refused once devices have been told."),
        "lost": marked("Noted as lost: the card is refused once devices have been told."),
        "revoke": marked("Revoked: the card is refused once devices have been told, and the phone shows no code."),
    }
)
ROLES: Mapping[str, str] = MappingProxyType(
    {
        Role.HEAD: marked("Station head"),
        Role.DEPUTY_HEAD: marked("Deputy head"),
        Role.ORGANISER: marked("Organiser"),
        Role.PUBLICIST: marked("Publicist"),
        Role.CAPTAIN: marked("Team captain"),
        Role.KEEPER: marked("Platform keeper"),
        Role.AUDITOR: marked("Auditor"),
    }
)
DEEDS: Mapping[str, str] = MappingProxyType(
    {
        Deed.ACCOUNT_ADDED: marked("Account added"),
        Deed.ACCOUNT_CLOSED: marked("Account closed"),
        Deed.ACCOUNT_TERM_SET: marked("Term set"),
        Deed.PASSWORD_RESET: marked("Password given anew"),
        Deed.PASSWORD_CHANGED: marked("Password changed"),
        Deed.SIGNED_IN: marked("Signed in"),
        Deed.SIGN_IN_REFUSED: marked("Not let in"),
        Deed.SIGNED_OUT: marked("Signed out"),
        Deed.SIGNED_OUT_EVERYWHERE: marked("Signed out everywhere"),
        Deed.DEVICE_CODE_MADE: marked("Enrolment code made"),
        Deed.DEVICE_CODE_WITHDRAWN: marked("Enrolment code withdrawn"),
        Deed.DEVICE_REVOKED: marked("Device revoked"),
        Deed.ALARM_ACKNOWLEDGED: marked("Alarm acknowledged"),
        Deed.RECORD_REJECTED: marked("Record rejected"),
        Deed.RECORD_ASKED: marked("Station asked about a record"),
        Deed.RECORD_REOPENED: marked("Record taken up again"),
        Deed.HOURS_PROPOSED: marked("Hours by hand proposed"),
        Deed.HOURS_CONFIRMED: marked("Hours by hand confirmed"),
        Deed.HOURS_DECLINED: marked("Hours by hand declined"),
        Deed.LEDGER_EXPORTED: marked("Ledger exported"),
        Deed.CARD_ISSUED: marked("Card issued"),
        Deed.CARD_REISSUED: marked("Card re-issued"),
        Deed.CARD_LOST: marked("Card noted as lost"),
        Deed.CARD_REVOKED: marked("Card revoked"),
        Deed.PHONE_LINKED: marked("Phone linked"),
        Deed.CARDS_PRINTED: marked("Cards printed"),
        Deed.ROSTER_EXPORTED: marked("Roster exported"),
        Deed.ROSTER_IMPORTED: marked("Roster imported"),
        Deed.ROSTER_PRINTED: marked("Roster printed"),
        Deed.ROSTER_PLACED: marked("Volunteer put on the roster"),
        Deed.ROSTER_TAKEN_OFF: marked("Volunteer taken off the roster"),
        Deed.ROSTER_POST_WRITTEN: marked("Post written by hand"),
        Deed.ROSTER_POST_CANCELLED: marked("Post cancelled"),
        Deed.ROSTER_POSTS_MADE: marked("Posts made of templates"),
        Deed.ROSTER_WEEK_COPIED: marked("Week of the roster copied"),
        Deed.ROSTER_PROPOSAL_ASKED: marked("Roster proposal asked for"),
        Deed.ROSTER_PROPOSAL_APPLIED: marked("Roster proposal taken over"),
        Deed.ROSTER_PROPOSAL_DISCARDED: marked("Roster proposal discarded"),
        Deed.ROSTER_PUBLISHED: marked("Roster published"),
        Deed.ROSTER_UNDONE: marked("Change of the roster undone"),
    }
)
ALARMS: Mapping[str, str] = MappingProxyType(
    {
        Alarm.ID_CONFLICT: marked("Two different records with one id"),
        Alarm.STREAM_FORKED: marked("Two records at one place in the sequence: was the memory card copied?"),
        Alarm.CHAIN_BROKEN: marked("A record does not follow from the one before it: was the device's file changed?"),
    }
)
REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        Refusal.SHAPE: marked("The record does not have the parts of a record. Update the device's software."),
        Refusal.HASH: marked("The record was changed after it was made. Keep the device as it is and tell the keeper."),
        Refusal.BODY: marked("A field of the record is missing or wrong. Update the device's software."),
        Refusal.NAME: marked("The name beside the record is not the one that was recorded. Tell the keeper."),
        Refusal.TEXT: marked(
            "The record holds a character or number that cannot be kept. Update the device's software."
        ),
        Refusal.ID_CONFLICT: marked("Another record has the same id. Was the device copied? Tell the keeper."),
    }
)


@lru_cache(maxsize=len(LANGUAGES))
def words_in(language: str) -> GNUTranslations:
    """Return the catalogue of a language.

    Raises:
        FileNotFoundError: the catalogue is not installed.
    """
    return translation(DOMAIN, CATALOGUES, [language])


def refusal_sentences(language: str) -> Mapping[Refusal, str]:
    """Return the sentence of each refusal for receipts, in the platform's language."""
    words = words_in(language)
    return {refusal: words.gettext(REFUSALS[refusal]) for refusal in Refusal}
