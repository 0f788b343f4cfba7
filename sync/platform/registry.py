"""What the platform's keeper decides: which keys are trusted, which devices upload, which certificates are issued.

Upstream: ``store``, ``keys``, ``sync.protocol``.
Downstream: the commands, ``demo``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from sync.platform import keys
from sync.platform.errors import UnknownError
from sync.platform.ports import Ports, unix_ms
from sync.platform.records import Device, IssuedCertificate, Volunteer
from sync.platform.store import Unit
from sync.protocol.certificate.claims import Claims
from sync.protocol.certificate.mint import mint
from sync.protocol.enrolment import Enrolment
from sync.protocol.reference import REFERENCE_DATA, ReferenceData, RosteredShift, ServicePoint
from sync.protocol.signing.documents import SignedDocument, sign_document
from sync.protocol.signing.keys import SEED_BYTES, SigningKey
from sync.protocol.trust import TRUST_LIST, TrustedKey, TrustList
from sync.protocol.vocabulary import CertificateKind

SERIAL_BYTES = 8
KEY_VALIDITY = timedelta(days=5 * 365)


@dataclass(frozen=True, slots=True)
class CertificateOrder:
    """A certificate to be issued; instants are aware, in whole seconds."""

    volunteer: Volunteer
    issued_at: datetime
    expires_at: datetime
    kind: CertificateKind = CertificateKind.CARD


@dataclass(frozen=True, slots=True)
class DevicePlan:
    """A device to be enrolled: its name, its place, where it finds the platform, and its first roster."""

    name: str
    service_point: ServicePoint
    platform_url: str
    roster: Sequence[RosteredShift] = ()
    notices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """The keeper's desk: the open transaction, the ports, and the region whose certificates are issued here."""

    unit: Unit
    ports: Ports
    region: str

    def trust(self, key: SigningKey, valid_from: datetime) -> TrustedKey:
        """Put an issuer's key on the trust list, valid for five years from an instant."""
        until_ms = unix_ms(valid_from + KEY_VALIDITY)
        kid = keys.kid_of(key).hex()
        trusted = TrustedKey(kid, self.region, "ed25519", key.public.hex(), unix_ms(valid_from), until_ms)
        self.unit.registry.put_issuer_key(trusted)
        return trusted

    def issue(self, order: CertificateOrder, issuer: SigningKey) -> str:
        """Issue a certificate, register its volunteer and serial, and return its ``LYZ1:`` text.

        Raises:
            MalformedError: the name, number or instants are outside what a certificate can hold.
        """
        serial, kid = self.ports.entropy(SERIAL_BYTES), keys.kid_of(issuer)
        text = mint(self._claims(order, serial), kid, issuer)
        if all(key.kid != kid.hex() for key in self.unit.registry.issuer_keys()):
            self.trust(issuer, order.issued_at)
        self.unit.registry.add_volunteers([order.volunteer])
        issued_ms, expires_ms = unix_ms(order.issued_at), unix_ms(order.expires_at)
        issued = IssuedCertificate(serial.hex(), order.volunteer.number, kid.hex(), order.kind, issued_ms, expires_ms)
        self.unit.registry.add_certificates([issued])
        return text

    def enrol(self, plan: DevicePlan, root: SigningKey) -> Enrolment:
        """Register a new device and return the content of its enrolment file."""
        seed, device = self.ports.entropy(SEED_BYTES), self.ports.ids()
        now_ms = unix_ms(self.ports.clock())
        public = SigningKey(seed).public
        self.unit.devices.add(Device(device, plan.name, plan.service_point.id, public, now_ms))
        reference = self._reference(device, plan, root, now_ms)
        return Enrolment(device, seed.hex(), root.public.hex(), plan.platform_url, reference)

    def revoke(self, device: str) -> None:
        """Refuse a device from now on.

        Raises:
            UnknownError: no such device is registered.
        """
        if self.unit.devices.find(device) is None:
            raise UnknownError(f"No device {device} is registered here. 'device list' shows those that are.")
        self.unit.devices.revoke(device, unix_ms(self.ports.clock()))

    def find_service_point(self, wanted: str) -> ServicePoint:
        """Return the service point of this id or name.

        Raises:
            UnknownError: there is none; the sentence lists those there are.
        """
        point = self.unit.registry.service_point(wanted)
        if point is None:
            there = ", ".join(f"{known.name} ({known.id})" for known in self.unit.registry.service_points())
            raise UnknownError(f"No service point {wanted!r} is registered here. There are: {there or 'none yet'}.")
        return point

    def _claims(self, order: CertificateOrder, serial: bytes) -> Claims:
        number, name = order.volunteer.number, order.volunteer.name
        return Claims(self.region, number, name, serial, order.issued_at, order.expires_at, order.kind)

    def _reference(self, device: str, plan: DevicePlan, root: SigningKey, now_ms: int) -> SignedDocument:
        trust_list = TrustList(now_ms, now_ms, list(self.unit.registry.issuer_keys()))
        reference = ReferenceData(
            version=now_ms,
            issued_ms=now_ms,
            device=device,
            service_point=plan.service_point,
            trust_list=sign_document(TRUST_LIST, msgspec.to_builtins(trust_list), root),
            roster=list(plan.roster),
            notices=list(plan.notices),
        )
        return sign_document(REFERENCE_DATA, msgspec.to_builtins(reference), root)


def write_enrolment(path: Path, enrolment: Enrolment) -> None:
    """Write an enrolment file, readable by its owner alone.

    Raises:
        OSError: the file exists or cannot be made.
    """
    keys.write_secret(path, msgspec.json.format(msgspec.json.encode(enrolment)) + b"\n")
