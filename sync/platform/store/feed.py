"""The rows of the changes feed, and the lists that the root key signed.

Upstream: ``tables``, ``dialect``.
Downstream: ``sync.platform.feed``, ``signed_lists``, ``publishing``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from sync.platform.store import dialect
from sync.platform.store.tables import FeedEntryRow, FeedPlaceRow, PlatformStateRow, SignedListRow

EVERYWHERE = "*"  # the place whose entries every device is told
_drop = delete(FeedEntryRow).where(
    FeedEntryRow.place == bindparam("at"), FeedEntryRow.topic == bindparam("of"), FeedEntryRow.key == bindparam("named")
)


@dataclass(frozen=True, slots=True)
class FeedPlace:
    """How far the feed of a place has come; fields as in its row."""

    place: str
    epoch: str
    version: int
    floor: int
    digest: str
    computed_ms: int
    directory: str


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry; ``value`` is JSON, None once it is no more."""

    topic: str
    key: str
    version: int
    value: str | None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class FeedReading:
    """Some entries and how far the place has come, as of one instant; ``epoch`` is the database's now."""

    place: FeedPlace
    entries: Sequence[FeedEntry]
    epoch: str


@dataclass(frozen=True, slots=True)
class SignedList:
    """A list as it was last signed, as JSON, and the digest of what it lists."""

    digest: str
    document: str


def owner_of(place: str) -> str:
    """Return the name under which one transaction at a time writes what a place is told."""
    return f"feed:{place}"


class Feed:
    """The feed's rows of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def hold(self, place: str) -> None:
        """Let no other transaction write this place's rows until this one ends; waits for one that does."""
        dialect.hold_writers_of(self._session.connection(), owner_of(place))

    def place(self, place: str) -> FeedPlace | None:
        """Return how far a place has come."""
        row = self._session.get(FeedPlaceRow, place, populate_existing=True)
        return None if row is None else _place_of(row)

    def keep_place(self, place: FeedPlace) -> None:
        """Write how far a place has come."""
        values = {name: getattr(place, name) for name in FeedPlace.__dataclass_fields__}
        self._session.merge(FeedPlaceRow(**values))
        self._session.flush()

    def digests(self, place: str) -> dict[tuple[str, str], str]:
        """Return the digest of every entry that stands, by topic and key."""
        query = select(FeedEntryRow.topic, FeedEntryRow.key, FeedEntryRow.digest)
        rows = self._session.execute(query.where(FeedEntryRow.place == place, FeedEntryRow.value.is_not(None)))
        return {(topic, key): digest for topic, key, digest in rows}

    def put(self, place: str, entries: Iterable[FeedEntry], changed_ms: int) -> None:
        """Write entries anew."""
        rows = [
            {
                "place": place,
                "topic": each.topic,
                "key": each.key,
                "version": each.version,
                "value": each.value,
                "digest": each.digest,
                "changed_ms": changed_ms,
            }
            for each in entries
        ]
        if rows:
            connection = self._session.connection()
            connection.execute(_drop, [{"at": place, "of": row["topic"], "named": row["key"]} for row in rows])
            connection.execute(insert(FeedEntryRow), rows)

    def forget_tombstones(self, place: str, before_ms: int) -> int:
        """Delete tombstones older than an instant (UTC ms); return the highest version among them, 0 without any."""
        old = and_(FeedEntryRow.place == place, FeedEntryRow.value.is_(None), FeedEntryRow.changed_ms < before_ms)
        highest = self._session.scalar(select(func.max(FeedEntryRow.version)).where(old))
        if highest is not None:
            self._session.execute(delete(FeedEntryRow).where(old))
        return highest or 0

    def read(self, place: str, after: int, tombstones_after: int | None, limit: int) -> FeedReading | None:
        """Return what changed after a version, in the order of versions; None where the place was never asked for.

        One statement, so that it is one view of the database wherever it runs.

        Args:
            place: whose.
            after: a version.
            tombstones_after: another, tombstones of which and below are left out; None: all of them are.
            limit: at most so many.
        """
        told: list[ColumnElement[bool]] = [FeedEntryRow.value.is_not(None)]
        if tombstones_after is not None:
            told.append(FeedEntryRow.version > tombstones_after)
        mine = and_(FeedEntryRow.place == FeedPlaceRow.place, FeedEntryRow.version > after, or_(*told))
        query = (
            select(FeedPlaceRow, PlatformStateRow.epoch.label("now"), FeedEntryRow)
            .select_from(FeedPlaceRow)
            .join(PlatformStateRow, PlatformStateRow.id == 1)
            .outerjoin(FeedEntryRow, mine)
            .where(FeedPlaceRow.place == place)
            .order_by(FeedEntryRow.version)
            .limit(limit)
            .execution_options(populate_existing=True)
        )
        rows = self._session.execute(query).all()
        if not rows:
            return None
        entries = [_entry_of(row[2]) for row in rows if row[2] is not None]
        return FeedReading(_place_of(rows[0][0]), entries, rows[0].now)

    def signed_list(self, kind: str) -> SignedList | None:
        """Return a list as it was last signed."""
        row = self._session.get(SignedListRow, kind, populate_existing=True)
        return None if row is None else SignedList(row.digest, row.document)

    def keep_signed_list(self, kind: str, signed: SignedList) -> None:
        """Keep a list that was signed, over the one there was."""
        self._session.merge(SignedListRow(kind=kind, digest=signed.digest, document=signed.document))
        self._session.flush()


def _place_of(row: FeedPlaceRow) -> FeedPlace:
    return FeedPlace(**{name: getattr(row, name) for name in FeedPlace.__dataclass_fields__})


def _entry_of(row: FeedEntryRow) -> FeedEntry:
    return FeedEntry(row.topic, row.key, row.version, row.value, row.digest)
