"""A small made-up community: keys, certificates, enrolment; valid by default, one field changed a test."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from sync.protocol.certificate.claims import Claims
from sync.protocol.certificate.mint import mint
from sync.protocol.enrolment import Enrolment
from sync.protocol.reference import REFERENCE_DATA, ReferenceData, RosteredShift, ServicePoint
from sync.protocol.revocation import sign_revocation_list
from sync.protocol.signing.documents import SignedDocument, sign_document
from sync.protocol.signing.keys import SigningKey
from sync.protocol.trust import TRUST_LIST, TrustedKey, TrustList
from sync.protocol.vocabulary import CertificateKind

if TYPE_CHECKING:
    from pathlib import Path

ISSUED = datetime(2026, 12, 1, tzinfo=UTC)  # after the program's build time, so that it is the clock's floor
REGION = "410302"
KID = b"\x00\x01"
CLAIMS = Claims(
    issuer=REGION,
    volunteer_number="4103020000000017",
    display_name="张晓明",
    serial=b"\x01\x02\x03\x04\x05\x06",
    issued_at=ISSUED - timedelta(days=30),
    expires_at=ISSUED + timedelta(days=700),
    kind=CertificateKind.CARD,
)


def milliseconds(at: datetime) -> int:
    """Return UTC ms since 1970."""
    return int(at.timestamp() * 1000)


@dataclass(frozen=True)
class Community:
    """One issuer, one service point, one device; every call mints or signs afresh."""

    root: SigningKey = field(default_factory=lambda: SigningKey(b"r" * 32))
    issuer: SigningKey = field(default_factory=lambda: SigningKey(b"i" * 32))
    stranger: SigningKey = field(default_factory=lambda: SigningKey(b"s" * 32))
    device_seed: bytes = b"d" * 32
    device: str = "device-1"
    issued: datetime = ISSUED

    def trust_list(self) -> TrustList:
        """Return a trust list with the one issuer's key, valid for ten years around the issue."""
        key = TrustedKey(
            kid=KID.hex(),
            issuer=REGION,
            algorithm="ed25519",
            public=self.issuer.public.hex(),
            valid_from_ms=milliseconds(self.issued - timedelta(days=1825)),
            valid_until_ms=milliseconds(self.issued + timedelta(days=1825)),
        )
        return TrustList(version=1, issued_ms=milliseconds(self.issued), keys=[key])

    def reference(
        self, *, version: int = 1, roster: tuple[RosteredShift, ...] = (), trust: TrustList | None = None, **more: Any
    ) -> SignedDocument:
        """Return signed reference data for the device; ``more`` are further fields of it."""
        listed = sign_document(TRUST_LIST, msgspec.to_builtins(trust or self.trust_list()), self.root)
        point = ServicePoint("point-1", "王城公园东门岗亭", REGION, "08:00", "22:00")
        data = ReferenceData(version, milliseconds(self.issued), self.device, point, listed, list(roster), **more)
        return sign_document(REFERENCE_DATA, msgspec.to_builtins(data), self.root)

    def enrolment(self, platform_url: str = "http://127.0.0.1:9", reference: SignedDocument | None = None) -> Enrolment:
        """Return the device's enrolment."""
        document = reference or self.reference()
        return Enrolment(self.device, self.device_seed.hex(), self.root.public.hex(), platform_url, document)

    def write_enrolment(self, file: Path, platform_url: str = "http://127.0.0.1:9") -> Path:
        """Write the enrolment file, readable by its owner only."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(0o600)
        file.write_bytes(msgspec.json.encode(self.enrolment(platform_url)))
        return file

    def revocations(self, *serials: bytes, version: int = 1) -> SignedDocument:
        """Return a signed revocation list of the issuer's serials."""
        return sign_revocation_list(version, milliseconds(self.issued), {REGION: serials}, self.root)

    def dynamic(self, issued_at: datetime, minutes: float = 5, **changes: Any) -> str:
        """Return the text of a dynamic certificate that lives for some minutes."""
        expires_at = issued_at + timedelta(minutes=minutes)
        kind = CertificateKind.DYNAMIC
        return self.certificate(issued_at=issued_at, expires_at=expires_at, kind=kind, **changes)

    def certificate(self, key: SigningKey | None = None, kid: bytes = KID, **changes: object) -> str:
        """Return the text of a certificate; ``changes`` replace fields of :data:`CLAIMS`."""
        return mint(replace(CLAIMS, **changes), kid, key or self.issuer)  # type: ignore[arg-type]
