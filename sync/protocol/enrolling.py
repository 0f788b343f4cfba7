"""Enrolment by a one-time code: the device makes its own secret, which never leaves it, and shows that it holds it.

Upstream: ``events``, ``signing.documents``, ``trust``.
Downstream: ``sync.agent`` asks, ``sync.platform.api`` answers, the console shows the code.

A code is 12 characters of Crockford's base 32 in groups of four, good once and for a short time; as a QR it stands
behind the platform's address: ``https://platform.example/#enrol=ABCD-EFGH-JKMN``.

The request is signed like every other call; its key id is the new public key itself, 64 hex digits, since the device
has no id yet. Asked again by the same key with the same code (the answer may have been lost), the platform gives the
same device.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from sync.protocol.events import Id
from sync.protocol.signing.documents import SignedDocument
from sync.protocol.trust import Hex32

ENROL_PATH = "/v1/enrol"
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
BITS_A_CHARACTER = 5
CODE_ENTROPY_BYTES = 8
GROUP = 4
Code = Annotated[str, Meta(min_length=CODE_LENGTH, max_length=32)]
_AS_READ = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})  # Crockford, and how people group


class EnrolRequest(msgspec.Struct, frozen=True):
    """``POST /v1/enrol``: the code, and the device's new Ed25519 public key, which signs this very request."""

    code: Code
    public: Hex32


class Enrolled(msgspec.Struct, frozen=True, omit_defaults=True):
    """What makes a machine this station's device.

    Attributes:
        device: its id.
        root_public: the key that signs trust lists, revocations and whole reference data.
        platform_public: the key that signs the platform's time and its pages of changes.
        reference: its first reference data.
        ca_pem: the certificate authority of the platform's TLS, to be pinned; None where the system's are good.
    """

    device: Id
    root_public: Hex32
    platform_public: Hex32
    reference: SignedDocument
    ca_pem: str | None = None


class KeyRotation(msgspec.Struct, frozen=True):
    """``POST /v1/keys``, signed as a request by the present key.

    Attributes:
        device: whose.
        public: the next key.
        proof: the next key's signature (hex) over the document ``{"device", "public"}`` of kind ``key_rotation``.
    """

    device: Id
    public: Hex32
    proof: Annotated[str, Meta(pattern="^[0-9a-f]{128}$")]


class KeyAccepted(msgspec.Struct, frozen=True):
    """The platform takes both keys from now on; the earlier one until ``earlier_until_ms`` (UTC ms)."""

    body_sha256: Hex32
    public: Hex32
    earlier_until_ms: int


KEYS_PATH = "/v1/keys"
KEY_ROTATION = "key_rotation"


def make_code(entropy: bytes) -> str:
    """Return a code in groups of four from 8 random bytes (60 of their bits)."""
    number = int.from_bytes(entropy, "big")
    letters = [CODE_ALPHABET[number >> BITS_A_CHARACTER * place & 31] for place in range(CODE_LENGTH)]
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, CODE_LENGTH, GROUP))


def normal_code(typed: str) -> str | None:
    """Return the 12 characters of a code as a person may type it (small letters, O for 0, no hyphens), or None."""
    letters = typed.upper().translate(_AS_READ)
    return letters if len(letters) == CODE_LENGTH and set(letters) <= set(CODE_ALPHABET) else None


def code_link(platform_url: str, code: str) -> str:
    """Return what the QR of a code says."""
    return f"{platform_url.rstrip('/')}/#enrol={code}"
