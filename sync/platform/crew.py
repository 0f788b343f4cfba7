"""Several worker processes that answer at one address: begun together, replaced where one dies, ended together.

Upstream: nothing but the operating system.
Downstream: ``__main__`` (``serve --workers``).

::

    crew ── fork ──▶ worker ── ready ──▶ the address is said, once
     │  ◀── dies ────┘  replaced: at once where it had been ready, after a pause where it never was
     └── SIGTERM, Ctrl-C ──▶ every worker answers what it has begun, then ends; after GRACE_S it is killed

Workers share the listening socket, so that one that is busy or being replaced leaves its callers to the others. A
worker also ends when the crew is gone, however it went: it holds one end of a pipe whose other end only the crew has.
"""

from __future__ import annotations

import logging
import os
import selectors
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import NoReturn, Protocol

GRACE_S = 15  # longer than a worker gives the requests it has begun
PAUSE_S = 2.0
TICK_S = 0.5
_TOLD = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
_log = logging.getLogger(__name__)


class Work(Protocol):
    """What a worker does until it is told to stop."""

    def __call__(self, ready: Callable[[str], None], gone: Callable[[Callable[[], None]], None]) -> None:
        """Work.

        Args:
            ready: to be told the address once it answers.
            gone: is given what to call when the crew is gone.
        """


@dataclass(slots=True)
class Crew:
    """The workers of one address.

    Attributes:
        size: how many there are to be.
        work: what each does, in a process of its own.
        announce: is told the address once the first worker answers.
    """

    size: int
    work: Work
    announce: Callable[[str], None]
    _alive: tuple[int, int] = (-1, -1)
    _ready: dict[int, int] = field(default_factory=dict)
    _seen: set[int] = field(default_factory=set)
    _is_announced: bool = False

    def run(self) -> None:
        """Keep the workers running until SIGTERM or Ctrl-C; return when the last has ended."""
        with self._told() as wake, ExitStack() as stack:
            self._alive = os.pipe()
            stack.callback(_close, self._alive)
            for _ in range(self.size):
                self._begin()
            while not self._is_over(wake):
                self._replace()
            self._end(wake)

    @contextmanager
    def _told(self) -> Iterator[socket.socket]:
        """Have signals arrive as bytes of a socket."""
        wake, woken = socket.socketpair()
        for each in (wake, woken):
            each.setblocking(False)
        before = {number: signal.signal(number, lambda *_: None) for number in _TOLD}
        old = signal.set_wakeup_fd(woken.fileno())
        try:
            yield wake
        finally:
            signal.set_wakeup_fd(old)
            for number, handler in before.items():
                signal.signal(number, handler)
            wake.close()
            woken.close()

    def _begin(self) -> None:
        said, say = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            self._be_worker(say)
        os.close(say)
        os.set_blocking(said, False)
        self._ready[pid] = said

    def _be_worker(self, say: int) -> NoReturn:
        """Work, then leave by the way this process came; what goes wrong is told as in a process without a crew."""
        signal.set_wakeup_fd(-1)
        for number in _TOLD:
            signal.signal(number, signal.SIG_DFL)
        os.close(self._alive[1])
        self.work(lambda url: _write(say, url), self._when_gone)
        raise SystemExit(0)

    def _when_gone(self, stop: Callable[[], None]) -> None:
        def wait() -> None:
            os.read(self._alive[0], 1)  # returns when the crew's end is closed
            stop()

        threading.Thread(target=wait, daemon=True).start()

    def _is_over(self, wake: socket.socket) -> bool:
        """Wait for a signal or a word of a worker; tell whether the crew is to end."""
        with selectors.DefaultSelector() as waiting:
            waiting.register(wake, selectors.EVENT_READ)
            for said in (said for pid, said in self._ready.items() if pid not in self._seen):
                waiting.register(said, selectors.EVENT_READ)
            waiting.select(PAUSE_S if len(self._ready) < self.size else None)
        self._listen()
        told = _signals(wake)
        return bool(told & {signal.SIGTERM, signal.SIGINT})

    def _listen(self) -> None:
        for pid, said in self._ready.items():
            url = _read(said) if pid not in self._seen else ""
            if url:
                self._seen.add(pid)
            if url and not self._is_announced:
                self._is_announced = True
                self.announce(url)

    def _replace(self) -> None:
        """Begin a worker for each that is missing; one that never answered is missed until the next look."""
        missing = self.size - len(self._ready)
        for pid in self._ended():
            _log.warning("worker %d ended and is replaced", pid)
            missing += pid in self._seen
            self._forget(pid)
        for _ in range(missing):
            self._begin()

    def _ended(self) -> list[int]:
        return [pid for pid in self._ready if os.waitpid(pid, os.WNOHANG)[0]]

    def _forget(self, pid: int) -> None:
        os.close(self._ready.pop(pid))
        self._seen.discard(pid)

    def _end(self, wake: socket.socket) -> None:
        """Ask every worker to end, and kill those that do not."""
        for round_, number in enumerate((signal.SIGTERM, signal.SIGKILL)):
            for pid in self._ready:
                os.kill(pid, number)
            waited = 0.0
            while self._ready and (round_ or waited < GRACE_S):
                with selectors.DefaultSelector() as waiting:
                    waiting.register(wake, selectors.EVENT_READ)
                    waiting.select(TICK_S)
                _signals(wake)
                waited += TICK_S
                for pid in self._ended():
                    self._forget(pid)


def _signals(wake: socket.socket) -> set[int]:
    try:
        return set(wake.recv(4096))
    except BlockingIOError:
        return set()


def _close(pipe: tuple[int, int]) -> None:
    for end in pipe:
        with suppress(OSError):  # a worker has closed one of them
            os.close(end)


def _write(said: int, text: str) -> None:
    os.write(said, text.encode())
    os.close(said)


def _read(said: int) -> str:
    try:
        return os.read(said, 4096).decode()
    except BlockingIOError:
        return ""
