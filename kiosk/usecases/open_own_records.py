"""我的记录: a fresh scan opens the own records of its volunteer, and nobody else's; no duty is recorded.

Upstream: ``kiosk.certificate.identify``, ``kiosk.domain``, ``sync.protocol.totals``, the ports.
Downstream: ``kiosk.composition``.

To look, a signed card is enough wherever the station is: what a photographed card could begin or end is duty, and that
stays as ``[certificates] accepts`` says. A dynamic code is taken here as anywhere: once.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.certificate.identify import Sources, identify
from kiosk.certificate.verify import Now
from kiosk.domain.admission import Shown, may_look
from kiosk.domain.refusal import RefusalReason
from kiosk.domain.stars import may_apply_for
from kiosk.timekeeping.moment import instant_of
from kiosk.usecases.answer_roster import plan_of
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.outcomes import NotRecorded, Refused
from kiosk.usecases.present_certificate import reason_of
from kiosk.usecases.record_outcomes import FreshScan, HoursFrom, OwnRecords, StarStanding
from kiosk.usecases.replay import is_replayed
from sync.protocol.errors import CertificateError
from sync.protocol.reference import Standing
from sync.protocol.totals import Line, totals_of

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.certificate.identify import Identity
    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.ports import Clock, Ledger, Reading, Reference, ReferenceShelf
    from kiosk.usecases.present_certificate import CertificateRules
    from kiosk.usecases.record_outcomes import OpenOutcome
    from kiosk.usecases.record_ports import RecordRow
    from sync.protocol.envelope import Stamp
    from sync.protocol.reference import ReferenceData
    from sync.protocol.totals import Totals

log = logging.getLogger(__name__)


@dataclass(slots=True)
class LookedAt:
    """When own records were last opened by a card: a scan that leaves no event (see ``recipient_rating``)."""

    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class OpenOwnRecords:
    """The use case of the scan on the page 「请出示志愿者证」."""

    clock: Clock
    ledger: Ledger
    shelf: ReferenceShelf
    rules: CertificateRules
    looked_at: LookedAt

    def __call__(self, text: str) -> OpenOutcome:
        """Return the records of whoever the certificate names; ``text`` is never kept, never logged.

        Raises:
            NotEnrolledError: the device has no trust list yet.
        """
        moment, reference = self.clock.now(), self.shelf.current()
        try:
            identity = identify(text, self._sources(reference), Now(moment.earliest, moment.latest))
        except CertificateError as error:
            return Refused(reason_of(error))
        if not may_look(self.rules.accepts, identity.shown):
            return Refused(RefusalReason.DYNAMIC_NEEDED)
        try:
            return self._opened(identity, moment, reference.data)
        except RecordingError as error:
            log.warning("own records cannot be read now: %s", error.fault)
            return NotRecorded(error.fault)

    def _opened(self, identity: Identity, moment: Moment, data: ReferenceData) -> OpenOutcome:
        if identity.shown is Shown.DYNAMIC:
            with self.ledger.writing() as writing:
                if is_replayed(identity, writing):
                    return Refused(RefusalReason.REPLAYED)
        self.looked_at.stamp = moment.stamp
        scan = FreshScan(identity.volunteer_number, identity.name, identity.presented, moment.stamp)
        with self.ledger.reading() as reading:
            return records_of(scan, reading, data, moment)

    def _sources(self, reference: Reference) -> Sources:
        data = reference.data
        region, formats = data.service_point.region, self.rules.formats
        return Sources(reference.trust, reference.revocations, data.directory, region, formats)


def records_of(scan: FreshScan, reading: Reading, data: ReferenceData, moment: Moment) -> OwnRecords:
    """Return what a page of own records says."""
    rows = reading.record_rows_of(scan.volunteer)
    totals = totals_of(map(_line, rows))
    standing = standing_of(scan.volunteer, data)
    return OwnRecords(
        scan=scan,
        at=moment.at,
        rows=tuple(rows),
        totals=totals,
        star=star_standing(standing, totals, reading),
        plan=plan_of(scan.volunteer, reading, data, moment),
        trained=_trained(standing, moment),
        kit=reading.kit_of(scan.volunteer),
    )


def standing_of(volunteer: str, data: ReferenceData) -> Standing:
    """Return what the platform knows of a volunteer; where it said nothing, nothing is known."""
    return next((each for each in data.standings if each.volunteer == volunteer), Standing(volunteer))


def star_standing(standing: Standing, totals: Totals, reading: Reading) -> StarStanding:
    """Return how a volunteer stands to the stars, by confirmed hours alone."""
    platform, device = standing.confirmed_minutes, totals.confirmed.minutes
    minutes = max(platform, device)
    applied = frozenset(level for level in reading.stars_applied_for(standing.volunteer) if level > standing.star)
    return StarStanding(
        held=standing.star,
        confirmed_minutes=minutes,
        hours_from=HoursFrom.PLATFORM if platform >= device and platform else HoursFrom.DEVICE,
        applied=applied,
        may_apply_for=may_apply_for(standing.star, minutes, applied),
    )


def totals_in(reading: Reading, volunteer: str) -> Totals:
    """Return what a volunteer's sessions at this device add up to."""
    return totals_of(map(_line, reading.record_rows_of(volunteer)))


def _line(row: RecordRow) -> Line:
    return Line(
        session=row.session,
        state=row.state,
        provenance=row.provenance,
        counts_from_ms=row.counts_from_ms,
        credited_minutes=row.credited_minutes,
        original_s=row.original_s,
        apart=row.drill or row.paid,
    )


def _trained(standing: Standing, moment: Moment) -> dict[str, datetime | None]:
    lapses = {
        name: None if ms is None else instant_of(ms)
        for name, ms in ((each.name, each.lapses_ms) for each in standing.trained)
    }
    return {name: at for name, at in sorted(lapses.items()) if at is None or at > moment.at}
