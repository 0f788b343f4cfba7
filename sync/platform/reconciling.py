"""What of its own the platform has forgotten, told to the device that still has it.

Upstream: ``store``, ``sync.protocol``.
Downstream: ``api.missing``.
"""

from __future__ import annotations

from sync.platform.credentials import Caller
from sync.platform.store import Unit
from sync.protocol.batch import body_sha256
from sync.protocol.problems import UNSIGNED, Problem
from sync.protocol.reconciling import MissingAnswer, MissingRequest


def find_missing(caller: Caller, asked: MissingRequest, unit: Unit, now_ms: int) -> MissingAnswer | Problem:
    """Return those events that are neither in the ledger nor set apart, in the order asked, each once.

    Args:
        caller: whose signature was verified.
        asked: what its request says.
        unit: a transaction that sees one state of the database.
        now_ms: UTC ms.
    """
    if asked.device != caller.device.id:
        return UNSIGNED
    held = unit.holdings.held(asked.ids)
    missing = [each for each in dict.fromkeys(asked.ids) if each not in held]
    return MissingAnswer(body_sha256(caller.body), missing, now_ms, unit.registry.epoch() or "")
