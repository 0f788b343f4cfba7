"""A session is what its events say: the same at the booth and at every platform, in whatever order they came."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sync.protocol.envelope import Envelope
from sync.protocol.events import Anchor, Body, Choice, DeviceNote, Heartbeat, Presented, Shift, Tally
from sync.protocol.sessions import (
    CLOCK_CLAMPED,
    LISTED,
    OVER_CAP,
    TRANSITIONS,
    TYPED,
    VALIDITY_UNCHECKED,
    WIDE_DURATION,
    Session,
    dated,
    fold,
    session_id_of,
)
from sync.protocol.timeline import logs_in
from sync.protocol.vocabulary import BoundsQuality, EventKind, Provenance, SessionState, Trust
from tests.support.envelopes import START_MS, Recorder, anchor, auto_close, check_in, check_out, stamp

HOUR = 3600
NS_PER_S = 1_000_000_000


def folded(recorder: Recorder) -> Session:
    session = fold(recorder.envelopes, logs_in(recorder.envelopes))
    assert session is not None
    return session


def served(seconds: float = 2 * HOUR) -> Recorder:
    """Return a device's record of one session from its start to its end by two scans."""
    recorder = Recorder()
    recorder.record(check_in(), stamp(0))
    recorder.record(check_out(), stamp(seconds))
    return recorder


def test_the_table_of_states_is_whole() -> None:
    assert {key: state for key, state in TRANSITIONS.items() if key[1] not in {"amendment", "void"}} == {
        (None, "check_in"): SessionState.OPEN,
        (SessionState.OPEN, "check_out"): SessionState.CLOSED,
        (SessionState.OPEN, "auto_close"): SessionState.PROVISIONAL,
        (None, "captain_entry"): SessionState.PROVISIONAL,
        (SessionState.CLOSED, "confirmation"): SessionState.CONFIRMED,
        (SessionState.PROVISIONAL, "confirmation"): SessionState.CONFIRMED,
    }
    decided = {(state, kind) for (state, kind), _ in TRANSITIONS.items() if kind in {"amendment", "void"}}
    every = set(SessionState) - {SessionState.VOID}
    assert decided == {(state, "void") for state in every} | {
        (state, "amendment") for state in every - {SessionState.AMENDED}
    }


def test_a_check_in_alone_is_open_and_credits_nothing() -> None:
    recorder = Recorder()
    recorder.record(check_in())
    session = folded(recorder)
    assert (session.state, session.provenance, session.ended) == (SessionState.OPEN, Provenance.ONE_SCAN, None)
    assert (session.original_ns, session.credited_minutes) == (0, 0)


def test_two_scans_close_it_and_credit_whole_minutes() -> None:
    session = folded(served(2 * HOUR + 59))
    assert (session.state, session.provenance) == (SessionState.CLOSED, Provenance.TWO_SCANS)
    assert (session.original_ns, session.credited_minutes, session.rule) == (
        (2 * HOUR + 59) * NS_PER_S,
        120,
        "luoyang-1",
    )
    assert session.ended is not None
    assert session.ended.est_ms == START_MS + (2 * HOUR + 59) * 1000


def test_what_the_rules_closed_is_provisional_and_credits_nothing() -> None:
    recorder = Recorder()
    recorder.record(check_in())
    recorder.record(auto_close(at_ms=START_MS + 7), stamp(13 * HOUR))
    session = folded(recorder)
    assert (session.state, session.provenance) == (SessionState.PROVISIONAL, Provenance.ONE_SCAN_AUTO)
    assert (session.original_ns, session.credited_minutes) == (0, 0)
    assert session.ended is not None
    assert (session.ended.est_ms, session.ended.quality) == (START_MS + 7, BoundsQuality.CLAMPED)


def test_a_check_out_after_the_rules_closed_changes_nothing() -> None:
    recorder = Recorder()
    recorder.record(check_in())
    recorder.record(auto_close(), stamp(13 * HOUR))
    before = folded(recorder)
    recorder.record(check_out(), stamp(14 * HOUR))
    assert folded(recorder) == before


def test_the_rules_close_nothing_that_was_ended() -> None:
    recorder = served()
    before = folded(recorder)
    recorder.record(auto_close(), stamp(14 * HOUR))
    recorder.record(check_out(), stamp(15 * HOUR))
    assert folded(recorder) == before


def test_over_the_cap_is_provisional_with_both_scans_kept() -> None:
    session = folded(served(12 * HOUR + 1))
    assert (session.state, session.provenance) == (SessionState.PROVISIONAL, Provenance.TWO_SCANS)
    assert session.credited_minutes == 0
    assert session.original_ns == (12 * HOUR + 1) * NS_PER_S
    assert session.flags == {OVER_CAP}


def test_just_the_cap_counts() -> None:
    session = folded(served(12 * HOUR))
    assert (session.state, session.credited_minutes, session.flags) == (SessionState.CLOSED, 720, frozenset())


def test_a_rostered_session_is_clipped_to_its_shift() -> None:
    recorder = Recorder()
    shift = Shift("shift-1", START_MS + HOUR * 1000, START_MS + 2 * HOUR * 1000)
    recorder.record(check_in(shift=shift), stamp(0))
    recorder.record(check_out(), stamp(4 * HOUR))
    session = folded(recorder)
    assert (session.credited_minutes, session.original_ns) == (90, 4 * HOUR * NS_PER_S)


# Undo


def test_an_undone_check_in_is_void() -> None:
    recorder = Recorder()
    recorder.undo(recorder.record(check_in()))
    session = folded(recorder)
    assert (session.state, session.credited_minutes, session.ended) == (SessionState.VOID, 0, None)


def test_an_undone_check_in_stays_void_whatever_follows() -> None:
    recorder = Recorder()
    recorder.undo(recorder.record(check_in()))
    recorder.record(check_out(), stamp(2 * HOUR))
    recorder.record(auto_close(), stamp(3 * HOUR))
    session = folded(recorder)
    assert (session.state, session.original_ns, session.ended) == (SessionState.VOID, 0, None)


def test_an_undone_check_out_leaves_the_session_open_and_a_later_one_ends_it() -> None:
    recorder = served(1 * HOUR)
    recorder.undo(recorder.envelopes[-1], stamp(HOUR + 5))
    assert folded(recorder).state is SessionState.OPEN
    recorder.record(check_out(), stamp(3 * HOUR))
    session = folded(recorder)
    assert (session.state, session.original_ns) == (SessionState.CLOSED, 3 * HOUR * NS_PER_S)


def test_an_undone_check_out_may_be_closed_by_the_rules() -> None:
    recorder = served(1 * HOUR)
    recorder.undo(recorder.envelopes[-1], stamp(HOUR + 5))
    recorder.record(auto_close(), stamp(13 * HOUR))
    assert folded(recorder).provenance is Provenance.ONE_SCAN_AUTO


# What the cards add


def test_the_latest_choice_and_the_latest_tally_hold() -> None:
    recorder = Recorder()
    recorder.record(check_in())
    recorder.record(Choice("s1", "tea_charging"))
    recorder.record(Choice("s1", "tutoring"))
    recorder.record(check_out(), stamp(HOUR))
    recorder.record(Tally("s1", {"tea": 3}), stamp(HOUR + 1))
    recorder.record(Tally("s1", {"directions": 5}), stamp(HOUR + 2))
    session = folded(recorder)
    assert (session.service, session.tallies) == ("tutoring", {"directions": 5})


def test_unknown_kinds_are_passed_over() -> None:
    recorder = served()
    before = folded(recorder)
    strange = replace(
        recorder.record(check_in("s1"), stamp(99)), kind="lantern", body={"session": "s1", "red_cap": 1.5}
    )
    recorder.envelopes[-1] = strange
    recorder.record(DeviceNote("x"), stamp(100))
    assert folded(recorder) == before


def test_without_its_check_in_there_is_no_session_yet() -> None:
    assert fold(served().envelopes[1:], {}) is None
    assert fold([], {}) is None


def test_a_second_check_in_of_the_same_session_is_passed_over() -> None:
    recorder = served()
    before = folded(recorder)
    recorder.record(check_in(volunteer="V2"), stamp(3 * HOUR))
    assert folded(recorder) == before


def test_the_event_that_ended_it_is_named_while_it_stands() -> None:
    recorder = served()
    assert folded(recorder).ended_by == recorder.envelopes[1].id
    recorder.undo(recorder.envelopes[1])
    assert folded(recorder).ended_by is None


def test_the_session_of_an_event_is_named_in_its_body() -> None:
    recorder = served()
    assert session_id_of(recorder.envelopes[0]) == "s1"
    assert session_id_of(recorder.record(anchor())) is None
    assert session_id_of(replace(recorder.envelopes[0], body={"session": 7})) is None


@st.composite
def stories(draw: st.DrawFn) -> list[Envelope]:
    """Any order of any events of one session at rising times, undos of any of them among them."""
    recorder = Recorder()
    recorder.record(check_in(), stamp(0))
    second = 0.0
    for deed in draw(st.lists(st.sampled_from(["out", "auto", "choice", "tally", "undo", "in"]), max_size=8)):
        second += draw(st.floats(0, 8 * HOUR))
        at = stamp(second)
        if deed == "undo":
            recorder.undo(draw(st.sampled_from(recorder.envelopes)), at)
        else:
            body = {
                "out": check_out(),
                "auto": auto_close(),
                "choice": Choice("s1", "tutoring"),
                "tally": Tally("s1", {"tea": int(second) % 9999}),
                "in": check_in(),
            }[deed]
            recorder.record(body, at)
    return recorder.envelopes


@given(st.data(), stories())
def test_no_order_of_arrival_changes_the_session(data: st.DataObject, story: list[Envelope]) -> None:
    assert fold(data.draw(st.permutations(story)), {}) == fold(story, {})


@given(stories(), st.integers(0, 7))
def test_an_event_that_came_twice_changes_nothing(story: list[Envelope], which: int) -> None:
    assert fold([*story, story[which % len(story)]], {}) == fold(story, {})


@given(stories())
def test_only_a_closed_session_credits_and_never_more_than_was_served(story: list[Envelope]) -> None:
    session = fold(story, {})
    assert session is not None
    assert 0 <= session.credited_minutes <= session.original_ns // (60 * NS_PER_S)
    if session.state is not SessionState.CLOSED:
        assert session.credited_minutes == 0
    if session.state is SessionState.VOID:
        assert session.original_ns == 0


# Clocks


def test_a_wall_clock_that_jumps_by_years_changes_no_duration() -> None:
    recorder = Recorder()
    recorder.record(check_in(), stamp(0))
    recorder.record(check_out(), stamp(HOUR, wall_ms=START_MS + 10 * 365 * 86_400_000))
    assert folded(recorder).original_ns == HOUR * NS_PER_S


def test_across_a_reboot_the_surely_served_time_counts_and_a_wide_one_is_flagged() -> None:
    recorder = Recorder()
    recorder.record(anchor(0, boot=1), stamp(0))
    recorder.record(check_in(), stamp(0))
    recorder.record(anchor(600, boot=2, server_ms=START_MS + 2 * HOUR * 1000), stamp(600, boot=2))
    recorder.record(check_out(), stamp(600, boot=2))
    session = folded(recorder)
    assert abs(session.original_ns - 2 * HOUR * NS_PER_S) < NS_PER_S
    assert session.flags == frozenset()
    unanchored = fold([e for e in recorder.envelopes if e.kind != EventKind.ANCHOR], {})
    assert unanchored is not None
    assert (unanchored.original_ns, unanchored.flags) == (600 * NS_PER_S, frozenset({WIDE_DURATION}))


def at_two_devices(*entries: Body) -> tuple[Recorder, Recorder]:
    """Return a session begun at one device and ended at another; each has entries of its own about time."""
    here, there = Recorder("stream-a"), Recorder("stream-b")
    here.record(check_in(), replace(stamp(100, boot=9), boot_id="a-9"))
    there.record(check_out(), replace(stamp(50, boot=2), boot_id="b-2"))
    for entry in entries:
        (here if getattr(entry, "boot_id", "").startswith("a") else there).record(entry, stamp(0))
    return here, there


def test_a_session_ended_at_another_device_is_placed_by_the_time_of_both() -> None:
    anchors = Anchor("a-9", 9, 100_000_000, START_MS, 0), Anchor("b-2", 2, 50_000_000, START_MS + 7_200_000, 0)
    here, there = at_two_devices(*anchors)
    events = [*there.envelopes, *here.envelopes]
    session = fold(events, logs_in(events))
    assert session is not None
    assert session.ended is not None
    assert (session.started.est_ms, session.ended.est_ms) == (START_MS, START_MS + 7_200_000)
    assert 7199 * NS_PER_S < session.original_ns <= 7200 * NS_PER_S
    assert session.flags == frozenset()


@pytest.mark.parametrize("boot_of_the_other", [2, 9, 12])
def test_numbers_of_boots_of_two_devices_are_never_compared(boot_of_the_other: int) -> None:
    beats = Heartbeat("a-9", 9, 9 * HOUR * 1_000_000), Heartbeat("b-8", boot_of_the_other - 1, 9 * HOUR * 1_000_000)
    here, there = at_two_devices(*beats)
    there.envelopes[0] = replace(there.envelopes[0], stamp=replace(stamp(50, boot=boot_of_the_other), boot_id="b-2"))
    events = [*here.envelopes, *there.envelopes]
    session = fold(events, logs_in(events))
    assert session is not None
    assert (session.original_ns, session.credited_minutes) == (0, 0)
    assert WIDE_DURATION in session.flags


def test_a_recovered_file_that_goes_on_in_another_stream_still_knows_how_long_its_boots_lived() -> None:
    before, after = Recorder("stream-a"), Recorder("stream-b")
    before.record(check_in(), stamp(0, boot=1))
    after.record(Heartbeat("boot-1", 1, HOUR * 1_000_000), stamp(15, boot=2))
    after.record(check_out(), stamp(60, boot=2))
    events = [*before.envelopes, *after.envelopes]
    session = fold(events, logs_in(events))
    assert session is not None
    assert session.original_ns == (HOUR + 60) * NS_PER_S
    same_boot = [before.envelopes[0], Recorder("stream-b").record(check_out(), stamp(HOUR, boot=1))]
    session = fold(same_boot, {})
    assert session is not None
    assert session.original_ns == HOUR * NS_PER_S


def test_only_scans_are_placed_by_their_stamps() -> None:
    recorder = served()
    recorder.undo(recorder.envelopes[1])
    recorder.record(auto_close())
    assert dated(recorder.envelopes) == recorder.envelopes[:2]


def test_a_wall_clock_outside_the_bounds_is_flagged() -> None:
    recorder = Recorder()
    recorder.record(anchor(0, boot=1), stamp(0))
    recorder.record(check_in(), stamp(5, boot=2, wall_ms=0))
    assert CLOCK_CLAMPED in folded(recorder).flags


def test_a_certificate_that_could_not_be_dated_is_flagged() -> None:
    recorder = Recorder()
    body = check_in()
    card = Presented("410302", "0001", "01020304", validity_unchecked=True)
    recorder.record(replace(body, certificate=card))
    assert folded(recorder).flags == {VALIDITY_UNCHECKED}


@pytest.mark.parametrize("field", ["volunteer", "service_point", "certificate", "team", "shift"])
def test_the_session_keeps_what_its_check_in_says(field: str) -> None:
    recorder = Recorder()
    body = replace(check_in(shift=Shift("x", 1, 2)), team="队一")
    recorder.record(body)
    assert getattr(folded(recorder), field) == getattr(body, field)


@pytest.mark.parametrize("shown", [("begin",), ("end",), ("begin", "end")])
def test_a_typed_number_is_never_shown_as_a_scan(shown: tuple[str, ...]) -> None:
    typed = Presented("410302", "none", "none", format="typed", trust=Trust.TYPED)
    begin, end = check_in(), check_out()
    recorder = Recorder()
    recorder.record(replace(begin, certificate=typed, witness="V9") if "begin" in shown else begin)
    early = folded(recorder)
    assert early.provenance is (Provenance.TYPED if "begin" in shown else Provenance.ONE_SCAN)
    recorder.record(replace(end, certificate=typed, witness="V9") if "end" in shown else end, stamp(HOUR))
    session = folded(recorder)
    assert session.provenance is Provenance.TYPED
    assert session.flags == {TYPED}
    assert session.credited_minutes == 60


def test_a_number_that_only_the_directory_speaks_for_is_flagged() -> None:
    listed = Presented("410302", "none", "none", format="old-card", trust=Trust.LISTED)
    recorder = Recorder()
    recorder.record(replace(check_in(), certificate=listed))
    recorder.record(auto_close(), stamp(HOUR))
    session = folded(recorder)
    assert session.provenance is Provenance.ONE_SCAN_AUTO
    assert session.flags == {LISTED}


def test_a_signed_certificate_leaves_no_new_word_on_the_wire() -> None:
    body = served().envelopes[0].body
    assert body["certificate"] == {"issuer": "410302", "kid": "0001", "serial": "010203040506"}
    assert "witness" not in body
