"""The inbox: what the platform told this device, a page at a time; each within the caller's transaction.

Upstream: ``tables``, ``sync.protocol.changes``.
Downstream: ``agent_inbox`` (keeps pages), ``kiosk.store`` (reads whole sets, forgets names).

What stands in ``inbox`` is always one whole set that the platform sealed. Pages wait beside it until the last one::

    page, more ──▶ staged, staged_cursor
    last page  ──▶ (snapshot: the set is emptied) staged and the page are taken over, the set is held against its seal,
                   cursor, version and seal are kept ── another set than was sealed: nothing of all this happened
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from sync.mailbox.tables import InboxRow, InboxScopeRow, StagedRow
from sync.protocol.changes import NAME, Scope, SetSeal, Topic, Upsert, digest_of
from sync.protocol.errors import ProtocolError
from sync.protocol.signing.documents import SignedDocument

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection

    from sync.protocol.changes import ChangesPage

_documents = msgspec.json.Decoder(SignedDocument)
_values = msgspec.json.Decoder(dict[str, Any])
_every = select(InboxRow.__table__).order_by(InboxRow.topic, InboxRow.key)
_put = upsert(InboxRow)
_put = _put.on_conflict_do_update(
    index_elements=[InboxRow.scope, InboxRow.topic, InboxRow.key], set_={"value": _put.excluded.value}
)
_stage = upsert(StagedRow)
_stage = _stage.on_conflict_do_update(
    index_elements=[StagedRow.scope, StagedRow.topic, StagedRow.key],
    set_={name: _stage.excluded[name] for name in ("value", "gone")},
)
NOTHING = b"{}"
NAMED = frozenset({Topic.ROSTER, Topic.APPOINTMENT, Topic.DIRECTORY})  # whose values hold names


class UnfitPageError(ProtocolError):
    """A page does not lead from what stands to what the platform sealed; nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How far a scope has been read: what to ask with next (None: from the beginning), and the version that stands."""

    cursor: str | None = None
    staged_cursor: str | None = None
    staged_whole: bool = False
    version: int = 0
    seal: SignedDocument | None = None

    @property
    def after(self) -> str | None:
        """The cursor of the next question."""
        return self.staged_cursor or self.cursor


@dataclass(frozen=True, slots=True)
class KeptSet:
    """A whole set as it was kept, and the platform's seal of it; neither was checked."""

    entries: Sequence[Upsert]
    seal: SignedDocument


def asked(connection: Connection, scope: Scope) -> Asked:
    """Return how far a scope has been read."""
    row = connection.execute(select(InboxScopeRow.__table__).where(InboxScopeRow.scope == scope)).one_or_none()
    if row is None:
        return Asked()
    return Asked(row.cursor, row.staged_cursor, row.staged_whole, row.version, _seal_of(row.seal))


def keep(connection: Connection, page: ChangesPage, seal: SetSeal | None) -> bool:
    """Keep a page whose signature was checked, and its cursor; return whether a new whole set stands now.

    Args:
        connection: of a transaction that writes.
        page: the answer to the question that :func:`asked` gave.
        seal: of the whole set, checked as well; None where more pages wait.

    Raises:
        UnfitPageError: the answer to another question, older than what stands, without a seal, or of another set
            than was sealed; the transaction must not be committed.
    """
    stands = asked(connection, page.scope)
    if page.version < stands.version:
        raise UnfitPageError("the platform says what it said before something newer")
    if page.after is not None and page.after != stands.after:
        raise UnfitPageError("the page answers a question that is not open any more")
    if page.more != (seal is None) or (seal is not None and seal.version != page.version):
        raise UnfitPageError("the last page, and that one alone, says what the whole set is")
    if _says_nothing_new(page, stands):
        return False
    whole = page.after is None or (stands.staged_cursor is not None and stands.staged_whole)
    if page.after is None:
        connection.execute(delete(StagedRow).where(StagedRow.scope == page.scope))
    _stage_page(connection, page)
    if seal is None:
        _note(connection, page.scope, staged_cursor=page.cursor, staged_whole=whole)
        return False
    _take_over(connection, page.scope, whole=whole)
    if _digest(connection, page.scope) != seal.digest:
        raise UnfitPageError("what the pages add up to is not what the platform sealed")
    values = {"cursor": page.cursor, "version": page.version, "seal": msgspec.json.encode(page.seal)}
    _note(connection, page.scope, staged_cursor=None, staged_whole=False, **values)
    return True


def begin_anew(connection: Connection, scope: Scope) -> None:
    """Ask from the beginning next; what stands goes on standing until that has come whole."""
    connection.execute(delete(StagedRow).where(StagedRow.scope == scope))
    row = update(InboxScopeRow).where(InboxScopeRow.scope == scope)
    connection.execute(row.values(cursor=None, staged_cursor=None, staged_whole=False))


def read(connection: Connection, scope: Scope) -> KeptSet | None:
    """Return the whole set of a scope; None where none stands, or a row of it cannot be read."""
    seal = asked(connection, scope).seal
    if seal is None:
        return None
    try:
        return KeptSet(_entries(connection, scope), seal)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def is_whole(connection: Connection, scope: Scope, read_seal: Callable[[SignedDocument], SetSeal]) -> bool:
    """Tell whether the set that stands is the one that its seal names; True where none stands.

    Args:
        connection: of a transaction.
        scope: whose.
        read_seal: checks a seal; raises ``ProtocolError`` where it is not the platform's, or of another device.
    """
    row = connection.execute(select(InboxScopeRow.seal).where(InboxScopeRow.scope == scope)).one_or_none()
    if row is None or row.seal is None:
        return True
    seal = _seal_of(row.seal)
    try:
        return seal is not None and _digest(connection, scope) == read_seal(seal).digest
    except ProtocolError:
        return False


def mark(connection: Connection) -> tuple[tuple[str, int], ...]:
    """Return what changes whenever a whole set does: the version that stands of each scope."""
    rows = connection.execute(select(InboxScopeRow.scope, InboxScopeRow.version).order_by(InboxScopeRow.scope))
    return tuple((row.scope, row.version) for row in rows)


def blank_names(connection: Connection, volunteers: Iterable[str]) -> int:
    """Take the names of volunteers out of the directory; return how many had one.

    Who is rostered or appointed is expected again, and keeps it. No seal covers names, so the rest goes on being
    believed.
    """
    gone, blanked = frozenset(volunteers) - _expected(connection), 0
    for table in (InboxRow, StagedRow):
        mine = table.topic == Topic.DIRECTORY
        for row in connection.execute(select(table.__table__).where(mine)).all():
            if row.key in gone:
                nameless = msgspec.json.encode({**_value_of(row.value), NAME: ""})
                here = (mine, table.scope == row.scope, table.key == row.key)
                connection.execute(update(table).where(*here).values(value=nameless))
                blanked += 1
    if blanked:
        _write_anew(connection, Scope.STATION)
    return blanked


def _expected(connection: Connection) -> set[str]:
    topics = (Topic.ROSTER, Topic.APPOINTMENT)
    rows = connection.execute(select(InboxRow.value).where(InboxRow.topic.in_(topics))).scalars()
    return {str(_value_of(value).get("volunteer")) for value in rows}


def _value_of(stored: bytes) -> dict[str, Any]:
    try:
        return _values.decode(stored)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return {}  # the disk has changed it; its set is asked for anew


def _says_nothing_new(page: ChangesPage, stands: Asked) -> bool:
    same = page.after == page.cursor == stands.cursor and page.version == stands.version
    return same and stands.staged_cursor is None and not (page.more or page.upserts or page.tombstones)


def _stage_page(connection: Connection, page: ChangesPage) -> None:
    rows = [
        {"topic": each.topic, "key": each.key, "value": msgspec.json.encode(each.value), "gone": False}
        for each in page.upserts
    ]
    rows += [{"topic": each.topic, "key": each.key, "value": NOTHING, "gone": True} for each in page.tombstones]
    if rows:
        connection.execute(_stage, [{"scope": page.scope.value, **row} for row in rows])


def _take_over(connection: Connection, scope: Scope, *, whole: bool) -> None:
    mine = StagedRow.scope == scope
    if whole:
        connection.execute(delete(InboxRow).where(InboxRow.scope == scope))
    staged = connection.execute(select(StagedRow.__table__).where(mine).order_by(StagedRow.topic, StagedRow.key)).all()
    for row in staged:
        if row.gone:
            gone = (InboxRow.scope == scope, InboxRow.topic == row.topic, InboxRow.key == row.key)
            connection.execute(delete(InboxRow).where(*gone))
    _write(connection, _put, (row for row in staged if not row.gone))
    connection.execute(delete(StagedRow).where(mine))
    if not whole and any(row.topic in NAMED for row in staged):
        _write_anew(connection, scope)


def _write_anew(connection: Connection, scope: Scope) -> None:
    """Empty a scope and fill it again in order, so that no split page keeps a stale copy of a name."""
    rows = connection.execute(_every.where(InboxRow.scope == scope)).all()
    connection.execute(delete(InboxRow).where(InboxRow.scope == scope))
    _write(connection, insert(InboxRow), rows)


def _write(connection: Connection, statement: Any, rows: Iterable[Any]) -> None:
    values = [{"scope": row.scope, "topic": row.topic, "key": row.key, "value": row.value} for row in rows]
    if values:
        connection.execute(statement, values)


def _note(connection: Connection, scope: Scope, **values: object) -> None:
    first = {"scope": scope.value, "cursor": None, "version": 0, "seal": None, **values}
    statement = upsert(InboxScopeRow).values(**first)
    connection.execute(statement.on_conflict_do_update(index_elements=[InboxScopeRow.scope], set_=values))


def _entries(connection: Connection, scope: Scope) -> list[Upsert]:
    rows = connection.execute(_every.where(InboxRow.scope == scope))
    return [Upsert(row.topic, row.key, _values.decode(row.value)) for row in rows]


def _digest(connection: Connection, scope: Scope) -> str | None:
    try:
        return digest_of(_entries(connection, scope))
    except (msgspec.MsgspecError, UnicodeDecodeError, ProtocolError):
        return None  # the disk has changed a row


def _seal_of(stored: bytes | None) -> SignedDocument | None:
    try:
        return None if stored is None else _documents.decode(stored)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
