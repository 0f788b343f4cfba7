"""The wire done wrong: each rule of protocol.md broken once, at the agent, in the mailbox, on the platform.

Upstream: ``mutant``.
Downstream: ``__main__``. What the platform's doors refuse (nonces, keys, the revoked) is broken in ``doors``.
"""

from __future__ import annotations

from tests.mutants.mutant import Mutant

RELAY, PLAN, BACKOFF, ASKING = (f"sync/agent/{name}.py" for name in ("relay", "plan", "backoff", "asking"))
OUTBOX, MAILBOX, ROUNDS, INBOX = (
    f"sync/mailbox/{name}.py" for name in ("outbox", "agent_side", "reconciling", "inbox")
)
BATCH, INGEST, TAKING = "sync/protocol/batch.py", "sync/platform/ingest.py", "sync/platform/taking.py"
FEED = "sync/mailbox/agent_inbox.py"
MACHINE = ("tests/machines/test_wire.py",)
OF_TURNS = ("tests/unit/sync/agent/test_plan.py", "tests/unit/sync/agent/test_turns.py")
OF_ROWS = ("tests/unit/sync/mailbox/test_sent_again.py",)
OF_JUDGING = ("tests/unit/sync/platform/test_ingest.py",)
OF_FORKS = ("tests/integration/platform/test_forked_stream.py",)
OF_ORDER = ("tests/integration/platform/test_times.py",)
OF_ARRIVALS = ("tests/integration/platform/test_arrivals.py",)
OF_WORKERS = ("tests/integration/platform/test_at_once.py",)
OF_PAGES = ("tests/integration/agent/test_changes.py",)
OF_LATE_PAGES = ("tests/unit/sync/mailbox/test_late_pages.py",)
OF_ANSWERS = ("tests/integration/agent/test_asking.py",)
OF_SIGNERS = ("tests/unit/sync/protocol/test_signer_lookup.py",)

MUTANTS = (
    # Progress only by a valid receipt
    Mutant(
        "progress-on-any-2xx",
        RELAY,
        "            return self._missed(claimed, plan, Answer.FAILED, retold(str(error)))\n        exchange",
        "            from sync.protocol.batch import EventReceipt as Each, Receipt as All\n"
        "            named = [Each(each.id, EventOutcome.ACCEPTED) for each in claimed]\n"
        '            receipt = All(batch.id, str(error), named, 1_800_000_000_000, "any")\n        exchange',
        MACHINE,
    ),
    Mutant(
        "a-receipt-of-other-bytes",
        BATCH,
        "if receipt.batch != batch.id or receipt.body_sha256 != body_sha256(sent_body):",
        "if receipt.batch != batch.id:",
        MACHINE,
    ),
    Mutant(
        "a-portal-that-knows-the-protocol",
        ASKING,
        "if content.body_sha256 != body_sha256(body):",
        "if not content.body_sha256:",
        OF_ANSWERS,
    ),
    Mutant(
        "acknowledged-by-batch",
        MAILBOX,
        "        done = [i for i, e in named.items() if e.outcome in DONE]\n        parked",
        "        done = list(mine)\n        parked",
        MACHINE,
    ),
    # Nothing is deleted or given up
    Mutant(
        "what-is-turned-away-is-deleted",
        MAILBOX,
        "outbox.release(connection, [envelope.id for envelope in claimed])",
        "connection.execute(outbox.delete(OutboxRow).where(OutboxRow.event_id.in_([e.id for e in claimed])))",
        MACHINE,
    ),
    Mutant(
        "given-up-on-400-and-404",
        RELAY,
        "        sentence = trouble_of(kind, answer.status)\n        if len(claimed) > 1",
        "        sentence = trouble_of(kind, answer.status)\n        if answer.status in {400, 404}:\n"
        "            return self._set_aside(claimed, plan, UNFIT_EVENT, sentence)\n        if len(claimed) > 1",
        MACHINE,
    ),
    Mutant("rows-kept-for-an-hour", OUTBOX, "KEEP_MS = 30 * 24 * 3600 * 1000", "KEEP_MS = 3600 * 1000", MACHINE),
    Mutant(
        "a-dead-agent-s-rows-are-nobody-s",
        OUTBOX,
        "WAITING = text(\"state IN ('pending', 'leased')\")",
        "WAITING = text(\"state = 'pending'\")",
        MACHINE,
    ),
    Mutant(
        "attempts-not-marked",
        OUTBOX,
        "attempts=OutboxRow.attempts + 1",
        "attempts=OutboxRow.attempts",
        OF_ROWS,
    ),
    Mutant(
        "a-damaged-row-waits-for-ever",
        OUTBOX,
        "    park(connection, {event_id: DAMAGED for event_id, envelope in read.items() if envelope is None})\n",
        "",
        MACHINE,
    ),
    # When, and how much
    Mutant(
        "no-halving",
        PLAN,
        "return replace(plan, batch_size=plan.batch_size // 2, wait_s=0.0)",
        "return replace(plan, wait_s=0.0)",
        OF_TURNS,
    ),
    Mutant(
        "success-resets-nothing",
        PLAN,
        "return Plan(min(MAX_EVENTS, plan.batch_size * 2))",
        "return replace(plan, batch_size=min(MAX_EVENTS, plan.batch_size * 2))",
        OF_TURNS,
    ),
    Mutant("all-booths-come-back-together", BACKOFF, "return ceiling_s * chance", "return ceiling_s", OF_TURNS),
    Mutant(
        "a-wait-without-end",
        BACKOFF,
        "min(self.most_s, self.first_s * 2.0**doublings)",
        "self.first_s * 2.0**doublings",
        OF_TURNS,
    ),
    Mutant("no-timer", PLAN, "known.contacted_s + TIMER_S", "known.contacted_s + 1e9", MACHINE),
    Mutant(
        "the-refused-knock-at-once",
        PLAN,
        "return replace(plan, failures=failures, wait_s=TIMER_S)",
        "return replace(plan, failures=failures, wait_s=0.0)",
        OF_TURNS,
    ),
    Mutant(
        "retry-after-for-a-day",
        PLAN,
        "wait_s=min(TIMER_S, retry_after_s)",
        "wait_s=retry_after_s",
        OF_TURNS,
    ),
    # What a restored platform lacks
    Mutant(
        "nobody-asks", PLAN, "Deed.RECONCILE: known.asks", "Deed.RECONCILE: known.asks and known.now_s < 0", MACHINE
    ),
    Mutant(
        "a-new-epoch-is-no-reason",
        ROUNDS,
        "self.after is not None or self.done_ms is None or self.done_epoch != epoch",
        "self.after is not None or self.done_ms is None",
        MACHINE,
    ),
    Mutant("a-day-is-no-reason", ROUNDS, "abs(now_ms - self.done_ms) >= DAY_MS or ", "", MACHINE),
    Mutant(
        "what-was-set-apart-is-not-asked-about",
        ROUNDS,
        "HELD = text(\"state IN ('acknowledged', 'parked')\")",
        "HELD = text(\"state = 'acknowledged'\")",
        MACHINE,
    ),
    Mutant(
        "old-rows-are-gone-for-good",
        MAILBOX,
        "    if before.epoch is not None and before.epoch != heard.epoch:\n        reconciling.ask_everything",
        "    if before.epoch is None:\n        reconciling.ask_everything",
        MACHINE,
    ),
    Mutant(
        "many-are-not-sent-again",
        MAILBOX,
        "outbox.send_again(connection, set(missing) & set(page.ids))",
        "outbox.send_again(connection, [*missing][:1])",
        MACHINE,
    ),
    # Known by its id, for ever, in the same transaction
    Mutant(
        "known-by-place-not-by-id",
        INGEST,
        "held = known.hashes.get(envelope.id)",
        "held = envelope.h if known.places.get((envelope.stream, envelope.seq)) else None",
        MACHINE,
    ),
    Mutant(
        "known-for-a-boot",
        INGEST,
        "held = known.hashes.get(envelope.id)",
        "held = None if known.hashes else known.hashes.get(envelope.id)",
        MACHINE,
    ),
    Mutant(
        "same-id-other-content-is-the-same",
        INGEST,
        "if held is not None and held != envelope.h:",
        "if held is not None and not held:",
        OF_JUDGING,
    ),
    Mutant("twice-in-one-batch", INGEST, "            hashes[envelope.id] = envelope.h\n", "", OF_JUDGING),
    Mutant(
        "one-bad-event-blocks",
        TAKING,
        "    named = _named(_accepted(verdicts))\n",
        "    if any(verdict.refusal for verdict in verdicts):\n        raise ValueError\n"
        "    named = _named(_accepted(verdicts))\n",
        MACHINE,
    ),
    Mutant(
        "answered-before-it-is-durable",
        "sync/platform/store/settling.py",
        "            with database.writing(owner) as unit:\n                return work(unit)\n",
        "            told = []\n            try:\n                with database.writing(owner) as unit:\n"
        "                    told.append(work(unit))\n            except BaseException:\n"
        "                if not told:\n                    raise\n            return told[0]\n",
        MACHINE,
    ),
    Mutant(
        "judged-outside-the-locks",
        TAKING,
        "    unit.locks.hold(Kind.STREAM, streams)\n    forked",
        "    forked",
        OF_WORKERS,
    ),
    Mutant("sessions-written-by-two", TAKING, "    unit.locks.hold(Kind.SESSION, named | moved)\n", "", OF_WORKERS),
    # Cloned cards
    Mutant(
        "a-fork-the-platform-does-not-see",
        INGEST,
        "if known.places.get((envelope.stream, envelope.seq), {}).keys() - {envelope.id}:",
        "if not envelope.seq:",
        MACHINE,
    ),
    Mutant(
        "a-fork-the-device-does-not-hear-of",
        "kiosk/store/heads.py",
        'return bool(connection.execute(_forked, {"stream": stream}).scalar_one())',
        "return not stream and connection.closed",
        MACHINE,
    ),
    Mutant(
        "a-fork-told-to-one-alone",
        INGEST,
        "echo = Alarm.STREAM_FORKED if envelope.stream in known.forked else None",
        "echo = None",
        OF_FORKS,
    ),
    # Every order of arrival
    Mutant(
        "folded-from-the-batch-alone", TAKING, "histories = unit.events.histories(named)", "histories = {}", MACHINE
    ),
    Mutant(
        "news-of-time-move-nothing",
        TAKING,
        "    moved = _moved(_accepted(verdicts), unit) - named\n",
        "    moved: frozenset[str] = frozenset()\n",
        OF_ORDER,
    ),
    Mutant(
        "a-number-instead-of-the-order-of-commits",
        "sync/platform/store/arrivals.py",
        "return EventRow.arrived_in < base + cast(literal_column(dialect.OLDEST_RUNNING), BigInteger)",
        "return EventRow.arrived_in >= base - base",
        OF_ARRIVALS,
    ),
    # The way down
    Mutant(
        "a-cursor-apart-from-its-page",
        FEED,
        "                is_new = inbox.keep(connection, page, seal)\n",
        "                inbox._note(connection, page.scope, cursor=page.cursor)\n"
        "            with writing(self._engine) as connection:\n"
        "                is_new = inbox.keep(connection, page, seal)\n",
        OF_PAGES,
    ),
    Mutant(
        "a-page-that-answers-another-question",
        INBOX,
        "if page.after is not None and page.after != stands.after:",
        "if page.after is not None and not page.after:",
        OF_LATE_PAGES,
    ),
    # Who signed
    Mutant(
        "unknown-because-the-database-is-away",
        "sync/protocol/signing/requests.py",
        "if resolver.is_asking and error.__cause__ is not None:",
        "if resolver.is_asking and error.__cause__ is None:",
        OF_SIGNERS,
    ),
)
