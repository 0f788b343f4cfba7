"""The changes feed: what a device must know, as pages of single entries behind a cursor.

Upstream: ``events``, ``signing.documents``.
Downstream: ``sync.platform`` publishes, ``sync.agent`` fetches, ``sync.mailbox.inbox`` keeps, ``kiosk`` takes up.

``GET /v1/changes?scope=&cursor=&limit=`` answers a signed document of kind ``changes``. Without a cursor it is
the first page of the snapshot; 410 says that a cursor is of another epoch or too old: begin again without one. A page
and its cursor are kept in one transaction. ``revocations`` are a scope of their own and fetched first.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from sync.protocol.errors import SignatureError
from sync.protocol.events import Id, UnixMs
from sync.protocol.signing.documents import SignedDocument, open_document

CHANGES_PATH = "/v1/changes"
CHANGES = "changes"
MAX_ENTRIES = 1000
Key = Annotated[str, Meta(max_length=200)]
Cursor = Annotated[str, Meta(min_length=1, max_length=200)]


class Scope(StrEnum):
    """What is fetched behind one cursor."""

    REVOCATIONS = "revocations"
    STATION = "station"


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


class Upsert(msgspec.Struct, frozen=True):
    """An entry as it is now."""

    topic: str
    key: Key
    value: dict[str, Any]


class Tombstone(msgspec.Struct, frozen=True):
    """An entry that is no more."""

    topic: str
    key: Key


class ChangesPage(msgspec.Struct, frozen=True):
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
