"""The duty that a check-out ended a moment ago, and the check-in that goes on from it without a gap.

Upstream: the ports.
Downstream: ``change_service``, ``stay_on``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from sync.protocol.envelope import open_body
from sync.protocol.events import CheckIn, CheckOut

if TYPE_CHECKING:
    from kiosk.usecases.ports import Ids, Reading
    from sync.protocol.envelope import Envelope
    from sync.protocol.events import Aside
    from sync.protocol.sessions import Session


@dataclass(frozen=True, slots=True)
class LastDuty:
    """A session that has just ended: as it was recorded, what it came to, and its name at the time."""

    begin: CheckIn
    end: CheckOut
    session: Session
    name: str

    def following(self, ids: Ids, aside: Aside) -> CheckIn:
        """Return the check-in of a session that goes on from it, by the same card and the same witness."""
        return msgspec.structs.replace(
            self.begin,
            session=ids.new_id(),
            certificate=self.end.certificate,
            name_digest=aside.digest(),
            witness=self.end.witness or self.begin.witness,
            follows=self.end.session,
        )


def last_of(reading: Reading, event: Envelope) -> LastDuty | None:
    """Return the session that a check-out ended, if it still does."""
    end = open_body(event)
    recorded = reading.session(end.session) if isinstance(end, CheckOut) else None
    if recorded is None or not isinstance(end, CheckOut) or recorded.session.ended_by != event.id:
        return None
    begin = open_body(recorded.check_in)
    return LastDuty(begin, end, recorded.session, recorded.name) if isinstance(begin, CheckIn) else None
