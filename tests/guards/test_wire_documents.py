"""What is written of the wire is what the code does: generated files, the page's tables, and its worked examples.

The examples are recomputed here with nothing but hashlib, json and Ed25519, as another implementation would.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.platform.api import document
from sync.platform.api.routes import DeviceApi
from sync.platform.ports import Ports
from sync.platform.store import Database
from sync.protocol.problems import PROBLEMS
from tests.guards import tree

FOLDER = tree.ROOT / "docs" / "protocol"
PAGE = (tree.ROOT / "docs" / "PROTOCOL.md").read_text("utf-8")
VECTORS: dict[str, Any] = json.loads((FOLDER / "vectors.json").read_text("utf-8"))
KEYS: dict[str, str] = VECTORS["keys"]


def canonical(value: object) -> bytes:
    """Canonical bytes, for values as simple as the examples."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def verify(public: str, message: bytes, signature: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, message)


@pytest.mark.parametrize("name", sorted(document.files()))
def test_the_committed_document_is_what_the_code_makes(name: str) -> None:
    assert (FOLDER / name).read_bytes() == document.files()[name], "run: make docs"


def test_every_route_of_devices_is_documented_and_no_other() -> None:
    database = Database.open("sqlite://")
    ports = Ports(lambda: None, lambda: "", lambda count: b"")  # type: ignore[arg-type, return-value]
    router = DeviceApi.over(database, ports, None).router()  # type: ignore[arg-type]
    routes = {(method, route.path) for route in router.routes for method in route.methods - {"HEAD"}}  # type: ignore[attr-defined]
    assert routes == {(call.method, call.path) for call in document.CALLS}
    database.close()


def test_the_page_names_every_call_and_every_problem() -> None:
    for call in document.CALLS:
        assert f"`{call.method} {call.path}" in PAGE
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", PAGE, re.MULTILINE)
    assert [(problem.type, str(problem.status)) for problem in PROBLEMS] == rows


def test_the_page_quotes_the_examples() -> None:
    post = VECTORS["signed_post"]
    quoted = [post["body"], post["signature_base"], VECTORS["chain"]["hashed_of_the_first"]]
    quoted += [f"{name}: {value}" for name, value in post["headers"].items()]
    quoted += [KEYS["device_public"], VECTORS["chain"]["envelopes"][0]["h"], VECTORS["canonical"][0]["bytes"]]
    assert [each for each in quoted if each not in PAGE] == []


def test_seeds_give_their_public_keys() -> None:
    for name in ("device", "later", "platform"):
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(KEYS[f"{name}_seed"]))
        assert key.public_key().public_bytes_raw().hex() == KEYS[f"{name}_public"]


@pytest.mark.parametrize("name", ["signed_post", "signed_get"])
def test_a_signed_request_verifies_by_the_book(name: str) -> None:
    example = VECTORS[name]
    headers = example["headers"]
    assert example["signature_base"].endswith(headers["Signature-Input"].removeprefix("lyz="))
    assert f'nonce="{example["nonce"]}"' in headers["Signature-Input"]
    if example["body"]:
        body = bytes.fromhex(example["body"])
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        assert headers["Content-Digest"] == f"sha-256=:{digest}:"
        assert headers["Content-Digest"] in example["signature_base"]
        assert json.loads(gzip.decompress(body)).keys() == {"device"}
    signature = base64.b64decode(headers["Signature"].removeprefix("lyz=:").removesuffix(":"))
    verify(KEYS["device_public"], example["signature_base"].encode(), signature)


def test_canonical_bytes_are_those() -> None:
    for each in VECTORS["canonical"]:
        assert canonical(each["value"]).hex() == each["bytes"]


def test_the_chain_hashes_as_written() -> None:
    chain = VECTORS["chain"]
    prev = chain["prev_of_the_first"]
    for envelope in chain["envelopes"]:
        hashed = {name: envelope[name] for name in ("body", "id", "kind", "seq", "stamp", "stream")}
        assert envelope["prev"] == prev
        prev = hashlib.sha256(bytes.fromhex(prev) + canonical(hashed)).hexdigest()
        assert envelope["h"] == prev
    first = {name: chain["envelopes"][0][name] for name in ("body", "id", "kind", "seq", "stamp", "stream")}
    assert canonical(first).decode() == chain["hashed_of_the_first"]


def test_signed_documents_verify() -> None:
    time, rotation, checkpoint = VECTORS["time"], VECTORS["key_rotation"], dict(VECTORS["checkpoint"])
    verify(KEYS["platform_public"], time["signed"].encode(), bytes.fromhex(time["document"]["signature"]))
    verify(KEYS["later_public"], rotation["signed"].encode(), bytes.fromhex(rotation["request"]["proof"]))
    signature = bytes.fromhex(checkpoint.pop("signature"))
    verify(KEYS["device_public"], canonical({"kind": "checkpoint", "payload": checkpoint}), signature)
