"""``python -m sync.agent`` as people and systemd run it, and killed at any moment."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sync.mailbox.agent_side import AgentMailbox
from sync.mailbox.outbox import Counts
from sync.protocol.batch import encode_receipt
from sync.protocol.vocabulary import EventOutcome
from tests.support import scripted_server as scripts
from tests.support.community import Community
from tests.support.envelopes import chain_of
from tests.support.outboxes import device_file_with
from tests.support.programs import agent, agent_in, eventually, running
from tests.support.scripted_server import Call, receipt_of, serving

EVENTS = 60


@pytest.fixture
def device(tmp_path: Path) -> Path:
    """A device's folder: its enrolment, and a file with some events waiting."""
    Community().write_enrolment(tmp_path / "enrolment.json")
    device_file_with(tmp_path / "device.sqlite", chain_of(EVENTS))
    return tmp_path


def counts(folder: Path) -> Counts:
    mailbox = AgentMailbox(folder / "device.sqlite")
    found = mailbox.overview().counts
    mailbox.close()
    return found


# once


def test_once_sends_all_and_says_so(device: Path) -> None:
    with serving(scripts.accept) as server:
        done = agent(device, "once", SYNC_AGENT_PLATFORM_URL=server.url)
    assert (done.code, done.out) == (0, f"{EVENTS} sent, 0 wait\nnothing waits\n")
    assert counts(device) == Counts(0, 0, EVENTS)


def test_once_says_what_could_not_be_sent_and_why(device: Path) -> None:
    with serving(scripts.status(500)) as server:
        done = agent(device, "once", SYNC_AGENT_PLATFORM_URL=server.url)
    assert done.code == 2
    assert f"{EVENTS} still wait: the platform answered 500" in done.err
    assert len(server.calls) == 1
    assert counts(device) == Counts(EVENTS, 0, 0)


def test_once_does_not_turn_in_circles_with_a_platform_that_wants_all_again(device: Path) -> None:
    with serving(scripts.outcome(EventOutcome.RETRY)) as server:
        done = agent(device, "once", SYNC_AGENT_PLATFORM_URL=server.url)
    assert done.code == 2
    assert "send them again later" in done.err
    assert len(server.calls) == 1


def test_once_with_nothing_to_do_asks_nobody(device: Path) -> None:
    device_file_with(device / "device.sqlite", [])
    done = agent(device, "once")
    assert (done.code, done.out) == (0, "nothing waits\n")


@pytest.mark.parametrize("command", ["once", "status"])
def test_without_the_kiosks_file_there_is_a_sentence(device: Path, command: str) -> None:
    (device / "device.sqlite").unlink()
    done = agent(device, command)
    assert done.code == 1
    assert "start the kiosk once" in done.err
    assert "Traceback" not in done.err
    assert not (device / "device.sqlite").exists()


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        (lambda file: file.unlink(), "bring the device's enrolment file"),
        (lambda file: file.chmod(0o644), "chmod 600"),
        (lambda file: file.write_bytes(b"{}"), "ask the platform's keeper"),
    ],
)
def test_a_bad_enrolment_is_a_sentence(device: Path, break_it: Callable[[Path], object], sentence: str) -> None:
    break_it(device / "enrolment.json")
    done = agent(device, "once")
    assert done.code == 1
    assert sentence in done.err
    assert "Traceback" not in done.err


# status


def test_status_shows_what_waits_what_was_set_aside_and_the_last_contact(device: Path) -> None:
    before = agent(device, "status", "--json").json
    assert before == {
        "waiting": EVENTS,
        "acknowledged": 0,
        "parked": [],
        "last_contact": None,
        "attempts_since_contact": 0,
        "trouble": None,
        "alarms": [],
        "agent": None,
    }
    with serving(scripts.captive_portal) as portal:
        agent(device, "once", SYNC_AGENT_PLATFORM_URL=portal.url)
    after_portal = agent(device, "status", "--json").json
    assert (after_portal["waiting"], after_portal["attempts_since_contact"]) == (EVENTS, 1)
    assert "captive portal" in after_portal["trouble"]
    with serving(scripts.outcome(EventOutcome.QUARANTINED, "时间在未来")) as server:
        agent(device, "once", SYNC_AGENT_PLATFORM_URL=server.url)
    done = agent(device, "status", "--json").json
    assert (done["waiting"], done["trouble"], done["last_contact"]) == (0, None, "2027-01-15T08:00:00.789+00:00")
    assert done["parked"][0] == {"event": "stream-1-e1", "reason": "时间在未来"}
    text = agent(device, "status")
    assert text.code == 0
    assert "最近联系 last contact" in text.out
    assert "2027-01-15T08:00:00.789+00:00" in text.out
    assert "stream-1-e1: 时间在未来" in text.out


# Settings


def test_every_fault_of_the_settings_is_listed_with_its_place(device: Path) -> None:
    file = device / "agent.toml"
    file.write_text('poll_s = 0\nplatfrom_url = "x"\nplatform_url = "ftp://x"\n')
    variables = {"SYNC_AGENT_READ_S": "soon", "SYNC_AGENT_REED_S": "1", "SYNC_AGENT_POLL_S": "-1"}
    done = agent(device, "--config", str(file), "status", **variables)
    assert done.code == 1
    for part in (
        "environment variable SYNC_AGENT_POLL_S: ",
        "environment variable SYNC_AGENT_READ_S: ",
        "environment variable SYNC_AGENT_REED_S: there is no such setting",
        f"{file}: platfrom_url: ",
        f"{file}: platform_url: ",
    ):
        assert part in done.err
    assert "Traceback" not in done.err


def test_help_needs_no_settings(device: Path) -> None:
    assert agent(device, "--help", SYNC_AGENT_POLL_S="nonsense").code == 0


# run


def test_run_waits_for_the_kiosk_sends_and_stops_when_it_is_told(device: Path) -> None:
    file = device / "device.sqlite"
    file.rename(device / "not yet")
    with serving(scripts.accept) as server:
        variables = agent_in(device, SYNC_AGENT_PLATFORM_URL=server.url)
        with running(sys.executable, "-m", "sync.agent", "run", variables=variables) as process:
            time.sleep(0.8)
            assert server.calls == []
            (device / "not yet").rename(file)
            eventually(lambda: counts(device).acknowledged == EVENTS)
            process.send_signal(signal.SIGTERM)
            assert process.wait(5) == 0


@pytest.mark.slow
def test_killed_at_any_moment_it_loses_nothing_and_the_platform_keeps_every_event_once(device: Path) -> None:
    """The server kills the agent itself: before it answers, while it answers, and just after."""
    kept: dict[str, int] = {}
    pids: list[int] = []

    def kill() -> None:
        os.kill(pids[-1], signal.SIGKILL)

    def platform(call: Call) -> None:
        moment = len(server.calls) % 4
        if moment == 1:
            return kill()
        for envelope in call.batch.events:  # the platform commits, by event id
            kept[envelope.id] = kept.get(envelope.id, 0) + 1
        if moment == 2:
            return kill()
        call.answer(200, encode_receipt(receipt_of(call)))
        return kill() if moment == 3 else None

    with serving(platform) as server:
        variables = agent_in(device, SYNC_AGENT_PLATFORM_URL=server.url)
        for _ in range(12):
            with running(sys.executable, "-m", "sync.agent", "run", variables=variables) as process:
                pids.append(process.pid)
                eventually(lambda: process.poll() is not None or counts(device).waiting == 0)
            if counts(device).waiting == 0:
                break
    assert sorted(kept) == sorted(envelope.id for envelope in chain_of(EVENTS))
    assert counts(device) == Counts(0, 0, EVENTS)
    assert len(pids) >= 3
