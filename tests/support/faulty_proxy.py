"""A TCP proxy on loopback that does to requests what networks do: breaks, swallows, cuts, doubles and delays them.

Upstream: asyncio, in a thread of its own.
Downstream: tests of the agent and of the platform as processes, ``tests.process_run``.

One request a connection: the proxy asks both sides to close after it, which no signature covers. Each request meets one
fault, chosen by a script or by chance from a seed. Everything ends by itself: no fault lasts longer than ``hold_s``.
"""

from __future__ import annotations

import asyncio
import random
import re
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from weakref import WeakSet

PORTAL = "<html><body>请先登录 Wi-Fi / Sign in to the network first</body></html>".encode()
MOST_BYTES = 8 * 1024 * 1024
REQUEST_S = 30.0  # a client that does not finish its request is dropped
TURNS_TO_CLOSE = 5  # of the loop, until the last socket is let go
ANSWER_S = 60.0  # so is a platform that does not finish its answer
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER of no time: closing sends RST
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_CONNECTION = re.compile(rb"\r\nconnection:[^\r]*(?=\r\n)", re.IGNORECASE)

Address = tuple[str, int]
Choice = Callable[[], "Fault"]


class Fault(StrEnum):
    """What becomes of one request."""

    PASS = "pass"
    DELAY = "delay"  # it arrives, and its answer comes, but late
    RESET = "reset"  # the connection breaks before anything arrived
    BLACK_HOLE = "black_hole"  # nobody ever answers, nothing arrived
    CUT_REQUEST = "cut_request"  # half of it arrives
    LOST_REPLY = "lost_reply"  # it arrives, the connection breaks before the answer
    CUT_REPLY = "cut_reply"  # it arrives, half of the answer comes back
    TRICKLE = "trickle"  # the answer comes byte by byte
    PORTAL = "portal"  # somebody else answers 200 with a page, nothing arrived
    DUPLICATE = "duplicate"  # it arrives twice at the same time
    LATER = "later"  # the connection breaks; it arrives nevertheless, when newer ones may have arrived


@dataclass
class FaultyProxy:
    """A proxy; change ``upstreams`` and ``choose`` while it runs as you like.

    Attributes:
        upstreams: where requests go, one after another; one that is down is passed over.
        choose: says what becomes of the next request.
        hold_s: how long a delay, a black hole or a trickle lasts, seconds.
        counts: how many requests met what.
        url: where the proxy listens.
    """

    upstreams: list[Address]
    choose: Choice
    hold_s: float = 1.0
    counts: Counter[Fault] = field(default_factory=Counter)
    url: str = ""
    _turn: int = 0
    _open: set[asyncio.Task[None]] = field(default_factory=set)
    _sides: WeakSet[asyncio.StreamWriter] = field(default_factory=WeakSet)

    def heal(self) -> None:
        """From now on everything passes."""
        self.choose = by_turns(Fault.PASS)

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one request of a client."""
        self._sides.add(writer)
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
            task.add_done_callback(self._open.discard)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
                request = await asyncio.wait_for(_message(reader), REQUEST_S)
                fault = self.choose()
                self.counts[fault] += 1
                await _DEEDS[fault](self, request, writer)
        finally:
            writer.close()

    async def forward(self, request: bytes) -> bytes:
        """Send a request to the next upstream that is up and return its whole answer.

        Raises:
            ConnectionError: none is up, or it broke off.
        """
        for _ in range(len(self.upstreams)):
            host, port = self.upstreams[self._turn % len(self.upstreams)]
            self._turn += 1
            try:
                reader, writer = await asyncio.open_connection(host, port)
            except OSError:
                continue
            self._sides.add(writer)
            try:
                writer.write(request)
                answer = await asyncio.wait_for(reader.read(-1), ANSWER_S)
            finally:
                writer.close()
            if not answer:
                raise ConnectionResetError
            return answer
        raise ConnectionRefusedError

    def stop(self) -> None:
        """Drop every connection."""
        for task in tuple(self._open):
            task.cancel()
        for side in tuple(self._sides):
            side.transport.abort()


@contextmanager
def proxying(
    upstreams: Sequence[Address], choose: Choice | None = None, *, hold_s: float = 1.0
) -> Iterator[FaultyProxy]:
    """Run a proxy on a free port of loopback; without ``choose`` everything passes."""
    proxy = FaultyProxy(list(upstreams), choose or by_turns(Fault.PASS), hold_s)
    ready, stop = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        server = await asyncio.start_server(proxy.connection, "127.0.0.1", 0, limit=MOST_BYTES)
        proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready.set()
        await stop.wait()
        server.close()
        proxy.stop()
        await asyncio.gather(*proxy._open, return_exceptions=True)
        for _ in range(TURNS_TO_CLOSE):
            await asyncio.sleep(0)

    def run() -> None:
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(serve())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        assert ready.wait(10), "the proxy did not come up"
        yield proxy
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)


# Scripts


def by_turns(*faults: Fault) -> Choice:
    """Say one fault a request; the last one stays."""
    left = list(faults)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def by_chance(seed: int, sound: float = 0.4) -> Choice:
    """Say what chance says, the same for the same seed; a part ``sound`` of the requests passes."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    faults = [fault for fault in Fault if fault is not Fault.PASS]
    return lambda: Fault.PASS if chance.random() < sound else chance.choice(faults)


# What becomes of a request


async def _pass(proxy: FaultyProxy, request: bytes, writer: asyncio.StreamWriter) -> None:
    await _answer(await _or_reset(proxy.forward(request), writer), writer)


async def _delay(proxy: FaultyProxy, request: bytes, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(proxy.hold_s / 2)
    await _pass(proxy, request, writer)


async def _reset(_proxy: FaultyProxy, _request: bytes, writer: asyncio.StreamWriter) -> None:
    _break_off(writer)


async def _black_hole(proxy: FaultyProxy, _request: bytes, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(proxy.hold_s)


async def _cut_request(proxy: FaultyProxy, request: bytes, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, TimeoutError):
        reader, upstream = await asyncio.open_connection(*proxy.upstreams[proxy._turn % len(proxy.upstreams)])
        proxy._sides.add(upstream)
        try:
            upstream.write(request[: len(request) * 3 // 4])
            upstream.write_eof()
            await asyncio.wait_for(reader.read(-1), proxy.hold_s)
        finally:
            upstream.close()
    _break_off(writer)


async def _lost_reply(proxy: FaultyProxy, request: bytes, writer: asyncio.StreamWriter) -> None:
    await _or_reset(proxy.forward(request), writer)
    _break_off(writer)


async def _cut_reply(proxy: FaultyProxy, request: bytes, writer: asyncio.StreamWriter) -> None:
    answer = await _or_reset(proxy.forward(request), writer)
    await _answer(answer[: len(answer) - 1 - len(_body_of(answer)) // 2], writer)


async def _trickle(proxy: FaultyProxy, request: bytes, writer: asyncio.StreamWriter) -> None:
    answer = await _or_reset(proxy.forward(request), writer)
    pause_s = proxy.hold_s / 20
    for at in range(min(20, len(answer))):
        await _answer(answer[at : at + 1], writer)
        await asyncio.sleep(pause_s)
    _break_off(writer)


async def _portal(proxy: FaultyProxy, _request: bytes, writer: asyncio.StreamWriter) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
    await _answer(head % len(PORTAL) + PORTAL, writer)


async def _duplicate(proxy: FaultyProxy, request: bytes, writer: asyncio.StreamWriter) -> None:
    both = await asyncio.gather(proxy.forward(request), proxy.forward(request), return_exceptions=True)
    answers = [answer for answer in both if isinstance(answer, bytes)]
    if not answers:
        _break_off(writer)
        raise ConnectionResetError
    await _answer(answers[-1], writer)


async def _later(proxy: FaultyProxy, request: bytes, writer: asyncio.StreamWriter) -> None:
    _break_off(writer)
    await asyncio.sleep(proxy.hold_s)
    await proxy.forward(request)


_DEEDS: dict[Fault, Callable[[FaultyProxy, bytes, asyncio.StreamWriter], Coroutine[None, None, None]]] = {
    Fault.PASS: _pass,
    Fault.DELAY: _delay,
    Fault.RESET: _reset,
    Fault.BLACK_HOLE: _black_hole,
    Fault.CUT_REQUEST: _cut_request,
    Fault.LOST_REPLY: _lost_reply,
    Fault.CUT_REPLY: _cut_reply,
    Fault.TRICKLE: _trickle,
    Fault.PORTAL: _portal,
    Fault.DUPLICATE: _duplicate,
    Fault.LATER: _later,
}


async def _message(reader: asyncio.StreamReader) -> bytes:
    """Read one request; its sender is told, and the platform too, that the connection ends with it."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    body = await reader.readexactly(int(length.group(1))) if length else b""
    return _CONNECTION.sub(b"", head)[:-2] + b"Connection: close\r\n\r\n" + body


def _body_of(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


async def _answer(part: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(part)
    await writer.drain()


async def _or_reset(answering: Coroutine[None, None, bytes], writer: asyncio.StreamWriter) -> bytes:
    """Return an answer; where none comes the client's connection breaks as the platform's did."""
    try:
        return await answering
    except (OSError, TimeoutError):
        _break_off(writer)
        raise


def _break_off(writer: asyncio.StreamWriter) -> None:
    """Close with RST, not with FIN."""
    opened = writer.get_extra_info("socket")
    if opened is not None:
        with suppress(OSError):
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
