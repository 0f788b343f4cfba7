"""What the platform tells the device replaces what it told before, whole and never backwards.

Upstream: ``sync.protocol.reference``, ``sync.protocol.trust``, the ports.
Downstream: ``kiosk.composition`` (at start), ``kiosk enrol``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.usecases.errors import NotEnrolledError
from kiosk.usecases.ports import Reference
from sync.protocol.errors import SignatureError
from sync.protocol.reference import read_reference_data
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
            SignatureError: it, or the trust list within, was not signed by the root key, or for another device;
                nothing changed.
        """
        data = read_reference_data(document, self.root_public)
        if data.device != self.device:
            raise SignatureError(f"the reference data is for {data.device}, this device is {self.device}")
        trust = read_trust_list(data.trust_list, self.root_public)
        try:
            current = self.store.current()
        except NotEnrolledError:
            current = None
        if current is not None and (data.version, trust.version) <= (current.data.version, current.trust.version):
            return False
        if current is not None and trust.version < current.trust.version:
            return False
        self.store.replace(document, Reference(data, trust))
        return True
