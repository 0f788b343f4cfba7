"""A sign of life: how a device is, and the platform's time in return, whether or not anything waits to be sent.

Upstream: ``envelope``, ``events``.
Downstream: ``sync.agent`` asks, ``sync.platform.api`` answers.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from sync.protocol.envelope import Digest, Stamp
from sync.protocol.events import Id, UnixMs, Word

CONTACT_PATH = "/v1/contact"
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Short = Annotated[str, Meta(max_length=100)]
MOST_STREAMS = 100  # of one file: it begins another only where its card was copied, or was damaged


class DeviceReport(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a device is, for those who look after it; no name, number or code of anybody.

    Attributes:
        version: of the program.
        waiting: events the platform has not acknowledged.
        parked: events it quarantined.
        clock: what the newest stamp says of its clock (``sync.protocol.vocabulary.ClockQuality``), or empty.
        camera: the kiosk's word for the camera, or empty where none has run yet.
        seen_ms: when the kiosk wrote this, by the device's own wall clock, UTC ms; 0 where it never ran.
        free_mb: room on the disk of the device's file.
        boots: how many boots the device counts.
    """

    version: Short = ""
    waiting: Count = 0
    parked: Count = 0
    clock: Short = ""
    camera: Short = ""
    seen_ms: UnixMs = 0
    free_mb: Count | None = None
    boots: Count = 0


class StreamHead(msgspec.Struct, frozen=True):
    """The last event of a stream, as the device's file has it."""

    stream: Id
    seq: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    h: Digest


class Reached(msgspec.Struct, frozen=True):
    """All that a device's file held when the kiosk's clocks read ``stamp``: it had recorded this, and no more.

    The kiosk says so, in one transaction of the file, not the agent: a kiosk that does not run says nothing.

    Attributes:
        heads: of the streams of the file, in the order in which they were begun (the latest :data:`MOST_STREAMS`); the
            last is written to. Each stands, by the chain, for every event before it.
        stamp: read before the transaction began.
    """

    heads: Annotated[list[StreamHead], Meta(min_length=1, max_length=MOST_STREAMS)]
    stamp: Stamp


class ContactRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """``POST /v1/contact``: one device, how it is, and how far its kiosk says that its records reach."""

    device: Id
    report: DeviceReport | None = None
    reached: Reached | None = None


class ContactAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What comes back.

    Attributes:
        body_sha256: of the request body as received, hex: no captive portal can say it.
        server_ms: the platform's time, UTC ms.
        epoch: changes when the platform's database was restored from a backup.
        alarms: words for what a person must look at.
    """

    body_sha256: Digest
    server_ms: UnixMs
    epoch: Id
    alarms: list[Word] = []
