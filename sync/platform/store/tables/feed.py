"""The changes feed: what devices are told, entry by entry, with the version that last changed each.

Upstream: SQLAlchemy, ``row``.
Downstream: ``tables``.
"""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from sync.platform.store.tables.row import Row


class FeedPlaceRow(Row):
    """How far the feed of a service point has come (``*``: of them all); one row is written by one at a time.

    ``version`` is the last one given, ``floor`` the highest whose tombstone is forgotten, ``digest`` that of the whole
    set; ``computed_ms`` is when it was last held against what is so, ``directory`` whose numbers are in it.
    """

    __tablename__ = "feed_places"
    place: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[str]
    version: Mapped[int]
    floor: Mapped[int]
    digest: Mapped[str]
    computed_ms: Mapped[int]
    directory: Mapped[str]


class FeedEntryRow(Row):
    """One entry as it is told; ``value`` is JSON, None once it is no more."""

    __tablename__ = "feed_entries"
    __table_args__ = (Index("ix_feed_entries_version", "place", "version"),)
    place: Mapped[str] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    value: Mapped[str | None]
    digest: Mapped[str]
    changed_ms: Mapped[int]


class SignedListRow(Row):
    """A list as the root key last signed it (``document``, JSON), and the digest of what it lists."""

    __tablename__ = "signed_lists"
    kind: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    document: Mapped[str]
