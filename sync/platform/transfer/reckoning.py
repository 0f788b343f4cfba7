"""What a volunteer was confirmed altogether: here, and where the records came from; every minute once.

Upstream: ``store``, ``sync.protocol.totals``.
Downstream: ``telling`` (what devices are told), the commands, ``console``.

Moved hours count for the volunteer, for stars (docs/adr/0028). They enter no total, indicator or report of this
platform: those were the work of another place, which reports them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sync.protocol.totals import Totals, totals_of

if TYPE_CHECKING:
    from sync.platform.store import Unit


def confirmed_minutes(unit: Unit, volunteers: Iterable[str]) -> dict[str, int]:
    """Return what was confirmed of some volunteers, here and elsewhere, at every instant once."""
    asked = tuple(volunteers)
    found = unit.ledger.confirmed_minutes(asked)
    for volunteer in unit.transfers.lines(asked):
        found[volunteer] = totals_with_moved(unit, volunteer).confirmed.minutes
    return found


def totals_with_moved(unit: Unit, volunteer: str) -> Totals:
    """Return what a volunteer's own and moved duties add up to; the latter by the provenance ``transfer_in``."""
    own, _ = unit.ledger.of_volunteer(volunteer)
    return totals_of([*own, *unit.transfers.lines((volunteer,)).get(volunteer, [])])
