"""What the pages need to sign, print and link: region, the issuer's key when it is asked for, the cards' look.

Upstream: ``cards.card``.
Downstream: ``certificates``, ``my``, ``app``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sync.platform.cards.card import Look
from sync.platform.errors import KeyFileError
from sync.protocol.signing.keys import SigningKey


def _no_key() -> SigningKey:
    raise KeyFileError("This server was started without an issuer's key.")


@dataclass(frozen=True, slots=True)
class Issuing:
    """How certificates are issued here.

    Attributes:
        region: the region code they carry.
        issuer: reads the issuer's key; raises KeyFileError where it cannot.
        look: of printed cards.
        public_url: where phones reach this platform; empty: as the console was asked for.
        upward: the folder of the relays' mailboxes; None: this server shows nothing of them.
    """

    region: str = "410302"
    issuer: Callable[[], SigningKey] = _no_key
    look: Look = field(default_factory=Look)
    public_url: str = ""
    upward: Path | None = None
