"""The changes feed: what a device must know, as pages of single entries behind a cursor.

Upstream: ``events``, ``signing.documents``.
Downstream: ``sync.platform`` publishes, ``sync.agent`` fetches, ``sync.mailbox.inbox`` keeps, ``kiosk`` takes up.

``GET /v1/changes?scope=&cursor=&limit=`` answers a signed document of kind ``changes``. Without a cursor it is
the first page of the snapshot; 410 says that a cursor is of another epoch or too old: begin again without one. A page
and its cursor are kept in one transaction. ``revocations`` are a scope of their own and fetched first.

The last page of a chain (``more`` is false) seals the set of entries that a device then holds: whoever holds another
set begins again, and what is read from a disk years later can still be shown to be what the platform said
(docs/adr/0027). Names are not part of what is sealed, so that one can be forgotten and the rest still be believed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from sync.protocol.canonical import canonical_bytes
from sync.protocol.envelope import Digest
from sync.protocol.errors import SignatureError
from sync.protocol.events import Id, UnixMs
from sync.protocol.signing.documents import SignedDocument, open_document

CHANGES_PATH = "/v1/changes"
CHANGES = "changes"
SET_SEAL = "changes_set"
DEFAULT_ENTRIES, MAX_ENTRIES = 500, 1000  # of one page
NAME = "display_name"  # the field of a value that no seal covers
Key = Annotated[str, Meta(max_length=200)]
Cursor = Annotated[str, Meta(min_length=1, max_length=200)]


class Scope(StrEnum):
    """What is fetched behind one cursor; in this order, revocations first."""

    REVOCATIONS = "revocations"  # the two lists of the root key: whom to trust, and which cards were taken back
    STATION = "station"  # everything else


class Topic(StrEnum):
    """What an entry is about; its value is the struct of ``sync.protocol.reference`` in brackets."""

    REVOCATIONS = "revocations"  # a document signed by the root key [SignedDocument], key ""
    TRUST_LIST = "trust_list"  # a document signed by the root key [SignedDocument], key ""
    SERVICE_POINT = "service_point"  # [ServicePoint], key ""
    ROSTER = "roster"  # [RosteredShift], by shift id
    NOTICE = "notice"  # {"place", "text"}, by place
    APPOINTMENT = "appointment"  # [Appointment], by volunteer/role/from_ms
    DIRECTORY = "directory"  # [ListedVolunteer], by number
    STANDING = "standing"  # [Standing], by number
    SERVICE = "service"  # [ServiceRule], by service
    ELSEWHERE = "elsewhere"  # [OpenElsewhere], by session
    OPEN_POST = "open_post"  # [OpenPost], by post id
    SWAP = "swap"  # [SwapAsked], by swap id
    SETTLED = "settled"  # [AnswerSettled], by answer id
    NEARBY = "nearby"  # [NearbyShift], by assignment id


class Upsert(msgspec.Struct, frozen=True):
    """An entry as it is now."""

    topic: str
    key: Key
    value: dict[str, Any]


class Tombstone(msgspec.Struct, frozen=True):
    """An entry that is no more."""

    topic: str
    key: Key


class SetSeal(msgspec.Struct, frozen=True):
    """What a device holds of a scope, signed by the platform key as a document of kind :data:`SET_SEAL`.

    Attributes:
        version: of the reference data; rises, over epochs too.
        issued_ms: the platform's time, UTC ms.
        epoch: of the platform's database.
        digest: :func:`digest_of` the whole set.
    """

    device: Id
    scope: Scope
    version: Annotated[int, Meta(ge=1)]
    issued_ms: UnixMs
    epoch: Id
    digest: Digest


class ChangesPage(msgspec.Struct, frozen=True, omit_defaults=True):
    """One page for one device.

    Attributes:
        device, scope: whose and which.
        after: the cursor that was asked with; None: a snapshot begins, what was kept of this scope and is not named
            in it by its end is gone.
        cursor: to ask with next.
        more: whether another page waits now.
        version: of the reference data when this page was made; rises.
        issued_ms: the platform's time, UTC ms.
        epoch: of the platform's database.
        seal: of the whole set after this page [SetSeal]; None where more pages wait.
    """

    device: Id
    scope: Scope
    after: Cursor | None
    upserts: list[Upsert]
    tombstones: list[Tombstone]
    cursor: Cursor
    more: bool
    version: Annotated[int, Meta(ge=1)]
    issued_ms: UnixMs
    epoch: Id
    seal: SignedDocument | None = None


def read_page(answer: bytes, platform_public: bytes, device: str, scope: Scope, after: str | None) -> ChangesPage:
    """Return the page that answers exactly this question.

    Raises:
        SignatureError: not a page, signed by another key, or the answer to another question.
    """
    try:
        document = msgspec.json.decode(answer, type=SignedDocument)
        page = msgspec.convert(open_document(document, CHANGES, platform_public), ChangesPage)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SignatureError("the answer is not a page of changes (a captive portal or another server?)") from error
    if (page.device, page.scope, page.after) != (device, scope, after):
        raise SignatureError("the answer is a page for another device, scope or cursor")
    return page


def read_seal(document: SignedDocument, platform_public: bytes, device: str, scope: Scope) -> SetSeal:
    """Return what the platform says of the whole set of a scope.

    Raises:
        SignatureError: not a seal, signed by another key, or of another device or scope.
    """
    try:
        seal = msgspec.convert(open_document(document, SET_SEAL, platform_public), SetSeal)
    except msgspec.ValidationError as error:
        raise SignatureError(f"the seal of a set of changes is signed, but is not one: {error}") from error
    if (seal.device, seal.scope) != (device, scope):
        raise SignatureError("the seal is of another device or scope")
    return seal


def digest_of(entries: Iterable[Upsert]) -> str:
    """Return the SHA-256 of a set of entries, in whatever order they come, without the names in them.

    Raises:
        ProtocolError: a value has no canonical form.
    """
    nameless = [[each.topic, each.key, {k: v for k, v in each.value.items() if k != NAME}] for each in entries]
    return hashlib.sha256(canonical_bytes(sorted(nameless, key=lambda each: (each[0], each[1])))).hexdigest()
