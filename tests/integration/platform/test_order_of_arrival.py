"""No order of arrival changes the ledger: any permutation, doubling and cutting into batches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sync.platform import accounts
from sync.platform.records import LedgerFilter
from sync.platform.store import Database
from sync.platform.taking import take
from sync.protocol.batch import Batch, Delivery
from sync.protocol.envelope import Envelope, Position, seal
from sync.protocol.events import Choice, Heartbeat
from sync.protocol.signing.keys import SigningKey
from sync.protocol.vocabulary import EventKind
from tests.integration.platform.conftest import POINT, POSTGRESQL, SQLITE, START_MS
from tests.integration.platform.emptied import DEVICES, Fresh, kept
from tests.integration.platform.fleet import FakeDevice
from tests.integration.platform.sayings import BESIDE, SAYINGS, beside, said

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
KEY = SigningKey(b"\x01" * 32)
PEOPLE = ("LY1", "LY2", "LY3")
EXAMPLES = {SQLITE: 50, POSTGRESQL: 20}
acts = st.sampled_from(
    ["begin", "end", "end", "undo", "choose", "close", "anchor", "anchor", "reboot", "go", *SAYINGS, *BESIDE]
)
histories = st.lists(st.tuples(acts, st.integers(0, 2), st.integers(1, 14 * 60)), min_size=2, max_size=24)


def recorded(history: list[tuple[str, int, int]], fork: bool) -> list[Envelope]:
    """What two devices wrote over two or three boots each; a copied card where asked."""
    device, other = (FakeDevice(name, KEY, POINT.id, START_MS, f"of {name}", f"{name}-1") for name in DEVICES)
    now_ms, opened = START_MS, ["none"]
    for act, person, minutes in history:
        now_ms += minutes * MINUTE_MS
        if act == "begin":
            opened.append(device.check_in(PEOPLE[person], f"人{person}", now_ms))
        elif act == "go":
            device, other = other, device
        elif act == "reboot":
            device = rebooted(device, now_ms, minutes)
        elif act in SAYINGS:
            device.record(said(act, device.log, opened[-1], (PEOPLE[person], minutes)), now_ms)
        elif act in BESIDE:
            device.record(beside(act, device, opened[-1], minutes), now_ms)
        else:
            record(device, act, opened[-1], person, now_ms)
    written = device.log + other.log
    return written + [_forked(envelope) for envelope in written if fork and envelope.kind == EventKind.CHOICE]


def record(device: FakeDevice, act: str, session: str, person: int, now_ms: int) -> None:
    """What a device records of a session that is open somewhere, or of the time."""
    if act == "end":
        device.check_out(session, PEOPLE[person], now_ms, tea=person)
    elif act == "undo" and device.log:
        device.undo_last(session, now_ms)
    elif act == "choose":
        device.record(Choice(session, f"kind-{person}"), now_ms)
    elif act == "close":
        device.auto_close(session, now_ms)
    elif act == "anchor":
        device.anchor(now_ms, rtt_ms=20 + person * 1000)


def rebooted(device: FakeDevice, now_ms: int, minutes: int) -> FakeDevice:
    """The power was cut some minutes ago; of every other boot the last beat is told."""
    number, alive_us = device.boot_n, max(0, now_ms - device.started_ms - minutes * MINUTE_MS) * 1000
    ended = Heartbeat(device.boot_id, number, alive_us)
    device = replace(device, boot_n=number + 1, boot_id=f"{device.id}-{number + 1}", started_ms=now_ms)
    if minutes % 2:
        device.record(ended, now_ms)
    return device


def _forked(envelope: Envelope) -> Envelope:
    body = Choice(envelope.body["session"], "other")
    return seal(
        body,
        id_=f"fork-{envelope.stream}-{envelope.seq}",
        at=Position(envelope.stream, envelope.seq - 1),
        stamp=envelope.stamp,
    )


def wrong_clock(envelopes: list[Envelope], years: int) -> list[Envelope]:
    """The same events by a wall clock that is years off."""
    off_ms = years * 365 * 24 * HOUR_MS
    changed = []
    for envelope in envelopes:
        stamp = msgspec.structs.replace(envelope.stamp, wall_ms=envelope.stamp.wall_ms + off_ms)
        moved = msgspec.structs.replace(envelope, stamp=stamp)
        changed.append(msgspec.structs.replace(moved, h=moved.digest()))
    return changed


def ledger_after(fresh: Fresh, batches: list[list[Envelope]]) -> dict[str, Any]:
    """The ledger of a fresh platform after these batches."""
    with fresh() as database:
        return ledger_with(database, batches)


def ledger_with(database: Database, batches: list[list[Envelope]]) -> dict[str, Any]:
    """The ledger of a platform after these batches."""
    for number, events in enumerate(batches):
        for name in DEVICES:
            own = [event for event in events if event.stream == f"of {name}"]
            with database.writing(name) as unit:
                take(Delivery(Batch(f"b{number}-{name}", name, own)), "0" * 64, unit, START_MS)
    with database.reading() as unit:
        document = accounts.ledger_document(unit.ledger.all(), unit.events.all())
        page = unit.ledger.page(LedgerFilter(), 0, 100)
        document["totals"] = page.totals, page.doubled_minutes, page.overlapping
        document["beside"] = unit.observations.faces_by_place(), unit.observations.kit_out()
    document["kept"] = kept(database)
    database.recount()
    assert kept(database) == document["kept"]
    return document


def check_an_order(fresh: Fresh, data: st.DataObject, events: list[Envelope]) -> None:
    """Draw an order of arrival, doublings and cuts, and hold their ledger against that of one batch."""
    doubled = events + data.draw(st.lists(st.sampled_from(events), max_size=4), label="doubled")
    shuffled = data.draw(st.permutations(doubled), label="order")
    cuts = sorted(data.draw(st.sets(st.integers(1, len(shuffled)), max_size=5), label="cuts") | {len(shuffled)})
    batches = [shuffled[begin:end] for begin, end in zip([0, *cuts], cuts, strict=False)]
    assert ledger_after(fresh, [part for part in batches if part]) == ledger_after(fresh, [events])


def test_every_order_gives_the_same_ledger(stored_in: str, fresh: Fresh) -> None:
    @settings(
        max_examples=EXAMPLES[stored_in],
        phases=(Phase.reuse, Phase.generate, Phase.shrink),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(data=st.data(), history=histories, fork=st.booleans(), years=st.sampled_from([0, -20, 10]))
    def every_order(data: st.DataObject, history: list[tuple[str, int, int]], fork: bool, years: int) -> None:
        events = wrong_clock(recorded(history, fork), years)
        if events:
            check_an_order(fresh, data, events)

    every_order()
