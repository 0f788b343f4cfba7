"""What the store keeps of transfers, as frozen values.

Upstream: ``sync.protocol.record_bundle``.
Downstream: ``store.transfers``, the rest of this room, ``console``.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.protocol.record_bundle import Heading, MovedSession


@dataclass(frozen=True, slots=True)
class TrustedPlatform:
    """Another platform whose signature is believed, by its key (hex); ``withdrawn_ms``: since when no longer."""

    public: str
    name: str
    trusted_ms: int
    trusted_by: str
    withdrawn_ms: int | None = None


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A bundle that was issued here: its number among the person's, and the SHA-256 (hex) of the file."""

    bundle: str
    volunteer: str
    number: int
    consent: str
    issued_ms: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A bundle that was taken in.

    Attributes:
        heading: as its issuer signed it.
        volunteer: the number here of the person who is ``heading.subject`` there.
        mapped_because: how it was known that the two are one person.
        taken_ms, taken_by: when (UTC ms) and by whom.
        superseded_by: a later bundle of the same person and issuer.
    """

    heading: Heading
    volunteer: str
    mapped_because: str
    taken_ms: int
    taken_by: str
    superseded_by: str | None = None


@dataclass(frozen=True, slots=True)
class Transferred:
    """A duty that was recorded elsewhere, as a volunteer's ledger shows it.

    Attributes:
        source: what people call the platform that recorded it.
        issuer: the key (hex) that signed the bundle it came with; ``bundle`` is the bundle's id.
        is_here: the same duty stands in this platform's own ledger, and counts there.
    """

    session: MovedSession
    source: str
    issuer: str
    bundle: str
    is_here: bool
