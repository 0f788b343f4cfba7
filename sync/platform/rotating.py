"""A device takes another key: the new one signs that it is held, the newest one before signs the request.

Upstream: ``store``, ``sync.protocol``.
Downstream: ``api.keys``.

Two keys are good at a time: the new one, and for 30 days the one that named it, in which a device that never heard the
answer asks again and hears the same.
"""

from __future__ import annotations

from sync.platform.credentials import Caller
from sync.platform.store import Unit
from sync.platform.store.device_keys import DeviceKey
from sync.protocol.batch import body_sha256
from sync.protocol.enrolling import KEY_ROTATION, KeyAccepted, KeyRotation
from sync.protocol.errors import SignatureError
from sync.protocol.problems import KEY_REFUSED, UNSIGNED, Problem
from sync.protocol.signing.documents import SignedDocument, open_document

EARLIER_GOOD_MS = 30 * 24 * 3600 * 1000
KEY_ID_DIGITS = 16


def key_id_of(device: str, public: str) -> str:
    """Return the key id of a device's later key, from its public key in hex."""
    return f"{device}/{public[:KEY_ID_DIGITS]}"


def rotate(caller: Caller, rotation: KeyRotation, unit: Unit, now_ms: int) -> KeyAccepted | Problem:
    """Take a device's next key within the caller's transaction, or say why not; the same again changes nothing.

    Args:
        caller: whose signature over the request was verified.
        rotation: what the request says.
        unit: a transaction that holds the device's writers.
        now_ms: UTC ms.
    """
    if rotation.device != caller.device.id or not _is_proven(rotation):
        return UNSIGNED
    newest = unit.device_keys.newest(caller.device)
    if newest.public.hex() == rotation.public:
        ending_ms = unit.device_keys.ending_ms(caller.device)
        return KEY_REFUSED if ending_ms is None else _accepted(caller, rotation, ending_ms)
    if newest.key_id != caller.key.key_id or bytes.fromhex(rotation.public) in unit.device_keys.publics(caller.device):
        return KEY_REFUSED
    later = DeviceKey(caller.device, key_id_of(caller.device.id, rotation.public), bytes.fromhex(rotation.public))
    until_ms = now_ms + EARLIER_GOOD_MS
    unit.device_keys.follow(newest, later, now_ms, until_ms)
    return _accepted(caller, rotation, until_ms)


def _is_proven(rotation: KeyRotation) -> bool:
    said = {"device": rotation.device, "public": rotation.public}
    try:
        open_document(SignedDocument(KEY_ROTATION, said, rotation.proof), KEY_ROTATION, bytes.fromhex(rotation.public))
    except SignatureError:
        return False
    return True


def _accepted(caller: Caller, rotation: KeyRotation, until_ms: int) -> KeyAccepted:
    return KeyAccepted(body_sha256(caller.body), rotation.public, until_ms)
