"""Promises about events: a receipt for each, duplicates, conflicts, forks, what is unknown, what is broken, and order.

Upstream: ``promises``, ``tester``.
Downstream: ``running``.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from http import HTTPStatus

import msgspec

from sync.platform.conformance.promises import expect, promise
from sync.platform.conformance.tester import EVENTS_PATH, Tester, place_of, read, resealed
from sync.protocol.batch import Receipt, body_sha256
from sync.protocol.checkpoint import sign_checkpoint
from sync.protocol.packing import pack
from sync.protocol.reconciling import MISSING_PATH, MissingAnswer, MissingRequest
from sync.protocol.vocabulary import EventOutcome

ACCEPTED, DUPLICATE, QUARANTINED = EventOutcome.ACCEPTED, EventOutcome.DUPLICATE, EventOutcome.QUARANTINED


@dataclass(frozen=True, slots=True)
class _Raw:
    """A batch whose events are JSON of any form."""

    id: str
    device: str
    events: list[object]


@promise("每条记录都有回执，回执写明批次和正文摘要", "Every event is answered in a receipt of this batch and this body")
def _receipt(tester: Tester) -> None:
    events = tester.notes(3)
    answered = tester.send(events)
    expect([each.outcome for each in answered.events] == [ACCEPTED] * 3, "new events were not all accepted")
    expect(place_of(events[-1]) in answered.heads, "the receipt does not name the head of the stream as held")


@promise("同一记录再发一次，只存一次", "The same event again is a duplicate, for ever, within a batch too")
def _duplicate(tester: Tester) -> None:
    first, second = tester.notes(2)
    tester.send([first])
    for _ in range(2):
        expect(tester.outcomes([first])[0].outcome is DUPLICATE, "an event that was accepted is not a duplicate")
    expect(tester.outcomes([first, second])[1].outcome is ACCEPTED, "a new event beside a duplicate was not accepted")


@promise("同一编号、内容不同：隔离并报警", "Another content under a known id is set apart, with a reason and an alarm")
def _id_conflict(tester: Tester) -> None:
    first = tester.note()
    tester.send([first])
    answered = tester.send([resealed(first, body={"note": "another"})])
    (event,) = answered.events
    expect(event.outcome is QUARANTINED, f"it was {event.outcome}")
    expect(event.reason, "it was set apart without a reason for a person")
    expect("id_conflict" in answered.alarms, f"the alarms were {answered.alarms}")


@promise("同一位置两条记录：都收下并报警", "Two events at one place of a stream are both kept, with an alarm")
def _forked_place(tester: Tester) -> None:
    first, second = tester.notes(2)
    tester.send([first, second])
    answered = tester.send([tester.note(place_of(first))])
    expect(answered.events[0].outcome is ACCEPTED, "the second event at a place was not accepted")
    expect("stream_forked" in answered.alarms, f"the alarms were {answered.alarms}")


@promise("不认识的种类照样保存", "An event of an unknown kind is kept, and one with unknown fields beside it too")
def _unknown_kind(tester: Tester) -> None:
    strange = resealed(tester.note(), kind="conformance_unknown", body={"anything": [1, {"deep": None}]})
    later = {**msgspec.to_builtins(tester.note()), "of_a_later_version": True}
    raw = _Raw(tester.ports.ids(), tester.told.device, [strange, later])
    answered = read(tester.post(EVENTS_PATH, raw), Receipt)
    outcomes = {each.outcome for each in answered.events}
    expect(outcomes == {ACCEPTED}, f"the outcomes were {sorted(outcomes)}")
    expect(not missing_of(tester, [strange.id]), "an event of an unknown kind is missing afterwards")


@promise("坏记录单独隔离，其余照收", "A broken event is set apart alone and with a reason; the others are kept")
def _one_bad_event(tester: Tester) -> None:
    good, changed, last = tester.notes(3)
    broken = msgspec.structs.replace(changed, body={"note": "changed after sealing"})
    shapeless = {"id": tester.ports.ids(), "kind": 7}
    raw = _Raw(tester.ports.ids(), tester.told.device, [good, broken, shapeless, last])
    answered = read(tester.post(EVENTS_PATH, raw), Receipt)
    found = {each.id: each for each in answered.events}
    for each in (good, last):
        expect(each.id in found and found[each.id].outcome is ACCEPTED, "a good event beside a broken one was not kept")
    for id_ in (broken.id, str(shapeless["id"])):
        expect(id_ in found, "a broken event is not answered under its id")
        expect(found[id_].outcome is QUARANTINED, f"a broken event was {found[id_].outcome}")
        expect(found[id_].reason, "a broken event was set apart without a reason")
    expect(not missing_of(tester, [broken.id]), "what was set apart is called missing")


@promise("任何到达顺序都收", "Events are kept in any order of arrival")
def _order(tester: Tester) -> None:
    events = tester.notes(4)
    for event in reversed(events):
        expect(tester.outcomes([event])[0].outcome is ACCEPTED, "an event that came early or late was not accepted")


@promise("校验点与记录不符时报警", "A checkpoint that does not fit raises an alarm; one that fits does not")
def _checkpoint(tester: Tester) -> None:
    event = tester.note()
    for key, alarms in ((tester.who.key, False), (tester.new_key(), True)):
        signed = sign_checkpoint(place_of(event), event.stamp, key)
        batch = msgspec.structs.replace(tester.batch([event]), checkpoint=signed)
        answered = read(tester.post(EVENTS_PATH, batch), Receipt)
        expect(("chain_broken" in answered.alarms) is alarms, f"the alarms were {answered.alarms}")


@promise("报文不合格式：整批拒绝，不留半批", "A body that is no batch is refused whole")
def _not_a_batch(tester: Tester) -> None:
    event = tester.note()
    whole = pack(tester.batch([event]))
    hostile = [
        b"",
        b"{}",
        whole[:-9],
        whole + b"more",
        pack([]),
        pack({"id": "x", "device": tester.told.device, "events": []}),
        gzip.compress(b"[" * 50_000),
        pack({"id": "x", "device": tester.told.device, "events": [msgspec.to_builtins(event)] * 501}),
    ]
    for body in hostile:
        reply = tester.post(EVENTS_PATH, body)
        expect(reply.status == HTTPStatus.BAD_REQUEST, f"a body of {len(body)} bytes was answered {reply.said}")
    expect(missing_of(tester, [event.id]), "an event of a refused body was kept")


@promise("平台缺少哪些记录，如实回答", "Asked for what is missing, it names that and nothing it holds")
def _missing(tester: Tester) -> None:
    held, lost = tester.notes(2)
    tester.send([held])
    asked = MissingRequest(tester.told.device, [held.id, lost.id, lost.id])
    body = pack(asked)
    answered = read(tester.post(MISSING_PATH, body), MissingAnswer)
    expect(answered.body_sha256 == body_sha256(body), "the answer does not name the body that was asked")
    expect(set(answered.missing) == {lost.id}, "it names something held, or not what is missing")
    tester.send([lost])
    expect(not missing_of(tester, [held.id, lost.id]), "what has arrived is still called missing")


def missing_of(tester: Tester, ids: list[str]) -> list[str]:
    """Ask which of some events the platform lacks."""
    return read(tester.post(MISSING_PATH, MissingRequest(tester.told.device, ids)), MissingAnswer).missing
