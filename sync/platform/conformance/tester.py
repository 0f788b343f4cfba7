"""The device that tries a platform: it enrols itself, seals notes and sends them.

Upstream: ``caller``, ``sync.protocol``.
Downstream: the trials.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TypeVar

import msgspec

from sync.platform.conformance.caller import Caller, Reply
from sync.platform.conformance.promises import BrokenPromiseError, expect
from sync.platform.ports import Ports, unix_ms
from sync.protocol.batch import Batch, EventReceipt, Receipt, read_receipt
from sync.protocol.enrolling import ENROL_PATH, Enrolled, EnrolRequest
from sync.protocol.envelope import Envelope, Position, Stamp, seal
from sync.protocol.errors import ReceiptError
from sync.protocol.events import DeviceNote
from sync.protocol.packing import pack
from sync.protocol.signing.keys import SEED_BYTES, SigningKey

EVENTS_PATH = "/v1/events"
NOTE = "conformance"
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person gives the suite.

    Attributes:
        code: a one-time code for the test device.
        second_code: for another device, which is then revoked; None: that promise is not tried.
        revoke: has the platform's keeper revoke a device, and returns when that is done.
        authority: a PEM file of the authority of the platform's TLS; None: the system's.
    """

    code: str
    second_code: str | None = None
    revoke: Callable[[str], None] | None = None
    authority: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """A device as it signs."""

    device: str
    key: SigningKey
    key_id: str


@dataclass(slots=True)
class Tester:
    """The test device and its platform. ``enrolled`` is what enrolment told; ``who`` the identity it signs with."""

    caller: Caller
    ports: Ports
    asked: Asked
    key: SigningKey
    enrolled: Enrolled | None = None
    who: Identity = field(init=False)
    boot: str = field(init=False)
    sealed: int = 0

    def __post_init__(self) -> None:
        self.boot = self.ports.ids()
        self.who = Identity("", self.key, self.key.public.hex())

    @property
    def told(self) -> Enrolled:
        """What enrolment told.

        Raises:
            BrokenPromiseError: there was none; nothing can be tried without.
        """
        if self.enrolled is None:
            raise BrokenPromiseError("the test device could not be enrolled")
        return self.enrolled

    def enrol(self, code: str, key: SigningKey) -> Reply:
        """Ask for a device with a code."""
        public = key.public.hex()
        return self.caller.post(ENROL_PATH, EnrolRequest(code, public), key, public)

    def new_key(self) -> SigningKey:
        """Return a key of nobody."""
        return SigningKey(self.ports.entropy(SEED_BYTES))

    def note(self, at: Position | None = None) -> Envelope:
        """Seal a note: at a place in a stream, or the first of a new one."""
        self.sealed += 1
        stamp = Stamp(self.boot, 1, self.sealed * 1_000_000, unix_ms(self.ports.clock()), "unknown")
        return seal(DeviceNote(NOTE), id_=self.ports.ids(), at=at or Position(self.ports.ids()), stamp=stamp)

    def notes(self, count: int) -> list[Envelope]:
        """Seal the first notes of a new stream."""
        made = [self.note()]
        while len(made) < count:
            made.append(self.note(place_of(made[-1])))
        return made

    def batch(self, events: Sequence[Envelope]) -> Batch:
        """Return events as a batch of this device."""
        return Batch(self.ports.ids(), self.told.device, list(events))

    def post(self, path: str, said: object) -> Reply:
        """Say something as this device."""
        return self.caller.post(path, said, self.who.key, self.who.key_id)

    def get(self, target: str) -> Reply:
        """Ask something as this device."""
        return self.caller.get(target, self.who.key, self.who.key_id)

    def send(self, events: Sequence[Envelope]) -> Receipt:
        """Send events and return their receipt.

        Raises:
            BrokenPromiseError: another answer than the receipt of exactly these.
        """
        batch = self.batch(events)
        body = pack(batch)
        reply = self.post(EVENTS_PATH, body)
        expect(reply.status == HTTPStatus.OK, f"a batch was answered {reply.said}")
        try:
            receipt = read_receipt(reply.content, batch, body)
        except ReceiptError as error:
            raise BrokenPromiseError(f"no receipt of the batch that was sent: {error}") from error
        ids = [each.id for each in receipt.events]
        expect(sorted(ids) == sorted(each.id for each in events), "the receipt does not name every event of the batch")
        return receipt

    def outcomes(self, events: Sequence[Envelope]) -> list[EventReceipt]:
        """Send events and return what became of each, in their order."""
        receipt = self.send(events)
        found = {each.id: each for each in receipt.events}
        return [found[each.id] for each in events]


def place_of(envelope: Envelope) -> Position:
    """Return the place that an envelope is at."""
    return Position(envelope.stream, envelope.seq, envelope.h)


def resealed(envelope: Envelope, **changes: object) -> Envelope:
    """Return an envelope with other content whose hash is right again."""
    changed = msgspec.structs.replace(envelope, **changes)
    return msgspec.structs.replace(changed, h=changed.digest())


def read(reply: Reply, kind: type[Told]) -> Told:
    """Return what an answer says.

    Raises:
        BrokenPromiseError: another status than 200, or other fields.
    """
    expect(reply.status == HTTPStatus.OK, f"{reply.method} {reply.target} was answered {reply.said}")
    try:
        return msgspec.json.decode(reply.content, type=kind)
    except msgspec.MsgspecError as error:
        raise BrokenPromiseError(f"{reply.method} {reply.target}: not the fields that are promised: {error}") from error
