"""Hours that no scan recorded are proposed by an operator; they count once another has confirmed them.

Upstream: ``know_operator``, ``kiosk.domain.hours_entry``, the ports.
Downstream: ``kiosk.composition``.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.domain.hours_entry import fault_of
from kiosk.domain.operator_refusal import EntryRefusal
from kiosk.domain.operators import Right
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.names import names_in
from kiosk.usecases.operator_outcomes import EntryOutcome, EntryRefused, HoursEntered
from kiosk.usecases.outcomes import NotRecorded
from sync.protocol.events import Aside
from sync.protocol.judgements import CaptainEntry

if TYPE_CHECKING:
    from kiosk.domain.hours_entry import HoursEntry
    from kiosk.domain.policy import DutyPolicy
    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.know_operator import KnowOperator
    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.ports import Clock, Ids, Ledger, Writing

log = logging.getLogger(__name__)
MS_PER_S = 1000
S_PER_MIN = 60


@dataclass(frozen=True, slots=True)
class EnterHours:
    """The use case of manual hours, first person."""

    know: KnowOperator
    clock: Clock
    ids: Ids
    ledger: Ledger
    policy: DutyPolicy

    def __call__(self, operator: SignedIn, entry: HoursEntry) -> EntryOutcome:
        """Propose hours in the operator's name."""
        moment = self.clock.now()
        if not self.know.may(operator.operator, Right.ENTER_HOURS, moment, entry.team):
            return EntryRefused(EntryRefusal.NOT_ALLOWED)
        try:
            with self.ledger.writing() as writing:
                return self._propose(operator, entry, moment, writing)
        except RecordingError as error:
            log.warning("hours could not be entered: %s", error.fault)
            return NotRecorded(error.fault)

    def _propose(self, operator: SignedIn, entry: HoursEntry, moment: Moment, writing: Writing) -> EntryOutcome:
        around = timedelta(minutes=self.policy.cap_min + self.policy.grace_min)
        recorded = writing.sessions_of(entry.volunteer, entry.starts_at - around)
        fault = fault_of(entry, moment.at, self.policy.cap_min, [each.session for each in recorded])
        if fault is not None:
            return EntryRefused(fault)
        name = names_in(self.know.shelf.current().data).get(entry.volunteer) or writing.name_of(entry.volunteer)
        if not name:
            return EntryRefused(EntryRefusal.UNKNOWN_VOLUNTEER)
        aside = Aside(name, self.ids.new_salt())
        body = CaptainEntry(
            session=self.ids.new_id(),
            volunteer=entry.volunteer,
            name_digest=aside.digest(),
            service=entry.service,
            service_point=self.know.shelf.current().data.service_point.id,
            starts_ms=int(entry.starts_at.timestamp() * MS_PER_S),
            ends_ms=int(entry.ends_at.timestamp() * MS_PER_S),
            reason=entry.reason,
            entered_by=operator.operator,
            team=entry.team,
        )
        writing.append(body, moment.stamp, aside)
        minutes = int((entry.ends_at - entry.starts_at).total_seconds()) // S_PER_MIN
        return HoursEntered(body.session, name, minutes)
