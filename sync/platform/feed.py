"""The changes feed: pages of what a device must know, signed by the platform key.

Upstream: ``materialising``, ``present``, ``signed_lists``, ``cursors``, ``store``, ``sync.protocol``.
Downstream: ``api.changes``.

::

    asked ── held against what is so within the last minute? ── yes ──▶ one query, one page
                 │ no
                 ▼  one transaction, alone in its place (a lock that is let go when it has committed)
             what is so now, entry by entry ── another digest ──▶ the next version, and the value
                                            └─ stands no more ──▶ the next version, and a tombstone

Versions are given under the lock and become visible before it is let go, so they are seen in the order in which they
were given; a bare sequence would show a later one first and skip a slow transaction's rows for ever. A database that
was restored from a backup has another epoch: every place's version rises, and every cursor of before is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from sync.platform.cursors import Cursor, read_cursor, tag
from sync.platform.errors import KeyFileError
from sync.platform.keys import Keyring
from sync.platform.materialising import TOMBSTONES_MS, materialise
from sync.platform.ports import Clock, unix_ms
from sync.platform.present import Directory, told_at
from sync.platform.signed_lists import list_entries, sign_lists
from sync.platform.store.feed import EVERYWHERE, FeedEntry, FeedReading, owner_of
from sync.protocol.changes import CHANGES, SET_SEAL, ChangesPage, Scope, SetSeal, Tombstone, Upsert
from sync.protocol.entries import entries_of
from sync.protocol.problems import CURSOR_GONE, Problem
from sync.protocol.signing.documents import SignedDocument, sign_document

if TYPE_CHECKING:
    from sync.platform.records import Device
    from sync.platform.store import Database, Unit

MOST_VALUE_CHARS = 512 * 1024  # of one page; an entry longer than that goes alone
FROM_THE_BEGINNING = Cursor("", 0)


def _nothing() -> None:
    """Do nothing before."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old an answer may be, and how long what is gone is remembered, ms."""

    fresh_ms: int = 60_000
    tombstones_ms: int = TOMBSTONES_MS


@dataclass(frozen=True, slots=True)
class Question:
    """What a device asks: a scope, a cursor as it came (None: from the beginning), at most so many entries."""

    scope: Scope
    cursor: str | None
    limit: int


@dataclass(frozen=True, slots=True)
class Feed:
    """Answers devices.

    Attributes:
        keys: the platform's own key signs pages; the root key signs lists that have changed, where it is at hand.
        before: done before a place is looked at anew: answers to the roster that wait since a crash are settled.
    """

    database: Database
    clock: Clock
    keys: Keyring
    freshness: Freshness = field(default_factory=Freshness)
    before: Callable[[], None] = _nothing

    def page(self, device: Device, asked: Question) -> SignedDocument | Problem:
        """Return the page that answers a device's question, signed, or why there is none."""
        place = device.service_point if asked.scope is Scope.STATION else EVERYWHERE
        since = FROM_THE_BEGINNING if asked.cursor is None else read_cursor(asked.cursor)
        if since is None:
            return CURSOR_GONE
        after = None if asked.cursor is None else since.tombstones_after
        reading = self._reading(place, since.version, after, asked.limit + 1)
        own = tag(reading.epoch, asked.scope.value, place)
        if asked.cursor is not None and not _is_good(since, own, reading):
            return CURSOR_GONE
        page = self._page(device, asked, reading, Cursor(own, since.version, after or 0))
        return sign_document(CHANGES, msgspec.to_builtins(page), self.keys.platform())

    def _reading(self, place: str, version: int, tombstones_after: int | None, limit: int) -> FeedReading:
        with self.database.reading() as unit:
            found = unit.feed.read(place, version, tombstones_after, limit)
        if found is not None and self._is_fresh(found):
            return found
        if place != EVERYWHERE:
            self.before()
        self._refresh(place)
        with self.database.reading() as unit:
            found = unit.feed.read(place, version, tombstones_after, limit)
        if found is None:
            raise LookupError(f"the feed of {place} is not there after it was made")
        return found

    def _is_fresh(self, found: FeedReading) -> bool:
        age_ms = unix_ms(self.clock()) - found.place.computed_ms
        return found.place.epoch == found.epoch and 0 <= age_ms < self.freshness.fresh_ms

    def _refresh(self, place: str) -> None:
        """Hold the feed against what is so; who comes second finds it done."""
        with self.database.writing(owner_of(place)) as unit:
            known, now_ms = unit.feed.place(place), unix_ms(self.clock())
            epoch = unit.registry.epoch() or ""
            if known is not None and self._is_fresh(FeedReading(known, (), epoch)):
                return
            directory = Directory(known.directory) if known else Directory.POINT
            told = self._lists(unit, now_ms) if place == EVERYWHERE else _told(unit, place, now_ms, directory)
            materialise(unit, place, told, now_ms, tombstones_ms=self.freshness.tombstones_ms)

    def _lists(self, unit: Unit, now_ms: int) -> list[Upsert]:
        with suppress(KeyFileError):  # it stands on another machine, as it should in a city: a command signs there
            sign_lists(unit, self.keys.root(), now_ms)
        return list_entries(unit)

    def _page(self, device: Device, asked: Question, reading: FeedReading, since: Cursor) -> ChangesPage:
        place, entries = reading.place, _cut(reading.entries, asked.limit)
        more = len(entries) < len(reading.entries)
        left_out = place.version if asked.cursor is None else since.tombstones_after
        here = Cursor(since.of, entries[-1].version, left_out) if more else Cursor(since.of, place.version)
        return ChangesPage(
            device=device.id,
            scope=asked.scope,
            after=asked.cursor,
            upserts=[
                Upsert(each.topic, each.key, msgspec.json.decode(each.value))
                for each in entries
                if each.value is not None
            ],
            tombstones=[Tombstone(each.topic, each.key) for each in entries if each.value is None],
            cursor=str(here),
            more=more,
            version=place.version,
            issued_ms=place.computed_ms,
            epoch=reading.epoch,
            seal=None if more else self._seal(device, asked.scope, reading),
        )

    def _seal(self, device: Device, scope: Scope, reading: FeedReading) -> SignedDocument:
        place = reading.place
        seal = SetSeal(device.id, scope, place.version, place.computed_ms, reading.epoch, place.digest)
        return sign_document(SET_SEAL, msgspec.to_builtins(seal), self.keys.platform())


def _told(unit: Unit, place: str, now_ms: int, directory: Directory) -> list[Upsert]:
    point = unit.registry.service_point(place)
    return [] if point is None else list(entries_of(told_at(unit, point, now_ms, directory)))


def _is_good(cursor: Cursor, own: str, reading: FeedReading) -> bool:
    """Tell whether a cursor is of this feed, not ahead of it, and not older than what is remembered of the gone."""
    place = reading.place
    return cursor.of == own and cursor.version <= place.version and cursor.knows_to >= place.floor


def _cut(entries: Sequence[FeedEntry], limit: int) -> Sequence[FeedEntry]:
    """Return the first entries, as many as a page holds, at least one."""
    chars = 0
    for count, each in enumerate(entries[:limit]):
        chars += len(each.value or "")
        if count and chars > MOST_VALUE_CHARS:
            return entries[:count]
    return entries[:limit]
