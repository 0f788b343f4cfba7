"""Duty done wrong: what duty-rules.md promises, each broken once, at the booth, in the fold, in totals, on the way.

Upstream: ``mutant``.
Downstream: ``__main__``.
"""

from __future__ import annotations

from tests.mutants.mutant import Mutant

SESSIONS, VERDICTS, CREDITING = (f"sync/protocol/{name}.py" for name in ("sessions", "verdicts", "crediting"))
TRANSACTION, OUTBOX, AGENT = "kiosk/store/transaction.py", "sync/mailbox/outbox.py", "sync/mailbox/agent_side.py"
SCAN, REACH = "kiosk/domain/duty_session.py", "kiosk/usecases/reach.py"
MACHINE = ("tests/machines/test_duty.py",)
OF_JUDGEMENTS = ("tests/unit/sync/protocol/test_judgements.py",)
OF_CREDITING = ("tests/unit/sync/protocol/test_crediting.py",)
OF_TOTALS = ("tests/unit/sync/protocol/test_totals.py",)

MUTANTS = (
    # What a scan does
    Mutant(
        "a-next-day-scan-is-a-check-out",
        SCAN,
        "    if past_limit:",
        "    if past_limit and open_for_ns < 0:",
        MACHINE,
    ),
    Mutant(
        "a-second-scan-toggles", SCAN, "if open_for_ns < policy.just_started_s * NS_PER_S:", "if not policy:", MACHINE
    ),
    Mutant(
        "an-undo-that-is-no-event",
        "kiosk/usecases/undo_scan.py",
        "        writing.append(Undo(session.id, scan.id), stamp)",
        "        del stamp",
        MACHINE,
    ),
    Mutant(
        "an-undo-at-any-time",
        SCAN,
        "return 0 <= age_ns <= max(longest_s, policy.undo_s) * NS_PER_S",
        "return age_ns <= 10**6 * max(longest_s, policy.undo_s) * NS_PER_S",
        MACHINE,
    ),
    Mutant(
        "a-gap-between-two-services",
        "kiosk/usecases/change_service.py",
        "writing.append(following, event.stamp, aside)",
        "writing.append(following, moment.stamp, aside)",
        MACHINE,
    ),
    Mutant(
        "nobody-closes-what-is-overdue",
        "kiosk/usecases/close_overdue.py",
        "if limit.at <= now.at]",
        "if limit is None]",
        MACHINE,
    ),
    Mutant("the-suspended-serve", "kiosk/domain/standing.py", "    if standing.suspended:", "    if not now:", MACHINE),
    # What counts
    Mutant(
        "the-rules-close-with-hours",
        SESSIONS,
        "(SessionState.OPEN, EventKind.AUTO_CLOSE.value): SessionState.PROVISIONAL,",
        "(SessionState.OPEN, EventKind.AUTO_CLOSE.value): SessionState.CLOSED,",
        MACHINE,
    ),
    Mutant(
        "what-is-provisional-counts",
        SESSIONS,
        "COUNTING = frozenset({SessionState.CLOSED,",
        "COUNTING = frozenset({SessionState.PROVISIONAL, SessionState.CLOSED,",
        MACHINE,
    ),
    Mutant("a-drill-counts", SESSIONS, "frozenset({PAID, DRILL})", "frozenset({PAID})", MACHINE),
    Mutant("paid-work-counts", SESSIONS, "frozenset({PAID, DRILL})", "frozenset({DRILL})", MACHINE),
    Mutant("no-cap", CREDITING, "else min(minutes, rule.cap)", "else minutes", OF_CREDITING),
    Mutant(
        "over-the-cap-is-as-good-as-any",
        CREDITING,
        "return original_ns > rule.cap * MS_PER_MINUTE * NS_PER_MS",
        "return original_ns < 0",
        OF_CREDITING,
    ),
    Mutant("no-least-time", CREDITING, "if minutes < rule.minimum", "if minutes < 0", MACHINE),
    Mutant(
        "time-before-the-shift",
        CREDITING,
        "max(start_ms, shift.starts_ms - rule.early * MS_PER_MINUTE)",
        "start_ms",
        OF_CREDITING,
    ),
    Mutant(
        "time-after-the-shift",
        CREDITING,
        "        if not beyond_shift:",
        "        if beyond_shift is None:",
        OF_CREDITING,
    ),
    Mutant(
        "a-shift-moves-corrected-hours",
        SESSIONS,
        "return None if self.provenance is Provenance.CORRECTION else self.shift",
        "return self.shift",
        OF_JUDGEMENTS,
    ),
    Mutant(
        "an-overlap-counts-twice",
        "sync/protocol/totals.py",
        "given.append((min(claiming, key=strength.__getitem__), end_ms - begin_ms))",
        "given.extend((session, end_ms - begin_ms) for session in claiming)",
        OF_TOTALS,
    ),
    Mutant(
        "duration-by-the-wall",
        "sync/protocol/timeline.py",
        "exact_ns = max(0, last.bt_ns - first.bt_ns)",
        "exact_ns = max(0, last.wall_ms - first.wall_ms) * NS_PER_MS",
        MACHINE,
    ),
    Mutant(
        "every-boot-is-one",
        "sync/protocol/timeline.py",
        "if first.boot_id == last.boot_id:",
        "if first.boot_id:",
        MACHINE,
    ),
    # What persons say
    Mutant(
        "a-word-alone-is-time",
        SESSIONS,
        "    if not confirmed:\n        return session\n    ended",
        "    if not said:\n        return session\n    ended",
        MACHINE,
    ),
    Mutant(
        "one-s-own-second-person",
        VERDICTS,
        "barred = {self._volunteer, self._authors.get(event)}",
        "barred = {self._volunteer}",
        OF_JUDGEMENTS,
    ),
    Mutant(
        "one-s-own-second-person-at-the-desk",
        "kiosk/usecases/confirm_session.py",
        "and chosen.by == operator:",
        "and chosen.by is operator is None:",
        MACHINE,
    ),
    Mutant(
        "a-volunteer-confirms-an-own-record",
        VERDICTS,
        "barred = {self._volunteer, self._authors.get(event)}",
        "barred = {self._authors.get(event)}",
        OF_JUDGEMENTS,
    ),
    Mutant(
        "an-own-record-at-the-desk",
        REACH,
        "return DeskRefusal.OWN_RECORD if session.volunteer == self.operator else None",
        "return None",
        MACHINE,
    ),
    Mutant(
        "a-captain-of-every-team",
        "kiosk/domain/operators.py",
        "own = team is not None and team == appointment.team",
        "own = True",
        MACHINE,
    ),
    Mutant(
        "a-correction-by-one",
        VERDICTS,
        "== event or bool(self.confirmations_of(event))",
        "== event or bool(event)",
        MACHINE,
    ),
    Mutant(
        "a-withdrawal-by-one",
        SESSIONS,
        "if verdicts.voided or (verdicts.withdrawing and not counts):",
        "if verdicts.voided or verdicts.withdrawing:",
        MACHINE,
    ),
    Mutant(
        "who-typed-hours-makes-them-count",
        VERDICTS,
        "barred = {self._volunteer, *self._entered_by}",
        "barred = {self._volunteer}",
        OF_JUDGEMENTS,
    ),
    Mutant(
        "what-was-turned-down-still-waits",
        VERDICTS,
        "if not holds and event not in room.dismissed",
        "if not holds",
        OF_JUDGEMENTS,
    ),
    Mutant(
        "an-objection-nobody-sees",
        SESSIONS,
        "raised[Matter.OBJECTION] = bool(verdicts.objections)",
        "raised[Matter.OBJECTION] = False",
        MACHINE,
    ),
    # What is on record stays so
    Mutant(
        "an-event-without-its-outbox-row",
        TRANSACTION,
        "        outbox.append(self._connection, envelope)\n",
        "",
        MACHINE,
    ),
    Mutant(
        "a-transaction-in-two-commits",
        TRANSACTION,
        "        outbox.append(self._connection, envelope)\n",
        '        for word in ("COMMIT", "BEGIN IMMEDIATE"):\n            self._connection.exec_driver_sql(word)\n'
        "        outbox.append(self._connection, envelope)\n",
        MACHINE,
    ),
    Mutant(
        "a-session-as-it-was-before-the-word",
        TRANSACTION,
        "            self._refold(session_id)\n        projections.project",
        "            pass\n        projections.project",
        MACHINE,
    ),
    Mutant(
        "news-of-time-moves-no-session",
        TRANSACTION,
        "            for session_id in times.sessions_across(self._connection, reach):",
        "            for session_id in times.sessions_across(self._connection, reach)[:0]:",
        MACHINE,
    ),
    Mutant(
        "sent-is-as-good-as-received",
        OUTBOX,
        "    _move(connection, event_ids, OutboxState.PENDING)",
        "    _move(connection, event_ids, OutboxState.ACKNOWLEDGED)",
        MACHINE,
    ),
    Mutant(
        "a-retry-taken-for-a-receipt",
        AGENT,
        "DONE = frozenset({EventOutcome.ACCEPTED, EventOutcome.DUPLICATE})",
        "DONE = frozenset(EventOutcome) - {EventOutcome.QUARANTINED}",
        ("tests/unit/sync/mailbox/test_mailbox.py",),
    ),
    Mutant(
        "the-order-of-arrival-counts",
        SESSIONS,
        "ordered = sorted(known, key=lambda envelope: (envelope.stream, envelope.seq, envelope.id))",
        "ordered = list(known)",
        MACHINE,
    ),
)
