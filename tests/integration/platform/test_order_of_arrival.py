"""No order of arrival changes the ledger: any permutation, doubling and cutting into batches."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from functools import lru_cache
from typing import Any, cast

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sync.platform import accounts
from sync.platform.receiving import take
from sync.platform.records import Device
from sync.platform.store import Database
from sync.protocol.batch import Batch, Delivery
from sync.protocol.envelope import Envelope, Position, seal
from sync.protocol.events import Choice
from sync.protocol.signing.keys import SigningKey
from sync.protocol.vocabulary import EventKind
from tests.integration.platform.conftest import POINT, START_MS
from tests.integration.platform.fleet import FakeDevice

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
PEOPLE = ("LY1", "LY2", "LY3")
acts = st.sampled_from(["begin", "end", "undo", "choose", "close", "anchor", "anchor", "reboot"])
histories = st.lists(st.tuples(acts, st.integers(0, 2), st.integers(1, 14 * 60)), min_size=2, max_size=18)


def recorded(history: list[tuple[str, int, int]], fork: bool) -> list[Envelope]:
    """What one device wrote over two or three boots, with a clock that is wrong by years; a copied card where asked."""
    device = FakeDevice("device", SigningKey(b"\x01" * 32), POINT.id, START_MS, "stream", "boot-1")
    now_ms, opened = START_MS, ["none"]
    for act, person, minutes in history:
        now_ms += minutes * MINUTE_MS
        if act == "begin":
            opened.append(device.check_in(PEOPLE[person], f"人{person}", now_ms))
        elif act == "end":
            device.check_out(opened[-1], PEOPLE[person], now_ms, tea=person)
        elif act == "undo" and device.log:
            device.undo_last(opened[-1], now_ms)
        elif act == "choose":
            device.record(Choice(opened[-1], f"kind-{person}"), now_ms)
        elif act == "close":
            device.auto_close(opened[-1], now_ms)
        elif act == "anchor":
            device.anchor(now_ms, rtt_ms=20 + minutes)
        else:
            device = replace(device, boot_n=device.boot_n + 1, boot_id=f"boot-{device.boot_n + 1}", started_ms=now_ms)
    return device.log + [_forked(envelope) for envelope in device.log if fork and envelope.kind == EventKind.CHOICE]


def _forked(envelope: Envelope) -> Envelope:
    body = Choice(envelope.body["session"], "other")
    return seal(body, id_=f"fork-{envelope.seq}", at=Position(envelope.stream, envelope.seq - 1), stamp=envelope.stamp)


def wrong_clock(envelopes: list[Envelope], years: int) -> list[Envelope]:
    """The same events by a wall clock that is years off."""
    off_ms = years * 365 * 24 * HOUR_MS
    changed = []
    for envelope in envelopes:
        stamp = msgspec.structs.replace(envelope.stamp, wall_ms=envelope.stamp.wall_ms + off_ms)
        moved = msgspec.structs.replace(envelope, stamp=stamp)
        changed.append(msgspec.structs.replace(moved, h=moved.digest()))
    return changed


def driver_of(database: Database) -> sqlite3.Connection:
    """The one connection of a database in memory."""
    connection: Any = database._engine.raw_connection().driver_connection
    return cast("sqlite3.Connection", connection)


@lru_cache(maxsize=1)
def empty_platform() -> bytes:
    """A migrated database with one device, as bytes: made once, copied for each example."""
    database = Database.open("sqlite://")
    database.migrate()
    with database.writing("registry") as unit:
        unit.registry.add_service_point(POINT)
        unit.devices.add(Device("device", "east", POINT.id, b"\x01" * 32, 0))
    return driver_of(database).serialize()


def ledger_after(batches: list[list[Envelope]]) -> dict[str, Any]:
    """The ledger of a fresh platform after these batches."""
    database = Database.open("sqlite://")
    driver_of(database).deserialize(empty_platform())
    for number, events in enumerate(batches):
        with database.writing("device") as unit:
            take(Delivery(Batch(f"b{number}", "device", events)), "0" * 64, unit, START_MS)
    with database.reading() as unit:
        document = accounts.ledger_document(unit.ledger.all(), unit.events.all())
    database.close()
    return document


@settings(
    max_examples=100,
    phases=(Phase.reuse, Phase.generate, Phase.shrink),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(data=st.data(), history=histories, fork=st.booleans(), years=st.sampled_from([0, -20, 10]))
def test_every_order_gives_the_same_ledger(
    data: st.DataObject, history: list[tuple[str, int, int]], fork: bool, years: int
) -> None:
    events = wrong_clock(recorded(history, fork), years)
    if not events:
        return
    doubled = events + data.draw(st.lists(st.sampled_from(events), max_size=4), label="doubled")
    shuffled = data.draw(st.permutations(doubled), label="order")
    cuts = sorted(data.draw(st.sets(st.integers(1, len(shuffled)), max_size=5), label="cuts") | {len(shuffled)})
    batches = [shuffled[begin:end] for begin, end in zip([0, *cuts], cuts, strict=False)]
    assert ledger_after([part for part in batches if part]) == ledger_after([events])
