"""The acts of the desk as commands: the same use cases, a sentence and an exit code for each end."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from kiosk.__main__ import main
from sync.protocol.reference import Appointment, ListedVolunteer
from tests.support.community import Community, milliseconds
from tests.support.programs import kiosk_in

NOW = datetime.now(UTC).replace(microsecond=0)
COMMUNITY = Community(issued=NOW)
HEAD, DEPUTY, VOLUNTEER = "4103020000000100", "4103020000000101", "4103020000000102"
PIN = "274918"


@dataclass
class Commands:
    """``kiosk operator`` on the device of a folder."""

    folder: Path

    def __call__(self, *arguments: str, operator: str = HEAD) -> tuple[int, str]:
        given = f"{COMMUNITY.certificate(volunteer_number=operator)}\n{PIN}\n"
        done = CliRunner().invoke(main, ["operator", *arguments], input=given, env=kiosk_in(self.folder))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    def read(self, *arguments: str, operator: str = HEAD) -> Any:
        code, said = self(*arguments, operator=operator)
        assert code == 0, said
        return json.loads(said)


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    term = (milliseconds(NOW - timedelta(days=30)), milliseconds(NOW + timedelta(days=30)))
    offices = [Appointment(HEAD, "王站长", "head", *term), Appointment(DEPUTY, "李站长", "deputy_head", *term)]
    document = COMMUNITY.reference(appointments=offices, directory=[ListedVolunteer(VOLUNTEER, "张晓明")])
    file = tmp_path / "enrolment.json"
    file.touch(0o600)
    file.write_bytes(msgspec.json.encode(COMMUNITY.enrolment(reference=document)))
    commands = Commands(tmp_path)
    assert commands("set-pin")[0] == commands("set-pin", operator=DEPUTY)[0] == 0
    return commands


def entered(commands: Commands, hour: int = 9, days_ago: int = 2) -> str:
    local = (NOW - timedelta(days=days_ago)).strftime("%Y-%m-%d")
    hours = ("--starts", f"{local}T{hour:02}:00:00", "--ends", f"{local}T{hour + 2:02}:00:00")
    said = commands(
        "enter-hours", "--volunteer", VOLUNTEER, "--service", "tutoring", *hours, "--reason", "kiosk_failed"
    )
    assert said[0] == 0, said
    lines = commands.read("queue", "--json", "--matter", "second_person")["lines"]
    return str(lines[-1]["session_id"])


def test_hours_go_all_the_way_from_the_queue_to_a_rating(commands: Commands) -> None:
    session = entered(commands)
    code, said = commands("queue")
    assert (code, "张晓明" in said) == (0, True)
    sheet = commands.read("show", session)
    assert [each["what"] for each in sheet["waits"]] == ["entry"]
    assert {each["act"]: each["refusal"] for each in sheet["offers"]}["confirm"] == "same_person"
    assert commands("confirm", session)[0] == 3
    assert commands("confirm", session, operator=DEPUTY)[0] == 0

    ends = (NOW - timedelta(days=2)).strftime("%Y-%m-%dT12:00:00")
    assert commands("amend", session, "--reason", "wrong_end", "--ends", ends)[0] == 0
    waits = commands.read("show", session)["waits"][0]
    assert commands("confirm", session, "--of", waits["event_id"], operator=DEPUTY)[0] == 0
    assert commands("rate", session, "--quality", "good", "--effect", "order_kept", "--count", "tea", "3")[0] == 0
    judged = commands.read("show", session)
    assert (judged["recorded"]["original_minutes"], judged["judged"]["credited_minutes"]) == (120, 180)
    assert judged["line"]["countdown"] is None
    assert commands.read("queue", "--json")["total"] == 0


def test_several_are_confirmed_by_one_command_and_one_that_is_refused_is_told(commands: Commands) -> None:
    first, second = entered(commands, 9), entered(commands, 14)
    code, said = commands("confirm", first, second, "nothing", operator=DEPUTY)
    assert code == 3
    assert [line.split()[0] for line in said.splitlines()] == [first, second, "nothing"]
    assert commands("rate", first, second, "--quality", "excellent")[0] == 0
    assert commands("void", first, "--reason", "duplicate")[0] == 0
    assert commands("dismiss", first, "--reason", "no_evidence", operator=DEPUTY)[0] == 0
    assert commands("decide", first, "--reason", "other")[0] == 3


def test_kit_groups_and_practice(commands: Commands) -> None:
    assert commands("kit", "out", VOLUNTEER, "cap", "--count", "2")[0] == 0
    assert commands("kit", "back", VOLUNTEER, "cap", "--count", "3")[0] == 3
    assert commands("group", "open", "--service", "environment", "--team", "市一医院")[0] == 0
    assert commands("group", "close")[0] == 0
    assert commands("group", "close")[0] == 3
    assert commands("drill", "start")[0] == 0
    assert commands("drill", "start")[0] == 3
    assert commands("drill", "end")[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("group", "open"),
        ("confirm", "s1", "s2", "--beyond-shift"),
        ("decide", "s1", "--reason", "other", "--service", "tutoring", "--void", "trial"),
    ],
)
def test_what_cannot_be_meant_is_no_command(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert Commands(tmp_path)(*arguments)[0] == 2
