"""Our programs as processes of their own that need not load everything anew: forks of one that has.

A start of Python with all that a command imports takes most of a second of a core, a fork some milliseconds; there are
some hundred starts in the tests. What comes out is the real program: its own process, arguments, environment, standard
streams, signals and normal end. A program that is wrapped (``prlimit`` …), or whose interpreter is told something by
its environment, is started the long way (``programs``).

Run as ``python -m tests.support.warm_start SOCKET PARENT`` it is the one that has loaded them, until its parent ends.
"""

from __future__ import annotations

import atexit
import importlib
import os
import pickle  # between processes of one test run
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

LOADED = (
    "alembic.command",
    "alembic.config",
    "kiosk.cli.certificate",
    "kiosk.cli.codes",
    "kiosk.cli.device",
    "kiosk.cli.ledger",
    "kiosk.cli.operator",
    "kiosk.cli.reference",
    "kiosk.commands.enrol",
    "kiosk.commands.ledger",
    "kiosk.commands.operator",
    "kiosk.commands.operator_desk",
    "kiosk.commands.present",
    "kiosk.commands.reference",
    "kiosk.commands.verify",
    "kiosk.settings",
    "sync.agent.__main__",
)
ENTRIES = {"kiosk": "kiosk.__main__", "sync.agent": "sync.agent.__main__"}
STREAMS = 3
MOST_BYTES = 1 << 20
OF_THE_INTERPRETER = ("PYTHON", "LC_", "LANG", "COVERAGE_", "LD_")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One run: which program, its arguments, its environment, its folder."""

    program: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: str


@dataclass(slots=True)
class Starter:
    """What starts programs for this test process, once it is asked for the first time."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _socket: Path | None = None
    _loaded: subprocess.Popen[bytes] | None = None

    def finish(self, wanted: Wanted, given: bytes, timeout_s: float) -> tuple[int, bytes, bytes]:
        """Run a program to its end and return its exit code and what it said.

        Raises:
            subprocess.TimeoutExpired: it did not end; it was killed.
        """
        with tempfile.TemporaryFile() as into, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            into.write(given)
            into.seek(0)
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(self._running()))
                connection.settimeout(timeout_s)
                streams = [into.fileno(), out.fileno(), err.fileno()]
                socket.send_fds(connection, [pickle.dumps(wanted)], streams)
                connection.shutdown(socket.SHUT_WR)
                code = _code_of(connection, wanted, timeout_s)
            out.seek(0)
            err.seek(0)
            return code, out.read(), err.read()

    def _running(self) -> Path:
        with self._lock:
            if self._socket is None:
                path = Path(tempfile.mkdtemp(prefix="duty-warm-")) / "socket"
                command = [sys.executable, "-m", "tests.support.warm_start", str(path), str(os.getpid())]
                root = str(Path(__file__).resolve().parents[2])
                env = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": root}
                self._loaded = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=env)
                deadline = time.monotonic() + 60
                while not path.exists():
                    assert time.monotonic() < deadline, "the programs could not be loaded"
                    time.sleep(0.02)
                self._socket = path
                atexit.register(self._loaded.terminate)
            return self._socket


STARTER = Starter()


def is_warm(environment: Mapping[str, str]) -> bool:
    """Tell whether an environment asks nothing of the interpreter that it was not started with."""
    return all(
        os.environ.get(name) == value or (name, value) == ("LC_ALL", "C.UTF-8")
        for name, value in environment.items()
        if name.startswith(OF_THE_INTERPRETER)
    )


def _code_of(connection: socket.socket, wanted: Wanted, timeout_s: float) -> int:
    pid = 0
    try:
        pid = int(connection.recv(16))
        return int(connection.recv(16))
    except TimeoutError as error:
        if pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        raise subprocess.TimeoutExpired([wanted.program, *wanted.arguments], timeout_s) from error


# The one that has loaded them


def _serve(path: Path, parent: int) -> None:
    """Fork one process a request, until the parent is gone."""
    for module in LOADED:
        importlib.import_module(module)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        waiting = path.with_suffix(".new")
        listener.bind(str(waiting))
        listener.listen()
        waiting.rename(path)
        listener.settimeout(1)
        while os.getppid() == parent:
            with suppress(TimeoutError):
                connection, _ = listener.accept()
                if os.fork() == 0:
                    listener.close()
                    _attend(connection)
                connection.close()


def _attend(connection: socket.socket) -> NoReturn:
    """Start one program, say its number, wait for it, say how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    connection.setblocking(True)
    message, streams, _, _ = socket.recv_fds(connection, MOST_BYTES, STREAMS)
    while more := connection.recv(MOST_BYTES):
        message += more
    wanted: Wanted = pickle.loads(message)  # noqa: S301 - from our own parent, over a socket in its own folder
    pid = os.fork()
    if pid == 0:
        connection.close()
        _become(wanted, streams)
    connection.sendall(str(pid).encode())
    _, status = os.waitpid(pid, 0)
    connection.sendall(f"{os.waitstatus_to_exitcode(status)}".encode())
    os._exit(0)


def _become(wanted: Wanted, streams: Sequence[int]) -> NoReturn:
    """Be the program: its streams, environment and arguments, and a normal end."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(wanted.environment)
    os.chdir(wanted.folder)
    sys.argv = [wanted.program, *wanted.arguments]
    importlib.import_module(ENTRIES[wanted.program]).main(prog_name=wanted.program)
    sys.exit(0)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]))
