"""What a place is told, held against what stands in the feed: changed entries get the next versions, gone ones too.

Upstream: ``store``, ``sync.protocol``.
Downstream: ``feed``, ``publishing``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from sync.platform.present import Directory
from sync.platform.store.feed import FeedEntry, FeedPlace
from sync.protocol.changes import Upsert, digest_of

if TYPE_CHECKING:
    from sync.platform.store import Unit

TOMBSTONES_MS = 60 * 24 * 3600 * 1000  # what is gone is remembered so long at least: a booth off the network asks then


def materialise(
    unit: Unit,
    place: str,
    told: Iterable[Upsert],
    now_ms: int,
    *,
    tombstones_ms: int = TOMBSTONES_MS,
    directory: Directory | None = None,
) -> FeedPlace:
    """Bring what stands in the feed to what is told now; return how far the place has come.

    Args:
        unit: of a transaction that holds the place; ``told`` was read within it, after it was held.
        place: a service point, or everywhere.
        told: every entry, each topic and key once.
        now_ms: UTC ms.
        tombstones_ms: how long what is gone is remembered.
        directory: whose numbers are in it from now on; None: as it was.
    """
    epoch, before = unit.registry.epoch() or "", unit.feed.place(place)
    stands = {} if before is None else unit.feed.digests(place)
    present = {(each.topic, each.key): each for each in told}
    changed = _changed(present, stands)
    gone = [FeedEntry(topic, key, 0, None) for topic, key in sorted(stands.keys() - present.keys())]
    first = max(now_ms, before.version + 1 if before else 1)
    rows = [replace(each, version=version) for version, each in enumerate((*gone, *changed), first)]
    unit.feed.put(place, rows, now_ms)
    version, digest, floor = (before.version, before.digest, before.floor) if before else (first, "", 0)
    if rows or before is None or before.epoch != epoch:
        version, digest = max(first, first + len(rows) - 1), digest_of(present.values())
    floor = max(floor, unit.feed.forget_tombstones(place, now_ms - tombstones_ms))
    chosen = directory.value if directory else before.directory if before else Directory.POINT.value
    now = FeedPlace(place, epoch, version, floor, digest, now_ms, chosen)
    unit.feed.keep_place(now)
    return now


def _changed(present: dict[tuple[str, str], Upsert], stands: dict[tuple[str, str], str]) -> Sequence[FeedEntry]:
    found = []
    for key, each in sorted(present.items()):
        value = msgspec.json.encode(each.value)
        digest = hashlib.sha256(value).hexdigest()
        if stands.get(key) != digest:
            found.append(FeedEntry(each.topic, each.key, 0, value.decode(), digest))
    return found
