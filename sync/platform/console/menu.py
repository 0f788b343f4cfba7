"""The pages a visitor may go to, in the order of the menu.

Upstream: ``asks``, ``signin``.
Downstream: ``frame``.
"""

from __future__ import annotations

from collections.abc import Sequence

from sync.platform import wording
from sync.platform.console.asks import ASKS
from sync.platform.signin.people import Visitor

PAGES: Sequence[tuple[str, str]] = (
    ("/ledger", wording.marked("Ledger")),
    ("/certificates", wording.marked("Cards")),
    ("/station", wording.marked("Kit, stars, feedback")),
    ("/devices", wording.marked("Devices")),
    ("/enrol", wording.marked("Enrol")),
    ("/quarantine", wording.marked("To be checked")),
    ("/accounts", wording.marked("Accounts")),
    ("/audit", wording.marked("Log")),
)


def menu_of(visitor: Visitor | None) -> tuple[tuple[str, str], ...]:
    """Return address and msgid of each page that a visitor may open; nobody signed in: none."""
    if visitor is None or visitor.account.must_change:
        return ()
    return tuple((address, word) for address, word in PAGES if _may(visitor, address))


def _may(visitor: Visitor, address: str) -> bool:
    right = ASKS.get(f"GET {address}")
    return right is None or visitor.may(right)
