"""Sessions written anew, once, after a version of this program that folds more out of the same events.

Upstream: ``taking`` (the fold), ``store``.
Downstream: ``commands.wiring``.

It goes through the ledger in the order of ids, some hundred sessions a transaction, and notes how far it has come: an
interruption goes on from there, memory does not grow with the ledger, and what devices bring meanwhile is folded by
the new version anyway.
"""

from __future__ import annotations

from collections.abc import Callable

from sync.platform.store import Database
from sync.platform.taking import fold_again

FOLD = 1  # raise it when the same events give other sessions, or more of them
STEP = 500  # sessions a transaction
OWNER = "refolding"
Progress = Callable[[int], None]


def refold(database: Database, progress: Progress, step: int = STEP) -> int:
    """Bring all sessions to the present fold where an earlier one wrote them, and return how many were gone through.

    Args:
        database: migrated, with an epoch.
        progress: is told after each step how many sessions that makes.
        step: sessions a transaction.
    """
    reached: str | None
    with database.reading() as unit:
        version, reached = unit.registry.folded()
    if version >= FOLD:
        return 0
    if not reached:
        _beside_sessions(database, step)
    done = 0
    while reached is not None:
        reached, count = _step(database, (version, reached), step)
        done += count
        if count:
            progress(done)
    return done


def _step(database: Database, state: tuple[int, str], step: int) -> tuple[str | None, int]:
    """Fold the next sessions; return the last one's id, or None when there are no more."""
    version, after = state
    with database.writing(OWNER) as unit:
        sessions = unit.events.sessions_after(after, step)
        fold_again(sessions, unit)
        if len(sessions) < step:
            unit.registry.note_folded(FOLD, "")
            return None, len(sessions)
        unit.registry.note_folded(version, sessions[-1])
        return sessions[-1], len(sessions)


def _beside_sessions(database: Database, step: int) -> None:
    last: str | None = ""
    while last is not None:
        with database.writing(OWNER) as unit:
            last = unit.events.add_beside_again(last, step)
