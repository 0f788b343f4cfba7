"""What the platform tells the device replaces what it told before, whole and never backwards.

Upstream: ``sync.protocol.reference``, ``sync.protocol.trust``, ``sync.protocol.revocation``, the ports.
Downstream: ``kiosk.composition`` (at start), ``kiosk enrol``, ``kiosk.store.shelf`` (the same versions for the feed).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.usecases.errors import NotEnrolledError
from kiosk.usecases.ports import Reference
from sync.protocol.errors import SignatureError
from sync.protocol.reference import read_reference_data
from sync.protocol.revocation import read_revocation_list
from sync.protocol.trust import read_trust_list

if TYPE_CHECKING:
    from kiosk.usecases.ports import ReferenceStore
    from sync.protocol.signing.documents import SignedDocument


@dataclass(frozen=True, slots=True)
class ApplyReferenceData:
    """Checks signatures and versions, then keeps the document."""

    store: ReferenceStore
    root_public: bytes
    device: str

    def __call__(self, document: SignedDocument) -> bool:
        """Apply a document of reference data; return whether it was newer than what stood.

        Raises:
            SignatureError: it, or a list within, was not signed by the root key, or for another device;
                nothing changed.
        """
        data = read_reference_data(document, self.root_public)
        if data.device != self.device:
            raise SignatureError(f"the reference data is for {data.device}, this device is {self.device}")
        trust = read_trust_list(data.trust_list, self.root_public)
        brought = Reference(data, trust, read_revocation_list(data.revocations, self.root_public))
        try:
            current = self.store.current()
        except NotEnrolledError:
            current = None
        if current is not None and not _is_newer(brought, current):
            return False
        self.store.replace(document, brought)
        return True


def _is_newer(brought: Reference, current: Reference) -> bool:
    """Tell whether something in it is newer and nothing older: a lost revocation would let a lost card in again."""
    versions = tuple(zip(versions_of(brought), versions_of(current), strict=True))
    return all(new >= old for new, old in versions) and any(new > old for new, old in versions)


def versions_of(reference: Reference) -> tuple[int, int, int]:
    """Return the versions of the data and of the two lists; none of them ever falls."""
    return reference.data.version, reference.trust.version, reference.revocations.version
