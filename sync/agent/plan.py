"""What the agent does next: a pure function of how the last try went. No clock, no socket, no file.

Upstream: ``backoff``.
Downstream: ``relay`` carries it out.

::

    answer               next batch size       next wait
    ───────────────────  ────────────────────  ─────────────────────────────────────────
    receipt              doubles, up to 500    none while events wait, else until polled
    receipt, none moved  stays                 backoff with full jitter
    too large (413)      halves, down to 1     none; of a single event: as failed
    busy (429, 503)      stays                 Retry-After, at most the 15-minute timer
    refused (401, 403)   stays                 the 15-minute timer; nothing is deleted
    failed (all else)    stays                 backoff with full jitter
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from sync.agent.backoff import Backoff
from sync.protocol.batch import MAX_EVENTS

TIMER_S = 15 * 60.0  # whatever happened, something is tried this often (protocol.md)


class Answer(StrEnum):
    """How a try went."""

    RECEIPT = "receipt"
    STALLED = "stalled"
    TOO_LARGE = "too_large"
    BUSY = "busy"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Plan:
    """What comes next.

    Attributes:
        batch_size: at most so many events in the next batch, 1 … 500.
        failures: tries without a receipt in a row.
        wait_s: seconds to wait before the next try; 0 for at once.
    """

    batch_size: int = MAX_EVENTS
    failures: int = 0
    wait_s: float = 0.0


def after(plan: Plan, answer: Answer, retry_after_s: float | None, chance: float, backoff: Backoff) -> Plan:
    """Return the plan after an answer; ``retry_after_s`` is what a busy platform asked for, if it did."""
    if answer is Answer.RECEIPT:
        return Plan(min(MAX_EVENTS, plan.batch_size * 2))
    failures = plan.failures + 1
    jittered_s = min(TIMER_S, backoff.wait_s(failures, chance))
    if answer is Answer.TOO_LARGE and plan.batch_size > 1:
        return replace(plan, batch_size=plan.batch_size // 2, wait_s=0.0)
    if answer is Answer.REFUSED:
        return replace(plan, failures=failures, wait_s=TIMER_S)
    if answer is Answer.BUSY and retry_after_s is not None:
        return replace(plan, failures=failures, wait_s=min(TIMER_S, max(retry_after_s, jittered_s)))
    return replace(plan, failures=failures, wait_s=jittered_s)
