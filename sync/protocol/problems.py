"""Refusals of the HTTP API as RFC 9457 problem details: a closed list of types, each with a title and what to do.

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


NOT_A_BATCH = Problem(
    "not-a-batch", "The body is not a batch of events", 400, "Send gzip JSON as docs/PROTOCOL.md says."
)
NOT_UNDERSTOOD = Problem(
    "not-understood", "The request is not what this call takes", 400, "Send what docs/PROTOCOL.md says, as gzip JSON."
)
UNSIGNED = Problem("unsigned", "The request is not signed by a known device", 401, "Enrol the device, then send again.")
STALE_NONCE = Problem(
    "stale-nonce", "The signature has no nonce, or an old one", 401, "Sign again with this answer's Lyz-Nonce, at once."
)
REVOKED = Problem("revoked", "This device may no longer upload", 403, "Keep the records and ask the platform's keeper.")
CODE_REFUSED = Problem(
    "code-refused", "This code is not good", 403, "Ask the platform's keeper for a new code; each is good once."
)
NOT_FOUND = Problem("not-found", "There is no such call", 404, "See docs/PROTOCOL.md for the calls.")
METHOD_NOT_ALLOWED = Problem(
    "method-not-allowed", "This call is made by another method", 405, "See docs/PROTOCOL.md for the calls."
)
TOO_SLOW = Problem("too-slow", "The body did not arrive in time", 408, "Send it again later.")
KEY_REFUSED = Problem(
    "key-refused", "This key cannot follow", 409, "Only the newest key names the next one, which signs its own proof."
)
CURSOR_GONE = Problem("cursor-gone", "This cursor is of another time", 410, "Begin the scope again without a cursor.")
TOO_LARGE = Problem("too-large", "The batch is too large", 413, "Send half of it.")
TOO_MANY = Problem("too-many", "Too many requests from this address", 429, "Come again after Retry-After.")
UNAVAILABLE = Problem("unavailable", "The platform cannot store records now", 503, "Send the same batch again later.")

PROBLEMS = (
    NOT_A_BATCH,
    NOT_UNDERSTOOD,
    UNSIGNED,
    STALE_NONCE,
    REVOKED,
    CODE_REFUSED,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    TOO_SLOW,
    KEY_REFUSED,
    CURSOR_GONE,
    TOO_LARGE,
    TOO_MANY,
    UNAVAILABLE,
)
