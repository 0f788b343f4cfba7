"""The outbox loses nothing: only a receipt moves a row on, and only the rows that it names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.mailbox import outbox
from sync.mailbox.agent_side import AgentMailbox, MailboxError
from sync.mailbox.engine import open_engine, writing
from sync.mailbox.link import Exchange, Link, exchanges
from sync.mailbox.outbox import KEEP_MS, Counts
from sync.protocol.batch import EventReceipt, Receipt
from sync.protocol.envelope import Envelope
from sync.protocol.vocabulary import EventOutcome
from tests.support.envelopes import START_MS, chain_of
from tests.support.station import empty_device_file

EXCHANGE = Exchange("boot-1", 5, START_MS, 7)
ACCEPTED, DUPLICATE, QUARANTINED, RETRY = EventOutcome


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A device file with five events waiting."""
    path = tmp_path / "device.sqlite"
    path.write_bytes(empty_device_file())
    put(path, chain_of(5))
    return path


@pytest.fixture
def mailbox(file: Path) -> Iterator[AgentMailbox]:
    """The agent's side of that file."""
    opened = AgentMailbox(file)
    yield opened
    opened.close()


def put(file: Path, envelopes: list[Envelope]) -> None:
    engine = open_engine(file)
    with writing(engine) as connection:
        for envelope in envelopes:
            outbox.append(connection, envelope)
    engine.dispose()


def receipt(outcomes: dict[str, EventOutcome], *, at_ms: int = START_MS) -> Receipt:
    events = [
        EventReceipt(id_, outcome, "why" if outcome is QUARANTINED else None) for id_, outcome in outcomes.items()
    ]
    return Receipt("b1", "00" * 32, events, at_ms, "epoch-1")


def test_what_is_claimed_is_what_was_put_in_oldest_first(mailbox: AgentMailbox) -> None:
    assert list(mailbox.claim("lease-1", 3)) == chain_of(5)[:3]
    assert mailbox.waiting() == 5


def test_a_receipt_moves_on_only_what_it_names(mailbox: AgentMailbox) -> None:
    claimed = mailbox.claim("lease-1", 4)
    a, b, c, _ = (envelope.id for envelope in claimed)
    mailbox.settle(receipt({a: ACCEPTED, b: DUPLICATE, c: QUARANTINED}), claimed, EXCHANGE)
    overview = mailbox.overview()
    assert overview.counts == Counts(waiting=2, parked=1, acknowledged=2)
    assert [(each.event_id, each.reason) for each in overview.parked] == [(c, "why")]
    assert overview.link == Link(START_MS, "epoch-1", 0, None)
    assert [envelope.seq for envelope in mailbox.claim("lease-2", 9)] == [5, 4]  # unnamed: behind the others


def test_a_receipt_cannot_speak_for_what_was_not_sent(mailbox: AgentMailbox) -> None:
    claimed = mailbox.claim("lease-1", 2)
    others = {envelope.id: ACCEPTED for envelope in chain_of(5)[2:]} | {"unheard of": ACCEPTED}
    mailbox.settle(receipt(others), claimed, EXCHANGE)
    assert mailbox.overview().counts == Counts(waiting=5, parked=0, acknowledged=0)


def test_an_event_to_be_sent_again_waits_again(mailbox: AgentMailbox) -> None:
    claimed = mailbox.claim("lease-1", 5)
    mailbox.settle(receipt({envelope.id: RETRY for envelope in claimed}), claimed, EXCHANGE)
    assert mailbox.overview().counts.waiting == 5


def test_a_quarantined_event_without_a_reason_is_parked_with_a_sentence(mailbox: AgentMailbox) -> None:
    claimed = mailbox.claim("lease-1", 1)
    answer = msgspec.structs.replace(receipt({}), events=[EventReceipt(claimed[0].id, QUARANTINED)])
    mailbox.settle(answer, claimed, EXCHANGE)
    assert "no reason" in mailbox.overview().parked[0].reason


def test_no_receipt_puts_everything_back_and_counts_the_try(mailbox: AgentMailbox) -> None:
    for tries in (1, 2):
        mailbox.release(mailbox.claim(f"lease-{tries}", 5), "the platform answered 500")
        overview = mailbox.overview()
        assert overview.counts == Counts(5, 0, 0)
        assert overview.link == Link(None, None, tries, "the platform answered 500")
    mailbox.settle(receipt({}), mailbox.claim("lease-3", 1), EXCHANGE)
    assert mailbox.overview().link.trouble is None


def test_what_a_dead_agent_had_claimed_is_taken_over(file: Path, mailbox: AgentMailbox) -> None:
    mailbox.claim("of the dead", 5)
    other = AgentMailbox(file)
    assert [envelope.seq for envelope in other.claim("of the living", 5)] == [1, 2, 3, 4, 5]
    other.close()


def test_acknowledged_rows_stay_thirty_days_by_the_platforms_clock_and_the_others_for_ever(
    mailbox: AgentMailbox,
) -> None:
    first = mailbox.claim("lease", 2)
    mailbox.settle(receipt({first[0].id: ACCEPTED, first[1].id: QUARANTINED}), first, EXCHANGE)
    mailbox.settle(receipt({}, at_ms=START_MS + KEEP_MS), mailbox.claim("lease", 1), EXCHANGE)
    assert mailbox.overview().counts == Counts(3, 1, 1)
    mailbox.settle(receipt({}, at_ms=START_MS + KEEP_MS + 1), mailbox.claim("lease", 1), EXCHANGE)
    assert mailbox.overview().counts == Counts(3, 1, 0)


def test_exchanges_are_kept_for_a_kiosk_that_sleeps_but_not_without_end(file: Path, mailbox: AgentMailbox) -> None:
    for number in range(105):
        exchange = Exchange("boot-1", number, START_MS + number, 7)
        mailbox.settle(receipt({}), mailbox.claim("lease", 1), exchange)
    engine = open_engine(file)
    with engine.connect() as connection:
        kept = exchanges(connection)
    engine.dispose()
    assert [each.bt_recv_ns for each in kept] == list(range(5, 105))


def test_an_event_is_put_in_once(file: Path) -> None:
    with pytest.raises(Exception, match="UNIQUE"):
        put(file, chain_of(1))


STEPS = st.lists(st.tuples(st.integers(0, 6), st.lists(st.sampled_from([*EventOutcome, None]), max_size=6)), max_size=8)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_answered_nothing_is_lost_and_nothing_comes_back(
    tmp_path: Path, steps: list[tuple[int, list[EventOutcome | None]]]
) -> None:
    path = tmp_path / f"{len(list(tmp_path.iterdir()))}.sqlite"
    path.write_bytes(empty_device_file())
    put(path, chain_of(6))
    mailbox, settled = AgentMailbox(path), set[str]()
    for limit, answers in steps:
        claimed = mailbox.claim("lease", limit)
        assert not settled & {envelope.id for envelope in claimed}
        named = {e.id: o for e, o in zip(claimed, answers, strict=False) if o is not None}
        mailbox.settle(receipt(named), claimed, EXCHANGE)
        settled |= {id_ for id_, outcome in named.items() if outcome is not RETRY}
        counts = mailbox.overview().counts
        assert counts.waiting + counts.parked + counts.acknowledged == 6
        assert counts.waiting == 6 - len(settled)
    mailbox.close()


# A file that is not there, or not ready


def test_the_agent_waits_for_the_kiosk_to_make_the_file(tmp_path: Path) -> None:
    mailbox = AgentMailbox(tmp_path / "device.sqlite")
    assert not mailbox.is_ready()
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_not_ready_yet(tmp_path: Path) -> None:
    (tmp_path / "device.sqlite").touch()
    assert not AgentMailbox(tmp_path / "device.sqlite").is_ready()


def test_the_kiosks_file_is_ready(mailbox: AgentMailbox) -> None:
    assert mailbox.is_ready()


def test_a_broken_file_is_a_sentence_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "device.sqlite").write_bytes(b"rubbish" * 1000)
    mailbox = AgentMailbox(tmp_path / "device.sqlite")
    for use in (mailbox.is_ready, mailbox.waiting, mailbox.overview, lambda: mailbox.claim("l", 1)):
        with pytest.raises(MailboxError, match=r"device\.sqlite"):
            use()


def test_a_damaged_envelope_is_set_aside_and_stops_no_other(file: Path, mailbox: AgentMailbox) -> None:
    engine = open_engine(file)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE outbox SET envelope = X'FF' WHERE position = 3")
    engine.dispose()
    assert [envelope.seq for envelope in mailbox.claim("lease", 9)] == [1, 2, 4, 5]
    assert [each.event_id for each in mailbox.overview().parked] == ["stream-1-e3"]
