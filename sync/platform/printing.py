"""The good cards of some volunteers as one PDF.

Upstream: ``certificates``, ``cards``.
Downstream: ``commands.certificate``, ``console.certificates``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sync.platform.cards.card import Card, Look
from sync.platform.cards.sheet import pdf_of
from sync.platform.certificates import CertificateDesk, good_card, registered
from sync.platform.ports import MS_PER_SECOND
from sync.protocol.check_digit import check_digit


def printed(desk: CertificateDesk, numbers: Sequence[str], look: Look, zone: ZoneInfo) -> bytes:
    """Return the PDF of the good cards of these volunteers, each once, in this order.

    Raises:
        UnknownError: one is not registered.
        CardError: one has no good card, or one that was issued under an earlier key.
        PrintError: a name cannot be printed as it is written.
    """
    cards = [_card(desk, number, zone) for number in dict.fromkeys(numbers)]
    return pdf_of(cards, look, desk.office.ports.clock())


def _card(desk: CertificateDesk, number: str, zone: ZoneInfo) -> Card:
    issued = good_card(desk.office, number)
    name = registered(desk.office, number).name
    last_day = datetime.fromtimestamp((issued.expires_ms - 1) / MS_PER_SECOND, zone)
    return Card(desk.text_of(issued), name, _typed(number), f"{last_day:%Y.%m.%d}")


def _typed(number: str) -> str:
    """A number of digits with its check digit behind a hyphen, so that it can be typed for a spoilt code."""
    return f"{number}-{check_digit(number)}" if number.isascii() and number.isdigit() else number
