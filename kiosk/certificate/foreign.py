"""Codes of other worlds, recognised so that the refusal can say what was shown; their text is never kept.

Upstream: nothing.
Downstream: ``verify``.

Payment codes: 18 digits beginning 10–15 (WeChat Pay), 16–24 digits beginning 25–30 (Alipay). ID-card numbers: 17 digits
and a digit or X (GB 11643). Nothing of these is ever taken as identity (certificate.md).
"""

from __future__ import annotations

import re
from enum import StrEnum

LONGEST_LOOKED_AT = 600


class ForeignCode(StrEnum):
    """Which other world a text belongs to; the values are words of ``kiosk.domain.refusal.RefusalReason``."""

    PAYMENT_CODE = "payment_code"
    WEB_ADDRESS = "web_address"
    CONTACT_CARD = "contact_card"
    ID_NUMBER = "id_number"
    BARE_DIGITS = "bare_digits"
    OTHER = "not_a_certificate"


_ANY = re.IGNORECASE | re.DOTALL
_RULES = (
    (ForeignCode.PAYMENT_CODE, re.compile(r"1[0-5]\d{16}|(?:2[5-9]|30)\d{14,22}", re.ASCII)),
    (ForeignCode.PAYMENT_CODE, re.compile(r"(?:wxp|alipays?)://.*|https?://qr\.alipay\.com/.*", _ANY)),
    (ForeignCode.ID_NUMBER, re.compile(r"[1-9]\d{16}[\dXx]", re.ASCII)),
    (
        ForeignCode.CONTACT_CARD,
        re.compile(r"(?:BEGIN:VCARD|MECARD:|https?://u\.wechat\.com/|weixin://).*", _ANY),
    ),
    (ForeignCode.WEB_ADDRESS, re.compile(r"(?:https?|ftp)://.*|www\..*", _ANY)),
    (ForeignCode.BARE_DIGITS, re.compile(r"\d+", re.ASCII)),
)


def recognise(text: str) -> ForeignCode:
    """Return which other world ``text`` belongs to, looking at its first 600 characters only."""
    shown = text[:LONGEST_LOOKED_AT].strip()
    return next((code for code, pattern in _RULES if pattern.fullmatch(shown)), ForeignCode.OTHER)
