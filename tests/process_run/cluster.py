"""A PostgreSQL of one's own that can be stopped the hard way and started again on what it had made durable.

Upstream: the programs of ``tests.support.postgres``.
Downstream: ``town``.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support import postgres

DURABLE = {"synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"}
PATIENCE_S = 30.0


@dataclass
class Cluster:
    """One server in a folder, on one port of loopback for all its life."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0

    @property
    def url(self) -> str:
        """The first database, as SQLAlchemy's URL."""
        return f"postgresql+psycopg://{postgres.USER}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers."""
        given = {**postgres.SIZES, **DURABLE, "port": str(self.port), "listen_addresses": "127.0.0.1"}
        options = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
        command = [str(postgres.programs() / "postgres"), "-D", str(self.folder / "cluster"), "-k", str(self.folder)]
        log = self.folder / "log"
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [*command, *options], stdout=out, stderr=out, user=postgres._whom(), cwd="/"
            )
        postgres._wait(self.port, self.process, log)

    def stop(self, how: signal.Signals) -> None:
        """Stop it: SIGQUIT is an immediate shutdown, which leaves as much to recover as a crash; SIGINT a fast one."""
        if self.process is not None:
            self.process.send_signal(how)
            try:
                self.process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def restart_after_a_crash(self) -> None:
        """Shut it down at once and start it again."""
        self.stop(signal.SIGQUIT)
        self.restarts += 1
        self.start()


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Make a new cluster and run it as long as the block."""
    folder = Path(tempfile.mkdtemp(prefix="duty-pg-"))
    cluster = Cluster(folder, postgres._free_port())
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, postgres.UNPRIVILEGED)
        made: list[str | Path] = [postgres.programs() / "initdb", "-D", folder / "cluster", "-U", postgres.USER]
        postgres._finish([*made, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"])
        cluster.start()
        yield cluster
    finally:
        cluster.stop(signal.SIGINT)
        shutil.rmtree(folder, ignore_errors=True)
