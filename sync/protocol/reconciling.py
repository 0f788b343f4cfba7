"""Which of these events does the platform lack? Asked daily, after a day offline, and when its epoch changed.

Upstream: ``envelope``, ``events``.
Downstream: ``sync.agent`` asks, ``sync.platform.api`` answers.

A platform that was restored from a backup has forgotten what it had acknowledged; this gives it back.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from sync.protocol.envelope import Digest
from sync.protocol.events import Id, UnixMs

MISSING_PATH = "/v1/events/missing"
MAX_IDS = 5000  # 36 characters each: 190 kB plain, about 100 kB compressed


class MissingRequest(msgspec.Struct, frozen=True):
    """``POST /v1/events/missing``: ids of events that this device was told are kept."""

    device: Id
    ids: Annotated[list[Id], Meta(min_length=1, max_length=MAX_IDS)]


class MissingAnswer(msgspec.Struct, frozen=True):
    """Those the platform has neither in its ledger nor in quarantine; ``body_sha256`` names the request body."""

    body_sha256: Digest
    missing: list[Id]
    server_ms: UnixMs
    epoch: Id
