"""Who may open the console while it has no sign-in: this machine alone, unless a setting says otherwise.

Upstream: nothing.
Downstream: ``pages``, ``commands.serve``.

A page without sign-in is as open as its port. So the peer must be a loopback address, the name asked for must be one
too (else a web page elsewhere could read it through a name of its own that points here), and no proxy may stand
between.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from enum import StrEnum

LOCAL_NAME = "localhost"
PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-real-ip")


class Reach(StrEnum):
    """From where the console may be opened."""

    THIS_MACHINE = "this_machine"
    ANYWHERE = "anywhere"


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
