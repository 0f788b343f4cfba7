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
    ("/roster", wording.marked("Roster")),
    ("/certificates", wording.marked("Cards")),
    ("/station", wording.marked("Kit, stars, feedback")),
    ("/devices", wording.marked("Devices")),
    ("/enrol", wording.marked("Enrol")),
    ("/quarantine", wording.marked("To be checked")),
    ("/accounts", wording.marked("Accounts")),
    ("/audit", wording.marked("Log")),
)
ROSTER: Sequence[tuple[str, str]] = (
    ("/roster", wording.marked("Plan")),
    ("/roster/setup", wording.marked("Set up")),
    ("/roster/files", wording.marked("Files and print")),
    ("/roster/served", wording.marked("Plan and service")),
)


def menu_of(visitor: Visitor | None) -> tuple[tuple[str, str], ...]:
    """Return address and msgid of each page that a visitor may open; nobody signed in: none."""
    if visitor is None or visitor.account.must_change:
        return ()
    roster = roster_menu_of(visitor)
    found = []
    for address, word in PAGES:
        if address == ROSTER[0][0]:
            found += [(roster[0][0], word)] if roster else []
        elif _may(visitor, address):
            found.append((address, word))
    return tuple(found)


def roster_menu_of(visitor: Visitor | None) -> tuple[tuple[str, str], ...]:
    """Return address and msgid of each page about the roster that a visitor may open."""
    if visitor is None or visitor.account.must_change:
        return ()
    return tuple((address, word) for address, word in ROSTER if _may(visitor, address))


def _may(visitor: Visitor, address: str) -> bool:
    way = f"GET {address}"
    right = ASKS.get(way)
    return way in ASKS and (right is None or visitor.may(right))
