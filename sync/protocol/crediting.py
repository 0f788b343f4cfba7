"""What counts of a session: the named, versioned rule that both ends apply (duty-rules.md, Crediting).

Upstream: ``events`` (shifts).
Downstream: ``sessions``.

No national rounding rule exists (令67), so ours has a name. A later rule is a new entry of :data:`RULES`; records keep
the id of the rule that credited them.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.protocol.events import Shift

NS_PER_MS = 1_000_000
MS_PER_MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class CreditRule:
    """One crediting rule; all limits in whole minutes.

    Attributes:
        cap: the most one session counts; a longer one is provisional until a person confirms it.
        minimum: shorter sessions are kept and count 0.
        early: how long before its shift a rostered session begins to count.
        late: how long after its shift it still counts unless the captain confirms more.
    """

    id: str
    cap: int
    minimum: int
    early: int
    late: int


LUOYANG_1 = CreditRule("luoyang-1", cap=12 * 60, minimum=5, early=15, late=15)
RULES: Mapping[str, CreditRule] = MappingProxyType({LUOYANG_1.id: LUOYANG_1})


def credited_minutes(
    start_ms: int, original_ns: int, shift: Shift | None, rule: CreditRule = LUOYANG_1, *, beyond_shift: bool = False
) -> int:
    """Return the whole minutes that count; 0 ≤ result ≤ original time, and more time never lowers it.

    Args:
        start_ms: UTC ms since 1970 of the start; only used to place a rostered session against its shift.
        original_ns: what the events say, in ns, from a clock that does not jump (travel is never part of it).
        shift: the rostered shift, or None for a walk-in.
        rule: the rule whose id the record keeps.
        beyond_shift: a captain confirmed the time after the shift, too.
    """
    counted_ms = max(0, original_ns) // NS_PER_MS
    if shift is not None:
        end_ms = start_ms + counted_ms
        if not beyond_shift:
            end_ms = min(end_ms, shift.ends_ms + rule.late * MS_PER_MINUTE)
        counted_ms = max(0, end_ms - credited_from_ms(start_ms, shift, rule))
    minutes = counted_ms // MS_PER_MINUTE
    return 0 if minutes < rule.minimum else min(minutes, rule.cap)


def credited_from_ms(start_ms: int, shift: Shift | None, rule: CreditRule = LUOYANG_1) -> int:
    """Return where the time that counts begins, UTC ms: the start, or the earliest that the shift lets count."""
    return start_ms if shift is None else max(start_ms, shift.starts_ms - rule.early * MS_PER_MINUTE)


def is_over_cap(original_ns: int, rule: CreditRule = LUOYANG_1) -> bool:
    """Tell whether a session is longer than a person decides without being asked."""
    return original_ns > rule.cap * MS_PER_MINUTE * NS_PER_MS
