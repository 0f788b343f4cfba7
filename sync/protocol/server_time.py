"""The platform's time, signed: the one call that may be made under a wrong clock.

Upstream: ``events``, ``signing.documents``.
Downstream: ``sync.agent`` asks, ``sync.platform.api`` answers.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from sync.protocol.errors import SignatureError
from sync.protocol.events import Id, UnixMs
from sync.protocol.signing.documents import SignedDocument, open_document

TIME_PATH = "/v1/time"
TIME = "time"
Nonce = Annotated[str, Meta(min_length=8, max_length=128, pattern="^[A-Za-z0-9_-]+$")]


class ServerTime(msgspec.Struct, frozen=True):
    """``GET /v1/time?nonce=``: the nonce as it was asked with, the platform's time (UTC ms), and its epoch."""

    nonce: Nonce
    server_ms: UnixMs
    epoch: Id


def read_time(answer: bytes, platform_public: bytes, nonce: str) -> ServerTime:
    """Return the time that answers exactly this nonce.

    Raises:
        SignatureError: not a signed time, signed by another key, or the answer to another nonce.
    """
    try:
        document = msgspec.json.decode(answer, type=SignedDocument)
        told = msgspec.convert(open_document(document, TIME, platform_public), ServerTime)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SignatureError("the answer is not a signed time (a captive portal or another server?)") from error
    if told.nonce != nonce:
        raise SignatureError("the answer is the time of another question")
    return told
