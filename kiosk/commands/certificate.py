"""``kiosk certificate check``: one text against one trust list at one instant, without device file or settings.

Upstream: ``kiosk.certificate.verify``, ``sync.protocol`` (trust lists, enrolments), ``kiosk.presenter`` (sentences).
Downstream: ``kiosk.cli``; support staff.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from kiosk.certificate.verify import NOTHING_REVOKED, Now, verify
from kiosk.composition import open_catalogues
from kiosk.presenter.phrases import Language, Phrases
from kiosk.usecases.errors import StoreError
from kiosk.usecases.present_certificate import reason_of
from sync.protocol.enrolment import read_enrolment
from sync.protocol.errors import CertificateError, ProtocolError
from sync.protocol.reference import REFERENCE_DATA, ReferenceData, read_reference_data
from sync.protocol.revocation import RevocationList, parse_revocation_list, read_revocation_list
from sync.protocol.signing.documents import SignedDocument
from sync.protocol.trust import TrustList, read_trust_list

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.certificate.verify import VerifiedCertificate
    from kiosk.domain.refusal import RefusalReason

ACCEPTED, REFUSED = 0, 3


class TrustFileError(StoreError):
    """The file of ``--trust`` or the instant of ``--at`` cannot be used; the sentence says why."""


class TrustFileKind(StrEnum):
    """What the file is; only an enrolment brings the root key against which a signature can be checked."""

    ENROLMENT = "enrolment"
    REFERENCE_DATA = "reference_data, signature not checked"
    SIGNED_TRUST_LIST = "signed trust_list, signature not checked"
    TRUST_LIST = "plain trust_list"


@dataclass(frozen=True, slots=True)
class TrustFile:
    """What a file says of whom to trust."""

    kind: TrustFileKind
    trust: TrustList
    revocations: RevocationList = NOTHING_REVOKED


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the text is accepted, and why not; ``sentence`` as the screen says it, in Chinese."""

    source: TrustFile
    certificate: VerifiedCertificate | None
    reason: RefusalReason | None
    detail: str
    sentence: str

    @property
    def exit_code(self) -> int:
        """0 accepted, 3 refused."""
        return ACCEPTED if self.reason is None else REFUSED

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as JSON values; instants are UTC, ISO 8601."""
        found: dict[str, Any] = {
            "verdict": "accepted" if self.reason is None else "refused",
            "reason": self.reason,
            "detail": self.detail,
            "sentence": self.sentence,
            "trust": self.source.kind,
            "trust_version": self.source.trust.version,
            "revocations_version": self.source.revocations.version,
        }
        if self.certificate is not None:
            found |= {"kid": self.certificate.kid, "validity_unchecked": self.certificate.validity_unchecked}
            found |= msgspec.to_builtins(self.certificate.claims, builtin_types=(datetime,))
            found["serial"] = self.certificate.claims.serial.hex()
            found |= {each: found[each].isoformat() for each in ("issued_at", "expires_at")}
        return found

    def line(self) -> str:
        """Return the verdict in one line."""
        word = "accepted" if self.reason is None else f"refused ({self.reason})"
        return f"{word}: {self.sentence} [{self.source.kind}]"


def check(text: str, file: Path, at: str) -> Verdict:
    """Return the verdict on a presented text.

    Raises:
        TrustFileError: the file is none of those that can be used, or ``at`` is no instant with a zone.
    """
    instant, source = _instant(at), read_trust_file(file)
    phrases = Phrases(open_catalogues()[Language.CHINESE])
    try:
        certificate = verify(text, source.trust, Now(instant, instant), source.revocations)
    except CertificateError as error:
        reason = reason_of(error)
        return Verdict(source, None, reason, str(error), phrases.of("refusal", reason, "what"))
    return Verdict(source, certificate, None, "", phrases.say("certificate.good"))


def read_trust_file(file: Path) -> TrustFile:
    """Return what a file says of whom to trust, by what it is.

    Raises:
        TrustFileError: it cannot be read, or is none of them.
    """
    try:
        content = file.read_bytes()
        keys = msgspec.json.decode(content, type=dict[str, msgspec.Raw]).keys()
        if "root_public" in keys:
            return _enrolment(content, stat.S_IMODE(file.stat().st_mode))
        if "signature" in keys:
            return _signed(msgspec.json.decode(content, type=SignedDocument))
        return TrustFile(TrustFileKind.TRUST_LIST, msgspec.json.decode(content, type=TrustList))
    except OSError as error:
        raise TrustFileError(f"{file}: {error.strerror}") from error
    except (ProtocolError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise TrustFileError(f"{file}: neither trust list, reference data nor enrolment: {error}") from error


def _enrolment(content: bytes, mode: int) -> TrustFile:
    enrolment = read_enrolment(content, mode)
    root = bytes.fromhex(enrolment.root_public)
    data = read_reference_data(enrolment.reference, root)
    revocations = read_revocation_list(data.revocations, root)
    return TrustFile(TrustFileKind.ENROLMENT, read_trust_list(data.trust_list, root), revocations)


def _signed(document: SignedDocument) -> TrustFile:
    if document.kind != REFERENCE_DATA:
        return TrustFile(TrustFileKind.SIGNED_TRUST_LIST, msgspec.convert(document.payload, TrustList))
    data = msgspec.convert(document.payload, ReferenceData)
    revocations = NOTHING_REVOKED if data.revocations is None else parse_revocation_list(data.revocations.payload)
    trust = msgspec.convert(data.trust_list.payload, TrustList)
    return TrustFile(TrustFileKind.REFERENCE_DATA, trust, revocations)


def _instant(at: str) -> datetime:
    try:
        instant = datetime.fromisoformat(at)
    except ValueError as error:
        raise TrustFileError(f"--at {at}: not an instant, say 2027-01-15T08:00:00+08:00") from error
    if instant.tzinfo is None:
        raise TrustFileError(f"--at {at}: say its zone too, +08:00 or Z")
    return instant
