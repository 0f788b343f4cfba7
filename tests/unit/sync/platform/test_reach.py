"""Without sign-in the console opens on its own machine only."""

from __future__ import annotations

import pytest

from sync.platform.console.reach import is_local, is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost"])
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "platform.example.org", "localhost.example.org", ""])  # noqa: S104
def test_not_only_this_machine(host: str) -> None:
    assert not is_loopback(host)


def test_a_request_must_come_from_here_ask_for_here_and_come_straight() -> None:
    assert is_local("127.0.0.1", "localhost", {})
    assert not is_local("192.168.1.5", "localhost", {})
    assert not is_local("127.0.0.1", "rebound.example.org", {})
    assert not is_local("127.0.0.1", None, {})
    assert not is_local("127.0.0.1", "localhost", {"x-forwarded-for": "1.2.3.4"})
