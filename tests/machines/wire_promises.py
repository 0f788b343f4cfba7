"""What the wire promises, held against what every machine recorded: nothing lost, nothing doubled, drained.

Upstream: ``wire_device``, ``wire_platform``, ``sync.protocol.sessions`` (the one fold).
Downstream: ``wire_machine``, ``test_wire``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from sync.protocol.envelope import Envelope
from sync.protocol.sessions import Session, fold, session_id_of
from sync.protocol.timeline import logs_in
from tests.machines.wire_device import WireDevice
from tests.machines.wire_platform import Held, Platform

KEEP_MS = 30 * 24 * 3600 * 1000  # protocol.md: acknowledged rows stay so long


@dataclass
class Memory:
    """What has happened, as far as the promises ask for it.

    Attributes:
        held: what the platform held after the last step.
        forgotten: what a platform that was restored had held before.
        damaged: events of which some disk changed the copy in the outbox.
        acknowledged: when a machine was first seen to take an event for kept, true UTC ms, by machine and event.
    """

    held: Held
    forgotten: set[str] = field(default_factory=set)
    damaged: set[str] = field(default_factory=set)
    acknowledged: dict[tuple[int, str], int] = field(default_factory=dict)

    def platform_restored(self, now: Held) -> None:
        """The platform holds what its backup held."""
        self.forgotten |= self.held.all - now.all
        self.held = now


def after_a_step(memory: Memory, platform: Platform, machines: Iterable[WireDevice]) -> None:
    """What was held is held; only what is held is acknowledged; no row goes before its time."""
    now = platform.held()
    assert memory.held.accepted.items() <= now.accepted.items(), "the platform lets go of nothing"
    assert memory.held.apart <= now.apart, "what is set apart stays for a person"
    memory.held = now
    for machine in machines:
        rows = machine.outbox()
        kept = {event_id for event_id, row in rows.items() if row.state == "acknowledged"}
        assert kept <= now.accepted.keys() | memory.forgotten, "acknowledged is what the platform holds"
        for event_id in kept:
            memory.acknowledged.setdefault((machine.number, event_id), machine.clocks.true_ms)
        for event_id, row in rows.items():
            if row.state == "parked":
                assert row.reason, "what is set aside says why"
                assert event_id in now.apart | memory.damaged | memory.forgotten
        for event_id in machine.recorded().keys() - rows.keys():
            since_ms = memory.acknowledged[machine.number, event_id]
            assert machine.clocks.true_ms - since_ms >= KEEP_MS, "rows stay for thirty days"


def at_the_end(memory: Memory, platform: Platform, machines: Sequence[WireDevice], sent: Iterable[Envelope]) -> None:
    """All is healed and drained: every record is at the platform once, and its ledger is the fold of them."""
    now = platform.held()
    for machine in machines:
        for event_id, row in machine.outbox().items():
            assert row.state in {"acknowledged", "parked"}, "it drains"
            assert event_id in now.all | memory.damaged, "nothing is lost"
            assert row.state == "parked" or event_id in now.accepted
    everything = {(each.id, each.h): each for each in sent}
    assert sessions_of(everything[each] for each in now.accepted.items()) == platform.sessions(), "nothing is doubled"
    _forks_are_left(now, machines, everything)


def sessions_of(events: Iterable[Envelope]) -> dict[str, Session]:
    """Return the sessions that these events describe, folded in plain order by the whole log of time."""
    ordered = sorted(events, key=lambda each: (each.stream, each.seq, each.id))
    logs, histories = logs_in(ordered), dict[str, list[Envelope]]()
    for each in ordered:
        session = session_id_of(each)
        if session:
            histories.setdefault(session, []).append(each)
    folded = {name: fold(history, logs) for name, history in histories.items()}
    return {name: session for name, session in folded.items() if session is not None}


def _forks_are_left(now: Held, machines: Sequence[WireDevice], everything: dict[tuple[str, str], Envelope]) -> None:
    """Where two records stand at one place, nobody goes on writing behind them who could know."""
    at_place: dict[tuple[str, int], set[str]] = {}
    for id_, h in now.accepted.items():
        envelope = everything[id_, h]
        at_place.setdefault((envelope.stream, envelope.seq), set()).add(id_)
    for one, other in combinations(machines, 2):
        mine, theirs = one.recorded(), other.recorded()
        both = {place for id_, place in mine.items() if id_ not in theirs} & {
            place for id_, place in theirs.items() if id_ not in mine
        }
        for stream in {stream for stream, seq in both if len(at_place.get((stream, seq), ())) > 1}:
            assert (one.stream(), other.stream()) != (stream, stream), "two machines part"
    for machine in machines:
        own = {id_: place for id_, place in machine.recorded().items() if id_ in now.accepted}
        forked = {place[0] for place in own.values() if at_place.get(place, set()) - own.keys()}
        alone = not any(each is not machine and each.id == machine.id for each in machines)
        assert not alone or machine.stream() not in forked, "an older card begins a stream of its own"
