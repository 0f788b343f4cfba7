"""Hours that people of a station enter at the console: events like a device's, in a stream of the service point's own.

Upstream: ``taking``, ``store``, ``sync.protocol``.
Downstream: ``deciding``.

The console keeps one stream a service point, as a device without a key that anyone holds: nothing that comes over the
wire can be signed for it. Its clock is the platform's. Rules are those of booths: who enters does not confirm, and
nobody confirms the own hours (duty-rules.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sync.platform.errors import DecisionError
from sync.platform.ports import Ports, unix_ms
from sync.platform.records import Device
from sync.platform.store import Unit
from sync.platform.store.hand_streams import HandStream
from sync.platform.taking import take
from sync.platform.wording import marked
from sync.protocol.batch import Batch, Delivery
from sync.protocol.envelope import Envelope, Position, Stamp, open_body, seal
from sync.protocol.events import Anchor, Aside, Body
from sync.protocol.judgements import CaptainEntry, Confirmation, Void
from sync.protocol.vocabulary import ClockQuality, EntryReason, EventOutcome, VoidReason

SALT_BYTES = 16
KEY_BYTES = 32
MOST_MS = 12 * 3600 * 1000  # duty-rules.md: the longest duty
EARLIEST_MS = 90 * 24 * 3600 * 1000  # what is older is for the archive, not for an entry by hand
NAME = "控制台补记"


@dataclass(frozen=True, slots=True)
class Hours:
    """What is proposed: whose, what, from when until when (UTC ms), and why no scan recorded it."""

    volunteer: str
    service: str
    starts_ms: int
    ends_ms: int
    reason: EntryReason
    team: str | None = None


@dataclass(frozen=True, slots=True)
class HandBook:
    """The stream of one service point within an open transaction."""

    unit: Unit
    ports: Ports
    service_point: str

    def propose(self, hours: Hours, by: str) -> str:
        """Enter hours, which count nothing until another confirms them; return their session.

        Raises:
            DecisionError: the volunteer is not registered, or the times cannot be.
        """
        volunteer, now_ms = self.unit.registry.volunteer(hours.volunteer), unix_ms(self.ports.clock())
        if volunteer is None:
            raise DecisionError(marked("No such volunteer is registered here."))
        if not 0 < hours.ends_ms - hours.starts_ms <= MOST_MS:
            raise DecisionError(marked("The end comes after the start, and no duty is longer than 12 hours."))
        if hours.ends_ms > now_ms or hours.starts_ms < now_ms - EARLIEST_MS:
            raise DecisionError(marked("The hours must be over, and not older than 90 days."))
        aside = Aside(volunteer.name, self.ports.entropy(SALT_BYTES).hex())
        session = self.ports.ids()
        body = CaptainEntry(
            session=session,
            volunteer=hours.volunteer,
            name_digest=aside.digest(),
            service=hours.service,
            service_point=self.service_point,
            starts_ms=hours.starts_ms,
            ends_ms=hours.ends_ms,
            reason=hours.reason,
            entered_by=by,
            team=hours.team,
        )
        self._write(body, aside)
        return session

    def confirm(self, session: str, by: str) -> None:
        """Stand for an entry as the second person.

        Raises:
            DecisionError: the same person entered it, or it is about their own hours.
        """
        entry = self._entry(session)
        said = open_body(entry)
        if not isinstance(said, CaptainEntry) or by == said.entered_by:
            raise DecisionError(marked("Another person of the station has to confirm what you entered."))
        if by == said.volunteer:
            raise DecisionError(marked("Nobody confirms the own hours."))
        self._write(Confirmation(session, entry.id, by))

    def withdraw(self, session: str, by: str) -> None:
        """Take an entry back that counts nothing yet."""
        self._entry(session)
        self._write(Void(session, VoidReason.OTHER, by))

    def _entry(self, session: str) -> Envelope:
        for recorded in self.unit.events.histories((session,)).get(session, []):
            if recorded.envelope.kind == "captain_entry":
                return recorded.envelope
        raise DecisionError(marked("Nothing was proposed for this record."))

    def _write(self, body: Body, aside: Aside | None = None) -> None:
        stream, now_ms = self._stream(), unix_ms(self.ports.clock())
        head = self.unit.heads.last(stream.stream) or Position(stream.stream)
        sealed = list(self._sealed(stream, head, now_ms, ((self._anchor(stream, now_ms), None), (body, aside))))
        batch = Batch(self.ports.ids(), stream.device, sealed)
        digest = hashlib.sha256(sealed[-1].h.encode()).hexdigest()
        taken = take(Delivery(batch), digest, self.unit, now_ms)
        if any(verdict.outcome is not EventOutcome.ACCEPTED for verdict in taken.verdicts):
            raise DecisionError(marked("This entry does not fit the ledger."))

    def _sealed(
        self, stream: HandStream, head: Position, now_ms: int, bodies: Iterable[tuple[Body, Aside | None]]
    ) -> Iterable[Envelope]:
        for body, aside in bodies:
            stamp = Stamp(stream.boot_id, 1, _bt_us(stream, now_ms), now_ms, ClockQuality.ANCHORED.value)
            one = seal(body, id_=self.ports.ids(), at=head, stamp=stamp, aside=aside)
            head = Position(one.stream, one.seq, one.h)
            yield one

    @staticmethod
    def _anchor(stream: HandStream, now_ms: int) -> Anchor:
        return Anchor(stream.boot_id, 1, _bt_us(stream, now_ms), now_ms, 0)

    def _stream(self) -> HandStream:
        held = self.unit.hand_streams.of(self.service_point)
        if held is not None:
            return held
        now_ms, ids = unix_ms(self.ports.clock()), self.ports.ids
        made = HandStream(self.service_point, ids(), ids(), ids(), now_ms)
        public = self.ports.entropy(KEY_BYTES)  # nobody holds its other half
        self.unit.devices.add(Device(made.device, NAME, self.service_point, public, now_ms))
        self.unit.hand_streams.add(made)
        return made


def _bt_us(stream: HandStream, now_ms: int) -> int:
    return max(0, now_ms - stream.begun_ms) * 1000
