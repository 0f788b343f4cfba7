"""The faulty proxy does what it says: a test of faults is worth as much as the faults."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.support.faulty_proxy import PORTAL, Address, Fault, FaultyProxy, by_chance, by_turns, proxying
from tests.support.programs import eventually
from tests.support.scripted_server import Call, ScriptedServer, serving

BODY, ANSWER = b"x" * 40_000, b"y" * 30_000
HOLD_S = 0.3


def tells_all(call: Call) -> None:
    call.answer(200, ANSWER)


def address_of(server: ScriptedServer) -> Address:
    host, port = server.url.removeprefix("http://").split(":")
    return host, int(port)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with serving(tells_all) as running:
        yield running


Through = Callable[..., FaultyProxy]


@pytest.fixture
def through(server: ScriptedServer) -> Iterator[Through]:
    """Put a proxy before the server."""
    contexts = []

    def put(*faults: Fault) -> FaultyProxy:
        context = proxying([address_of(server)], by_turns(*faults), hold_s=HOLD_S)
        contexts.append(context)
        return context.__enter__()

    yield put
    for context in contexts:
        context.__exit__(None, None, None)


def post(proxy: FaultyProxy, within_s: float = 5.0) -> bytes:
    with httpx.Client(trust_env=False, timeout=within_s) as client:
        return client.post(f"{proxy.url}/v1/events", content=BODY).content


def arrived(server: ScriptedServer) -> list[int]:
    return [len(call.body) for call in server.calls]


def test_what_passes_is_the_same_on_both_sides(server: ScriptedServer, through: Through) -> None:
    proxy = through(Fault.PASS)
    assert post(proxy) == ANSWER
    (call,) = server.calls
    assert (call.path, call.body, call.headers["connection"]) == ("/v1/events", BODY, "close")


def test_a_delay_is_all_that_happens(server: ScriptedServer, through: Through) -> None:
    proxy = through(Fault.DELAY)
    begin = time.monotonic()
    assert post(proxy) == ANSWER
    assert time.monotonic() - begin >= HOLD_S / 2


def test_a_reset_and_a_black_hole_let_nothing_through(server: ScriptedServer, through: Through) -> None:
    proxy = through(Fault.RESET, Fault.BLACK_HOLE)
    with pytest.raises((httpx.ReadError, httpx.WriteError)):
        post(proxy)
    with pytest.raises(httpx.TimeoutException):
        post(proxy, HOLD_S / 2)
    assert server.calls == []


def test_half_a_request_arrives(through: Through) -> None:
    halves: list[int] = []
    listener_up = threading.Event()

    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            listener_up.set()
            opened, _ = listener.accept()
            with opened:
                halves.append(len(b"".join(iter(lambda: opened.recv(65536), b""))))

        thread = threading.Thread(target=listen)
        thread.start()
        assert listener_up.wait(5)
        proxy = through(Fault.CUT_REQUEST)
        proxy.upstreams = [listener.getsockname()]
        with pytest.raises(httpx.TransportError):
            post(proxy)
        thread.join(5)
    assert 0 < halves[0] < len(BODY)


def test_a_reply_is_lost_and_the_request_arrived(server: ScriptedServer, through: Through) -> None:
    proxy = through(Fault.LOST_REPLY)
    with pytest.raises(httpx.TransportError):
        post(proxy)
    assert arrived(server) == [len(BODY)]


@pytest.mark.parametrize("fault", [Fault.CUT_REPLY, Fault.TRICKLE])
def test_of_a_reply_a_part_comes_back(server: ScriptedServer, through: Through, fault: Fault) -> None:
    proxy = through(fault)
    with pytest.raises(httpx.TransportError):
        post(proxy)
    assert arrived(server) == [len(BODY)]


def test_a_portal_answers_itself(server: ScriptedServer, through: Through) -> None:
    assert post(through(Fault.PORTAL)) == PORTAL
    assert server.calls == []


def test_a_double_arrives_twice_and_is_answered_once(server: ScriptedServer, through: Through) -> None:
    assert post(through(Fault.DUPLICATE)) == ANSWER
    assert arrived(server) == [len(BODY)] * 2


def test_an_old_request_arrives_after_a_newer_one(server: ScriptedServer, through: Through) -> None:
    proxy = through(Fault.LATER, Fault.PASS)
    with pytest.raises(httpx.TransportError):
        post(proxy)
    assert post(proxy) == ANSWER
    assert len(server.calls) == 1
    eventually(lambda: len(server.calls) == 2)


def test_upstreams_take_turns_and_one_that_is_down_is_passed_over(server: ScriptedServer, through: Through) -> None:
    proxy = through(Fault.PASS)
    with serving(tells_all) as other:
        proxy.upstreams = [address_of(server), address_of(other)]
        assert [post(proxy) for _ in range(4)] == [ANSWER] * 4
        assert (len(server.calls), len(other.calls)) == (2, 2)
    assert [post(proxy) for _ in range(2)] == [ANSWER] * 2
    assert len(server.calls) == 4
    proxy.upstreams = proxy.upstreams[1:]
    with pytest.raises(httpx.TransportError):
        post(proxy)


def test_healed_everything_passes(through: Through) -> None:
    proxy = through(Fault.RESET)
    with pytest.raises(httpx.TransportError):
        post(proxy)
    proxy.heal()
    assert post(proxy) == ANSWER
    assert proxy.counts == Counter({Fault.RESET: 1, Fault.PASS: 1})


def test_chance_from_a_seed_is_the_same_again_and_knows_every_fault() -> None:
    one, other = by_chance(7), by_chance(7)
    drawn = [one() for _ in range(400)]
    assert drawn == [other() for _ in range(400)]
    assert set(drawn) == set(Fault)
    assert 100 < drawn.count(Fault.PASS) < 220
