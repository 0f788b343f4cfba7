"""``kiosk operator`` as a program: nothing secret on its command line, an exit code for each end."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from sync.protocol.reference import Appointment, ListedVolunteer
from tests.support.community import Community, milliseconds
from tests.support.programs import finish, kiosk_in

NOW = datetime.now(UTC).replace(microsecond=0)
COMMUNITY = Community(issued=NOW)
HEAD, DEPUTY, VOLUNTEER = "4103020000000100", "4103020000000101", "4103020000000102"


def enrolled(folder: Path) -> None:
    term = (milliseconds(NOW - timedelta(days=1)), milliseconds(NOW + timedelta(days=30)))
    offices = [Appointment(HEAD, "王站长", "head", *term), Appointment(DEPUTY, "李站长", "deputy_head", *term)]
    listed = [ListedVolunteer(VOLUNTEER, "张晓明")]
    document = COMMUNITY.reference(appointments=offices, directory=listed)
    file = folder / "enrolment.json"
    file.touch(0o600)
    file.write_bytes(msgspec.json.encode(COMMUNITY.enrolment(reference=document)))


def kiosk(folder: Path, *arguments: str, operator: str = HEAD, pin: str = "274918") -> tuple[int, str]:
    card = COMMUNITY.certificate(volunteer_number=operator)
    given = f"{card}\n{pin}\n".encode()
    done = finish(sys.executable, "-m", "kiosk", "operator", *arguments, given=given, variables=kiosk_in(folder))
    assert pin not in done.out + done.err
    return done.code, done.out + done.err


def test_two_operators_enter_and_confirm_hours(tmp_path: Path) -> None:
    enrolled(tmp_path)
    assert kiosk(tmp_path, "sign-in")[0] == 3
    assert kiosk(tmp_path, "set-pin")[0] == 0
    assert kiosk(tmp_path, "set-pin", operator=DEPUTY)[0] == 0
    code, said = kiosk(tmp_path, "sign-in", pin="835027")
    assert (code, "9" in said) == (3, True)

    local = (NOW - timedelta(days=2)).strftime("%Y-%m-%d")
    hours = ("--starts", f"{local}T09:00:00", "--ends", f"{local}T11:00:00", "--reason", "kiosk_failed")
    code, said = kiosk(tmp_path, "enter-hours", "--volunteer", VOLUNTEER, "--service", "tutoring", *hours)
    assert (code, "120" in said) == (0, True), said
    [waiting] = [json.loads(line) for line in kiosk(tmp_path, "list", "--waiting")[1].splitlines()]
    assert (waiting["minutes"], waiting["entered_by"]) == (120, HEAD)
    assert kiosk(tmp_path, "confirm", waiting["session"])[0] == 3
    assert kiosk(tmp_path, "confirm", waiting["session"], operator=DEPUTY)[0] == 0

    assert kiosk(tmp_path, "reset", DEPUTY, "--as-head")[0] == 0
    assert kiosk(tmp_path, "reset", HEAD)[0] == 0
    listed = [json.loads(line) for line in kiosk(tmp_path, "list")[1].splitlines()]
    assert [(each["operator"], each["in_term"], each["has_pin"]) for each in listed] == [
        (HEAD, True, False),
        (DEPUTY, True, False),
    ]
