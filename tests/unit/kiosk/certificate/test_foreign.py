"""Codes of other worlds are told apart, quickly, and none of them is anybody's identity."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.certificate.foreign import ForeignCode, recognise
from kiosk.domain.refusal import RefusalReason

PAYMENT, WEB, CARD = ForeignCode.PAYMENT_CODE, ForeignCode.WEB_ADDRESS, ForeignCode.CONTACT_CARD
ID, DIGITS, OTHER = ForeignCode.ID_NUMBER, ForeignCode.BARE_DIGITS, ForeignCode.OTHER

# No number here is anybody's: every ID-card number has a check digit that does not fit.
TABLE = [
    *((f"{first}{'0' * 16}", PAYMENT) for first in range(10, 16)),
    *((f"{first}{'1' * (length - 2)}", PAYMENT) for first in range(25, 31) for length in (16, 17, 20, 24)),
    ("134567890123456789", PAYMENT),
    ("9" * 16, DIGITS),
    ("16" + "0" * 16, ID),
    ("24" + "0" * 14, DIGITS),
    ("31" + "0" * 14, DIGITS),
    ("25" + "0" * 13, DIGITS),
    ("25" + "0" * 23, DIGITS),
    ("10" + "0" * 15, DIGITS),
    ("10" + "0" * 17, DIGITS),
    ("410302199001011230", ID),
    ("41030219900101123X", ID),
    ("41030219900101123x", ID),
    ("010302199001011230", DIGITS),
    ("4103020000000017", DIGITS),
    ("13800138000", DIGITS),
    ("0", DIGITS),
    ("４１０３０２", OTHER),  # full-width digits are no digits of a number
    ("٣٤٥", OTHER),
    ("http://example.com", WEB),
    ("HTTPS://EXAMPLE.COM/a?b=c#d", WEB),
    ("https://例子.中国/路径", WEB),
    ("www.example.com", WEB),
    ("ftp://example.com/x", WEB),
    ("https://example.com/\nsecond line", WEB),
    ("https://qr.alipay.com/fkx0000", PAYMENT),
    ("wxp://f2f0abc", PAYMENT),
    ("alipays://platformapi/startapp", PAYMENT),
    ("https://u.wechat.com/EAbc", CARD),
    ("weixin://contacts/profile/x", CARD),
    ("BEGIN:VCARD\nVERSION:3.0\nFN:张三\nEND:VCARD", CARD),
    ("mecard:N:张三;TEL:1;;", CARD),
    ("  25" + "1" * 14 + "\r\n", PAYMENT),
    ("", OTHER),
    (" \t\n", OTHER),
    ("学雷锋文明使者", OTHER),
    ("LYZ1", OTHER),
    ("lyz1:abc", OTHER),
    ("WIFI:S:park;T:WPA;P:secret;;", OTHER),
    ("otpauth://totp/x?secret=Y", OTHER),
    ("\0", OTHER),
    ("\ud800", OTHER),
    ("乱" * 1000, OTHER),
    ("x" * 3000, OTHER),
    ("1" * 3000, DIGITS),
]


@pytest.mark.parametrize(("text", "code"), TABLE, ids=[repr(text[:24]) + str(len(text)) for text, _ in TABLE])
def test_a_code_of_another_world_is_recognised(text: str, code: ForeignCode) -> None:
    assert recognise(text) is code


@pytest.mark.parametrize("code", ForeignCode)
def test_every_kind_is_a_reason_the_screen_has_words_for(code: ForeignCode) -> None:
    assert RefusalReason(code.value)


@given(st.text(max_size=3000))
def test_any_text_is_of_some_kind(text: str) -> None:
    assert recognise(text) in ForeignCode


@given(st.text("0123456789", min_size=1, max_size=600))
def test_digits_are_never_nothing(text: str) -> None:
    assert recognise(text) in {PAYMENT, ID, DIGITS}
