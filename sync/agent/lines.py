"""Lines to the platform: transports that sign as the enrolment file says now, whoever changed it meanwhile.

Upstream: ``transport``, ``enrolment_file``.
Downstream: the commands wire them, ``rotating`` chooses the key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.agent.enrolment_file import EnrolmentError, EnrolmentFile, key_id_of
from sync.agent.pinning import Pinned
from sync.agent.transport import HttpTransport, Limits, TransportError
from sync.agent.wording import Wrong, trouble
from sync.protocol.signing.keys import SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sync.agent.enrolment_file import Mark
    from sync.agent.transport import HttpAnswer, Transport
    from sync.protocol.enrolment import Enrolment


@dataclass(frozen=True, slots=True)
class Lines:
    """Makes lines.

    Attributes:
        now: the wall clock, which dates signatures; nobody relies on it.
        limits: of a call.
        new_nonce: asks for the platform's time.
        platform_url: overrides the address in the enrolment file.
    """

    now: Callable[[], datetime]
    limits: Limits
    new_nonce: Callable[[], str]
    platform_url: str | None = None

    def signed_by(self, enrolment: Enrolment, seed: str, key_id: str) -> Transport:
        """Return a line on which one key signs.

        Raises:
            EnrolmentError: the pinned certificate authority is none.
        """
        url, key = self.platform_url or enrolment.platform_url, SigningKey(bytes.fromhex(seed))
        return HttpTransport(url, key_id, key, self.now, self.limits, self._pinned(enrolment))

    def of(self, enrolment: Enrolment) -> Transport:
        """Return a line on which the device's present key signs."""
        return self.signed_by(enrolment, enrolment.seed, key_id_of(enrolment))

    def _pinned(self, enrolment: Enrolment) -> Pinned | None:
        if enrolment.ca_pem is None:
            return None
        public = enrolment.platform_public
        try:
            return Pinned(enrolment.ca_pem, None if public is None else bytes.fromhex(public), self.now, self.new_nonce)
        except ValueError as error:
            raise EnrolmentError(str(error)) from error


@dataclass(slots=True)
class EnrolledLine:
    """The line of the device as it is enrolled now; one thread uses it."""

    file: EnrolmentFile
    lines: Lines
    _mark: Mark | None = field(default=None, init=False)
    _line: Transport | None = field(default=None, init=False)

    def exchange(self, method: str, target: str, body: bytes | None) -> HttpAnswer:
        """Make one signed call; see ``transport.Transport``."""
        return self._current().exchange(method, target, body)

    def _current(self) -> Transport:
        mark = self.file.mark()
        if self._line is None or mark != self._mark:
            try:
                self._line = self.lines.of(self.file.read())
            except EnrolmentError as error:
                raise TransportError(trouble(Wrong.ENROLMENT, error)) from error
            self._mark = mark
        return self._line
