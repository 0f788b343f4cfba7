"""What becomes of each event, and which sessions follow: the pure rules."""

from __future__ import annotations

import msgspec
import pytest

from sync.platform.ingest import (
    Alarm,
    Known,
    Recorded,
    Refusal,
    derive,
    judge_checkpoint,
    opening_of,
    set_apart,
    sort_out,
)
from sync.protocol.batch import MalformedEvent
from sync.protocol.checkpoint import sign_checkpoint
from sync.protocol.envelope import Envelope, Position, Stamp, seal
from sync.protocol.events import Aside, Body, CheckIn, CheckOut, DeviceNote, Presented
from sync.protocol.signing.keys import SigningKey
from sync.protocol.vocabulary import EventOutcome, SessionState

NOTHING = Known({}, {})
CARD = Presented("410302", "0a0b", "00112233")
ASIDE = Aside("张晓明", "5a")
MINUTE_NS = 60_000_000_000


def sealed(body: Body, *, id_: str = "e1", seq: int = 1, minute: int = 0, aside: Aside | None = None) -> Envelope:
    stamp = Stamp("boot", 1, minute * MINUTE_NS // 1000, minute * 60_000, "unknown")
    return seal(body, id_=id_, at=Position("stream", seq - 1), stamp=stamp, aside=aside)


def check_in(**changes: object) -> Envelope:
    body = CheckIn("s1", "LY1", CARD, ASIDE.digest(), "directions", "point")
    return sealed(msgspec.structs.replace(body, **changes), aside=ASIDE)


def resealed(envelope: Envelope, **changes: object) -> Envelope:
    changed = msgspec.structs.replace(envelope, **changes)
    return msgspec.structs.replace(changed, h=changed.digest())


def test_a_new_event_is_accepted() -> None:
    (verdict,) = sort_out([check_in()], NOTHING)
    assert (verdict.outcome, verdict.refusal, verdict.alarm) == (EventOutcome.ACCEPTED, None, None)


def test_a_known_event_is_a_duplicate() -> None:
    event = check_in()
    known = Known({event.id: event.h}, {("stream", 1): {event.id: event.h}})
    (verdict,) = sort_out([event], known)
    assert (verdict.outcome, verdict.alarm) == (EventOutcome.DUPLICATE, None)


def test_what_comes_twice_in_one_batch_is_taken_once() -> None:
    verdicts = sort_out([check_in(), check_in()], NOTHING)
    assert [verdict.outcome for verdict in verdicts] == [EventOutcome.ACCEPTED, EventOutcome.DUPLICATE]


def test_another_content_under_a_known_id_is_set_apart() -> None:
    (verdict,) = sort_out([check_in()], Known({"e1": "00" * 32}, {}))
    assert verdict.outcome is EventOutcome.QUARANTINED
    assert (verdict.refusal, verdict.alarm) == (Refusal.ID_CONFLICT, Alarm.ID_CONFLICT)


def test_another_event_at_a_known_place_is_accepted_with_an_alarm() -> None:
    first, second = check_in(), sealed(DeviceNote("stream_started"), id_="e2")
    verdicts = sort_out([first, second], NOTHING)
    assert [verdict.outcome for verdict in verdicts] == [EventOutcome.ACCEPTED] * 2
    assert [verdict.alarm for verdict in verdicts] == [None, Alarm.STREAM_FORKED]


def test_a_forked_event_raises_its_alarm_again_when_it_comes_again() -> None:
    event = check_in()
    known = Known({event.id: event.h}, {("stream", 1): {event.id: event.h, "e2": "ff" * 32}})
    (verdict,) = sort_out([event], known)
    assert (verdict.outcome, verdict.alarm) == (EventOutcome.DUPLICATE, Alarm.STREAM_FORKED)


def test_a_kind_of_a_later_version_is_accepted() -> None:
    (verdict,) = sort_out([resealed(check_in(), kind="need", aside=None)], NOTHING)
    assert verdict.outcome is EventOutcome.ACCEPTED


@pytest.mark.parametrize(
    ("event", "refusal"),
    [
        (msgspec.structs.replace(check_in(), h="00" * 32), Refusal.HASH),
        (resealed(check_in(), body={"session": "s1"}), Refusal.BODY),
        (msgspec.structs.replace(check_in(), aside=Aside("别人", "5a")), Refusal.NAME),
        (msgspec.structs.replace(check_in(), body={"weight": 0.5}), Refusal.TEXT),
        (check_in(volunteer="LY\x00"), Refusal.TEXT),
        (resealed(check_in(), id="\x00"), Refusal.TEXT),
        (resealed(check_in(), kind="need", aside=None, body={"service": "\x00"}), Refusal.TEXT),
    ],
    ids=["hash", "body", "name", "float", "number", "id", "service"],
)
def test_what_does_not_fit_is_set_apart_with_its_reason(event: Envelope, refusal: Refusal) -> None:
    good = sealed(DeviceNote("x"), id_="e9", seq=9)
    bad, fine = sort_out([event, good], NOTHING)
    assert (bad.outcome, bad.refusal) == (EventOutcome.QUARANTINED, refusal)
    assert bad.detail
    assert fine.outcome is EventOutcome.ACCEPTED


def test_a_session_begins_with_the_first_check_in_and_not_before_it_arrived() -> None:
    check_out = sealed(CheckOut("s1", "LY1", CARD), id_="e2", seq=2, minute=30)
    assert opening_of([Recorded("d", check_out)]) is None
    assert derive({"s1": [Recorded("d", check_out)]}, {}) == ()
    history = [Recorded("d", check_out), Recorded("d", check_in())]
    (derived,) = derive({"s1": history}, {})
    assert (derived.device, derived.opening) == ("d", "e1")
    assert (derived.session.state, derived.session.credited_minutes) == (SessionState.CLOSED, 30)


def test_an_event_that_was_unknown_when_it_came_and_does_not_fit_now_is_passed_over() -> None:
    odd = resealed(check_in(), id="e3", kind="tally", aside=None, seq=3, body={"session": "s1"})
    (derived,) = derive({"s1": [Recorded("d", odd), Recorded("d", check_in())]}, {})
    assert derived.session.state is SessionState.OPEN


def test_what_is_kept_for_a_person_is_whole_whether_it_was_an_envelope_or_not() -> None:
    broken = msgspec.structs.replace(check_in(), h="00" * 32)
    verdicts = sort_out([broken, sealed(DeviceNote("x"), id_="e9", seq=9)], NOTHING)
    refused, odd = set_apart(verdicts, [MalformedEvent("e7", "", '{"id":"e7"}', "no fields")])
    assert (refused.event, refused.kind, refused.refusal) == ("e1", "check_in", Refusal.HASH)
    assert msgspec.json.decode(refused.whole, type=Envelope) == broken
    assert (odd.event, odd.kind, odd.refusal, odd.whole) == ("e7", "", Refusal.SHAPE, '{"id":"e7"}')


@pytest.mark.parametrize(("held", "alarm"), [((), None), (("ab" * 32,), None), (("cd" * 32,), Alarm.CHAIN_BROKEN)])
def test_a_checkpoint_that_disagrees_with_what_is_held_is_an_alarm(held: tuple[str, ...], alarm: Alarm | None) -> None:
    key = SigningKey(b"k" * 32)
    checkpoint = sign_checkpoint(Position("stream", 7, "ab" * 32), Stamp("boot", 1, 0, 0, "unknown"), key)
    assert judge_checkpoint(checkpoint, key.public, held) is alarm


def test_a_checkpoint_of_another_hand_is_an_alarm() -> None:
    key, other = SigningKey(b"k" * 32), SigningKey(b"o" * 32)
    checkpoint = sign_checkpoint(Position("stream", 7, "ab" * 32), Stamp("boot", 1, 0, 0, "unknown"), other)
    assert judge_checkpoint(checkpoint, key.public, ()) is Alarm.CHAIN_BROKEN
