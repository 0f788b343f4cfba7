"""The solver in a process of its own, so that whoever serves pages is never held up by it.

Upstream: ``multiprocessing``, ``solving``.
Downstream: ``proposals``.

The process is told the problem and tells how far it is, then what it found. Where its teller is gone it ends: the pipe
breaks at the next word. It writes nowhere; a linear solver's own line on standard output goes nowhere too.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection

from sync.platform.rostering.problem import Problem
from sync.platform.rostering.proposal import Progress
from sync.platform.rostering.solved import Effort, Solved

SOLVING = "sync.platform.rostering.solving"  # OR-Tools is loaded in that process alone
BEAT_S = 1.0  # between two words on how far it is
ENDING_S = 20.0  # beyond the effort: beginning a process, making the model, ending; then it is killed


def solve_apart(problem: Problem, effort: Effort, *, repair: bool, told: Callable[[Progress], bool]) -> Solved | None:
    """Return what was found, or None where the process ended without, was not wanted any more, or took too long.

    Args:
        problem: what is to be planned.
        effort: how hard to try.
        repair: as of ``solving.solve``.
        told: is told how far it is, about once a second; False: nobody wants it any more.
    """
    apart = get_context("spawn")
    here, there = apart.Pipe(duplex=False)
    process = apart.Process(target=_work, args=(there, problem, effort, repair), daemon=True)
    process.start()
    there.close()
    try:
        return _heard(here, time.perf_counter(), effort, told)
    finally:
        here.close()
        process.kill()
        process.join()


def _heard(here: Connection, began_s: float, effort: Effort, told: Callable[[Progress], bool]) -> Solved | None:
    last = Progress()
    with suppress(EOFError):
        while (seconds := time.perf_counter() - began_s) < effort.seconds + ENDING_S:
            if here.poll(BEAT_S):
                word = here.recv()
                if isinstance(word, Solved):
                    return word
                last = word
            if not told(Progress(seconds, last.holes, last.gap)):
                return None
    return None


def _work(there: Connection, problem: Problem, effort: Effort, repair: bool) -> None:  # noqa: FBT001 - of a process
    with open(os.devnull, "w", encoding="ascii") as nowhere:  # noqa: PTH123 - a descriptor, no path of ours
        os.dup2(nowhere.fileno(), 1)
    last_s = 0.0

    def progress(seconds: float, holes: int, gap: float) -> None:
        nonlocal last_s
        if seconds - last_s >= BEAT_S:
            last_s = seconds
            there.send(Progress(seconds, holes, gap))

    with suppress(BrokenPipeError):
        solving = import_module(SOLVING)
        there.send(solving.solve(problem, effort, repair=repair, progress=progress))
