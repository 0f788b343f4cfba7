"""The processes of the demo: started with their own log files, ended by id, never left behind.

Upstream: this Python and, without a display, Xvfb.
Downstream: ``play``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

PREFIXES = ("KIOSK_", "SYNC_AGENT_", "SYNC_PLATFORM_")
PATIENCE_S = 10
SCREEN = "1280x800x24"


class DemoError(Exception):
    """The demo cannot go on; the sentence says why and what to do."""


def python(*arguments: str) -> list[str]:
    """Return the command of a module of ours in this Python."""
    return [sys.executable, "-m", *arguments]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without settings of ours, which would reach into the demo."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIXES)}
    return {**kept, **(extra or {})}


def display() -> str | None:
    """Return the display a person sits at, or None."""
    return os.environ.get("DISPLAY") or None


def finish(command: Sequence[str], log: Path) -> str:
    """Run a command to its end and return what it printed.

    Raises:
        DemoError: it failed; its last words are in the sentence.
    """
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    log.write_text(done.stderr, encoding="utf-8")
    if done.returncode:
        raise DemoError(f"{' '.join(command[2:4])} failed: {(done.stderr or done.stdout).strip()[-400:]} (see {log})")
    return done.stdout


@contextmanager
def running(
    command: Sequence[str], log: Path, extra: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Keep a command running for the length of the block; its words go to ``log``."""
    with ExitStack() as stack:
        words = stack.enter_context(log.open("ab"))
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=words, stderr=subprocess.STDOUT, env=environment(extra)
        )
        stack.callback(_end, process)
        yield process


@contextmanager
def own_display(log: Path) -> Iterator[str]:
    """Keep an Xvfb of our own for the length of the block; yields its display.

    Raises:
        DemoError: Xvfb is not installed, or does not start.
    """
    program = shutil.which("Xvfb")
    if program is None:
        raise DemoError("there is no display and no Xvfb; run: make setup (or apt-get install xvfb)")
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as told, log.open("ab") as words:
        command = [program, "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=words, stderr=subprocess.STDOUT, pass_fds=(writer,)
        )
        os.close(writer)
        try:
            number = told.readline().decode().strip()
            if not number:
                raise DemoError(f"Xvfb did not start; see {log}")
            yield f":{number}"
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
