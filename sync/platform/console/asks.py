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
        "POST /ledger/export": Right.EXPORT,
        "GET /figures/months.svg": Right.FIGURES,
        "GET /devices": Right.DEVICES,
        "GET /devices/{device}": Right.DEVICES,
        "GET /devices/{device}/events.svg": Right.DEVICES,
        "POST /devices/{device}/alarm": Right.TEND,
        "POST /devices/{device}/revoke": Right.REVOKE,
        "GET /enrol": Right.ENROL,
        "POST /enrol": Right.ENROL,
        "POST /enrol/{code}/withdraw": Right.ENROL,
        "GET /enrol/{code}/watch": Right.ENROL,
        "GET /quarantine": Right.QUARANTINE,
        "GET /quarantine/{record}": Right.QUARANTINE,
        "POST /quarantine/{record}": Right.QUARANTINE,  # which decision asks for which right is looked at there
        "GET /roster/served": Right.FIGURES,
        "GET /roster/served/coverage.svg": Right.FIGURES,
        "POST /roster/served/export": Right.EXPORT,
        "GET /accounts": Right.ACCOUNTS,
        "POST /accounts": Right.ACCOUNTS,
        "POST /accounts/{name}/{deed}": Right.ACCOUNTS,
        "GET /audit": Right.AUDIT,
        "GET /roster": Right.ROSTER,
        "GET /roster/files": Right.ROSTER,
        "POST /roster/files/export": Right.ROSTER,  # whether names go out is looked at there
        "POST /roster/files/look": Right.ROSTER,
        "POST /roster/files/take": Right.ROSTER,
        "GET /roster/files/print": Right.ROSTER,
        "GET /roster/fits": Right.ROSTER,
        "POST /roster/place": Right.ROSTER,
        "POST /roster/remove": Right.ROSTER,
        "POST /roster/post": Right.ROSTER,
        "POST /roster/cancel": Right.ROSTER,
        "POST /roster/make": Right.ROSTER,
        "POST /roster/copy": Right.ROSTER,
        "POST /roster/undo": Right.ROSTER,
        "POST /roster/propose": Right.ROSTER,
        "GET /roster/proposals/{proposal}": Right.ROSTER,
        "GET /roster/proposals/{proposal}/watch": Right.ROSTER,
        "POST /roster/proposals/{proposal}/apply": Right.ROSTER,
        "POST /roster/proposals/{proposal}/discard": Right.ROSTER,
        "GET /roster/publish": Right.ROSTER,
        "POST /roster/publish": Right.ROSTER,
        "GET /roster/setup": Right.ROSTER,
        "POST /roster/setup/hours": Right.ROSTER,
        "POST /roster/setup/special": Right.ROSTER,
        "POST /roster/setup/special/drop": Right.ROSTER,
        "POST /roster/setup/place": Right.ROSTER,
        "GET /roster/setup/templates": Right.ROSTER,
        "POST /roster/setup/templates": Right.ROSTER,
        "POST /roster/setup/templates/preview": Right.ROSTER,
        "POST /roster/setup/templates/end": Right.ROSTER,
        "GET /roster/setup/people": Right.ROSTER,
        "GET /roster/setup/people/{number}": Right.ROSTER,
        "POST /roster/setup/people/{number}": Right.ROSTER,
        "GET /roster/setup/log": Right.ROSTER,
    }
)
BEFORE_OWN_PASSWORD = frozenset({"GET /me", "POST /me/password", "POST /sign-out"})
UPLOADS: Mapping[str, int] = MappingProxyType(  # ways that may bring a file, and bytes of the whole form at most
    {"POST /roster/files/look": 3 * 512 * 1024, "POST /roster/files/take": 3 * 1024 * 1024}
)
