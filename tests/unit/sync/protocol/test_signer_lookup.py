"""A database that is away is no word on who signed: the device is told to come again, not that it is unknown.

A device that is refused keeps still for a quarter of an hour; a city's booths would all do so after a restart.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from sync.protocol.errors import SignatureError
from sync.protocol.signing.keys import SigningKey
from sync.protocol.signing.requests import HttpRequest, read_signature, sign_request

KEY = SigningKey(b"d" * 32)


@contextmanager
def signed() -> Iterator[HttpRequest]:
    request = HttpRequest("POST", "http://platform/v1/events", {}, b"body")
    sign_request(request, KEY, "device-1", datetime(2027, 1, 1, tzinfo=UTC))
    yield HttpRequest("POST", request.url, {name.lower(): value for name, value in request.headers.items()}, b"body")


def away(_key_id: str) -> bytes | None:
    raise ConnectionError("The database cannot be used now.")


def test_who_cannot_be_looked_up_is_not_unknown() -> None:
    with signed() as request, pytest.raises(ConnectionError):
        read_signature(request, away)


def test_who_is_looked_up_in_vain_is_unknown() -> None:
    with signed() as request, pytest.raises(SignatureError):
        read_signature(request, lambda _key_id: None)
