"""The bodies of the events: immutable facts that happened at a device.

Upstream: ``vocabulary``.
Downstream: ``judgements`` (what persons say of a duty), ``kinds`` (all bodies by kind), ``sessions``,
``kiosk.usecases`` (makes them), ``sync.platform`` (reads them).

A body is part of the hash chain, so it holds the volunteer's number, the certificate's serial and key id, and never a
name: the name travels beside it as an :class:`Aside`, tied to the chain by ``name_digest`` (duty-rules.md, Names).
"""

from __future__ import annotations

import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta

from sync.protocol.vocabulary import AutoCloseReason, KitItem, Trust

Id = Annotated[str, Meta(min_length=1, max_length=64)]
Word = Annotated[str, Meta(min_length=1, max_length=64)]
VolunteerNumber = Annotated[str, Meta(min_length=1, max_length=32)]
Count = Annotated[int, Meta(ge=0, le=9999)]
UnixMs = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of the event bodies; defaults are left out of the wire and of the hash."""


class Shift(Body, frozen=True):
    """The rostered shift that a check-in matched: id and UTC bounds in milliseconds since 1970."""

    id: Id
    starts_ms: UnixMs
    ends_ms: UnixMs


class Presented(Body, frozen=True):
    """How a volunteer showed who they are.

    Attributes:
        issuer, kid, serial: of the certificate: issuer's region code, key id (4 hex digits) and serial (hex). Of a bare
            number: the service point's region, and ``none`` twice.
        format: ``lyz1``, the name of a legacy format, or ``typed``.
        trust: what speaks for it.
    """

    issuer: Word
    kid: Word
    serial: Word
    validity_unchecked: bool = False
    format: Word = "lyz1"
    trust: Trust = Trust.SIGNED


class CheckIn(Body, frozen=True):
    """上岗: a duty session begins. ``session`` is minted by the device and named by all later events.

    Attributes:
        witness: the volunteer number of the operator who confirmed it where the certificate alone was not enough.
        group: the visiting team's group that an operator opened (duty-rules.md 10).
        follows: 换岗: the session that ended at this very instant (duty-rules.md 9).
        paid: a social worker's paid duty; it counts nothing (令67 Art 19).
        drill: recorded while the station practised; it counts nothing and enters no total.
    """

    session: Id
    volunteer: VolunteerNumber
    certificate: Presented
    name_digest: Word
    service: Word
    service_point: Id
    team: Word | None = None
    shift: Shift | None = None
    witness: VolunteerNumber | None = None
    group: Id | None = None
    follows: Id | None = None
    paid: bool = False
    drill: bool = False


class CheckOut(Body, frozen=True):
    """下岗: the volunteer showed a certificate again and the session ends; ``witness`` as at the check-in."""

    session: Id
    volunteer: VolunteerNumber
    certificate: Presented
    witness: VolunteerNumber | None = None


class Choice(Body, frozen=True):
    """Another service kind than the likely one was tapped on the check-in card."""

    session: Id
    service: Word


class Tally(Body, frozen=True):
    """Counts tapped on the check-out card, by tally kind; the latest event of a session holds."""

    session: Id
    counts: dict[Word, Count]


class Undo(Body, frozen=True):
    """The volunteer took an accepted scan back within the undo window."""

    session: Id
    of: Id


class AutoClose(Body, frozen=True):
    """The rules closed a session nobody ended; ``at_ms`` is the limit that passed (UTC), not a guess of the truth."""

    session: Id
    reason: AutoCloseReason
    at_ms: UnixMs


class OperatorSignedIn(Body, frozen=True):
    """An operator showed a certificate and gave the right PIN; ``roles`` are those held at that moment."""

    operator: VolunteerNumber
    certificate: Presented
    roles: list[Word]


class OperatorRefused(Body, frozen=True):
    """Somebody with the genuine certificate of ``operator`` was not let in; ``reason`` is a word, say ``wrong_pin``."""

    operator: VolunteerNumber
    reason: Word


class OperatorPinSet(Body, frozen=True):
    """An operator without a PIN chose one."""

    operator: VolunteerNumber


class OperatorPinReset(Body, frozen=True):
    """The PIN of ``operator`` and its tries were forgotten; ``by`` None: by the keeper, at the machine itself."""

    operator: VolunteerNumber
    by: VolunteerNumber | None = None


class Anchor(Body, frozen=True):
    """One exchange with the platform: at ``bt_recv_us`` the true time lay in [server_ms, server_ms + rtt] (clock.md).

    ``boot_id`` and ``boot_n`` name the boot of the exchange, which may be an earlier one than that of the record.
    """

    boot_id: Word
    boot_n: Annotated[int, Meta(ge=0, le=2**31)]
    bt_recv_us: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    server_ms: UnixMs
    rtt_us: Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Heartbeat(Body, frozen=True):
    """The last instant at which an ended boot was surely alive; recorded at the next start (clock.md)."""

    boot_id: Word
    boot_n: Annotated[int, Meta(ge=0, le=2**31)]
    bt_us: Annotated[int, Meta(ge=0, le=2**53 - 1)]


class GroupOpened(Body, frozen=True):
    """An operator opened a group for a visiting team: members scan one after another (duty-rules.md 10)."""

    group: Id
    service: Word
    opened_by: VolunteerNumber
    team: Word | None = None


class GroupClosed(Body, frozen=True):
    """The group is complete; ``closed_by`` None: it ended by itself."""

    group: Id
    closed_by: VolunteerNumber | None = None


class Drill(Body, frozen=True):
    """Drill mode began or ended; what is scanned meanwhile enters no total."""

    on: bool
    by: VolunteerNumber | None = None


class Kit(Body, frozen=True):
    """Caps or armbands were handed out to a volunteer, or came back (REQ 1.1d)."""

    volunteer: VolunteerNumber
    item: KitItem
    count: Count
    returned: bool
    by: VolunteerNumber


class DeviceNote(Body, frozen=True):
    """Something about the device that a person may need to know later, as a word, say ``stream_started``."""

    note: Word


class Aside(msgspec.Struct, frozen=True):
    """What travels beside a check-in or an entry and may be erased without breaking the chain: the name at the time."""

    name: Annotated[str, Meta(max_length=200)]
    salt: Word

    def digest(self) -> str:
        """Return the salted SHA-256 of the name, hex, as it stands in the chain."""
        return hashlib.sha256(bytes.fromhex(self.salt) + self.name.encode()).hexdigest()
