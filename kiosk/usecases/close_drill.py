"""When drill mode ends, whoever is still on duty in it is not: the practice is over for everybody.

Upstream: the ports.
Downstream: the use case that ends drill mode (within its own transaction), ``close_overdue`` (what was left over).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.protocol.events import AutoClose
from sync.protocol.sessions import DRILL
from sync.protocol.vocabulary import AutoCloseReason

if TYPE_CHECKING:
    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.ports import Writing


def close_drill_sessions(writing: Writing, moment: Moment) -> int:
    """Close every open session of a drill within the caller's transaction, and return how many there were."""
    practised = [recorded for recorded in writing.open_sessions() if DRILL in recorded.session.flags]
    at_ms = int(moment.at.timestamp() * 1000)
    for recorded in practised:
        writing.append(AutoClose(recorded.session.id, AutoCloseReason.DRILL_ENDED, at_ms), moment.stamp)
    return len(practised)
