"""Contact and reconciling over a real connection: only an answer to this very question moves anything."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sync.agent.asking import World
from sync.agent.backoff import Backoff
from sync.agent.contacting import Contact
from sync.agent.plan import Answer, Plan
from sync.agent.reconciling import Reconciler
from sync.agent.relay import Relay
from sync.agent.transport import HttpTransport, Limits
from sync.mailbox.agent_side import AgentMailbox
from sync.mailbox.outbox import Counts
from sync.protocol.batch import body_sha256
from sync.protocol.contact import CONTACT_PATH, ContactAnswer
from sync.protocol.packing import unpack
from sync.protocol.reconciling import MissingAnswer, MissingRequest
from sync.protocol.signing.keys import SigningKey
from tests.support import scripted_server as scripts
from tests.support.envelopes import chain_of
from tests.support.outboxes import device_file_with
from tests.support.scripted_server import SERVER_MS, Call, Script, ScriptedServer, serving

CHAIN = chain_of(30)


@dataclass
class Asking:
    """A device whose thirty events were acknowledged, and a server before it."""

    mailbox: AgentMailbox
    contact: Contact
    reconciler: Reconciler
    server: ScriptedServer

    def counts(self) -> Counts:
        return self.mailbox.overview().counts


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    """It has just sent everything."""
    mailbox = AgentMailbox(device_file_with(tmp_path / "device.sqlite", CHAIN))
    world = World(lambda: str(uuid.uuid4()), "boot-1", time.monotonic_ns, lambda: 0.5)
    with serving(scripts.accept) as server:
        line = HttpTransport(server.url, "device-1", SigningKey(b"d" * 32), lambda: datetime.now(UTC), Limits(1, 1, 2))
        parts = (mailbox, line, "device-1", Backoff(), world)
        assert Relay(*parts).step(Plan()).moved == 30
        yield Asking(mailbox, Contact(*parts, free_mb=lambda: 7), Reconciler(*parts), server)
    mailbox.close()


def wrong(**changes: Any) -> Script:
    """Answer another question."""

    def script(call: Call) -> None:
        right: Any = ContactAnswer(body_sha256(call.body), SERVER_MS + 5, "epoch-2")
        if call.path != CONTACT_PATH:
            right = MissingAnswer(body_sha256(call.body), [each.id for each in CHAIN], SERVER_MS + 5, "epoch-2")
        call.answer(200, msgspec.json.encode(msgspec.structs.replace(right, **changes)))

    return script


NO_ANSWERS: dict[str, tuple[Script, Answer]] = {
    "a captive portal": (scripts.captive_portal, Answer.FAILED),
    "another body's": (wrong(body_sha256="ab" * 32), Answer.FAILED),
    "no digest": (scripts.status(200, b"{}"), Answer.FAILED),
    "hung up": (scripts.hang_up, Answer.FAILED),
    "an error": (scripts.status(500), Answer.FAILED),
    "revoked": (scripts.problem(403, "revoked"), Answer.REFUSED),
    "busy": (scripts.status(503, Retry_After="60"), Answer.BUSY),
}


@pytest.mark.parametrize("name", NO_ANSWERS)
def test_what_does_not_answer_this_question_moves_nothing(asking: Asking, name: str) -> None:
    asking.server.beside, answer = NO_ANSWERS[name]
    before = asking.mailbox.overview()
    contacted, asked = asking.contact.step(Plan()), asking.reconciler.step(Plan())
    assert (contacted.answer, asked.answer) == (answer, answer)
    assert contacted.trouble
    assert contacted.plan.wait_s > 0
    after = asking.mailbox.overview()
    assert after.counts == before.counts
    assert (after.link.last_contact_ms, after.link.epoch) == (before.link.last_contact_ms, before.link.epoch)
    assert after.link.trouble == contacted.trouble


def test_a_contact_brings_time_epoch_and_alarms_and_ends_the_trouble(asking: Asking) -> None:
    asking.mailbox.note_trouble("the platform answered 500")
    asking.server.beside = wrong(alarms=["stream_forked"])
    assert asking.contact.step(Plan(500, 7)).plan == Plan()
    link = asking.mailbox.overview().link
    assert (link.last_contact_ms, link.epoch, link.trouble) == (SERVER_MS + 5, "epoch-2", None)
    assert (link.attempts_since_contact, link.alarms) == (0, ("stream_forked",))


def test_a_page_that_is_too_large_or_not_understood_is_halved_and_a_single_id_passed_over(asking: Asking) -> None:
    odd, asked = CHAIN[7].id, list[list[str]]()

    def platform(call: Call) -> None:
        ids = unpack(call.body, MissingRequest).ids
        asked.append(ids)
        if odd in ids:
            return call.answer(400 if len(ids) < 20 else 413, b"{}")
        return call.answer(
            200, msgspec.json.encode(MissingAnswer(body_sha256(call.body), ids[:1], SERVER_MS, "epoch-1"))
        )

    asking.server.beside = platform
    plan = Plan()
    for _ in range(60):
        tried = asking.reconciler.step(plan)
        plan = tried.plan
        if tried.answer is None:
            break
    assert not asking.mailbox.look().asks
    good = {each for ids in asked if odd not in ids for each in ids}
    assert good == {each.id for each in CHAIN} - {odd}
    assert asking.counts().waiting == sum(odd not in ids for ids in asked)
