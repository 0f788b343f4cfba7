"""How often one address may make the calls that nobody has signed for yet: enrolment and the time.

Upstream: ``sync.platform.ports``.
Downstream: ``enrol``, ``server_time``.

A bucket an address: it holds ``burst`` calls and fills again at ``a_second``. An IPv6 address counts by its /64, which
is what one household is given. Memory is bounded: of :data:`ADDRESSES` the one longest unseen is forgotten first.
"""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

ADDRESSES = 4096
_NET_OF_IPV6 = 64


@dataclass(frozen=True, slots=True)
class Rate:
    """How many calls at once, and how many a second in the long run."""

    burst: float
    a_second: float


@dataclass(slots=True)
class Limiter:
    """The buckets of one process and one call."""

    rate: Rate
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)  # calls left, at (seconds)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def takes(self, address: str, now_s: float) -> bool:
        """Tell whether a call is within the rate, and count it where it is.

        Args:
            address: of the caller, as the server sees it.
            now_s: the present instant, seconds of any epoch; a step back fills nothing.
        """
        network = network_of(address)
        with self._lock:
            left, since = self._buckets.pop(network, (self.rate.burst, now_s))
            left = min(self.rate.burst, left + max(0.0, now_s - since) * self.rate.a_second)
            taken = left >= 1
            self._buckets[network] = (left - 1 if taken else left, now_s)
            while len(self._buckets) > ADDRESSES:
                self._buckets.popitem(last=False)
            return taken


def network_of(address: str) -> str:
    """Return what counts as one address."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed.packed, _NET_OF_IPV6), strict=False))
    return str(parsed)
