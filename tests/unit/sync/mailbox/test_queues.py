"""Nothing waits behind what is never taken, and what the platform lacks again is sent again."""

from __future__ import annotations

import shutil
import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.mailbox import outbox, reconciling
from sync.mailbox.agent_side import AgentMailbox, Heard
from sync.mailbox.engine import open_engine, reading, writing
from sync.mailbox.link import Exchange
from sync.mailbox.outbox import DAMAGED, Counts, Queue
from sync.mailbox.reconciling import DAY_MS, Offering, Round
from sync.protocol.batch import EventReceipt, Receipt
from sync.protocol.vocabulary import EventOutcome
from tests.support.envelopes import START_MS, chain_of
from tests.support.outboxes import device_file_with

CHAIN = chain_of(24)
EXCHANGE = Exchange("boot-1", 5, START_MS, 7)
ACCEPTED, DUPLICATE, QUARANTINED, RETRY = EventOutcome


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A device file with twenty-four events waiting."""
    return device_file_with(tmp_path / "device.sqlite", CHAIN)


@pytest.fixture
def mailbox(file: Path) -> Iterator[AgentMailbox]:
    """The agent's side of it."""
    opened = AgentMailbox(file)
    yield opened
    opened.close()


def answered(mailbox: AgentMailbox, limit: int, queue: Queue, never: set[str]) -> list[str]:
    """Send one batch to a platform that wants some events again for ever."""
    claimed = mailbox.claim("lease", limit, queue)
    events = [EventReceipt(each.id, RETRY if each.id in never else ACCEPTED) for each in claimed]
    mailbox.settle(Receipt("b", "00" * 32, events, START_MS, "epoch-1"), claimed, EXCHANGE)
    return [each.id for each in claimed]


@given(never=st.sets(st.sampled_from([each.id for each in CHAIN])), limit=st.integers(1, 24))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_never_taken_all_others_arrive_and_each_is_tried_as_often_as_the_rest(
    never: set[str], limit: int, file: Path
) -> None:
    copy = file.with_name("copy.sqlite")
    shutil.copyfile(file, copy)
    mailbox = AgentMailbox(copy)
    for _ in range(-(-len(CHAIN) // limit)):
        answered(mailbox, limit, Queue.FRESH, never)
    assert mailbox.overview().counts == Counts(len(never), 0, len(CHAIN) - len(never))
    assert not mailbox.look().fresh
    tried: dict[str, int] = dict.fromkeys(never, 0)
    for _ in range(2 * -(-len(never) // limit)):
        for event in answered(mailbox, limit, Queue.AGAIN, never):
            tried[event] += 1
    assert not tried or max(tried.values()) - min(tried.values()) <= 1
    mailbox.close()
    for each in copy.parent.glob("copy.sqlite*"):
        each.unlink()


def test_new_records_go_before_those_that_are_wanted_again(mailbox: AgentMailbox) -> None:
    answered(mailbox, 5, Queue.ANY, {each.id for each in CHAIN[:5]})
    assert [each.id for each in mailbox.claim("lease", 3)] == [each.id for each in CHAIN[5:8]]


def test_what_a_dead_agent_had_set_back_and_leased_is_still_in_its_queue(mailbox: AgentMailbox) -> None:
    answered(mailbox, 2, Queue.FRESH, {CHAIN[0].id})
    mailbox.claim("of the dead", 1, Queue.AGAIN)
    assert [each.id for each in mailbox.claim("of the living", 9, Queue.AGAIN)] == [CHAIN[0].id]


def test_a_row_whose_envelope_is_another_events_is_set_aside(file: Path, mailbox: AgentMailbox) -> None:
    with closing(sqlite3.connect(file)) as other, other:
        other.execute("UPDATE outbox SET envelope = ? WHERE position = 1", (msgspec.json.encode(CHAIN[3]),))
    assert CHAIN[0].id not in {each.id for each in mailbox.claim("lease", 500)}
    assert mailbox.overview().parked[0].reason == DAMAGED


def test_a_parked_record_is_sent_again_by_a_persons_word(mailbox: AgentMailbox) -> None:
    claimed = mailbox.claim("lease", 2)
    events = [EventReceipt(each.id, QUARANTINED, "why") for each in claimed]
    mailbox.settle(Receipt("b", "00" * 32, events, START_MS, "epoch-1"), claimed, EXCHANGE)
    assert mailbox.try_parked_again([claimed[0].id, CHAIN[20].id]) == 1
    assert mailbox.try_parked_again() == 1
    assert mailbox.overview().counts == Counts(24, 0, 0)


# Asking what the platform lacks


def heard(epoch: str, *, after_ms: int = 0) -> Heard:
    return Heard(START_MS + after_ms, epoch, EXCHANGE)


def ask_to_the_end(mailbox: AgentMailbox, lacks: set[str], limit: int, epoch: str = "epoch-1") -> list[str]:
    asked: list[str] = []
    while (page := mailbox.next_held(limit)) is not None:
        asked += page.ids
        mailbox.reconciled(page, [each for each in page.ids if each in lacks], heard(epoch))
    return asked


@given(lacks=st.sets(st.sampled_from([each.id for each in CHAIN])), limit=st.integers(1, 30))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_exactly_what_the_platform_lacks_waits_again(lacks: set[str], limit: int, file: Path) -> None:
    copy = file.with_name("copy.sqlite")
    shutil.copyfile(file, copy)
    mailbox = AgentMailbox(copy)
    answered(mailbox, 500, Queue.ANY, set())
    assert ask_to_the_end(mailbox, lacks, limit) == [each.id for each in CHAIN]
    assert mailbox.overview().counts == Counts(len(lacks), 0, len(CHAIN) - len(lacks))
    assert not mailbox.look().asks
    mailbox.close()
    for each in copy.parent.glob("copy.sqlite*"):
        each.unlink()


def test_a_round_is_taken_up_where_it_was_broken_off(file: Path, mailbox: AgentMailbox) -> None:
    answered(mailbox, 500, Queue.ANY, set())
    page = mailbox.next_held(10)
    assert page is not None
    mailbox.reconciled(page, [], heard("epoch-1"))
    after_a_crash = AgentMailbox(file)
    assert after_a_crash.look().asks
    assert ask_to_the_end(after_a_crash, set(), 10) == [each.id for each in CHAIN[10:]]
    after_a_crash.close()


def test_a_round_begins_anew_where_the_epoch_changes_under_it(mailbox: AgentMailbox) -> None:
    answered(mailbox, 500, Queue.ANY, set())
    page = mailbox.next_held(10)
    assert page is not None
    mailbox.reconciled(page, [], heard("epoch-2"))
    assert ask_to_the_end(mailbox, set(), 10, "epoch-2") == [each.id for each in CHAIN]


def test_what_was_set_aside_is_asked_about_too_but_not_what_the_disk_has_changed(
    file: Path, mailbox: AgentMailbox
) -> None:
    with closing(sqlite3.connect(file)) as other, other:
        other.execute("UPDATE outbox SET envelope = '{}' WHERE position = 1")
    claimed = mailbox.claim("lease", 500)
    events = [EventReceipt(each.id, QUARANTINED, "why") for each in claimed]
    mailbox.settle(Receipt("b", "00" * 32, events, START_MS, "epoch-1"), claimed, EXCHANGE)
    assert ask_to_the_end(mailbox, set(), 100) == [each.id for each in CHAIN[1:]]


def test_records_that_come_while_a_round_is_under_way_do_not_prolong_it(file: Path, mailbox: AgentMailbox) -> None:
    answered(mailbox, 10, Queue.ANY, set())
    assert mailbox.next_held(5) is not None
    engine = open_engine(file)
    with writing(engine) as connection:
        for envelope in chain_of(3, stream="stream-2"):
            outbox.append(connection, envelope)
    engine.dispose()
    answered(mailbox, 500, Queue.ANY, set())
    assert len(ask_to_the_end(mailbox, set(), 5)) == 24


@pytest.mark.parametrize(
    ("found", "now_ms", "epoch", "asked", "due"),
    [
        (Round(), None, None, None, False),
        (Round(), START_MS, "e", None, True),
        (Round(done_ms=START_MS, done_epoch="e"), START_MS + DAY_MS - 1, "e", None, False),
        (Round(done_ms=START_MS, done_epoch="e"), START_MS + DAY_MS, "e", None, True),
        (Round(done_ms=START_MS, done_epoch="e"), START_MS - DAY_MS, "e", None, True),
        (Round(done_ms=START_MS, done_epoch="e"), START_MS, "f", None, True),
        (Round(after=7, done_ms=START_MS, done_epoch="e"), START_MS, "e", None, True),
        (Round(done_ms=START_MS, done_epoch="e"), START_MS, "e", Offering(1), False),
        (Round(done_ms=START_MS, done_epoch="e"), START_MS, "e", Offering(1, 9, whole=True), True),
    ],
)
def test_when_it_is_asked(
    found: Round, now_ms: int | None, epoch: str | None, asked: Offering | None, *, due: bool
) -> None:
    assert found.is_due(now_ms, epoch, asked) is due


def test_the_first_epoch_that_is_heard_asks_for_nothing_old_and_another_one_for_everything(
    file: Path, mailbox: AgentMailbox
) -> None:
    engine = open_engine(file)
    for epoch, asked in (("epoch-1", None), ("epoch-1", None), ("epoch-2", Offering(START_MS + 2))):
        mailbox.contacted(heard(epoch, after_ms=2), [])
        with reading(engine) as connection:
            assert reconciling.offering(connection) == asked
    engine.dispose()


# A long backlog


def test_a_backlog_of_any_length_is_claimed_in_the_same_memory_and_time(tmp_path: Path) -> None:
    peaks = []
    for rows in (2_000, 200_000):
        file = device_file_with(tmp_path / f"{rows}.sqlite", chain_of(1))
        with closing(sqlite3.connect(file)) as other, other:
            other.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
                "INSERT INTO outbox (event_id, envelope) SELECT 'other-' || i, (SELECT envelope FROM outbox) FROM n",
                (rows,),
            )
        mailbox = AgentMailbox(file)
        mailbox.look()
        tracemalloc.start()
        assert mailbox.look().fresh
        assert len(mailbox.claim("lease", 500)) == 1  # the others are no whole records, and are set aside
        mailbox.overview()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        mailbox.close()
    assert peaks[1] < 1.5 * peaks[0]
