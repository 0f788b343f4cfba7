"""What can be wrong with something that was presented or received, as one tree.

Upstream: nothing.
Downstream: ``kiosk.certificate``, ``sync.agent``, ``sync.platform``.

::

    ProtocolError
    ├── CertificateError            a presented text is not a good certificate (certificate.md)
    │   ├── NotACertificateError    another world's code: payment, web address, plain digits …
    │   ├── MalformedError          our prefix, but not strictly our format
    │   ├── UnknownIssuerError      no key of this id in the trust list
    │   ├── ForgedError             the signature does not verify
    │   ├── RevokedError            its serial is on the issuer's revocation list
    │   ├── NotYetValidError        surely issued in the future
    │   ├── ExpiredError            surely past its end
    │   ├── WrongCheckDigitError    a typed number is not one: its check digit does not fit
    │   └── NotListedError          a number without signature, of nobody in this station's directory
    ├── SignatureError              a signed document or request does not verify
    ├── ChainError                  an envelope does not follow from the one before
    ├── BatchError                  a body is not a batch: too large, torn, not JSON, wrong fields
    ├── ReceiptError                an answer is not the receipt of this batch
    ├── RecordBundleError           a file is not a sound bundle of a volunteer's records
    └── StickError                  a file on a stick is no bundle of batches, or no receipt for one
        ├── ForeignError            it is one, of another device or signed by another key
        └── CutOffError             it ends before its last line
"""

from __future__ import annotations


class ProtocolError(Exception):
    """Something presented or received breaks the agreement."""


class CertificateError(ProtocolError):
    """A presented text is not a certificate this station accepts."""


class NotACertificateError(CertificateError):
    """The text belongs to another world.

    Attributes:
        kind: which one, a word of ``kiosk.certificate.foreign.ForeignCode``; never the text itself.
    """

    def __init__(self, kind: str) -> None:
        """Keep the kind of code only, so that no text of a stranger's code is kept or logged."""
        super().__init__(f"not a certificate: {kind}")
        self.kind = kind


class MalformedError(CertificateError):
    """The text begins like a certificate and is not strictly one."""


class UnknownIssuerError(CertificateError):
    """The key id is not in the trust list, or the trust list no longer holds it for this instant."""


class ForgedError(CertificateError):
    """The signature was not made by the issuer's key."""


class RevokedError(CertificateError):
    """The issuer took the certificate back: lost, replaced, or given up."""


class WrongCheckDigitError(CertificateError):
    """A typed number is not a volunteer number followed by its check digit."""


class NotListedError(CertificateError):
    """A number that proves nothing by itself names nobody in this station's directory."""


class NotYetValidError(CertificateError):
    """The certificate was surely issued in the future of this device."""


class ExpiredError(CertificateError):
    """The certificate is surely past its end."""


class SignatureError(ProtocolError):
    """A signature is missing, made by another key, or over other bytes."""


class ChainError(ProtocolError):
    """An envelope does not follow from the one before it.

    Attributes:
        seq: the sequence number of the first envelope that does not fit.
    """

    def __init__(self, seq: int, why: str) -> None:
        """Name the first bad sequence number and what is wrong with it."""
        super().__init__(f"sequence {seq}: {why}")
        self.seq = seq


class BatchError(ProtocolError):
    """A request body is not a batch of envelopes."""


class BatchTooLargeError(BatchError):
    """A request body exceeds a limit of the wire, compressed or not."""


class ReceiptError(ProtocolError):
    """A 2xx answer is not the receipt of the batch that was sent (a captive portal answers 200)."""


class RecordBundleError(ProtocolError):
    """A file is not a sound bundle of a volunteer's records: cut, changed, forged, or another kind of file."""


class StickError(ProtocolError):
    """A file on a stick is no bundle of batches, or no receipt for one."""


class ForeignError(StickError):
    """A file on a stick is another device's, or not signed by whom it names."""


class CutOffError(StickError):
    """A file on a stick ends before its last line; the lines before hold."""
