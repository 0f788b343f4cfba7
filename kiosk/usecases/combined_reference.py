"""What the platform told this device by file and by feed, as one: of each part the newest that is proven.

Upstream: ``sync.protocol``, ``ports``.
Downstream: ``kiosk.store.shelf``.

::

    file (signed whole by the root key) ─┬─ service point, roster, standings …: of the higher version, whole
    feed, station (sealed by the         │
      platform key, entry by entry)     ─┤
    feed, revocations (the root key's   ─┴─ trust list, revocation list: each of its own higher version
      lists, as entries)

A list that the root key did not sign is not taken, whoever sealed the set it stands in; the rest of that set is.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import msgspec

from kiosk.usecases.ports import Reference
from sync.protocol.changes import Scope, Topic, digest_of, read_seal
from sync.protocol.entries import documents_in, told_by
from sync.protocol.errors import ProtocolError, SignatureError
from sync.protocol.reference import ReferenceData
from sync.protocol.revocation import RevocationList, read_revocation_list
from sync.protocol.trust import TrustList, read_trust_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sync.protocol.changes import SetSeal, Upsert
    from sync.protocol.signing.documents import SignedDocument

log = logging.getLogger(__name__)
List = TypeVar("List", TrustList, RevocationList)


@dataclass(frozen=True, slots=True)
class Trusted:
    """Whom this device believes: the root key, the platform's own key (None: it has no feed), and who it is itself."""

    root_public: bytes
    platform_public: bytes | None = None
    device: str = ""


@dataclass(frozen=True, slots=True)
class SealedSet:
    """A whole set of entries that the platform sealed for this device."""

    entries: Sequence[Upsert]
    seal: SetSeal


def sealed_set(entries: Sequence[Upsert], seal: SignedDocument, scope: Scope, trusted: Trusted) -> SealedSet | None:
    """Return a set that stood in the device's file, if it is what the platform sealed; None where it is not."""
    if trusted.platform_public is None:
        return None
    try:
        read = read_seal(seal, trusted.platform_public, trusted.device, scope)
        if digest_of(entries) == read.digest:
            return SealedSet(entries, read)
    except ProtocolError as error:
        log.warning("what the feed told (%s) is not believed: %s", scope.value, error)
        return None
    log.warning("what the feed told (%s) is not what the platform sealed", scope.value)
    return None


def combined(filed: Reference | None, sets: Mapping[Scope, SealedSet], trusted: Trusted) -> Reference | None:
    """Return the newest of everything; None where there is no service point or no trust list yet.

    Args:
        filed: the signed file that stands, verified; None without one.
        sets: whole sets of the feed, each verified by :func:`sealed_set`.
        trusted: whose signatures count.
    """
    file = filed.data if filed else None
    entries = [entry for each in sets.values() for entry in each.entries]
    trust_lists = (file.trust_list if file else None, *documents_in(entries, Topic.TRUST_LIST))
    revocations = (file.revocations if file else None, *documents_in(entries, Topic.REVOCATIONS))
    trust = _newest(trust_lists, _reads_trust(trusted))
    revoked = _newest(revocations, _reads_revoked(trusted))
    data = None if trust is None else _data(file, sets.get(Scope.STATION), trusted.device, trust[0])
    if trust is None or data is None:
        return None
    documents = {"trust_list": trust[0], "revocations": revoked[0] if revoked else None}
    listed = revoked[1] if revoked else RevocationList()
    return Reference(msgspec.structs.replace(data, **documents), trust[1], listed)


def _data(
    filed: ReferenceData | None, station: SealedSet | None, device: str, trust_list: SignedDocument
) -> ReferenceData | None:
    told = told_by(station.entries) if station else None
    if station is None or told is None or (filed is not None and filed.version > station.seal.version):
        return filed
    seal = station.seal
    return ReferenceData(seal.version, seal.issued_ms, device, trust_list=trust_list, **told.fields())


def _newest(
    documents: Iterable[SignedDocument | None], read: Callable[[SignedDocument], List]
) -> tuple[SignedDocument, List] | None:
    """Return the list of the highest version and its document; one that is not signed by the root key is none."""
    found = [(document, listed) for document in documents if document and (listed := _read(document, read))]
    return max(found, key=lambda each: each[1].version, default=None)


def _read(document: SignedDocument, read: Callable[[SignedDocument], List]) -> List | None:
    try:
        return read(document)
    except SignatureError as error:
        log.warning("a list that the platform told is not taken: %s", error)
        return None


def _reads_trust(trusted: Trusted) -> Callable[[SignedDocument], TrustList]:
    return lambda document: read_trust_list(document, trusted.root_public)


def _reads_revoked(trusted: Trusted) -> Callable[[SignedDocument], RevocationList]:
    return lambda document: read_revocation_list(document, trusted.root_public)
