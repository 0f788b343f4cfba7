"""What the platform's keeper decides: which keys are trusted, which places there are, which devices upload.

Upstream: ``store``, ``keys``, ``enrolling``, ``publishing``, ``sync.protocol``.
Downstream: the commands, ``certificates``, ``demo``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from sync.platform import keys
from sync.platform.enrolling import GOOD_FOR, NewCode, new_code, withdraw_code
from sync.platform.errors import UnknownError
from sync.platform.ports import Ports, unix_ms
from sync.platform.publishing import publish
from sync.platform.records import Device
from sync.platform.store import Unit
from sync.protocol.enrolment import Enrolment
from sync.protocol.reference import ServicePoint
from sync.protocol.signing.keys import SEED_BYTES, SigningKey
from sync.protocol.trust import TrustedKey
from sync.protocol.vocabulary import KeyAlgorithm

KEY_VALIDITY = timedelta(days=5 * 365)


@dataclass(frozen=True, slots=True)
class DevicePlan:
    """A device to be enrolled: its name, its place, where it finds the platform, and the authority of its TLS (PEM)."""

    name: str
    service_point: ServicePoint
    platform_url: str
    ca_pem: str | None = None


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
        algorithm: Literal["ed25519", "sm2"] = "sm2" if key.algorithm == KeyAlgorithm.SM2 else "ed25519"
        trusted = TrustedKey(kid, self.region, algorithm, key.public.hex(), unix_ms(valid_from), until_ms)
        self.unit.registry.put_issuer_key(trusted)
        return trusted

    def enrol(self, plan: DevicePlan, root: SigningKey, platform: SigningKey | None = None) -> Enrolment:
        """Register a new device and return the content of its enrolment file, its first reference data within.

        Args:
            plan: what it is called, where it stands, and where it finds the platform.
            root: signs its reference data; the device trusts it for good.
            platform: the platform's own key, which signs time and changes; without it the device asks for neither.
        """
        seed, device = self.ports.entropy(SEED_BYTES), self.ports.ids()
        now_ms = unix_ms(self.ports.clock())
        public = SigningKey(seed).public
        self.unit.devices.add(Device(device, plan.name, plan.service_point.id, public, now_ms))
        reference = publish(self.unit, device, root, now_ms)
        trusted = platform.public.hex() if platform else None
        return Enrolment(device, seed.hex(), root.public.hex(), plan.platform_url, reference, trusted, plan.ca_pem)

    def enrolment_code(self, point: ServicePoint, name: str, good_for: timedelta = GOOD_FOR) -> NewCode:
        """Make a one-time code with which a machine becomes the device of this name at this place."""
        return new_code(self.unit, self.ports, point, name, good_for)

    def withdraw_code(self, code: str) -> None:
        """Let no device be made with a code any more.

        Raises:
            UnknownError: there is no unused code of this id.
        """
        withdraw_code(self.unit, code, unix_ms(self.ports.clock()))

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


def write_enrolment(path: Path, enrolment: Enrolment) -> None:
    """Write an enrolment file, readable by its owner alone.

    Raises:
        OSError: the file exists or cannot be made.
    """
    keys.write_secret(path, msgspec.json.format(msgspec.json.encode(enrolment)) + b"\n")
