"""The enrolment file: what makes a machine this station's device, brought once by a person.

Upstream: ``signing.documents``, ``trust``.
Downstream: ``kiosk.settings`` and ``sync.agent`` read it, ``sync.platform`` writes it.

It holds the device's secret seed, so it is written with mode 0600 and refused when others may read it.
"""

from __future__ import annotations

import msgspec

from sync.protocol.errors import ProtocolError
from sync.protocol.events import Id
from sync.protocol.signing.documents import SignedDocument
from sync.protocol.trust import Hex32

READABLE_BY_OTHERS = 0o077


class Enrolment(msgspec.Struct, frozen=True, omit_defaults=True):
    """One device's identity, the keys it trusts, where its platform is, and its first reference data.

    Attributes:
        device: its id.
        seed: of its own key.
        root_public: signs trust lists, revocations and whole reference data.
        platform_url: where its platform is.
        reference: its first reference data.
        platform_public: signs the platform's time and pages of changes; None: of an older platform, which has neither.
        ca_pem: the certificate authority to pin for TLS; None: the system's.
        next_seed: of a key that is being rotated in; None while none is.
        earlier_seed: of the key before this one: where a platform was restored from a backup and has forgotten this
            one, that one names it again.
        earlier_public: of every key before this one, oldest first: what they signed stays signed.
        key_since_ms: since when this key is the device's, the platform's time (UTC ms); None where that is not known.
    """

    device: Id
    seed: Hex32
    root_public: Hex32
    platform_url: str
    reference: SignedDocument
    platform_public: Hex32 | None = None
    ca_pem: str | None = None
    next_seed: Hex32 | None = None
    earlier_seed: Hex32 | None = None
    earlier_public: list[Hex32] = []
    key_since_ms: int | None = None


def read_enrolment(data: bytes, mode: int) -> Enrolment:
    """Return the enrolment of a file's bytes.

    Args:
        data: the whole file.
        mode: its permission bits, as ``stat.S_IMODE`` gives them.

    Raises:
        ProtocolError: others may read it, or it is not an enrolment; the sentence says what to do.
    """
    if mode & READABLE_BY_OTHERS:
        raise ProtocolError(f"others may read the device's secret (mode {mode:04o}); run: chmod 600 on it")
    try:
        return msgspec.json.decode(data, type=Enrolment)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolError(f"not an enrolment file: {error}; ask the platform's keeper for a new one") from error
