"""Refusals of the HTTP API as RFC 9457 problem details: a type, a title, and what to do.

Upstream: nothing.
Downstream: ``sync.platform.api``, ``sync.agent.transport``.
"""

from __future__ import annotations

import msgspec

PROBLEM_CONTENT_TYPE = "application/problem+json"


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """RFC 9457 §3.1; ``type`` is a word of ours as a relative reference, ``detail`` says what to do."""

    type: str
    title: str
    status: int
    detail: str | None = None


UNSIGNED = Problem("unsigned", "The request is not signed by a known device", 401, "Enrol the device, then send again.")
REVOKED = Problem("revoked", "This device may no longer upload", 403, "Keep the records and ask the platform's keeper.")
TOO_LARGE = Problem("too-large", "The batch is too large", 413, "Send half of it.")
NOT_A_BATCH = Problem(
    "not-a-batch", "The body is not a batch of events", 400, "Send gzip JSON as docs/PROTOCOL.md says."
)
UNAVAILABLE = Problem("unavailable", "The platform cannot store records now", 503, "Send the same batch again later.")
