"""Who signed a request: a registered device, with a key that is good now and a nonce of this platform.

Upstream: ``store``, ``nonces``, ``sync.protocol.signing``.
Downstream: ``api``.

::

    request ── signature ── its key ends later? ── nonce ── revoked? ──▶ Caller
                  │ 401             │ 401           │ 401      │ 403
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.platform.nonces import Nonces
from sync.platform.ports import Clock, unix_ms
from sync.platform.records import Device
from sync.platform.store import Database
from sync.platform.store.device_keys import DeviceKey
from sync.protocol.errors import SignatureError
from sync.protocol.problems import REVOKED, STALE_NONCE, UNSIGNED, Problem
from sync.protocol.signing.requests import HttpRequest, read_signature


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the device, the key it signed with, and the body that it signed."""

    key: DeviceKey
    body: bytes

    @property
    def device(self) -> Device:
        """The device."""
        return self.key.device


@dataclass(frozen=True, slots=True)
class Credentials:
    """Tells callers by their signatures."""

    database: Database
    clock: Clock
    nonces: Nonces

    def caller(self, request: HttpRequest) -> Caller | Problem:
        """Return who signed a request, or why it is not taken.

        Raises:
            DatabaseAwayError: nobody can be known just now.
        """
        found: list[DeviceKey] = []

        def public_of(key_id: str) -> bytes | None:
            with self.database.reading() as unit:
                key = unit.device_keys.find(key_id)
            if key is None or (key.until_ms is not None and key.until_ms <= unix_ms(self.clock())):
                return None
            found.append(key)
            return key.public

        try:
            signature = read_signature(request, public_of)
        except SignatureError:
            return UNSIGNED
        if not self.nonces.accepts(signature.nonce):
            return STALE_NONCE
        key = found[-1]
        return Caller(key, request.body) if key.device.revoked_ms is None else REVOKED
