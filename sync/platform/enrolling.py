"""Enrolment by a one-time code: made for a place and a name, good once and for a short time, kept as a hash.

Upstream: ``store``, ``publishing``, ``keys``, ``sync.protocol``.
Downstream: ``api.enrol``, the ``device code`` commands, ``console``.

The hash is a plain SHA-256: a code has 60 random bits and lives for hours. Whoever asks with a code that is unknown,
expired, withdrawn or used is told the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sync.platform.errors import UnknownError
from sync.platform.keys import Keyring
from sync.platform.ports import Ports, unix_ms
from sync.platform.publishing import publish
from sync.platform.records import Device
from sync.platform.store import Unit
from sync.platform.store.codes import CodeStanding
from sync.protocol.enrolling import CODE_ENTROPY_BYTES, Enrolled, EnrolRequest, make_code, normal_code
from sync.protocol.problems import CODE_REFUSED, NOT_UNDERSTOOD, Problem
from sync.protocol.reference import ServicePoint

GOOD_FOR = timedelta(hours=24)
LONGEST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code as it is shown once: the text itself, and what is kept of it."""

    code: str
    standing: CodeStanding


def new_code(unit: Unit, ports: Ports, point: ServicePoint, name: str, good_for: timedelta = GOOD_FOR) -> NewCode:
    """Make a code for one device at a service point, within the caller's transaction.

    Args:
        unit: the open transaction.
        ports: of the platform.
        point: where the device will stand.
        name: what people will call it.
        good_for: at most :data:`LONGEST`.
    """
    now_ms = unix_ms(ports.clock())
    until_ms = now_ms + round(min(good_for, LONGEST) / timedelta(milliseconds=1))
    code = make_code(ports.entropy(CODE_ENTROPY_BYTES))
    standing = CodeStanding(ports.ids(), _fingerprint(code), point.id, name, now_ms, until_ms)
    unit.codes.add(standing)
    return NewCode(code, standing)


def withdraw_code(unit: Unit, code_id: str, now_ms: int) -> None:
    """Let no device be made with a code any more.

    Raises:
        UnknownError: there is no unused code of this id.
    """
    if not unit.codes.withdraw(code_id, now_ms):
        raise UnknownError(f"No unused code {code_id} is registered here. 'device code list' shows those that are.")


@dataclass(frozen=True, slots=True)
class Enroller:
    """Makes devices of codes.

    Attributes:
        ports: of the platform.
        keys: the two that a device is told to trust.
        ca_pem: of the platform's TLS, to be pinned by devices; None: the system's authorities are good.
    """

    ports: Ports
    keys: Keyring
    ca_pem: str | None = None

    def enrol(self, request: EnrolRequest, signed_by: str, unit: Unit) -> Enrolled | Problem:
        """Make the device of a code, or give the same again to the same key, within the caller's transaction.

        Args:
            request: what the body says.
            signed_by: the public key, hex, that signed the request.
            unit: a transaction that holds the writers of the registry.
        """
        now_ms = unix_ms(self.ports.clock())
        refusal = self.refusal(request, signed_by, unit)
        code = unit.codes.find(_fingerprint(request.code))
        if refusal is not None or code is None:
            return refusal or CODE_REFUSED
        device = self._new(code, request, unit, now_ms) if code.used_ms is None else _same(code, request, unit, now_ms)
        if device is None:
            return CODE_REFUSED
        root = self.keys.root()
        reference = publish(unit, device, root, now_ms)
        return Enrolled(device, root.public.hex(), self.keys.platform().public.hex(), reference, self.ca_pem)

    def refusal(self, request: EnrolRequest, signed_by: str, unit: Unit) -> Problem | None:
        """Return why a request is refused as things stand, or None; asked first, so that who guesses locks nothing."""
        if request.public != signed_by:
            return NOT_UNDERSTOOD
        now_ms, code = unix_ms(self.ports.clock()), unit.codes.find(_fingerprint(request.code))
        if code is None or not (code.is_open(now_ms) or _same(code, request, unit, now_ms)):
            return CODE_REFUSED
        return None

    def _new(self, code: CodeStanding, request: EnrolRequest, unit: Unit, now_ms: int) -> str | None:
        if not unit.codes.use(code, now_ms):
            return None
        device = Device(self.ports.ids(), code.name, code.service_point, bytes.fromhex(request.public), now_ms)
        unit.devices.add(device)
        unit.codes.name_device(code, device.id)
        return device.id


def _same(code: CodeStanding, request: EnrolRequest, unit: Unit, now_ms: int) -> str | None:
    """Return the device of a used code where this very key asks again in time: its answer may have been lost."""
    device = unit.devices.find(code.device) if code.device else None
    if device is None or device.revoked_ms is not None or now_ms >= code.expires_ms:
        return None
    return device.id if device.public.hex() == request.public else None


def _fingerprint(code: str) -> str:
    return hashlib.sha256(f"lyz-enrol-1 {normal_code(code) or ''}".encode()).hexdigest()
