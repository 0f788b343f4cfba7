"""What the page of cards shows, as plain values in the reader's words.

Upstream: ``records``, ``wording``, ``views``.
Downstream: ``certificates``, its template.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.platform import wording
from sync.platform.console.reader import Reader
from sync.platform.errors import CardError, KeyFileError, PrintError, UnknownError
from sync.platform.records import CardHolder
from sync.protocol.errors import MalformedError

GENERAL = wording.marked("That could not be done; nothing was changed.")
FAULTS: tuple[tuple[type[Exception], str], ...] = (
    (CardError, wording.marked("The card is not in a state for that; nothing was changed. Look at its state below.")),
    (KeyFileError, wording.marked("The issuer's key cannot be used on this machine; nothing was changed.")),
    (PrintError, wording.marked("A card holds a character or picture that cannot be printed; write it by hand.")),
    (UnknownError, wording.marked("No such volunteer is registered here.")),
    (MalformedError, wording.marked("This number or name cannot stand on a certificate; nothing was changed.")),
)


@dataclass(frozen=True, slots=True)
class CardLine:
    """One volunteer as the page shows it; days are local, empty where there is no card."""

    number: str
    name: str
    state: str
    state_word: str
    serial: str
    issued_on: str
    until: str
    has_phone: bool


def card_line(holder: CardHolder, now_ms: int, reader: Reader) -> CardLine:
    """Return the line of a volunteer."""
    card, state = holder.card, holder.state_at(now_ms)
    return CardLine(
        number=holder.volunteer.number,
        name=holder.volunteer.name,
        state=state.value,
        state_word=reader.word(wording.CARD_STATES, state),
        serial=card.serial.lstrip("0") if card else "",
        issued_on=reader.day_of(card.issued_ms).isoformat() if card else "",
        until=reader.day_of(card.expires_ms - 1).isoformat() if card else "",
        has_phone=holder.has_phone,
    )


def said(deed: str, reader: Reader) -> str:
    """Return the sentence after a deed, empty where there was none."""
    return reader.say(wording.DEEDS_DONE[deed]) if deed in wording.DEEDS_DONE else ""


def fault_of(error: Exception, reader: Reader) -> tuple[str, str]:
    """Return the sentence for what could not be done, and the technical cause."""
    sentence = next((words for kind, words in FAULTS if isinstance(error, kind)), GENERAL)
    return reader.say(sentence), str(error)
