"""Our programs as processes: run to their end or killed midway, in an environment that holds nothing of ours."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.warm_start import ENTRIES, STARTER, Wanted, is_warm

BIN = Path(sys.executable).parent
PREFIXES = ("KIOSK_", "SYNC_AGENT_", "SYNC_PLATFORM_", "COVERAGE_")
PATIENCE_S = 30.0


@dataclass(frozen=True)
class Finished:
    """What a program left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


def environment(**variables: str) -> dict[str, str]:
    """Return this process's environment without any setting of ours, and with ``variables``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIXES)}
    return {**kept, "LC_ALL": "C.UTF-8", **variables}


def kiosk_in(folder: Path) -> dict[str, str]:
    """Return the variables of a kiosk whose files are in a folder."""
    return {
        "KIOSK_DEVICE__FILE": str(folder / "device.sqlite"),
        "KIOSK_DEVICE__ENROLMENT": str(folder / "enrolment.json"),
        "KIOSK_DUTY__CLOSES_AT": "never",
    }


def agent_in(folder: Path, **more: str) -> dict[str, str]:
    """Return the variables of an agent whose files are in a folder, in a hurry."""
    return {
        "SYNC_AGENT_DEVICE_FILE": str(folder / "device.sqlite"),
        "SYNC_AGENT_ENROLMENT": str(folder / "enrolment.json"),
        "SYNC_AGENT_POLL_S": "0.05",
        "SYNC_AGENT_BACKOFF_FIRST_S": "0.05",
        "SYNC_AGENT_BACKOFF_MOST_S": "0.1",
        **more,
    }


def finish(
    *command: str | Path, given: bytes = b"", wrap: tuple[str, ...] = (), variables: Mapping[str, str] | None = None
) -> Finished:
    """Run a program to its end; one of ours that nothing wraps is forked from one that has loaded it."""
    env = environment(**(variables or {}))
    wanted = None if wrap else _warm(list(map(str, command)), env)
    if wanted is not None:
        code, out, err = STARTER.finish(wanted, given, PATIENCE_S)
        return Finished(code, out.decode("utf-8"), err.decode("utf-8", "replace"))
    done = subprocess.run(
        [*wrap, *map(str, command)],
        input=given,
        capture_output=True,
        env=env,
        timeout=PATIENCE_S,
        check=False,
    )
    return Finished(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace"))


def _warm(command: list[str], env: Mapping[str, str]) -> Wanted | None:
    if not is_warm(env):
        return None
    if command[0] == str(BIN / "kiosk"):
        return Wanted("kiosk", command[1:], env, str(Path.cwd()))
    if command[:2] == [sys.executable, "-m"] and command[2] in ENTRIES:
        return Wanted(command[2], command[3:], env, str(Path.cwd()))
    return None


def kiosk(folder: Path, *arguments: str, given: bytes = b"", wrap: tuple[str, ...] = (), **more: str) -> Finished:
    """Run ``kiosk`` with a folder's files."""
    return finish(BIN / "kiosk", *arguments, given=given, wrap=wrap, variables={**kiosk_in(folder), **more})


def agent(folder: Path, *arguments: str, **more: str) -> Finished:
    """Run ``python -m sync.agent`` with a folder's files."""
    return finish(sys.executable, "-m", "sync.agent", *arguments, variables=agent_in(folder, **more))


@contextmanager
def running(*command: str | Path, variables: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Keep a program running; afterwards it is killed, if it has not ended."""
    with subprocess.Popen(
        [*map(str, command)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(**(variables or {})),
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.communicate()


def eventually(holds: Callable[[], bool], *, within_s: float = PATIENCE_S) -> None:
    """Wait until something holds, or fail."""
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.02)
