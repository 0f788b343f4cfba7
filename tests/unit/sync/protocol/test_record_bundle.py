"""A bundle of records is whole, signed and true to its events, or it is refused with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol import record_bundle
from sync.protocol.errors import RecordBundleError
from sync.protocol.events import Aside, DeviceNote
from sync.protocol.record_bundle import BundleLine, Origin, encode_line, is_moved, moved, summary_of
from sync.protocol.sessions import fold
from sync.protocol.vocabulary import Provenance, SessionState
from tests.support import bundles
from tests.support.bundles import KEY, OTHER_KEY, body_of, bundle, duties, heading_of, read, sessions_of, with_heading
from tests.support.envelopes import Recorder, check_in, stamp

SOUND = bundle()


def refused(content: bytes, match: str) -> None:
    with pytest.raises(RecordBundleError, match=match):
        read(content)


def test_a_sound_bundle_tells_duties_sums_and_events_and_is_recomputed() -> None:
    found = read(SOUND)
    assert [session.credited_minutes for session in found.sessions] == [120, 120]
    assert {session.state for session in found.sessions} == {SessionState.CONFIRMED}
    assert found.heading.summary.confirmed_minutes == 240
    assert found.heading.summary.by_provenance == {Provenance.TWO_SCANS: 240}
    assert len(found.events) == 7
    assert found.recomputed


def test_duties_of_another_version_of_the_fold_rest_on_the_issuers_word() -> None:
    changed = [msgspec.structs.replace(each, rule="luoyang-2") for each in sessions_of(duties())]
    assert not read(bundle(changed, fold=2)).recomputed
    refused(bundle(changed), "not what its events say")


@pytest.mark.parametrize("at", range(0, len(SOUND), 97))
def test_a_bundle_cut_anywhere_is_refused(at: int) -> None:
    refused(SOUND[:at], "does not begin|cut|cannot be read|as its heading says")


@given(at=st.integers(0, len(SOUND) - 1), bit=st.integers(0, 7))
def test_no_flipped_bit_is_taken_for_the_bundle(at: int, bit: int) -> None:
    changed = bytearray(SOUND)
    changed[at] ^= 1 << bit
    try:
        found = read(bytes(changed))
    except RecordBundleError:
        return
    assert found == read(SOUND), "another writing of the same values, within what is not signed byte by byte"


@given(st.binary(max_size=400))
def test_any_other_bytes_are_refused_with_a_sentence(content: bytes) -> None:
    refused(content, "does not begin with the heading|lacks something")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda h: h["payload"]["subject"].update(number="V2"), "signature does not fit"),
        (lambda h: h["payload"]["summary"].update(star=5), "signature does not fit"),
        (lambda h: h.update(signature="00" * 64), "signature does not fit"),
        (lambda h: h.update(signature="no"), "signature does not fit"),
        (lambda h: h.update(kind="ledger_export"), "signature does not fit"),
        (lambda h: h["payload"].update(issuer=OTHER_KEY.public.hex()), "signature does not fit"),
        (lambda h: h["payload"].update(schema=2), "format 2"),
        (lambda h: h["payload"].update(schema="1"), "lacks something"),
        (lambda h: h["payload"].pop("consent"), "lacks something"),
        (lambda h: h["payload"].update(number=0.5), "lacks something"),
    ],
)
def test_a_changed_heading_is_refused(change: Callable[[dict[str, Any]], None], match: str) -> None:
    refused(with_heading(SOUND, change), match)


def test_what_is_no_heading_is_refused() -> None:
    refused(b"", "does not begin")
    refused(b"{}\n", "does not begin")
    refused(b"[" * 200_000, "does not begin")
    refused(encode_line(BundleLine(event=duties()[0])), "does not begin")


def test_a_swapped_record_is_refused_though_its_own_hash_fits() -> None:
    other = duties(volunteer="V2")
    content = bundle()
    refused(content.replace(body_of([], duties()), body_of([], other)), "not those that were signed")


@pytest.mark.parametrize("name", ["张晓敏", ""])
def test_a_swapped_name_is_refused_whoever_signed_it(name: str) -> None:
    events = duties()
    aside = Aside(name, "5a" * 16)
    events[1] = msgspec.structs.replace(events[1], aside=aside)
    refused(bundle(sessions_of(duties()), events), "name beside the record")


def test_what_the_signature_covers_must_be_true_too() -> None:
    events, stated = duties(), sessions_of(duties())
    longer = [msgspec.structs.replace(stated[0], credited_minutes=600), stated[1]]
    refused(bundle(longer, events), "not what its events say")
    wrong_sum = summary_of(longer, 2, [])
    refused(bundle(stated, events, summary=wrong_sum), "sums in its heading")
    refused(bundle(stated[:1], events), "a duty that it does not state")
    refused(bundle(stated, events[:4]), "not what its events say")
    refused(bundle(sessions_of(duties(volunteer="V2")), duties(volunteer="V2")), "another person")
    forged = [*events[:-1], msgspec.structs.replace(events[-1], body={**events[-1].body, "confirmed_by": "V8"})]
    refused(bundle(stated, forged), "does not hold")


def test_a_line_that_is_neither_or_stands_twice_is_refused() -> None:
    events, stated = duties(), sessions_of(duties())
    for lines in (body_of(stated, [*events, events[0]]), body_of([*stated, stated[0]], events), b"{}\n"):
        heading = heading_of(stated, events)
        refused(record_bundle.sign_heading(heading, KEY) + lines, "neither a duty nor an event, or stands in it twice")


def test_a_line_that_cannot_be_read_and_a_number_that_does_not_fit_are_refused() -> None:
    refused(SOUND + b"\xff\n", "cannot be read")
    refused(SOUND[: SOUND.rstrip().rindex(b"\n") + 1], "not as many")


def test_what_is_larger_than_any_bundle_is_not_read_to_its_end() -> None:
    refused(SOUND + b" " * (record_bundle.MOST_LINE_BYTES + 1), "larger than any bundle")
    with pytest.raises(RecordBundleError, match="larger than any bundle"):
        record_bundle.read_bundle(BytesIO(SOUND), bundles.FOLD, 1000)


def test_an_event_of_no_duty_may_only_tell_the_time() -> None:
    recorder = Recorder("stream-2")
    note = recorder.record(DeviceNote("stream_started"), stamp(1))
    refused(bundle(sessions_of(duties()), [*duties(), note]), "a duty that it does not state")


def test_a_duty_without_any_scan_or_beginning_is_refused() -> None:
    stated = sessions_of(duties())
    alone = msgspec.structs.replace(stated[0], id="s9")
    refused(bundle([*stated, alone], duties()), "not what its events say")


def test_a_duty_that_came_from_elsewhere_keeps_the_number_that_it_had_there() -> None:
    origin = Origin("aa" * 32, "涧西区平台", "bundle-0")
    events = duties(volunteer="OLD-7")
    stated = [msgspec.structs.replace(each, origin=origin) for each in sessions_of(events)]
    assert read(bundle(stated, events)).sessions[0].origin == origin


def test_practice_paid_work_and_what_was_withdrawn_stay() -> None:
    recorder = Recorder()
    scan = recorder.record(msgspec.structs.replace(check_in(), drill=True), stamp(0))
    drill = fold([scan], {})
    assert drill is not None
    assert not is_moved(drill)
    recorder.undo(scan, stamp(2))
    void = fold(recorder.envelopes, {})
    assert void is not None
    assert not is_moved(void)
    still_on = fold([Recorder("other").record(check_in(), stamp(0))], {})
    assert still_on is not None
    assert is_moved(still_on)
    assert moved(still_on, "岗亭").ended_ms is None


def test_events_of_a_device_without_any_anchor_are_recomputed_too() -> None:
    events = [each for each in duties() if each.kind != "anchor"]
    assert read(bundles.bundle(events=events)).recomputed
