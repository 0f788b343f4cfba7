"""The check digit of a volunteer number that is typed by hand: ISO/IEC 7064, MOD 11,10.

Upstream: nothing.
Downstream: ``kiosk.certificate`` (typed numbers, the legacy format of bare numbers), ``sync.platform`` (prints it).

The digit is written behind the number and is no part of it. It catches every single wrong digit, and nearly every
swap of neighbours. MOD 11,10 is the standard's system for digits alone; 37,36 needs letters, and a number pad has none.
"""

from __future__ import annotations

MODULUS = 10


def check_digit(number: str) -> str:
    """Return the check digit of a number of ASCII digits.

    Raises:
        ValueError: it holds anything else, or nothing.
    """
    if not (number.isascii() and number.isdigit()):
        raise ValueError("a check digit stands behind digits only")
    carried = MODULUS
    for digit in number:
        total = (carried + int(digit)) % MODULUS or MODULUS
        carried = 2 * total % (MODULUS + 1)
    return str((MODULUS + 1 - carried) % MODULUS)


def number_of(typed: str) -> str | None:
    """Return the number in front of its check digit, or None where the two do not fit."""
    number, digit = typed[:-1], typed[-1:]
    if not (number.isascii() and number.isdigit()):
        return None
    return number if check_digit(number) == digit else None
