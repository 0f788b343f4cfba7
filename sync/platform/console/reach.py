"""From where the console may be opened: this machine, and over HTTPS from others where a setting says so.

Upstream: nothing; pure.
Downstream: ``frame``, ``commands``.

On this machine the peer must be a loopback address and the name asked for must be one too: else a web page elsewhere
could reach it through a name of its own that points here. From elsewhere only TLS will do, since a password and a
session cross the network: as this server's own, or as told by a proxy that is known (on this machine, or named).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

LOCAL_NAME = "localhost"
FORWARDED_FOR, FORWARDED_PROTO = "x-forwarded-for", "x-forwarded-proto"
PROXY_HEADERS = ("forwarded", FORWARDED_FOR, "x-real-ip", FORWARDED_PROTO)
HTTPS = "https"


class Reach(StrEnum):
    """From where the console may be opened."""

    THIS_MACHINE = "this_machine"
    ANYWHERE = "anywhere"  # over HTTPS


@dataclass(frozen=True, slots=True)
class Coming:
    """How a request came: the address it is counted by, whether over TLS, and whether straight from this machine."""

    address: str
    is_secure: bool
    is_local: bool

    def may_enter(self, reach: Reach) -> bool:
        """Tell whether the console is shown to it."""
        return self.is_local or (reach is Reach.ANYWHERE and self.is_secure)


def coming(
    peer: str, asked_host: str | None, scheme: str, headers: Mapping[str, str], proxies: Collection[str]
) -> Coming:
    """Return how a request came.

    Args:
        peer: the address the connection comes from.
        asked_host: the name that was asked for.
        scheme: of the connection itself.
        headers: of the request, names in small letters.
        proxies: addresses, beside this machine's own, whose forwarding headers are believed.
    """
    if is_local(peer, asked_host, headers):
        return Coming(peer, scheme == HTTPS, True)
    if not is_loopback(peer) and peer not in proxies:
        return Coming(peer, scheme == HTTPS, False)
    named = headers.get(FORWARDED_FOR, "").rsplit(",", 1)[-1].strip()  # what is before the last comma is hearsay
    told = headers.get(FORWARDED_PROTO, scheme).rsplit(",", 1)[-1].strip().lower()
    return Coming(named or peer, told == HTTPS, False)


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this machine and no other."""
    if host == LOCAL_NAME:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_local(peer: str, asked_host: str | None, headers: Mapping[str, str]) -> bool:
    """Tell whether a request comes from this machine, asks for this machine, and came straight here."""
    direct = not any(name in headers for name in PROXY_HEADERS)
    return direct and is_loopback(peer) and is_loopback(asked_host or "")
