"""A real device file lives through what a booth may: its sessions are true, and what anybody folds from its chain."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.protocol.envelope import Envelope
from sync.protocol.sessions import Session, dated, fold, session_id_of
from sync.protocol.timebook import TimeBook
from sync.protocol.timeline import TimeLog, logs_in
from tests.support.clock import FakeClocks
from tests.support.histories import DRIFTS, HOUR, WALLS, Beat60, Deed, Jump, Reboot, Suspend, Sync, Wait
from tests.support.station import Booth, booth_in

NS_PER_S = 1_000_000_000
ROWS = "SELECT id, state, started_ms, ended_ms, original_s, credited_minutes FROM sessions ORDER BY id"
VOLUNTEERS = ("4103020000000017", "4103020000000025")
SHORT = st.floats(0, 5 * HOUR)
DEEDS: st.SearchStrategy[Deed | int] = st.one_of(
    st.builds(Wait, SHORT),
    st.builds(Suspend, SHORT),
    st.just(Beat60()),
    st.builds(Sync, st.just(0.0), st.just(0.0)),
    st.builds(Jump, WALLS),
    st.builds(Reboot, SHORT, st.one_of(st.none(), WALLS)),
    st.sampled_from([0, 1]),  # one of the two shows a card
)


def do(booth: Booth, deed: Deed | int, scanned: dict[str, int]) -> None:
    match deed:
        case int():
            booth.station.present(booth.card(VOLUNTEERS[deed]))
            scanned[booth.events()[-1].id] = booth.clocks.true_ns
        case Wait(seconds):
            booth.clocks.elapse(seconds)
        case Suspend(seconds):
            booth.clocks.suspend(seconds)
        case Beat60():
            booth.station.tend()
        case Sync():
            booth.exchange()
        case Jump(by_ms):
            booth.clocks.wall_error_ms = by_ms
        case Reboot(off_s, by_ms):
            booth.reboot(off_s=off_s, wall_ms=None if by_ms is None else booth.clocks.true_ms + by_ms)


def histories_of(events: list[Envelope]) -> dict[str, list[Envelope]]:
    found: dict[str, list[Envelope]] = {}
    for envelope in events:
        if (session := session_id_of(envelope)) is not None:
            found.setdefault(session, []).append(envelope)
    return found


def row_of(session: Session) -> tuple[object, ...]:
    ended_ms = None if session.ended is None else session.ended.est_ms
    lasted_s = session.original_ns // NS_PER_S
    return session.id, session.state.value, session.started.est_ms, ended_ms, lasted_s, session.credited_minutes


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), DRIFTS, st.lists(DEEDS, min_size=4, max_size=14))
def test_the_file_the_chain_and_the_truth_agree(data: st.DataObject, drift_ppm: int, deeds: list[Deed | int]) -> None:
    scanned: dict[str, int] = {}
    clocks = FakeClocks(drift_ppm=drift_ppm)
    with tempfile.TemporaryDirectory() as folder, booth_in(Path(folder), clocks=clocks) as booth:
        for deed in deeds:
            do(booth, deed, scanned)
        events, rows = list(booth.events()), booth.rows(ROWS)
    logs = logs_in(data.draw(st.permutations(events)))
    books = {event.stream: TimeBook(logs.get(event.stream, TimeLog())) for event in events}
    folded = []
    for _, history in sorted(histories_of(events).items()):
        session = fold(data.draw(st.permutations(history)), logs)
        assert session is not None
        scans = [scan.stamp for scan in dated(history)]
        assert session == fold(history, {stream: book.around(scans) for stream, book in books.items()})
        folded.append(row_of(session))
        check_truth(session, history, scanned)
    assert rows == folded


def check_truth(session: Session, history: list[Envelope], scanned: dict[str, int]) -> None:
    began_ns = scanned.get(history[0].id)
    if began_ns is not None:
        assert session.started.lo_ms <= began_ns // 1_000_000 <= session.started.hi_ms
    ended_ns = None if session.ended_by is None else scanned.get(session.ended_by)
    if began_ns is not None and ended_ns is not None and session.credited_minutes:
        true_ns = ended_ns - began_ns
        assert session.credited_minutes * 60 * NS_PER_S <= true_ns + true_ns * 500 // 1_000_000 + 1000
