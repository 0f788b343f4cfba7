"""Who stands before the camera: from a presented or typed text to an identity, whatever spoke for it. No I/O.

Upstream: ``verify``, ``legacy``, ``foreign``, ``kiosk.domain.admission``.
Downstream: ``kiosk.usecases.present_certificate``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from unicodedata import normalize

from kiosk.certificate import foreign, legacy
from kiosk.certificate.foreign import ForeignCode
from kiosk.certificate.verify import VerifiedCertificate, verify
from kiosk.domain.admission import Shown
from sync.protocol.certificate.codec import PREFIX
from sync.protocol.check_digit import number_of
from sync.protocol.errors import NotACertificateError, NotListedError, WrongCheckDigitError
from sync.protocol.events import Presented
from sync.protocol.vocabulary import CertificateKind, Trust

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.certificate.legacy import LegacyFormat
    from kiosk.certificate.verify import Now
    from sync.protocol.certificate.claims import Claims
    from sync.protocol.reference import ListedVolunteer
    from sync.protocol.revocation import RevocationList
    from sync.protocol.trust import TrustList

LONGEST_DYNAMIC = timedelta(minutes=15)  # "living for minutes": one that lives longer is worth what a card is worth
NEVER_LEGACY = frozenset({ForeignCode.PAYMENT_CODE, ForeignCode.ID_NUMBER, ForeignCode.CONTACT_CARD})
TYPED_FORMAT = "typed"
NOTHING = "none"  # stands for the key id and the serial of a number that has neither
SEPARATORS = str.maketrans("", "", " -\u00b7")  # as numbers are printed and typed, in groups


@dataclass(frozen=True, slots=True)
class Identity:
    """A volunteer, and what speaks for it.

    Attributes:
        shown: how, for :mod:`kiosk.domain.admission`.
        presented: the same as it goes into the record.
        claims: of the certificate; None of a bare or typed number.
    """

    volunteer_number: str
    name: str
    shown: Shown
    presented: Presented
    claims: Claims | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """What a device goes by: whom it trusts, what was taken back, whom it knows, and which older formats it reads.

    ``region`` is the service point's, and stands for the issuer where a number has none.
    """

    trust: TrustList
    revocations: RevocationList
    directory: Sequence[ListedVolunteer]
    region: str
    formats: tuple[LegacyFormat, ...] = ()


def identify(text: str, sources: Sources, now: Now) -> Identity:
    """Return whom a presented text names.

    Raises:
        CertificateError: nobody; which of its kinds says why (see :func:`kiosk.certificate.verify.verify`), and
            ``NotListedError`` that a number of an older format is of nobody in the directory.
    """
    if text.startswith(PREFIX):
        return _certified(verify(text, sources.trust, now, sources.revocations))
    code = foreign.recognise(text)
    found = None if code in NEVER_LEGACY else legacy.recognise(text, sources.formats)
    if found is None:
        raise NotACertificateError(code)
    shape, number = found
    presented = Presented(sources.region, NOTHING, NOTHING, format=shape.name, trust=shape.trust)
    return Identity(number, _name_of(number, sources), Shown.LISTED, presented)


def identify_typed(text: str, sources: Sources) -> Identity:
    """Return whom a number names that was typed for a spoilt code, with its check digit; spaces and hyphens are let go.

    Raises:
        WrongCheckDigitError: it is not a number followed by its check digit.
        NotListedError: it is of nobody in the directory.
    """
    number = number_of(normalize("NFKC", text).translate(SEPARATORS))
    if number is None:
        raise WrongCheckDigitError("the check digit does not fit")
    presented = Presented(sources.region, NOTHING, NOTHING, format=TYPED_FORMAT, trust=Trust.TYPED)
    return Identity(number, _name_of(number, sources), Shown.TYPED, presented)


def _certified(certificate: VerifiedCertificate) -> Identity:
    claims, unchecked = certificate.claims, certificate.validity_unchecked
    presented = Presented(claims.issuer, certificate.kid, claims.serial.hex(), unchecked)
    return Identity(claims.volunteer_number, claims.display_name, _shown(claims, unchecked), presented, claims)


def _shown(claims: Claims, unchecked: bool) -> Shown:  # noqa: FBT001 - a private word of two places
    if claims.kind is not CertificateKind.DYNAMIC or claims.expires_at - claims.issued_at > LONGEST_DYNAMIC:
        return Shown.CARD
    return Shown.UNDATED if unchecked else Shown.DYNAMIC


def _name_of(number: str, sources: Sources) -> str:
    for listed in sources.directory:
        if listed.volunteer == number:
            return listed.display_name
    raise NotListedError("nobody in the directory has this number")
