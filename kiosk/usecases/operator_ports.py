"""What the operators' use cases need of the ledger besides ``ports``.

Upstream: ``ports``.
Downstream: the operators' use cases; ``kiosk.store`` implements it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeptPin:
    """What the device keeps of an operator's PIN.

    Attributes:
        kept: the Argon2id text; None where no PIN was set, or it was reset.
        tries: tries since the last good one, each counted and committed before it is looked at.
    """

    kept: str | None = None
    tries: int = 0
