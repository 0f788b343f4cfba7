"""Worked examples of the wire, byte for byte, that another implementation can hold its own against.

Upstream: ``sync.protocol``.
Downstream: the ``openapi`` command, ``docs/protocol/vectors.json``, which ``docs/PROTOCOL.md`` quotes.

Keys and ids are made up. Ed25519 has one signature for a message, so every value here is the only right one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import msgspec

from sync.protocol.canonical import canonical_bytes
from sync.protocol.checkpoint import sign_checkpoint
from sync.protocol.contact import CONTACT_PATH
from sync.protocol.enrolling import KEY_ROTATION
from sync.protocol.envelope import GENESIS, Position, Stamp, seal
from sync.protocol.events import DeviceNote
from sync.protocol.server_time import TIME, ServerTime
from sync.protocol.signing.documents import sign_document
from sync.protocol.signing.keys import SigningKey
from sync.protocol.signing.requests import LABEL, HttpRequest, sign_request

DEVICE = "8f14e45f-ceea-467f-a1d2-9f3b6c5a7e01"
STREAM = "c9f0f895-fb98-4b91-9d3c-0a1b2c3d4e5f"
NONCE = "mQ3vT0yV7cXk2B9pLrZs4A1d"
SEED, LATER_SEED, PLATFORM_SEED = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))
AT = datetime(2026, 7, 3, 1, 0, tzinfo=UTC)
BODY = bytes.fromhex(  # gzip of {"device": DEVICE}; another gzip of the same is as good
    "1f8b0800000000000003ab564a492dcb4c4e55b252b24833344935314dd34d4e4d4dd43531334fd34d344c31d2b54c334e32"
    "4b364d344f353054aa0500e64def4431000000"
)


def vectors() -> dict[str, Any]:
    """Return the examples."""
    key, later = SigningKey(SEED), SigningKey(LATER_SEED)
    return {
        "keys": {
            "device_seed": SEED.hex(),
            "device_public": key.public.hex(),
            "later_seed": LATER_SEED.hex(),
            "later_public": later.public.hex(),
            "later_key_id": f"{DEVICE}/{later.public.hex()[:16]}",
            "platform_seed": PLATFORM_SEED.hex(),
            "platform_public": SigningKey(PLATFORM_SEED).public.hex(),
        },
        "signed_post": _signed("POST", CONTACT_PATH, BODY, key),
        "signed_get": _signed("GET", "/v1/changes?scope=station&limit=100", b"", key),
        "canonical": _canonical(),
        "chain": _chain(),
        "checkpoint": msgspec.to_builtins(_checkpoint(key)),
        "time": _time(),
        "key_rotation": _rotation(later),
    }


def _signed(method: str, target: str, body: bytes, key: SigningKey) -> dict[str, Any]:
    request = HttpRequest(method, f"https://platform.example{target}", {}, body)
    headers = dict(sign_request(request, key, DEVICE, AT, NONCE))
    path, _, query = target.partition("?")
    covered = {"@method": method, "@path": path}
    if body:
        covered["content-digest"] = headers["Content-Digest"]
    else:
        covered["@query"] = f"?{query}"
    lines = [f'"{name}": {value}' for name, value in covered.items()]
    lines.append(f'"@signature-params": {headers["Signature-Input"].removeprefix(f"{LABEL}=")}')
    return {
        "method": method,
        "target": target,
        "nonce": NONCE,
        "body": body.hex(),
        "signature_base": "\n".join(lines),
        "headers": headers,
    }


def _canonical() -> list[dict[str, Any]]:
    values: list[Any] = [
        {"b": 1, "a": [True, None, "文明"], "Z": -9007199254740991},
        {"quote": '"\\\n\t\x07', "slash": "/", "line": "\u2028"},
        {},
    ]
    return [{"value": value, "bytes": canonical_bytes(value).hex()} for value in values]


def _chain() -> dict[str, Any]:
    first = seal(
        DeviceNote("stream_started"),
        id_="1f0e3dad-9990-4a34-9e0c-5a6b7c8d9e0f",
        at=Position(STREAM),
        stamp=_stamp(5_000_000),
    )
    second = seal(
        DeviceNote("camera_back"),
        id_="98f13708-2101-44d0-8c1d-6a7b8c9d0e1f",
        at=Position(STREAM, first.seq, first.h),
        stamp=_stamp(65_000_000),
    )
    hashed = {
        "id": first.id,
        "stream": first.stream,
        "seq": first.seq,
        "kind": first.kind,
        "body": first.body,
        "stamp": first.stamp,
    }
    return {
        "prev_of_the_first": GENESIS,
        "hashed_of_the_first": canonical_bytes(hashed).decode(),
        "envelopes": msgspec.to_builtins([first, second]),
    }


def _checkpoint(key: SigningKey) -> Any:
    last = _chain()["envelopes"][-1]
    return sign_checkpoint(Position(STREAM, last["seq"], last["h"]), _stamp(65_000_000), key)


def _time() -> dict[str, Any]:
    told = ServerTime("abcdefgh", round(AT.timestamp() * 1000), "c4ca4238-a0b9-4382-8dcc-509a6f75849b")
    document = sign_document(TIME, cast("dict[str, Any]", msgspec.to_builtins(told)), SigningKey(PLATFORM_SEED))
    signed = canonical_bytes({"kind": document.kind, "payload": document.payload}).decode()
    return {"signed": signed, "document": msgspec.to_builtins(document)}


def _rotation(later: SigningKey) -> dict[str, Any]:
    said = {"device": DEVICE, "public": later.public.hex()}
    document = sign_document(KEY_ROTATION, dict(said), later)
    signed = canonical_bytes({"kind": KEY_ROTATION, "payload": said}).decode()
    return {"signed": signed, "request": {**said, "proof": document.signature}}


def _stamp(bt_us: int) -> Stamp:
    return Stamp("b1d5781111d84f7b3fe45a0852e59758", 1, bt_us, round(AT.timestamp() * 1000), "anchored")
