"""A one-time code becomes an enrolment: the device makes its own key, which never leaves it.

Upstream: ``transport``, ``enrolment_file``, ``sync.protocol.enrolling``.
Downstream: ``commands``.

The new key is on the disk before the code is used: where the answer is lost, the same code is asked with the same key
again, and the platform gives the same device.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from sync.agent.asking import trouble_of
from sync.agent.enrolment_file import EnrolmentError, EnrolmentFile, write_secret
from sync.agent.pinning import Pinned
from sync.agent.plan import OK, answer_to
from sync.agent.transport import HttpTransport, TransportError
from sync.agent.wording import marked, told
from sync.protocol.enrolling import ENROL_PATH, Enrolled, EnrolRequest, normal_code
from sync.protocol.enrolment import Enrolment
from sync.protocol.errors import ProtocolError
from sync.protocol.packing import pack
from sync.protocol.problems import CODE_REFUSED
from sync.protocol.reference import read_reference_data
from sync.protocol.signing.keys import SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from sync.agent.transport import Limits

LINK = re.compile(r"(?P<url>https?://[^#]+?)/?#enrol=(?P<code>.+)")
NO_CODE = marked("this is no enrolment code: it has twelve characters, such as ABCD-EFGH-JKMN")
REFUSED_CODE = marked("the platform does not take this code; each is good once and for a short time: ask for a new one")
NOT_ENROLLED = marked("what came back is no enrolment of this device: {detail}")
THERE_ALREADY = marked("{file} is there already: this device is enrolled; to enrol it anew, add --replace")


class _Pending(msgspec.Struct, frozen=True):
    """A code that was or may have been used, and the seed of the key that it was used with."""

    code: str
    seed: str


@dataclass(frozen=True, slots=True)
class Enroller:
    """Enrols this machine.

    Attributes:
        file: where the enrolment goes.
        limits: of the one call.
        now: dates the signature.
        new_seed: 32 random bytes.
        ca_pem: the authority to believe for this call, or None for the system's.
    """

    file: EnrolmentFile
    limits: Limits
    now: Callable[[], datetime]
    new_seed: Callable[[], bytes]
    ca_pem: str | None = None

    def enrol(self, url: str, typed: str, *, replace: bool) -> Enrolment:
        """Use a code and write the enrolment file.

        Raises:
            EnrolmentError: nothing was written; the sentence says why, in both languages.
        """
        code = normal_code(typed)
        if code is None:
            raise EnrolmentError(_said(NO_CODE))
        with self.file.locked():
            if self.file.path.exists() and not replace:
                raise EnrolmentError(_said(THERE_ALREADY, file=self.file.path))
            pending = self._pending(code)
            enrolment = self._answered(url, pending)
            self.file.write(enrolment)
            self._pending_path.unlink(missing_ok=True)
        return enrolment

    @property
    def _pending_path(self) -> Path:
        return self.file.path.with_name(f"{self.file.path.name}.pending")

    def _pending(self, code: str) -> _Pending:
        try:
            kept = msgspec.json.decode(self._pending_path.read_bytes(), type=_Pending)
            if kept.code == code:
                return kept
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            pass
        fresh = _Pending(code, self.new_seed().hex())
        try:
            write_secret(self._pending_path, msgspec.json.encode(fresh))
        except OSError as error:
            raise EnrolmentError(f"{self._pending_path}: {error.strerror}") from error
        return fresh

    def _answered(self, url: str, pending: _Pending) -> Enrolment:
        key = SigningKey(bytes.fromhex(pending.seed))
        public = key.public.hex()
        try:
            tls = None if self.ca_pem is None else Pinned(self.ca_pem, None, self.now, str)
            line = HttpTransport(url, public, key, self.now, self.limits, tls)
            answer = line.exchange("POST", ENROL_PATH, pack(EnrolRequest(pending.code, public)))
        except TransportError as error:
            raise EnrolmentError(f"{error.trouble.zh} {error}") from error
        except ValueError as error:
            raise EnrolmentError(str(error)) from error
        if answer.problem == CODE_REFUSED.type:
            raise EnrolmentError(_said(REFUSED_CODE))
        if answer.status not in OK:
            sentence = trouble_of(answer_to(answer.status), answer.status)
            raise EnrolmentError(f"{sentence.zh} {sentence}")
        return self._believed(answer.body, url, pending.seed)

    def _believed(self, answer: bytes, url: str, seed: str) -> Enrolment:
        """Return the enrolment, once its reference data is this device's and signed by the root key beside it."""
        try:
            came = msgspec.json.decode(answer, type=Enrolled)
            data = read_reference_data(came.reference, bytes.fromhex(came.root_public))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ProtocolError) as error:
            raise EnrolmentError(_said(NOT_ENROLLED, detail=error)) from error
        if data.device != came.device:
            raise EnrolmentError(_said(NOT_ENROLLED, detail=data.device))
        return Enrolment(
            device=came.device,
            seed=seed,
            root_public=came.root_public,
            platform_url=url.rstrip("/"),
            reference=came.reference,
            platform_public=came.platform_public,
            ca_pem=came.ca_pem or self.ca_pem,
        )


def address_and_code(url: str, code: str | None) -> tuple[str, str]:
    """Return both from two arguments, or from the one link of a QR code."""
    link = LINK.fullmatch(url)
    if link is not None and code is None:
        return link["url"], link["code"]
    return url, code or ""


def _said(msgid: str, **values: object) -> str:
    sentence = told(msgid, **values)
    return f"{sentence.zh} {sentence}"
