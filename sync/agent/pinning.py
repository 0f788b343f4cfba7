"""TLS to one platform: one certificate authority is believed and no other, and its dates under the platform's time.

Upstream: ``ssl``, ``sync.protocol.server_time``.
Downstream: ``transport``.

A booth whose clock stopped finds every certificate expired, or not valid yet. The platform's signed time is the one
answer that may be fetched then: dates are not looked at for it, the authority is, and so is the platform's signature
over a nonce of ours. From then on dates are held against that time instead of the wall clock's.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from sync.protocol.server_time import TIME_PATH, read_time

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME of OpenSSL, which Python does not name
OF_DATES = frozenset({9, 10})  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED


@dataclass(slots=True)
class Pinned:
    """What is believed of whoever answers.

    Attributes:
        ca_pem: the authority.
        platform_public: signs the platform's time; None: its time cannot be asked for.
        now: the wall clock, which may say anything.
        new_nonce: 8 to 128 letters and digits that nobody can foresee.

    Raises:
        ValueError: ``ca_pem`` is not a certificate.
    """

    ca_pem: str
    platform_public: bytes | None
    now: Callable[[], datetime]
    new_nonce: Callable[[], str]
    _strict: ssl.SSLContext = field(init=False)
    _undated: ssl.SSLContext = field(init=False)
    _ahead: timedelta | None = field(default=None, init=False)  # the platform's time, less the wall clock's

    def __post_init__(self) -> None:
        """Make the contexts."""
        self._strict, self._undated = _context(self.ca_pem), _context(self.ca_pem)
        self._undated.verify_flags |= NO_CHECK_TIME

    def context(self) -> ssl.SSLContext:
        """Return what a connection is made with; one that looks at no dates is checked by :meth:`check`."""
        return self._strict if self._ahead is None else self._undated

    def undated(self) -> ssl.SSLContext:
        """Return what the platform's time is asked with."""
        return self._undated

    def check(self, certificate: dict[str, Any]) -> None:
        """Hold the dates of a certificate against the platform's time, where it was told.

        Raises:
            ssl.SSLError: it is not valid at that time; the wall clock is asked again from then on.
        """
        if self._ahead is None:
            return
        at_s = (self.now() + self._ahead).timestamp()
        begin_s, end_s = (ssl.cert_time_to_seconds(certificate[each]) for each in ("notBefore", "notAfter"))
        if not begin_s <= at_s <= end_s:
            self._ahead = None
            raise ssl.SSLError("the certificate is not valid at the platform's own time")

    def may_ask(self, error: Exception) -> bool:
        """Tell whether a connection failed for dates alone, and the time can be asked for."""
        return self.platform_public is not None and _is_of_dates(error)

    def question(self) -> tuple[str, str]:
        """Return a fresh nonce, and the target that asks for the time with it."""
        nonce = self.new_nonce()
        return nonce, f"{TIME_PATH}?{urlencode({'nonce': nonce})}"

    def learn(self, answer: bytes, nonce: str) -> None:
        """Take the platform's time.

        Raises:
            SignatureError: it is not the answer to this nonce, signed by the platform.
        """
        told = read_time(answer, self.platform_public or b"", nonce)
        self._ahead = timedelta(milliseconds=told.server_ms - self.now().timestamp() * 1000)


def _context(ca_pem: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cadata=ca_pem)
    except (ssl.SSLError, ValueError) as error:
        raise ValueError("the certificate authority in the enrolment file is not a PEM certificate") from error


def _is_of_dates(error: BaseException | None) -> bool:
    """Look for the reason in what an error was made from."""
    for _ in range(8):
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_code in OF_DATES
        inner = [each for each in getattr(error, "args", ()) if isinstance(each, BaseException)]
        reason = getattr(error, "reason", None)
        found = reason if isinstance(reason, BaseException) else None
        error = found or (
            inner[0] if inner else getattr(error, "__cause__", None) or getattr(error, "__context__", None)
        )
        if error is None:
            return False
    return False
