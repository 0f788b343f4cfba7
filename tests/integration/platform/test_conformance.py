"""Our platform keeps every promise of the protocol over real HTTP; one that breaks some is found out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from sync.platform.__main__ import PORTS, main
from sync.platform.api.routes import Trust
from sync.platform.app import build_app
from sync.platform.conformance import Asked, Outcome, run
from sync.platform.conformance.promises import PROMISES
from sync.platform.keys import Keyring
from sync.platform.registry import Office
from sync.protocol.reconciling import MISSING_PATH
from tests.integration.platform.conftest import PLATFORM_KEY, POINT, POSTGRESQL, ROOT_KEY, SQLITE, Running
from tests.support.served import served


@pytest.fixture
def stored_in(request: pytest.FixtureRequest) -> str:
    """One database, but where a test says both."""
    return str(getattr(request, "param", SQLITE))


def codes(platform: Running, count: int = 1) -> list[str]:
    with platform.database.writing("registry") as unit:
        office = Office(unit, PORTS, "410302")
        return [office.enrolment_code(POINT, f"conformance {number}").code for number in range(count)]


def revoke(platform: Running) -> Callable[[str], None]:
    def revoked(device: str) -> None:
        with platform.database.writing(device) as unit:
            Office(unit, PORTS, "410302").revoke(device)

    return revoked


@pytest.mark.parametrize("stored_in", [SQLITE, POSTGRESQL], indirect=True)
def test_our_platform_keeps_every_promise(platform: Running) -> None:
    first, second = codes(platform, 2)
    found = list(run(platform.url, Asked(first, second, revoke(platform)), PORTS))
    assert [(each.promise.id, each.why) for each in found if each.outcome is not Outcome.KEPT] == []
    assert len(found) == len(PROMISES) >= 24
    with platform.database.reading() as unit:
        assert unit.ledger.all() == ()


def test_the_command_says_so_and_what_it_could_not_try(platform: Running) -> None:
    done = CliRunner().invoke(main, ["conformance", platform.url, "--code", codes(platform)[0], "--json"])
    assert done.exit_code == 0, done.output
    outcomes = {each["promise"]: each["outcome"] for each in json.loads(done.stdout)}
    assert {name for name, outcome in outcomes.items() if outcome != "kept"} == {"revoked"}
    assert outcomes["revoked"] == "untried"


def test_without_a_good_code_every_promise_is_called_broken_and_why_is_said(platform: Running) -> None:
    done = CliRunner().invoke(main, ["conformance", platform.url, "--code", "0000-0000-0000"])
    assert done.exit_code == 1
    assert "code-refused" in done.stdout
    assert f"破 BROKEN {len(PROMISES)}" in done.stdout
    nobody = CliRunner().invoke(main, ["conformance", "http://127.0.0.1:9", "--code", "0000-0000-0000"])
    assert nobody.exit_code == 1
    assert "no whole answer came" in nobody.stdout


Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


@contextmanager
def broken(platform: Running, change: Callable[[str, Answer], Answer]) -> Iterator[str]:
    """A platform whose answers somebody changes on their way."""
    inner = build_app(platform.database, PORTS, trust=Trust(Keyring(lambda: ROOT_KEY, lambda: PLATFORM_KEY)))

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await inner(scope, receive, send)
            return
        sent: list[Any] = []

        async def keep(message: Any) -> None:
            sent.append(message)

        await inner(scope, receive, keep)
        body = b"".join(message.get("body", b"") for message in sent[1:])
        status, headers, body = change(scope["path"], (sent[0]["status"], sent[0]["headers"], body))
        rest = [(name, value) for name, value in headers if name != b"content-length"]
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [*rest, length]})
        await send({"type": "http.response.body", "body": body})

    with served(app) as url:
        yield url


def says_nothing_is_missing(path: str, answer: Answer) -> Answer:
    status, headers, body = answer
    if path != MISSING_PATH or status != 200:
        return answer
    return status, headers, msgspec.json.encode({**json.loads(body), "missing": []})


def answers_large_bodies_with_a_failure(path: str, answer: Answer) -> Answer:
    return (500, [(b"content-type", b"text/plain")], b"Traceback") if answer[0] == 413 else answer


def calls_duplicates_accepted(path: str, answer: Answer) -> Answer:
    status, headers, body = answer
    return status, headers, body.replace(b'"duplicate"', b'"accepted"')


def forgets_its_nonce(path: str, answer: Answer) -> Answer:
    status, headers, body = answer
    return status, [each for each in headers if each[0] != b"lyz-nonce" or status != 200], body


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (says_nothing_is_missing, {"missing", "not_a_batch"}),
        (answers_large_bodies_with_a_failure, {"sizes", "nonces", "problems", "no_failure"}),
        (calls_duplicates_accepted, {"duplicate", "replay"}),
        (forgets_its_nonce, {"nonces"}),
    ],
)
def test_a_platform_that_breaks_a_promise_is_found_out(
    platform: Running, change: Callable[[str, Answer], Answer], found: set[str]
) -> None:
    with broken(platform, change) as url:
        findings = list(run(url, Asked(codes(platform)[0]), PORTS))
    assert {each.promise.id for each in findings if each.outcome is Outcome.BROKEN} == found
