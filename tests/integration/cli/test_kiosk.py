"""The ``kiosk`` command as scripts and people run it: outcomes, exit codes, sentences; never a traceback."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sync.protocol.reference import REFERENCE_DATA
from sync.protocol.signing.documents import sign_document
from tests.support.community import Community
from tests.support.programs import Finished, kiosk
from tests.support.station import empty_device_file
from tests.support.vectors import load

US = Community(issued=datetime.now(UTC).replace(microsecond=0) - timedelta(days=1))
ISSUED = US.issued
GOOD: dict[str, Any] = {"issued_at": ISSUED, "expires_at": ISSUED + timedelta(days=99)}
ACCEPTED, FAULT, REFUSED, NOT_RECORDED = 0, 1, 3, 4


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A folder with an enrolment, before the kiosk's first start."""
    US.write_enrolment(tmp_path / "enrolment.json")
    return tmp_path


@pytest.fixture
def device(fresh: Path) -> Path:
    """The same with a device file, so that no process makes the tables again."""
    (fresh / "device.sqlite").write_bytes(empty_device_file())
    return fresh


def card(number: str = "4103020000000017", **changes: Any) -> str:
    return US.certificate(**{**GOOD, "volunteer_number": number, **changes})


def clean(done: Finished) -> Finished:
    assert "Traceback" not in done.err
    return done


# present


def test_a_scan_begins_duty_and_the_next_one_is_a_reminder(fresh: Path) -> None:
    first = clean(kiosk(fresh, "present", card(), "--service", "tutoring", "--json"))
    assert first.code == ACCEPTED
    told = first.json
    assert (told["outcome"], told["name"], told["service"]) == ("checked_in", "张晓明", "tutoring")
    assert told["match"] == {"punctuality": "walk_in", "shift": None, "span": None}
    assert "已记录" in told["sentence"]
    second = clean(kiosk(fresh, "present", card(), "--json"))
    assert (second.code, second.json["outcome"], second.json["event_id"]) == (
        ACCEPTED,
        "just_started",
        told["event_id"],
    )


def test_in_and_out_are_one_session_of_the_ledger(device: Path) -> None:
    variables: dict[str, Any] = {"KIOSK_DUTY__JUST_STARTED_S": "0"}
    kiosk(device, "present", card(), **variables)
    out = clean(kiosk(device, "present", card(), "--json", **variables))
    assert (out.json["outcome"], out.json["credited_minutes"], out.json["rule"]) == ("checked_out", 0, "luoyang-1")
    shown = clean(kiosk(device, "ledger", "show", "--json")).json
    assert [event["kind"] for event in shown["events"]] == ["check_in", "check_out"]
    assert [event["seq"] for event in shown["events"]] == [1, 2]
    (session,) = shown["sessions"]
    assert (session["state"], session["provenance"], session["name"]) == ("closed", "two_scans", "张晓明")
    assert session["id"] == out.json["session_id"]
    text = clean(kiosk(device, "ledger", "show")).out
    assert "张晓明" in text


def test_without_json_there_is_one_sentence(device: Path) -> None:
    done = clean(kiosk(device, "present", card()))
    assert done.code == ACCEPTED
    assert len(done.out.splitlines()) == 1
    assert "张晓明" in done.out
    assert "已记录" in done.out


REFUSALS = {  # every kind of code is told apart in tests/unit/kiosk/certificate; here the whole way of some
    "134567890123456789": "payment_code",
    "学雷锋": "not_a_certificate",
    "": "not_a_certificate",
    "LYZ1:JERUIG:T3": "damaged",
    "x" * 3000: "not_a_certificate",
}


@pytest.mark.parametrize(("text", "reason"), REFUSALS.items(), ids=[text[:20] for text in REFUSALS])
def test_another_worlds_code_is_refused_with_a_sentence(device: Path, text: str, reason: str) -> None:
    done = clean(kiosk(device, "present", "--json", "--", text))
    assert (done.code, done.json["outcome"], done.json["reason"]) == (REFUSED, "refused", reason)
    assert len(done.json["sentence"]) > 5
    assert text not in done.json["sentence"] or not text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (US.certificate(US.stranger, **GOOD), "forged"),
        (card(issued_at=ISSUED - timedelta(days=900), expires_at=ISSUED), "expired"),
        (US.certificate(kid=b"\x07\x07", **GOOD), "unknown_issuer"),
        (card(issuer="410100"), "unknown_issuer"),
        (card()[:-3], "damaged"),
    ],
    ids=["forged", "expired", "unknown key", "another issuer", "damaged"],
)
def test_a_bad_certificate_is_refused(device: Path, text: str, reason: str) -> None:
    done = clean(kiosk(device, "present", text, "--json"))
    assert (done.code, done.json["reason"]) == (REFUSED, reason)
    assert kiosk(device, "ledger", "show", "--json").json == {"sessions": [], "events": []}


@pytest.mark.parametrize("tail", [b"", b"\r\n"])
def test_a_dash_reads_standard_input_as_a_reader_types_it(device: Path, tail: bytes) -> None:
    done = clean(kiosk(device, "present", "-", "--json", given=card().encode() + tail))
    assert (done.code, done.json["outcome"]) == (ACCEPTED, "checked_in")


@pytest.mark.parametrize("given", [b"", b"\xff\xfe\x00", card().encode() + b"\nmore"])
def test_rubbish_on_standard_input_is_refused(device: Path, given: bytes) -> None:
    assert clean(kiosk(device, "present", "-", "--json", given=given)).code == REFUSED


def test_naughty_arguments_are_refused(device: Path) -> None:
    naughty = ["'; DROP TABLE ledger; --", "$(reboot)\u202e\u200b", "👩\u200d👧", "%s%n", "\udcff", "--json"]
    for text in naughty:
        done = clean(kiosk(device, "present", "--json", "--", text))
        assert done.code == REFUSED, text


@pytest.mark.external
@pytest.mark.slow
def test_every_naughty_string_is_refused_by_the_command(device: Path) -> None:
    for text in load("blns.json")[::80]:
        assert clean(kiosk(device, "present", "-", given=text.encode())).code == REFUSED


@pytest.mark.parametrize("service", ["", "x" * 65])
def test_a_service_that_is_none_is_refused_before_anything_is_recorded(device: Path, service: str) -> None:
    done = clean(kiosk(device, "present", card(), "--service", service))
    assert done.code != ACCEPTED
    assert not (device / "device.sqlite").exists() or kiosk(device, "ledger", "show", "--json").json["events"] == []


def test_without_an_enrolment_there_is_a_sentence(tmp_path: Path) -> None:
    done = clean(kiosk(tmp_path, "present", card()))
    assert (done.code, done.out) == (FAULT, "")
    assert "enrolment" in done.err


# ledger


def test_the_ledger_of_no_file_is_a_sentence_and_makes_none(fresh: Path) -> None:
    done = clean(kiosk(fresh, "ledger", "show", "--json"))
    assert done.code == FAULT
    assert "start the kiosk once" in done.err
    assert not (fresh / "device.sqlite").exists()


def test_the_ledger_of_a_broken_file_is_a_sentence_and_a_scan_is_recorded_in_a_fresh_one(device: Path) -> None:
    (device / "device.sqlite").write_bytes(b"rubbish" * 999)
    shown = clean(kiosk(device, "ledger", "show"))
    assert shown.code == FAULT
    assert shown.err
    assert kiosk(device, "present", card()).code == ACCEPTED
    assert [file.read_bytes()[:7] for file in device.glob("device.sqlite.damaged-*")] == [b"rubbish"]


# enrol


def test_enrol_puts_the_file_in_its_place_for_its_owner_only(tmp_path: Path) -> None:
    brought = US.write_enrolment(tmp_path / "usb" / "device-1.json")
    done = clean(kiosk(tmp_path, "enrol", str(brought)))
    assert (done.code, done.out) == (0, "device device-1 of 王城公园东门岗亭\n")
    assert (tmp_path / "enrolment.json").stat().st_mode & 0o777 == 0o600
    assert kiosk(tmp_path, "present", card()).code == ACCEPTED
    assert kiosk(tmp_path, "enrol", str(brought)).code == 0
    assert kiosk(tmp_path, "enrol", str(tmp_path / "enrolment.json")).code == 0


def test_enrol_brings_newer_reference_data(device: Path) -> None:
    kiosk(device, "present", card())
    newer = msgspec.structs.replace(US.enrolment(), reference=US.reference(version=2))
    newer.reference.payload["service_point"]["name"] = "新岗亭"
    signed = sign_document(REFERENCE_DATA, newer.reference.payload, US.root)
    brought = device / "newer.json"
    brought.touch(0o600)
    brought.write_bytes(msgspec.json.encode(msgspec.structs.replace(newer, reference=signed)))
    assert "新岗亭" in clean(kiosk(device, "enrol", str(brought))).out


def test_a_machine_that_is_one_device_does_not_become_another(device: Path) -> None:
    other = Community(issued=US.issued, device="device-2")
    done = clean(kiosk(device, "enrol", str(other.write_enrolment(device / "other.json"))))
    assert done.code == FAULT
    assert "another device already" in done.err
    assert b"device-1" in (device / "enrolment.json").read_bytes()


@pytest.mark.parametrize("mode", [0o644, 0o600])
def test_a_bad_enrolment_leaves_nothing_behind(tmp_path: Path, mode: int) -> None:
    forged = msgspec.structs.replace(US.enrolment(), root_public=US.stranger.public.hex())
    brought = tmp_path / "usb.json"
    brought.touch(0o600)
    brought.write_bytes(msgspec.json.encode(forged))
    brought.chmod(mode)
    done = clean(kiosk(tmp_path, "enrol", str(brought)))
    assert done.code == FAULT
    assert not (tmp_path / "enrolment.json").exists()
    good = US.write_enrolment(tmp_path / "good.json")
    assert clean(kiosk(tmp_path, "enrol", str(good))).code == 0


def test_a_broken_enrolment_in_its_place_can_be_replaced(device: Path) -> None:
    (device / "enrolment.json").write_bytes(b"")
    good = US.write_enrolment(device / "good.json")
    done = clean(kiosk(device, "enrol", str(good)))
    assert done.code == 0, done.err
    assert (device / "enrolment.json").read_bytes() == good.read_bytes()


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff"])
def test_a_file_that_is_no_enrolment_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.json"
    file.touch(0o600)
    file.write_bytes(content)
    assert "ask the platform's keeper" in clean(kiosk(tmp_path, "enrol", str(file))).err
    assert "No such file" in clean(kiosk(tmp_path, "enrol", str(tmp_path / "none"))).err


# doctor


def test_the_doctor_says_one_line_for_each_and_what_to_do(fresh: Path) -> None:
    done = clean(kiosk(fresh, "doctor", "--json", KIOSK_CAMERA__SOURCE=str(fresh / "no-camera.mp4")))
    findings = {each["subject"]: each for each in done.json}
    asked = {"system", "SQLAlchemy", "display", "camera", "clock", "disk", "ledger", "enrolment", "network"}
    assert asked <= set(findings)
    assert findings["camera"]["health"] == "warn"
    assert findings["enrolment"]["found"] == "device device-1"
    assert findings["network"]["health"] == "warn"
    assert all(each["advice"] for each in findings.values() if each["health"] != "ok")
    assert done.code == (1 if any(each["health"] == "fail" for each in findings.values()) else 0)
    assert not (fresh / "device.sqlite").exists()
    lines = clean(kiosk(fresh, "doctor", KIOSK_CAMERA__SOURCE=str(fresh / "no-camera.mp4"))).out.splitlines()
    assert len(lines) == len(findings)
    assert all(line.split()[0] in {"ok", "warn", "fail"} for line in lines)


def test_the_doctor_finds_what_stops_duty(tmp_path: Path) -> None:
    (tmp_path / "device.sqlite").write_bytes(b"rubbish" * 999)
    done = clean(kiosk(tmp_path, "doctor", "--json", KIOSK_CAMERA__SOURCE=str(tmp_path / "none.mp4")))
    findings = {each["subject"]: each["health"] for each in done.json}
    assert (done.code, findings["ledger"], findings["enrolment"]) == (1, "fail", "fail")


def test_the_doctor_says_whether_the_record_is_sound_and_what_was_moved_aside(fresh: Path) -> None:
    def findings(subject: str) -> list[dict[str, str]]:
        done = kiosk(fresh, "doctor", "--json", KIOSK_CAMERA__SOURCE=str(fresh / "none.mp4"))
        return [each for each in done.json if each["subject"] == subject]

    clean(kiosk(fresh, "present", card("V1")))
    (ledger,) = findings("ledger")
    assert (ledger["health"], "sound" in ledger["found"]) == ("ok", True)
    (fresh / "device.sqlite").write_bytes(b"rubbish" * 1000)
    (ledger,) = findings("ledger")
    assert (ledger["health"], findings("set aside")) == ("fail", [])
    assert "start the kiosk" in ledger["advice"]
    clean(kiosk(fresh, "present", card("V1")))
    (ledger,) = findings("ledger")
    assert "recovered from damage" in ledger["found"]
    (aside,) = findings("set aside")
    assert "device.sqlite.damaged-" in aside["found"]
    assert aside["health"] == "warn"


@pytest.mark.parametrize("url", ["http://[::1", "http://127.0.0.1:99999", ""])
def test_the_doctor_outlives_any_address_of_a_platform(tmp_path: Path, url: str) -> None:
    US.write_enrolment(tmp_path / "enrolment.json", url)
    done = clean(kiosk(tmp_path, "doctor", "--json", KIOSK_CAMERA__SOURCE=str(tmp_path / "none.mp4")))
    assert {each["subject"]: each["health"] for each in done.json}["network"] == "warn"


def test_the_doctor_sees_a_platform_that_answers(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        US.write_enrolment(tmp_path / "enrolment.json", f"http://127.0.0.1:{listening.getsockname()[1]}")
        done = clean(kiosk(tmp_path, "doctor", "--json", KIOSK_CAMERA__SOURCE=str(tmp_path / "none.mp4")))
    assert {each["subject"]: each["health"] for each in done.json}["network"] == "ok"


# Settings


def test_every_fault_of_the_settings_is_listed_with_its_place(device: Path) -> None:
    file = device / "kiosk.toml"
    file.write_text('[duty]\ncap_min = 0\ncapmin = 3\n[statoin]\nzone = "x"\n[station]\nzone = "Mars"\n')
    variables: dict[str, Any] = {"KIOSK_SCREEN__WIDTH": "wide", "KIOSK_SCREN__WIDTH": "9"}
    done = clean(kiosk(device, "--config", str(file), "present", card(), **variables))
    assert done.code == FAULT
    for part in (
        f"{file}: [duty] cap_min: ",
        f"{file}: [duty] capmin: ",
        f"{file}: statoin: ",
        f"{file}: [station] zone: ",
        "environment variable KIOSK_SCREEN__WIDTH: ",
        "environment variable KIOSK_SCREN__WIDTH: there is no such setting",
    ):
        assert part in done.err


@pytest.mark.parametrize("arguments", [["--help"], ["present", "--help"], ["ledger", "show", "--help"]])
def test_help_works_with_broken_settings(device: Path, arguments: list[str]) -> None:
    done = clean(kiosk(device, *arguments, KIOSK_DUTY="{broken", KIOSK_CONFIG=str(device / "none.toml")))
    assert done.code == 0
    assert "Usage" in done.out


def test_json_output_is_one_line_of_unicode(device: Path) -> None:
    done = kiosk(device, "present", card(), "--json")
    assert done.out.count("\n") == 1
    assert "张晓明" in done.out
    assert json.loads(done.out)["volunteer_number"] == "4103020000000017"
