"""The two lists that only the root key signs: whose certificates are trusted, and which were taken back.

Upstream: ``materialising``, ``store``, ``sync.protocol``.
Downstream: ``publishing``, ``feed``, the commands that change what they list.

They are kept as they were last signed, and signed anew only when what they list has changed. So the root key may stand
on another machine than the server: whoever holds it signs with a command, and the feed gives the lists on.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from sync.platform.materialising import materialise
from sync.platform.store.feed import EVERYWHERE, SignedList
from sync.protocol.canonical import canonical_bytes
from sync.protocol.changes import Topic, Upsert
from sync.protocol.entries import ONLY
from sync.protocol.errors import SignatureError
from sync.protocol.revocation import sign_revocation_list
from sync.protocol.signing.documents import SignedDocument, open_document, sign_document
from sync.protocol.trust import TRUST_LIST, TrustList

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.platform.store import Unit
    from sync.protocol.signing.keys import SigningKey

STILL_LISTED = timedelta(days=400)  # an expired card stays listed so long: a booth's clock may be far behind
LISTS = (Topic.TRUST_LIST, Topic.REVOCATIONS)


def sign_lists(unit: Unit, root: SigningKey, now_ms: int) -> bool:
    """Sign what has changed in the lists since they were last signed, and tell it; return whether anything had.

    Args:
        unit: of a transaction that writes; no other signs while it lasts.
        root: the key every enrolled device trusts.
        now_ms: UTC ms.
    """
    unit.feed.hold(EVERYWHERE)
    signed = [_sign(unit, topic, root, now_ms) for topic in LISTS]
    if any(signed):
        materialise(unit, EVERYWHERE, list_entries(unit), now_ms)
    return any(signed)


def are_stale(unit: Unit, now_ms: int) -> bool:
    """Tell whether the lists wait for somebody with the root key."""
    kept = {topic: unit.feed.signed_list(topic.value) for topic in LISTS}
    return any(each is None or each.digest != _digest(unit, topic, now_ms) for topic, each in kept.items())


def lists_of(unit: Unit) -> dict[Topic, SignedDocument]:
    """Return the lists as they were last signed; one that never was is missing."""
    kept = {topic: unit.feed.signed_list(topic.value) for topic in LISTS}
    return {topic: msgspec.json.decode(each.document, type=SignedDocument) for topic, each in kept.items() if each}


def list_entries(unit: Unit) -> list[Upsert]:
    """Return the lists as entries of the changes feed."""
    return [Upsert(topic.value, ONLY, msgspec.to_builtins(document)) for topic, document in lists_of(unit).items()]


def _sign(unit: Unit, topic: Topic, root: SigningKey, now_ms: int) -> bool:
    kept, digest = unit.feed.signed_list(topic.value), _digest(unit, topic, now_ms)
    if kept is not None and kept.digest == digest and _is_signed_by(kept, root):
        return False
    version = unit.registry.next_version(now_ms)
    if topic is Topic.TRUST_LIST:
        listed = TrustList(version, now_ms, list(unit.registry.issuer_keys()))
        document = sign_document(TRUST_LIST, msgspec.to_builtins(listed), root)
    else:
        document = sign_revocation_list(version, now_ms, _ended(unit, now_ms), root)
    unit.feed.keep_signed_list(topic.value, SignedList(digest, msgspec.json.encode(document).decode()))
    return True


def _is_signed_by(kept: SignedList, root: SigningKey) -> bool:
    document = msgspec.json.decode(kept.document, type=SignedDocument)
    try:
        open_document(document, document.kind, root.public)
    except SignatureError:
        return False
    return True


def _digest(unit: Unit, topic: Topic, now_ms: int) -> str:
    if topic is Topic.TRUST_LIST:
        content: object = [msgspec.to_builtins(key) for key in unit.registry.issuer_keys()]
    else:
        ended = _ended(unit, now_ms)
        content = {issuer: sorted(serial.hex() for serial in serials) for issuer, serials in ended.items()}
    return hashlib.sha256(canonical_bytes(content)).hexdigest()


def _ended(unit: Unit, now_ms: int) -> Mapping[str, list[bytes]]:
    return unit.certificates.ended(now_ms - STILL_LISTED // timedelta(milliseconds=1))
