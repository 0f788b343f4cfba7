"""The agent against a real server that misbehaves in every way: nothing lost or doubled, every fault a sentence."""

from __future__ import annotations

import gc
import gzip
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import pytest

from sync.agent import loop
from sync.agent.backoff import Backoff
from sync.agent.contacting import Contact
from sync.agent.errands import Errands
from sync.agent.plan import TIMER_S, Answer, Plan, Turns
from sync.agent.reconciling import Reconciler
from sync.agent.relay import Relay, Try, World
from sync.agent.transport import HttpTransport, Limits
from sync.mailbox.agent_side import AgentMailbox, MailboxError
from sync.mailbox.engine import open_engine, reading
from sync.mailbox.link import exchanges
from sync.mailbox.outbox import Counts
from sync.protocol.batch import EventReceipt, encode_receipt
from sync.protocol.signing.keys import SigningKey
from sync.protocol.signing.requests import HttpRequest, verify_request
from sync.protocol.vocabulary import EventOutcome
from tests.support import scripted_server as scripts
from tests.support.envelopes import chain_of
from tests.support.outboxes import device_file_with
from tests.support.scripted_server import SERVER_MS, Script, ScriptedServer, serving

KEY = SigningKey(b"d" * 32)
ACCEPTED, RETRY = EventOutcome.ACCEPTED, EventOutcome.RETRY
QUICK = Limits(connect_s=3.0, read_s=3.0, whole_s=4.0)  # what is late by itself gives its own


@dataclass
class Agent:
    """An agent of one device with a server before it."""

    relay: Relay
    mailbox: AgentMailbox
    server: ScriptedServer
    file: Path

    def step(self, plan: Plan | None = None) -> Try:
        return self.relay.step(plan or Plan())

    def errands(self, poll_s: float) -> Errands:
        """Everything an agent does on the way up."""
        relay = self.relay
        parts = (relay.mailbox, relay.transport, relay.device, relay.backoff, relay.world)
        return Errands(relay, Contact(*parts, free_mb=lambda: 7), Reconciler(*parts), poll_s)

    def counts(self) -> Counts:
        return self.mailbox.overview().counts


@pytest.fixture
def agent_for(tmp_path: Path) -> Iterator[Callable[..., Agent]]:
    """Make agents: ``agent_for(script, …, events=5, url=None, limits=QUICK)``."""
    closing: list[Callable[[], object]] = []

    def make(*script: Script, events: int = 5, url: str | None = None, limits: Limits = QUICK) -> Agent:
        file = device_file_with(tmp_path / "device.sqlite", chain_of(events))
        context = serving(*(script or (scripts.accept,)))
        server = context.__enter__()
        closing.append(lambda: context.__exit__(None, None, None))
        mailbox = AgentMailbox(file)
        closing.append(mailbox.close)
        ids = iter(f"id-{n}" for n in range(10**6))
        world = World(lambda: next(ids), "boot-1", lambda: time.clock_gettime_ns(time.CLOCK_BOOTTIME), lambda: 0.5)
        transport = HttpTransport(url or server.url, "device-1", KEY, lambda: datetime.now(UTC), limits)
        return Agent(Relay(mailbox, transport, "device-1", Backoff(), world), mailbox, server, file)

    yield make
    for close in reversed(closing):
        close()


Make = Callable[..., Agent]


def test_what_waits_is_sent_signed_and_acknowledged(agent_for: Make) -> None:
    agent = agent_for()
    tried = agent.step()
    assert (tried.answer, tried.plan, tried.trouble) == (Answer.RECEIPT, Plan(500), None)
    assert agent.counts() == Counts(waiting=0, parked=0, acknowledged=5)
    call = agent.server.calls[0]
    request = HttpRequest("POST", agent.server.url + call.path, call.headers, call.body)
    assert verify_request(request, {"device-1": KEY.public}.get) == "device-1"
    assert (call.path, call.headers["content-type"]) == ("/v1/events", "application/json")
    assert (call.headers["content-encoding"], call.batch.device) == ("gzip", "device-1")
    assert agent.step().answer is None


def test_the_exchange_is_noted_for_the_clock(agent_for: Make) -> None:
    agent = agent_for()
    before = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    agent.step()
    after = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    engine = open_engine(agent.file)
    with reading(engine) as connection:
        noted = exchanges(connection)
    engine.dispose()
    assert [(each.boot_id, each.server_ms) for each in noted] == [("boot-1", SERVER_MS)]
    assert before <= noted[0].bt_recv_ns - noted[0].rtt_ns <= noted[0].bt_recv_ns <= after


def test_a_compressed_answer_is_read(agent_for: Make) -> None:
    assert agent_for(scripts.gzipped).step().answer is Answer.RECEIPT


def test_more_than_a_batch_goes_in_several(agent_for: Make) -> None:
    agent = agent_for(events=1200)
    plan = Plan()
    for _ in range(3):
        plan = agent.step(plan).plan
    assert [len(call.batch.events) for call in agent.server.calls] == [500, 500, 200]
    assert agent.server.event_ids() == [envelope.id for envelope in chain_of(1200)]
    assert agent.counts().waiting == 0


# Whatever is not a receipt of this batch moves nothing

FAILS: dict[str, tuple[Script, Answer, str]] = {
    "500": (scripts.status(500), Answer.FAILED, "500"),
    "502 with a page": (scripts.status(502, b"<html>Bad Gateway</html>"), Answer.FAILED, "502"),
    "404": (scripts.status(404), Answer.FAILED, "404"),
    "400": (scripts.problem(400, "not-a-batch"), Answer.UNFIT, "400"),
    "another 400": (scripts.problem(400, "bad-gateway"), Answer.FAILED, "400"),
    "401": (scripts.problem(401, "unsigned"), Answer.REFUSED, "refuses this device"),
    "403": (scripts.problem(403, "revoked"), Answer.REFUSED, "records are kept"),
    "413": (scripts.problem(413, "too-large"), Answer.TOO_LARGE, "too large"),
    "429": (scripts.status(429), Answer.BUSY, "429"),
    "503": (scripts.status(503), Answer.BUSY, "503"),
    "captive portal": (scripts.captive_portal, Answer.FAILED, "captive portal"),
    "an empty 200": (scripts.status(200, b""), Answer.FAILED, "not a receipt"),
    "204": (scripts.status(204, b""), Answer.FAILED, "not a receipt"),
    "another batch": (scripts.wrong_receipt(batch="other"), Answer.FAILED, "another batch"),
    "other bytes": (scripts.wrong_receipt(body_sha256="ab" * 32), Answer.FAILED, "another batch"),
    "a cut reply": (scripts.cut, Answer.FAILED, "reached"),
    "a cut chunk": (scripts.cut_chunked, Answer.FAILED, "reached"),
    "hung up": (scripts.hang_up, Answer.FAILED, "reached"),
    "a redirect": (scripts.status(302, b"", Location="http://127.0.0.1:9/elsewhere"), Answer.FAILED, "302"),
    "a permanent redirect": (scripts.status(308, b"", Location="/v1/other"), Answer.FAILED, "308"),
    "two megabytes": (scripts.status(200, b" " * 2**21), Answer.FAILED, "reached"),
}


@pytest.mark.parametrize("name", FAILS)
def test_nothing_moves_without_a_valid_receipt(agent_for: Make, name: str) -> None:
    script, answer, sentence = FAILS[name]
    agent = agent_for(script, scripts.accept)
    tried = agent.step()
    assert tried.answer is answer
    assert sentence in (tried.trouble or "")
    assert agent.counts() == Counts(waiting=5, parked=0, acknowledged=0)
    link = agent.mailbox.overview().link
    assert (link.trouble, link.attempts_since_contact, link.last_contact_ms) == (tried.trouble, 1, None)
    assert len(agent.server.calls) == 1
    assert agent.step(tried.plan).answer is Answer.RECEIPT
    assert agent.server.event_ids() == [envelope.id for envelope in chain_of(5)] * 2 or name in {"400", "413"}


def test_a_compressed_bomb_is_not_read_to_its_end(agent_for: Make) -> None:
    bomb = gzip.compress(b" " * 2**26)
    agent = agent_for(scripts.status(200, bomb, Content_Encoding="gzip"))
    assert agent.step().answer is Answer.FAILED
    assert agent.counts().waiting == 5


def test_a_batch_found_too_large_is_halved_until_it_fits(agent_for: Make) -> None:
    def picky(call: scripts.Call) -> None:
        (scripts.accept if len(call.batch.events) <= 2 else scripts.problem(413, "too-large"))(call)

    agent = agent_for(picky, events=9)
    plan = Plan(8)
    for _ in range(20):
        tried = agent.step(plan)
        assert tried.plan.wait_s == 0
        plan = tried.plan
    assert agent.counts() == Counts(0, 0, 9)


def drained(agent: Agent, steps: int = 60) -> None:
    """Take turns as the plan gives them, without its waits."""
    errands = agent.errands(0.0)
    for _ in range(steps):
        errands.turns = ready(errands)
        errands.step()
        if not agent.counts().waiting:
            return


def ready(errands: Errands) -> Turns:
    """Return the turns with every wait over."""
    return MappingProxyType({deed: replace(turn, from_s=0.0) for deed, turn in errands.turns.items()})


def unreadable(*bad: str) -> Script:
    """Answer 400 to every batch with one of these events in it, and accept the others."""

    def script(call: scripts.Call) -> None:
        is_bad = any(envelope.id in bad for envelope in call.batch.events)
        (scripts.problem(400, "not-a-batch") if is_bad else scripts.accept)(call)

    return script


def test_an_event_that_makes_its_batch_unreadable_is_set_aside_and_all_others_arrive(agent_for: Make) -> None:
    agent = agent_for(unreadable("stream-1-e3"), events=9)
    drained(agent)
    overview = agent.mailbox.overview()
    assert overview.counts == Counts(waiting=0, parked=1, acknowledged=8)
    assert overview.parked[0].event_id == "stream-1-e3"
    assert "平台读不懂" in overview.parked[0].reason
    assert agent.mailbox.try_parked_again() == 1
    assert agent.counts() == Counts(waiting=1, parked=0, acknowledged=8)


def test_a_platform_that_can_read_nothing_has_nearly_everything_wait(agent_for: Make) -> None:
    agent = agent_for(scripts.problem(400, "not-a-batch"), events=9)
    drained(agent, 60)
    assert agent.counts() == Counts(waiting=5, parked=4, acknowledged=0)  # two of each queue


@pytest.mark.parametrize("status", [404, 413, 500])
def test_an_event_that_breaks_every_call_it_is_in_waits_behind_all_others(agent_for: Make, status: int) -> None:
    def platform(call: scripts.Call) -> None:
        is_bad = any(envelope.id == "stream-1-e3" for envelope in call.batch.events)
        (scripts.status(status) if is_bad else scripts.accept)(call)

    agent = agent_for(platform, events=9)
    drained(agent)
    assert agent.counts() == Counts(waiting=1, parked=0, acknowledged=8)


def test_newer_events_do_not_wait_behind_old_ones_that_the_platform_wants_again_for_ever(agent_for: Make) -> None:
    def platform(call: scripts.Call) -> None:
        old = {f"stream-1-e{n}" for n in range(1, 501)}
        kept = [EventReceipt(each.id, RETRY if each.id in old else ACCEPTED) for each in call.batch.events]
        call.answer(200, encode_receipt(scripts.receipt_of(call, events=kept)))

    agent = agent_for(platform, events=507)
    drained(agent, 6)
    assert agent.counts() == Counts(waiting=500, parked=0, acknowledged=7)


@pytest.mark.parametrize(
    ("header", "wait_s"), [("30", 30.0), ("0", 1.0), ("100000", TIMER_S), ("soon", 1.0), ("-5", 1.0)]
)
def test_a_busy_platform_says_when_to_come_again(agent_for: Make, header: str, wait_s: float) -> None:
    tried = agent_for(scripts.status(429, Retry_After=header)).step()
    assert (tried.answer, tried.plan.wait_s) == (Answer.BUSY, wait_s)


# Deadlines


def test_a_server_that_takes_and_never_answers_is_left(agent_for: Make) -> None:
    silent: list[ScriptedServer] = []
    agent = agent_for(scripts.never(silent), limits=Limits(1.0, 0.4, 5.0))
    silent.append(agent.server)
    began = time.monotonic()
    tried = agent.step()
    assert time.monotonic() - began < 2
    assert (tried.answer, tried.trouble) == (Answer.FAILED, "the platform did not answer in time")


def test_a_server_that_trickles_is_left_at_the_deadline_of_the_whole_call(agent_for: Make) -> None:
    agent = agent_for(scripts.trickle(0.2), limits=Limits(1.0, 1.0, 0.8))
    began = time.monotonic()
    tried = agent.step()
    assert 0.6 < time.monotonic() - began < 2
    assert tried.answer is Answer.FAILED
    assert "within 0.8 s" in (tried.trouble or "")
    assert agent.counts().waiting == 5


def test_a_server_that_trickles_its_headers_is_left_too(agent_for: Make) -> None:
    def slow_headers(call: scripts.Call) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 40:
            call.handler.wfile.write(bytes([byte]))
            call.handler.wfile.flush()
            threading.Event().wait(0.1)

    agent = agent_for(slow_headers, limits=Limits(1.0, 1.0, 0.8))
    began = time.monotonic()
    assert "within 0.8 s" in (agent.step().trouble or "")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://no-such-host.invalid", "http://[::1]:1"])
def test_a_platform_that_is_not_there_is_a_sentence(agent_for: Make, url: str) -> None:
    agent = agent_for(url=url)
    tried = agent.step()
    assert tried.answer is Answer.FAILED
    assert "cannot be reached" in (tried.trouble or "")
    assert agent.counts().waiting == 5


def test_a_port_that_never_accepts_is_left(agent_for: Make) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        fillers = [socket.socket() for _ in range(8)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        began = time.monotonic()
        tried = agent_for(url=f"http://127.0.0.1:{full.getsockname()[1]}", limits=Limits(1.0, 0.5, 1.0)).step()
        assert time.monotonic() - began < 3
        assert tried.answer is Answer.FAILED
        for filler in fillers:
            filler.close()


def test_the_environments_proxy_is_not_asked(agent_for: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert agent_for().step().answer is Answer.RECEIPT


# Outcomes by event


def test_only_what_the_receipt_names_is_done_with(agent_for: Make) -> None:
    agent = agent_for(scripts.accept_only(slice(2)), scripts.accept)
    assert agent.step().answer is Answer.RECEIPT
    assert agent.counts() == Counts(waiting=3, parked=0, acknowledged=2)
    agent.step()
    assert agent.server.event_ids() == [f"stream-1-e{n}" for n in (1, 2, 3, 4, 5, 3, 4, 5)]
    assert agent.counts() == Counts(0, 0, 5)


def test_what_is_quarantined_is_set_aside_with_its_reason_and_never_sent_again(agent_for: Make) -> None:
    agent = agent_for(scripts.outcome(EventOutcome.QUARANTINED, "的记录被改动过"))
    agent.step()
    overview = agent.mailbox.overview()
    assert overview.counts == Counts(waiting=0, parked=5, acknowledged=0)
    assert {each.reason for each in overview.parked} == {"的记录被改动过"}
    assert agent.step().answer is None


def test_a_duplicate_is_done_with(agent_for: Make) -> None:
    agent = agent_for(scripts.outcome(EventOutcome.DUPLICATE))
    agent.step()
    assert agent.counts() == Counts(0, 0, 5)


@pytest.mark.parametrize("script", [scripts.outcome(EventOutcome.RETRY), scripts.accept_only(slice(0))])
def test_a_receipt_that_moves_nothing_on_is_not_followed_at_once(agent_for: Make, script: Script) -> None:
    agent = agent_for(script)
    tried = agent.step()
    assert agent.counts().waiting == 5
    assert tried.plan.wait_s > 0
    assert agent.step(tried.plan).plan.wait_s > tried.plan.wait_s


# The loop


def test_the_loop_goes_on_through_every_fault_until_it_is_told_to_stop(agent_for: Make) -> None:
    agent = agent_for(scripts.status(500), scripts.captive_portal, scripts.hang_up, scripts.status(429), scripts.accept)
    waits: list[float] = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        ahead_ns[0] += round(seconds * 1e9)
        return agent.counts().waiting == 0 and len(waits) > 20

    ahead_ns = [0]
    world = replace(agent.relay.world, boottime_ns=lambda: time.clock_gettime_ns(time.CLOCK_BOOTTIME) + ahead_ns[0])
    agent.relay = replace(agent.relay, world=world)
    loop.run(agent.errands(7.0).step, wait, failed=lambda _: None, patience_s=1.0)
    long = [round(seconds) for seconds in waits if seconds > 0.5]
    assert long[:4] == [1, 2, 4, 8]
    assert set(long[4:]) == {7}
    assert agent.counts() == Counts(0, 0, 5)


def test_the_loop_survives_a_file_that_cannot_be_used(agent_for: Make) -> None:
    agent = agent_for()
    blocker = open_engine(agent.file)
    said: list[str] = []
    with blocker.connect() as connection:

        def wait(_seconds: float) -> bool:
            if said:
                connection.rollback()
            return agent.counts().waiting == 0

        connection.exec_driver_sql("SELECT 1")  # the engine begins IMMEDIATE: the write lock is held
        loop.run(agent.errands(0.5).step, wait, failed=said.append, patience_s=0.5)
    blocker.dispose()
    assert "locked" in said[0]
    assert agent.counts() == Counts(0, 0, 5)


def test_a_locked_file_is_an_error_that_names_it(agent_for: Make) -> None:
    agent = agent_for()
    blocker = open_engine(agent.file)
    with blocker.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        with pytest.raises(MailboxError, match="locked"):
            agent.step()
        connection.rollback()
    blocker.dispose()
    assert agent.step().answer is Answer.RECEIPT


def test_a_long_backlog_is_sent_in_the_memory_of_a_short_one(agent_for: Make) -> None:
    """Garbage that is collected seldom counts too: nothing is left behind by a call."""
    agent = agent_for(events=6000)
    agent.step(Plan(10))
    gc.collect()
    gc.disable()
    tracemalloc.start()
    kept = []
    while agent.step(Plan(500)).answer is not None:
        agent.server.calls.clear()
        kept.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    gc.enable()
    assert len(kept) == 12
    assert kept[-1] - kept[1] < 10 * 100_000  # a batch is 400 kB, a call some dozens
