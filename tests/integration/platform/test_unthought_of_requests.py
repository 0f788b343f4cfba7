"""Requests nobody would think of, made from the OpenAPI document: never a failure, and answers are as it says.

Each call gets requests that fit its schema and requests that do not, signed by a device of its own (whose id stands in
half of the bodies, so that they come past the door) or not at all. ``WIRE_EXAMPLES=2000`` tries longer.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import schemathesis.openapi
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core import NotSet
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sync.platform.api.document import CALLS, Call, openapi
from sync.protocol.packing import pack
from sync.protocol.signing.requests import HttpRequest, sign_request
from tests.integration.platform.conftest import SQLITE, Running
from tests.integration.platform.fleet import GZIPPED, NONCES, FakeDevice
from tests.support.served import served

EXAMPLES = int(os.environ.get("WIRE_EXAMPLES", "12"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
DOCUMENT = schemathesis.openapi.from_dict(openapi())


@pytest.fixture
def stored_in() -> str:
    return SQLITE


def headers_of(method: str, url: str, body: bytes, device: FakeDevice, key_id: str, origin: str) -> dict[str, str]:
    request = HttpRequest(method, url, dict(GZIPPED) if method == "POST" else {}, body)
    sign_request(request, device.key, key_id, datetime.now(UTC), NONCES.of(origin))
    return request.headers


def asked(client: httpx.Client, origin: str, call: Call, case: Any, device: FakeDevice, signs: bool) -> httpx.Response:
    query = urlencode(list((case.query or {}).items()), doseq=True, errors="backslashreplace")
    url = f"{origin}{call.path}{'?' if query else ''}{query}"
    body = b"" if isinstance(case.body, NotSet) else pack(case.body)
    key_id = device.key.public.hex() if call.path == "/v1/enrol" else device.id
    headers = headers_of(call.method, url, body, device, key_id, origin) if signs else {}
    response = client.request(call.method, url, content=body or None, headers=headers)
    NONCES.keep(origin, response)
    return response


@pytest.mark.parametrize(
    ("call", "mode"),
    [
        pytest.param(call, mode, id=f"{call.method} {call.path} {mode.value}")
        for call in CALLS
        for mode in GenerationMode
        if mode is GenerationMode.POSITIVE or call.asks or call.takes  # others take nothing that could be wrong
    ],
)
def test_nothing_that_is_asked_makes_the_platform_fail(platform: Running, call: Call, mode: GenerationMode) -> None:
    operation = DOCUMENT[call.path][call.method]
    device = platform.device()
    with httpx.Client(trust_env=False, timeout=30) as client:

        @seed(20261124)
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(mode), own=st.booleans(), signs=st.sampled_from([True, True, False]))
        def holds(case: Any, own: bool, signs: bool) -> None:
            if own and isinstance(case.body, dict) and "device" in case.body:
                case.body["device"] = device.id
            response = asked(client, platform.url, call, case, device, signs and call.is_signed)
            case.validate_response(response, checks=CHECKS)
            assert response.status_code < 500

        holds()


def test_an_answer_that_is_not_as_documented_is_found(platform: Running) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            headers = [(b"content-type", b"application/json"), (b"lyz-nonce", b"abcdefgh")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b'{"server_ms": 1}'})

    call = next(each for each in CALLS if each.path == "/v1/time")
    case = DOCUMENT[call.path][call.method].Case(query={"nonce": "abcdefgh"})
    with served(app) as url, pytest.raises(FailureGroup):
        case.validate_response(httpx.get(f"{url}/v1/time?nonce=abcdefgh", trust_env=False), checks=CHECKS)
