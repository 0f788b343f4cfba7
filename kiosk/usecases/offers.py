"""What an operator may do to one session now, and why not otherwise; the acts themselves ask again.

Upstream: ``reach``, ``dossier``, ``kiosk.domain.desk_rules``.
Downstream: ``read_session``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.domain.desk_rules import rating_fault, void_fault
from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.domain.operators import Right
from kiosk.usecases.confirm_session import confirmable
from kiosk.usecases.desk import DeskAct, Offer
from kiosk.usecases.dismiss_proposal import dismissible
from sync.protocol.sessions import DRILL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kiosk.usecases.dossier import Awaited, Dossier
    from kiosk.usecases.reach import Reach


def offers_of(dossier: Dossier, reach: Reach) -> tuple[Offer, ...]:
    """Return every act, with the reason against it where there is one."""
    return tuple(Offer(act, ask(dossier, reach)) for act, ask in _ASKED.items())


def _fault_confirm(dossier: Dossier, reach: Reach) -> DeskRefusal | None:
    """Several that wait are no reason against: the operator says which."""
    fault = reach.fault_over(dossier.session, Right.CONFIRM)
    if fault is not None or any(each.by != reach.operator for each in dossier.awaited()):
        return fault
    chosen = confirmable(dossier, reach.operator, None)
    return DeskRefusal.SAME_PERSON if chosen is DeskRefusal.SEVERAL_WAIT else _reason(chosen)


def _reason(chosen: Awaited | DeskRefusal) -> DeskRefusal | None:
    return chosen if isinstance(chosen, DeskRefusal) else None


def _fault_beyond(dossier: Dossier, reach: Reach) -> DeskRefusal | None:
    fault = reach.fault_over(dossier.session, Right.CONFIRM)
    if fault is None and dossier.session.shift is None:
        fault = DeskRefusal.NOTHING_WAITS
    return fault or _reason(confirmable(dossier, reach.operator, None, beyond_shift=True))


def _fault_amend(dossier: Dossier, reach: Reach) -> DeskRefusal | None:
    fault = reach.fault_over(dossier.session, Right.CORRECT) or void_fault(dossier.session)
    if fault is None and DRILL in dossier.session.flags:
        fault = DeskRefusal.COUNTS_NOTHING
    return fault or (DeskRefusal.ALREADY_WAITS if dossier.verdicts.proposed else None)


def _fault_void(dossier: Dossier, reach: Reach) -> DeskRefusal | None:
    fault = reach.fault_over(dossier.session, Right.CORRECT) or void_fault(dossier.session)
    return fault or (DeskRefusal.ALREADY_WAITS if dossier.verdicts.withdrawing else None)


def _fault_decide(dossier: Dossier, reach: Reach) -> DeskRefusal | None:
    fault = reach.fault_over(dossier.session, Right.CORRECT)
    return fault or (None if dossier.verdicts.objections else DeskRefusal.NO_OBJECTION)


def _fault_dismiss(dossier: Dossier, reach: Reach) -> DeskRefusal | None:
    fault, chosen = reach.fault_over(dossier.session, Right.CORRECT), dismissible(dossier, None)
    waits = not isinstance(chosen, DeskRefusal) or chosen is DeskRefusal.SEVERAL_WAIT
    return fault or (None if waits else DeskRefusal.NOTHING_WAITS)


def _fault_rate(dossier: Dossier, reach: Reach) -> DeskRefusal | None:
    return reach.fault_over(dossier.session, Right.RATE) or rating_fault(dossier.session, {})


_ASKED: Mapping[DeskAct, Callable[[Dossier, Reach], DeskRefusal | None]] = {
    DeskAct.CONFIRM: _fault_confirm,
    DeskAct.BEYOND_SHIFT: _fault_beyond,
    DeskAct.AMEND: _fault_amend,
    DeskAct.VOID: _fault_void,
    DeskAct.DECIDE: _fault_decide,
    DeskAct.DISMISS: _fault_dismiss,
    DeskAct.RATE: _fault_rate,
}
