"""Time done wrong: what clock.md names, and what beats and the logs of several devices add to it.

Upstream: ``mutant``.
Downstream: ``__main__``.
"""

from __future__ import annotations

from tests.mutants.mutant import Mutant

TIMELINE, SESSIONS = "sync/protocol/timeline.py", "sync/protocol/sessions.py"
BOOK, TIMES, TRUSTED = "sync/protocol/timebook.py", "kiosk/store/times.py", "kiosk/timekeeping/trusted.py"
OF_TIMELINE = ("tests/unit/sync/protocol/test_timeline.py",)
OF_SESSIONS = ("tests/unit/sync/protocol/test_sessions.py",)
OF_BOOK = ("tests/unit/sync/protocol/test_timebook.py",)
OF_CLOCK = ("tests/unit/kiosk/timekeeping/test_trusted.py",)
OF_BEATS = ("tests/unit/kiosk/usecases/test_keep_beat.py",)
OF_PLATFORM = ("tests/integration/platform/test_times.py",)
OF_NOTES = ("tests/unit/kiosk/usecases/test_note_anchors.py",)
OF_RELAY = ("tests/integration/agent/test_relay.py::test_the_exchange_is_noted_for_the_clock",)

MUTANTS = (
    # What clock.md names
    Mutant(
        "trust-the-wall-clock",
        TIMELINE,
        "est_ms = min(own, key=_width).est_ms if own else stamp.wall_ms",
        "est_ms = stamp.wall_ms",
        OF_TIMELINE,
    ),
    Mutant(
        "trust-the-wall-clock-for-durations",
        TIMELINE,
        "exact_ns = max(0, last.bt_ns - first.bt_ns)",
        "exact_ns = max(0, last.wall_ms - first.wall_ms) * NS_PER_MS",
        OF_TIMELINE,
    ),
    Mutant("trust-the-wall-clock-on-screen", TRUSTED, "if readings.wall_ms < floor_ms:", "if not floor_ms:", OF_CLOCK),
    Mutant("ignore-a-reboot", TIMELINE, "if first.boot_id == last.boot_id:", "if first.boot_id:", OF_TIMELINE),
    Mutant(
        "ignore-a-reboot-between-anchor-and-stamp",
        TIMELINE,
        "return entry.boot_n == other.boot_n and entry.boot_id == other.boot_id",
        "return True",
        OF_TIMELINE,
    ),
    Mutant(
        "clock-monotonic",
        "kiosk/timekeeping/system.py",
        "return ask(time.CLOCK_BOOTTIME)",
        "return ask(time.CLOCK_MONOTONIC)",
        OF_CLOCK,
    ),
    Mutant(
        "clock-monotonic-at-the-agent",
        "sync/agent/__main__.py",
        "time.clock_gettime_ns(time.CLOCK_BOOTTIME)",
        "time.clock_gettime_ns(time.CLOCK_MONOTONIC)",
        ("tests/guards/test_clocks.py",),
    ),
    Mutant("no-drift", TIMELINE, "DRIFT_PPM = 500", "DRIFT_PPM = 0", OF_TIMELINE),
    Mutant(
        "seconds-of-a-date-header",
        "sync/agent/asking.py",
        "received_bt_ns, server_ms, received_bt_ns",
        "received_bt_ns, server_ms // 1000 * 1000, received_bt_ns",
        OF_RELAY,
    ),
    Mutant(
        "an-answer-taken-as-exact",
        TIMELINE,
        "((-since_ns - drift_ns - _at_most_ns(anchor.rtt_ns)) // NS_PER_MS)",
        "((-since_ns - drift_ns) // NS_PER_MS)",
        OF_TIMELINE,
    ),
    # Bounds across boots
    Mutant(
        "lived-time-without-drift",
        TIMELINE,
        "return clock_ns - clock_ns * DRIFT_PPM // MILLION - NS_PER_US",
        "return clock_ns - NS_PER_US",
        OF_TIMELINE,
    ),
    Mutant(
        "a-boot-lived-twice",
        TIMELINE,
        "if first.boot_n < beat.boot_n < last.boot_n:",
        "if first.boot_n <= beat.boot_n < last.boot_n:",
        OF_TIMELINE,
    ),
    Mutant(
        "beats-forgotten", TIMELINE, "return sum(min(own.values()) for own in lives.values())", "return 0", OF_TIMELINE
    ),
    Mutant(
        "a-boot-alive-to-the-next",
        TIMELINE,
        "return Span(max(span.lo_ns, alive_ns), max(span.hi_ns, alive_ns))",
        "return Span(max(span.hi_ns, alive_ns), max(span.hi_ns, alive_ns))",
        OF_TIMELINE,
    ),
    Mutant(
        "boot-numbers-of-two-devices-compared",
        SESSIONS,
        "if stream == begin.stream or",
        "if stream or",
        OF_SESSIONS,
    ),
    Mutant(
        "the-other-device-s-log",
        SESSIONS,
        "logs.get(envelope.stream, UNKNOWN_TIME)",
        "logs.get(min(logs, default=''), UNKNOWN_TIME)",
        OF_SESSIONS,
    ),
    # The few that matter
    Mutant(
        "one-anchor-too-few",
        BOOK,
        "- {EVER, NEVER}",
        "- {EVER, NEVER, self._places[-1] if self._places else EVER}",
        OF_BOOK,
    ),
    Mutant(
        "news-moves-only-what-comes-after",
        BOOK,
        "return Reach(before, after)",
        "return Reach(anchor.place, after)",
        OF_BOOK,
    ),
    Mutant(
        "the-platform-folds-only-what-is-named",
        "sync/platform/taking.py",
        "moved |= unit.events.sessions_across(",
        "moved &= unit.events.sessions_across(",
        OF_PLATFORM,
    ),
    # At the booth
    Mutant(
        "the-running-boot-told-as-ended",
        TIMES,
        "BeatRow.event_id.is_(None), BeatRow.boot_n < bindparam",
        "BeatRow.event_id.is_(None), BeatRow.boot_n <= bindparam",
        OF_BEATS,
    ),
    Mutant("a-heartbeat-told-twice", TIMES, '"event_id": _beat.excluded.event_id}', '"event_id": None}', OF_BEATS),
    Mutant(
        "only-beats-show-a-boot-alive",
        TIMES,
        "max(bt_ns, _last_stamp_ns(connection, boot_id, number)) // NS_PER_US",
        "bt_ns // NS_PER_US",
        OF_BEATS,
    ),
    Mutant(
        "the-floor-dies-with-its-boot",
        "kiosk/station.py",
        "passed_ms = max(self._floor_ms(), self.keep_beat())",
        "passed_ms = max(self._floor_ms(), 0 * self.keep_beat())",
        OF_BEATS,
    ),
    Mutant(
        "every-exchange-lengthens-the-chain",
        "kiosk/usecases/note_anchors.py",
        "if uncertain_ns > max(",
        "if uncertain_ns or max(",
        OF_NOTES,
    ),
)
