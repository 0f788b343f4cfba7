"""One transaction as the rooms it can reach.

Upstream: the repositories.
Downstream: ``receiving``, ``registry``, ``console``, the commands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.platform.store.accounts import Accounts
from sync.platform.store.arrivals import Arrivals
from sync.platform.store.audit import Audit
from sync.platform.store.calendar_links import CalendarLinks
from sync.platform.store.certificates import Certificates
from sync.platform.store.codes import Codes
from sync.platform.store.contacts import Contacts
from sync.platform.store.decisions import Decisions
from sync.platform.store.device_keys import DeviceKeys
from sync.platform.store.devices import Devices
from sync.platform.store.events import Events
from sync.platform.store.exchanges import Exchanges
from sync.platform.store.feed import Feed
from sync.platform.store.hand_streams import HandStreams
from sync.platform.store.heads import Heads
from sync.platform.store.holdings import Holdings
from sync.platform.store.incidents import Incidents
from sync.platform.store.ledger import Ledger
from sync.platform.store.locks import Locks
from sync.platform.store.marks import Marks
from sync.platform.store.observations import Observations
from sync.platform.store.openings import Openings
from sync.platform.store.outgoing import Outgoing
from sync.platform.store.phones import Phones
from sync.platform.store.places import Places
from sync.platform.store.presence import Presence
from sync.platform.store.proposals import Proposals
from sync.platform.store.registry import Registry
from sync.platform.store.roster_answers import RosterAnswers
from sync.platform.store.roster_people import RosterPeople
from sync.platform.store.rosters import Rosters
from sync.platform.store.standings import Standings
from sync.platform.store.tallying import Tallies
from sync.platform.store.targets import Targets
from sync.platform.store.tended import Tended
from sync.platform.store.times import Times
from sync.platform.store.transfers import Transfers

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Unit:
    """What can be read and written within one transaction."""

    locks: Locks
    events: Events
    heads: Heads
    ledger: Ledger
    incidents: Incidents
    devices: Devices
    registry: Registry
    certificates: Certificates
    phones: Phones
    places: Places
    standings: Standings
    observations: Observations
    times: Times
    arrivals: Arrivals
    tallies: Tallies
    accounts: Accounts
    audit: Audit
    decisions: Decisions
    hand_streams: HandStreams
    tended: Tended
    device_keys: DeviceKeys
    codes: Codes
    contacts: Contacts
    holdings: Holdings
    outgoing: Outgoing
    transfers: Transfers
    targets: Targets
    feed: Feed
    rosters: Rosters
    roster_answers: RosterAnswers
    exchanges: Exchanges
    openings: Openings
    roster_people: RosterPeople
    calendar_links: CalendarLinks
    marks: Marks
    presence: Presence
    proposals: Proposals

    @classmethod
    def over(cls, session: Session) -> Unit:
        """Return the rooms of one database session."""
        tallies, rosters, marks = Tallies(session), Rosters(session), Marks(session)
        return cls(
            Locks(session),
            Events(session),
            Heads(session),
            Ledger(session, tallies),
            Incidents(session),
            Devices(session),
            Registry(session),
            Certificates(session),
            Phones(session),
            Places(session),
            Standings(session),
            Observations(session),
            Times(session),
            Arrivals(session),
            tallies,
            Accounts(session),
            Audit(session),
            Decisions(session),
            HandStreams(session),
            Tended(session),
            DeviceKeys(session),
            Codes(session),
            Contacts(session),
            Holdings(session),
            Outgoing(session),
            Transfers(session),
            Targets(session),
            Feed(session),
            rosters,
            RosterAnswers(session),
            Exchanges(session),
            Openings(session, rosters),
            RosterPeople(session, rosters),
            CalendarLinks(session, rosters),
            marks,
            Presence(session, marks),
            Proposals(session),
        )
