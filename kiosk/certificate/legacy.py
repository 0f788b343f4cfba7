"""Cards of older systems, as plug-ins: a name, a pattern, how to get the volunteer number, what trust it has.

Upstream: ``sync.protocol.check_digit``.
Downstream: ``identify``; ``kiosk.settings`` enables them, none is on by default.

Such a code is signed by nobody, so its only trust is ``listed``: the number must stand in the station's directory.
What ``foreign`` knows as a payment code, an ID number or a contact card is never offered to a plug-in. A further format
is one more function that returns a :class:`LegacyFormat`, and its name in the settings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.protocol.check_digit import number_of
from sync.protocol.vocabulary import Trust

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NUMBER = "number"  # the group of a pattern that holds the number


@dataclass(frozen=True, slots=True)
class LegacyFormat:
    """One older format.

    Attributes:
        name: what the record says of it, ``Presented.format``.
        pattern: of the whole text, with a group ``number``.
        number: from that group to the volunteer number; None where it cannot be one.
        trust: what speaks for it; ``listed`` is all there is.
    """

    name: str
    pattern: re.Pattern[str]
    number: Callable[[str], str | None]
    trust: Trust = Trust.LISTED


def web_address(name: str, prefix: str) -> LegacyFormat:
    """Return the format of a web address with the number behind a fixed beginning, and nothing after it."""
    return LegacyFormat(name, re.compile(rf"{re.escape(prefix)}(?P<number>[0-9A-Za-z]{{1,32}})", re.ASCII), str)


def checked_number(name: str, length: int) -> LegacyFormat:
    """Return the format of a bare number of ``length`` digits, the last its check digit (ISO/IEC 7064 MOD 11,10)."""
    return LegacyFormat(name, re.compile(rf"(?P<number>\d{{{length}}})", re.ASCII), number_of)


def recognise(text: str, formats: Iterable[LegacyFormat]) -> tuple[LegacyFormat, str] | None:
    """Return the first format that a text has, and its volunteer number; None where it has none of them."""
    for each in formats:
        match = each.pattern.fullmatch(text)
        number = None if match is None else each.number(match[NUMBER])
        if number is not None:
            return each, number
    return None
