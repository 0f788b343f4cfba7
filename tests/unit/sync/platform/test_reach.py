"""The console opens on its own machine, and from others over HTTPS alone."""

from __future__ import annotations

import pytest

from sync.platform.console.reach import Reach, coming, is_local, is_loopback


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


PROXIED = {"x-forwarded-for": "198.51.100.1, 203.0.113.7", "x-forwarded-proto": "https"}


@pytest.mark.parametrize(
    ("peer", "host", "scheme", "headers", "enters", "address"),
    [
        ("127.0.0.1", "localhost", "http", {}, {"this_machine", "anywhere"}, "127.0.0.1"),
        ("192.0.2.5", "platform.example", "http", {}, set(), "192.0.2.5"),
        ("192.0.2.5", "platform.example", "https", {}, {"anywhere"}, "192.0.2.5"),
        ("192.0.2.5", "platform.example", "http", PROXIED, set(), "192.0.2.5"),  # whoever says so is no proxy of ours
        ("127.0.0.1", "platform.example", "http", PROXIED, {"anywhere"}, "203.0.113.7"),
        ("192.0.2.9", "platform.example", "http", PROXIED, {"anywhere"}, "203.0.113.7"),
        ("127.0.0.1", "platform.example", "http", {"x-forwarded-for": "203.0.113.7"}, set(), "203.0.113.7"),
        ("127.0.0.1", "rebound.example", "http", {}, set(), "127.0.0.1"),
    ],
)
def test_from_elsewhere_only_tls_will_do(
    peer: str, host: str, scheme: str, headers: dict[str, str], enters: set[str], address: str
) -> None:
    came = coming(peer, host, scheme, headers, ("192.0.2.9",))
    assert {reach.value for reach in Reach if came.may_enter(reach)} == enters
    assert came.address == address
