"""``python -m sync.agent`` as people and systemd run it, and killed at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sync.agent.lock import is_taken
from sync.agent.status import Status, read_status, status_file_of
from sync.mailbox.agent_side import AgentMailbox
from sync.mailbox.outbox import Counts
from sync.protocol.batch import encode_receipt
from sync.protocol.enrolment import read_enrolment
from sync.protocol.vocabulary import EventOutcome
from tests.support import scripted_server as scripts
from tests.support.community import Community
from tests.support.envelopes import chain_of
from tests.support.outboxes import device_file_with
from tests.support.programs import agent, agent_in, eventually, running
from tests.support.scripted_server import Call, ScriptedServer, receipt_of, serving

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
    assert (done.code, done.out) == (
        0,
        f"已上传：{EVENTS}；仍待上传：0。 sent: {EVENTS}; still wait: 0\n没有待上传的记录。 nothing waits\n",
    )
    assert counts(device) == Counts(0, 0, EVENTS)


def test_once_says_what_could_not_be_sent_and_why(device: Path) -> None:
    with serving(scripts.status(500)) as server:
        done = agent(device, "once", SYNC_AGENT_PLATFORM_URL=server.url)
    assert done.code == 2
    assert f"still wait: {EVENTS}\n" in done.err
    assert "the platform answered 500" in done.err
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
    assert (done.code, done.out) == (0, "没有待上传的记录。 nothing waits\n")


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


# One agent a file


@contextmanager
def agent_running(folder: Path, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    with running(sys.executable, "-m", "sync.agent", "run", variables=agent_in(folder, **variables)) as process:
        eventually(lambda: is_taken(folder / "device.sqlite"))
        yield process


@pytest.mark.parametrize("command", ["run", "once"])
def test_a_second_agent_says_so_and_ends(device: Path, command: str) -> None:
    with serving(scripts.accept) as server, agent_running(device, SYNC_AGENT_PLATFORM_URL=server.url):
        done = agent(device, command, SYNC_AGENT_PLATFORM_URL=server.url)
    assert done.code == 2
    assert "已有一个上传程序" in done.err
    assert "one is enough" in done.err
    assert agent(device, "once").code == 0  # the lock is gone with the one that held it


# What a running agent shows


def test_a_running_agent_shows_what_it_does(device: Path) -> None:
    file = status_file_of(device / "device.sqlite")
    with serving(scripts.status(500)) as server:
        server.beside = scripts.status(500)
        with agent_running(device, SYNC_AGENT_PLATFORM_URL=server.url) as process:
            eventually(lambda: shown(file).state == "trouble")
            told = agent(device, "status", "--json").json
            page = agent(device, "status").out
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
    assert told["agent"]["waiting"] == EVENTS
    assert told["agent"]["trouble"] == {"zh": "平台应答 500", "en": "the platform answered 500"}
    assert "暂时无法上传；记录已保留" in page
    assert shown(file).state == "stopped"
    assert "上传程序没有运行" in agent(device, "status").out


def test_alarms_of_the_platform_are_shown_in_words(device: Path) -> None:
    def alarmed(call: Call) -> None:
        call.answer(200, encode_receipt(receipt_of(call, alarms=["stream_forked"])))

    with serving(alarmed) as server:
        agent(device, "once", SYNC_AGENT_PLATFORM_URL=server.url)
    assert agent(device, "status", "--json").json["alarms"][0]["zh"].startswith("另一台机器以本设备的身份记录")
    assert "存储卡是否被复制过" in "".join(agent(device, "status").out.split())


def test_a_long_drain_shows_how_far_it_is(device: Path) -> None:
    file, held_up = status_file_of(device / "device.sqlite"), list[ScriptedServer]()
    with (
        serving(scripts.accept_only(slice(20)), scripts.never(held_up)) as server,
        agent_running(device, SYNC_AGENT_PLATFORM_URL=server.url),
    ):
        held_up.append(server)
        eventually(lambda: shown(file).sent == 20 and shown(file).deed == "send_again")
        assert shown(file).waiting == EVENTS - 20
        page = agent(device, "status").out
    assert f"33 % (20/{EVENTS})" in page
    assert "还需 time left" in page


def shown(file: Path) -> Status:
    eventually(lambda: read_status(file) is not None)
    found = read_status(file)
    assert found is not None
    return found


# By hand


def test_what_was_set_aside_is_sent_again_by_a_persons_word(device: Path) -> None:
    with serving(scripts.outcome(EventOutcome.QUARANTINED, "why")) as server:
        agent(device, "once", SYNC_AGENT_PLATFORM_URL=server.url)
    done = agent(device, "again")
    assert (done.code, counts(device)) == (0, Counts(EVENTS, 0, 0))
    assert f"{EVENTS} 条记录等待重新上传" in done.out


def test_a_stick_is_written_and_a_file_that_is_no_receipt_changes_nothing(device: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    done = agent(device, "export", str(stick))
    assert done.code == 0
    assert f"{EVENTS} 条记录已写入" in done.out
    (bundle,) = stick.glob("*.lyzb")
    wrong = agent(device, "import-receipt", str(bundle))
    assert wrong.code == 1
    assert "未作任何改动" in wrong.err
    assert "nothing was changed" in wrong.err
    assert agent(device, "import-receipt", str(stick / "none")).code == 1
    assert counts(device) == Counts(EVENTS, 0, 0)


def test_a_folder_that_cannot_be_written_is_a_sentence(device: Path) -> None:
    done = agent(device, "export", str(device / "nowhere"))
    assert done.code == 1
    assert "请插回 U 盘" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("enrol", "http://127.0.0.1:1", "ABCD-EFGH-JKMN"), 1, "add --replace"),
        (("enrol", "http://127.0.0.1:1", "ABCD-EFGH-JKMN", "--replace"), 1, "连不上平台"),
        (("enrol", "http://127.0.0.1:1/#enrol=ABCD", "--replace"), 1, "登记码有十二个字符"),
        (("rotate-key",), 2, "cannot be reached"),
    ],
)
def test_without_a_platform_there_is_a_sentence_and_the_enrolment_stands(
    device: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    before = read_enrolment((device / "enrolment.json").read_bytes(), 0o600)
    done = agent(device, *arguments, SYNC_AGENT_PLATFORM_URL="http://127.0.0.1:1")
    after = read_enrolment((device / "enrolment.json").read_bytes(), 0o600)
    assert done.code == code
    assert sentence in done.err
    assert "Traceback" not in done.err
    assert (after.device, after.seed) == (before.device, before.seed)
