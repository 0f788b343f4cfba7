"""Who calls too often waits; others do not, and no rush of addresses fills the memory."""

from __future__ import annotations

import pytest

from sync.platform.api.limiting import ADDRESSES, Limiter, Rate, network_of

RATE = Rate(burst=3, a_second=0.5)


def test_so_many_at_once_and_then_so_many_a_second() -> None:
    limiter = Limiter(RATE)
    assert [limiter.takes("192.0.2.1", 100.0) for _ in range(5)] == [True] * 3 + [False] * 2
    assert not limiter.takes("192.0.2.1", 101.9)
    assert limiter.takes("192.0.2.1", 102.0)
    assert not limiter.takes("192.0.2.1", 103.0)
    assert [limiter.takes("192.0.2.1", 1000.0) for _ in range(4)] == [True] * 3 + [False]


def test_one_address_never_waits_for_another() -> None:
    limiter = Limiter(RATE)
    for _ in range(9):
        limiter.takes("192.0.2.1", 0.0)
    assert limiter.takes("192.0.2.2", 0.0)


def test_a_clock_that_steps_back_gives_nothing() -> None:
    limiter = Limiter(RATE)
    for _ in range(3):
        assert limiter.takes("192.0.2.1", 1000.0)
    assert not limiter.takes("192.0.2.1", 0.0)
    assert not limiter.takes("192.0.2.1", 1.0)


def test_whoever_is_refused_and_goes_on_asking_is_not_kept_out_for_ever() -> None:
    limiter = Limiter(RATE)
    taken = sum(limiter.takes("192.0.2.1", at / 10) for at in range(1000))
    assert 50 <= taken <= 54


def test_memory_is_bounded_and_the_one_longest_unseen_is_forgotten() -> None:
    limiter = Limiter(Rate(burst=1, a_second=0))
    assert limiter.takes("192.0.2.1", 0.0)
    for number in range(ADDRESSES):
        limiter.takes(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 0.0)
    assert len(limiter._buckets) == ADDRESSES
    assert limiter.takes("192.0.2.1", 0.0)
    assert not limiter.takes("10.0.15.255", 0.0)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
        ("testclient", ""),
    ],
)
def test_what_counts_as_one_address(address: str, network: str) -> None:
    assert network_of(address) == network
