"""The calls of devices as routes, a module each; ``GET /healthz`` for those who watch the server.

Upstream: FastAPI, ``door``, the calls.
Downstream: ``app``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from fastapi import APIRouter
from starlette.responses import Response

from sync.platform.api.answers import answer
from sync.platform.api.changes import ChangesCall
from sync.platform.api.devices import DeviceCalls
from sync.platform.api.door import Door
from sync.platform.api.edge import HEALTH_PATH
from sync.platform.api.enrol import ATTEMPTS, EnrolCall
from sync.platform.api.events import EVENTS_PATH, EventsCall
from sync.platform.api.limiting import Limiter
from sync.platform.api.server_time import ASKED, TimeCall
from sync.platform.credentials import Credentials
from sync.platform.enrolling import Enroller
from sync.platform.feed import Feed, Freshness
from sync.platform.keys import Keyring
from sync.platform.nonces import Nonces, SharedSecret
from sync.platform.ports import Ports
from sync.platform.receiving import Receiver
from sync.platform.rostering.answering import settle_quietly
from sync.platform.store import Database
from sync.protocol.changes import CHANGES_PATH
from sync.protocol.contact import CONTACT_PATH
from sync.protocol.enrolling import ENROL_PATH, KEYS_PATH
from sync.protocol.reconciling import MISSING_PATH
from sync.protocol.server_time import TIME_PATH


@dataclass(frozen=True, slots=True)
class Trust:
    """What devices are told to trust: the keys that answer them, and the authority of the platform's TLS (PEM).

    ``freshness`` is how old what they are told may be.
    """

    keys: Keyring = field(default_factory=Keyring)
    ca_pem: str | None = None
    freshness: Freshness = field(default_factory=Freshness)


@dataclass(frozen=True, slots=True)
class DeviceApi:
    """The calls of devices over one database."""

    database: Database
    ports: Ports
    receiver: Receiver
    trust: Trust
    door: Door

    @classmethod
    def over(cls, database: Database, ports: Ports, receiver: Receiver, trust: Trust | None = None) -> DeviceApi:
        """Return the calls over a migrated database; without ``trust`` nobody enrols and no time is signed."""
        nonces = Nonces(SharedSecret(database, ports.entropy), ports.clock)
        door = Door(Credentials(database, ports.clock, nonces))
        return cls(database, ports, receiver, trust or Trust(), door)

    @property
    def nonces(self) -> Nonces:
        """What every answer carries."""
        return self.door.credentials.nonces

    def router(self) -> APIRouter:
        """Return the routes."""
        clock, keys = self.ports.clock, self.trust.keys
        devices = DeviceCalls(self.door, self.database, clock)
        enroller = Enroller(self.ports, keys, self.trust.ca_pem)
        enrol = EnrolCall(self.door, enroller, self.database, clock, Limiter(ATTEMPTS))
        router = APIRouter(default_response_class=Response)
        router.add_route(ENROL_PATH, enrol.__call__, methods=["POST"])
        settle = partial(settle_quietly, self.database, self.ports)
        events = EventsCall(self.door, self.receiver, settle=settle)
        router.add_route(EVENTS_PATH, events.__call__, methods=["POST"])
        router.add_route(MISSING_PATH, devices.missing, methods=["POST"])
        router.add_route(CONTACT_PATH, devices.contact, methods=["POST"])
        feed = Feed(self.database, clock, keys, self.trust.freshness, settle)
        router.add_route(CHANGES_PATH, ChangesCall(self.door, feed).__call__, methods=["GET"])
        router.add_route(KEYS_PATH, devices.keys, methods=["POST"])
        router.add_route(TIME_PATH, TimeCall(self.database, clock, keys, Limiter(ASKED)).__call__, methods=["GET"])
        router.add_route(HEALTH_PATH, self._health, methods=["GET"])
        return router

    def _health(self, _request: object) -> Response:
        """Tell whether the database answers, and nothing else."""
        with self.database.reading() as unit:
            unit.registry.epoch()
        return answer({"status": "ok"})
