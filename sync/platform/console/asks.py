"""Which right each page and deed of the console asks for; what does not stand here is open to nobody.

Upstream: ``signin.rights``.
Downstream: ``gate``; a test holds the table and the routes equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sync.platform.signin.rights import Right

ASKS: Mapping[str, Right | None] = MappingProxyType(  # None: whoever is signed in
    {
        "GET /": None,
        "GET /me": None,
        "POST /me/password": None,
        "POST /sign-out": None,
        "POST /sign-out/everywhere": None,
        "GET /ledger": Right.LEDGER,
        "GET /session": Right.LEDGER,
        "GET /volunteer": Right.LEDGER,
        "GET /station": Right.LEDGER,
        "GET /certificates": Right.CARDS,
        "POST /certificates/{deed}": Right.CARDS,
        "GET /devices": Right.DEVICES,
        "GET /quarantine": Right.QUARANTINE,
    }
)
BEFORE_OWN_PASSWORD = frozenset({"GET /me", "POST /me/password", "POST /sign-out"})
