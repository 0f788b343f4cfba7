"""What the agent says to people: every sentence in Chinese and English, from one catalogue.

Upstream: ``assets/locale`` (domain ``agent``; a test holds it complete and compiled).
Downstream: ``relay``, ``contacting``, ``status``, the commands.

The msgids are the English wording. A trouble is its English sentence as text, with the Chinese one beside it.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations, translation
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

CHINESE, ENGLISH = "zh_CN", "en"
DOMAIN = "agent"
CATALOGUES = Path(__file__).parents[2] / "assets" / "locale"


def marked(msgid: str) -> str:
    """Mark a text for the catalogue; it is translated where it is shown."""
    return msgid


class Trouble(str):
    """A sentence on what is wrong: the text itself in English, ``zh`` in Chinese."""

    __slots__ = ("zh",)
    zh: str

    def __new__(cls, english: str, chinese: str) -> Self:
        """Take both wordings."""
        made = super().__new__(cls, english)
        made.zh = chinese
        return made


class Wrong(StrEnum):
    """What can be wrong on the way to the platform."""

    UNREACHABLE = "unreachable"
    SILENT = "silent"
    SLOW = "slow"
    UNTRUSTED = "untrusted"
    NOT_A_RECEIPT = "not_a_receipt"
    OTHER_BATCH = "other_batch"
    REFUSED = "refused"
    TOO_LARGE = "too_large"
    STATUS = "status"
    LATER = "later"
    NOT_AN_ANSWER = "not_an_answer"
    FILE = "file"
    UNEXPECTED = "unexpected"
    ENROLMENT = "enrolment"


SENTENCES: Mapping[Wrong, str] = MappingProxyType(
    {
        Wrong.UNREACHABLE: marked("the platform cannot be reached ({detail}); is the network up?"),
        Wrong.SILENT: marked("the platform did not answer in time"),
        Wrong.SLOW: marked("the platform did not finish its answer within {detail} s"),
        Wrong.UNTRUSTED: marked(
            "what answers is not this device's platform: its TLS certificate is not trusted; ask its keeper"
        ),
        Wrong.NOT_A_RECEIPT: marked("the answer is not a receipt (a captive portal or another server?)"),
        Wrong.OTHER_BATCH: marked("the answer is the receipt of another batch"),
        Wrong.REFUSED: marked("the platform refuses this device ({detail}); ask its keeper, records are kept"),
        Wrong.TOO_LARGE: marked("the platform finds the batch too large"),
        Wrong.STATUS: marked("the platform answered {detail}"),
        Wrong.LATER: marked("the platform asks to send them again later"),
        Wrong.NOT_AN_ANSWER: marked("the answer belongs to another call (a captive portal or another server?)"),
        Wrong.FILE: marked("the device's file cannot be used now: {detail}"),
        Wrong.UNEXPECTED: marked("an unexpected fault ({detail}); the agent goes on"),
        Wrong.ENROLMENT: marked("the enrolment file cannot be used: {detail}"),
    }
)
UNFIT_EVENT = marked("the platform cannot read this record; show it to the platform's keeper, then: sync.agent again")
LARGE_EVENT = marked("this record is larger than the wire takes; show it to the platform's keeper")


STATES: Mapping[str, str] = MappingProxyType(
    {
        "idle": marked("Everything has been sent"),
        "sending": marked("Sending records"),
        "waiting": marked("Records wait to be sent"),
        "trouble": marked("The platform cannot be reached now; records are kept and will be sent"),
        "refused": marked("The platform refuses this device; records are kept"),
        "stopped": marked("The agent is not running"),
    }
)
ALARMS: Mapping[str, str] = MappingProxyType(
    {
        "id_conflict": marked("Two different records carry one id: was this device's card copied?"),
        "stream_forked": marked("Another machine records as this device: was its card copied?"),
        "chain_broken": marked("The chain of records does not fit its seal: was the file changed?"),
    }
)
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "state": marked("state"),
        "waiting": marked("waiting to be sent"),
        "acknowledged": marked("acknowledged, kept"),
        "parked": marked("set aside"),
        "last_contact": marked("last contact"),
        "trouble": marked("trouble"),
        "download": marked("what the platform tells"),
        "alarm": marked("alarm"),
        "rate": marked("sent a second"),
        "left": marked("time left"),
        "never": marked("never"),
        "none": marked("none"),
    }
)
NOT_READY = marked("{file}: not there yet; start the kiosk once, it makes the file")
TAKEN = marked("another agent already sends from {file}; one is enough")
SENT = marked("sent: {sent}; still wait: {left}")
STILL_WAIT = marked("still wait: {left}")
NONE_WAITS = marked("nothing waits")


def alarm(word: str) -> Trouble:
    """Return the sentence for an alarm; a word that is not known here stands for itself."""
    return told(ALARMS.get(word, word))


def told(msgid: str, **values: object) -> Trouble:
    """Return a sentence of the catalogue in both languages."""
    english, chinese = (words_in(language).gettext(msgid).format(**values) for language in (ENGLISH, CHINESE))
    return Trouble(english, chinese)


def trouble(what: Wrong, detail: object = "") -> Trouble:
    """Return the sentence for what is wrong."""
    return told(SENTENCES[what], detail=detail)


def retold(english: str) -> Trouble:
    """Return a sentence of the protocol's, with the Chinese one where the catalogue has it."""
    return Trouble(english, words_in(CHINESE).gettext(english))


def both(msgid: str, **values: object) -> str:
    """Return a sentence in Chinese and in English, for where one text is shown."""
    sentence = told(msgid, **values)
    return f"{sentence.zh} {sentence}"


@lru_cache
def words_in(language: str) -> GNUTranslations | NullTranslations:
    """Return the catalogue of a language; without one the English wording stands."""
    return translation(DOMAIN, CATALOGUES, [language], fallback=True)
