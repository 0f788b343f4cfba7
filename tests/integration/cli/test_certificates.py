"""``kiosk certificate check`` and ``kiosk present --typed``: what support staff and a headless counter use."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sync.protocol.check_digit import check_digit
from sync.protocol.reference import Appointment, ListedVolunteer
from sync.protocol.signing.documents import sign_document
from sync.protocol.trust import TRUST_LIST
from tests.support.community import CLAIMS, ISSUED, Community, milliseconds
from tests.support.programs import Finished, kiosk
from tests.support.station import empty_device_file

US = Community()
AT = (ISSUED + timedelta(days=1)).isoformat()
ACCEPTED, FAULT, REFUSED, CAPTAIN_NEEDED = 0, 1, 3, 5


def trusting(folder: Path, kind: str) -> Path:
    """Write a file of some kind that says whom to trust; all but the plain list also revoke one card."""
    file = folder / f"{kind}.json"
    reference = US.reference(version=2, revocations=US.revocations(b"\0\0\0\7"))
    if kind == "enrolment":
        file.touch(0o600)
        file.write_bytes(msgspec.json.encode(US.enrolment(reference=reference)))
    elif kind == "reference_data":
        file.write_bytes(msgspec.json.encode(reference))
    elif kind == "signed":
        document = sign_document(TRUST_LIST, msgspec.to_builtins(US.trust_list()), US.root)
        file.write_bytes(msgspec.json.encode(document))
    else:
        file.write_bytes(msgspec.json.encode(US.trust_list()))
    return file


def check(folder: Path, text: str, trust: Path, at: str = AT, *more: str) -> Finished:
    done = kiosk(folder, "certificate", "check", text, "--trust", str(trust), "--at", at, *more)
    assert "Traceback" not in done.err
    return done


@pytest.mark.parametrize("kind", ["enrolment", "reference_data", "signed", "plain"])
def test_the_verdict_is_the_same_whatever_brings_the_trust_list(tmp_path: Path, kind: str) -> None:
    trust = trusting(tmp_path, kind)
    good = check(tmp_path, US.certificate(), trust, AT, "--json")
    assert (good.code, good.json["verdict"], good.json["reason"]) == (ACCEPTED, "accepted", None)
    assert good.json["serial"] == CLAIMS.serial.hex()
    assert kind.split("_", maxsplit=1)[0] in good.json["trust"]
    forged = check(tmp_path, US.certificate(US.stranger), trust, AT, "--json")
    assert (forged.code, forged.json["reason"], forged.json["sentence"]) == (
        REFUSED,
        "forged",
        "这张证没有通过真假核对",
    )


def test_the_revocation_list_beside_it_is_asked(tmp_path: Path) -> None:
    for kind in ("enrolment", "reference_data"):
        told = check(tmp_path, US.certificate(serial=b"\0\0\0\7"), trusting(tmp_path, kind), AT, "--json").json
        assert (told["reason"], told["revocations_version"]) == ("revoked", 1)


@pytest.mark.parametrize(
    ("after", "code"), [(timedelta(days=-31), REFUSED), (timedelta(0), ACCEPTED), (timedelta(days=700), REFUSED)]
)
def test_the_instant_decides(tmp_path: Path, after: timedelta, code: int) -> None:
    done = check(tmp_path, US.certificate(), trusting(tmp_path, "plain"), (ISSUED + after).isoformat())
    assert done.code == code
    assert "plain trust_list" in done.out


def test_a_strangers_code_is_named_and_not_repeated(tmp_path: Path) -> None:
    done = check(tmp_path, "134567890123456785", trusting(tmp_path, "plain"))
    assert done.code == REFUSED
    assert "134567890123456785" not in done.out + done.err


@pytest.mark.parametrize(
    ("content", "at"),
    [
        (b"", AT),
        (b"[]", AT),
        (b"\xff", AT),
        (b'{"version":1}', AT),
        (b'{"signature":"","kind":"trust_list","payload":{}}', AT),
        (b'{"root_public":""}', AT),
        (None, AT),
        (b"list", "yesterday"),
        (b"list", "2026-12-02T08:00:00"),
    ],
)
def test_a_file_or_an_instant_of_no_use_is_one_sentence(tmp_path: Path, content: bytes | None, at: str) -> None:
    file = tmp_path / "trust.json"
    if content is not None:
        file.touch(0o600)
        file.write_bytes(msgspec.json.encode(US.trust_list()) if content == b"list" else content)
    done = check(tmp_path, US.certificate(), file, at)
    assert (done.code, done.out, done.err.count("\n")) == (FAULT, "", 1)


# present


NOW = datetime.now(UTC).replace(microsecond=0)
NUMBER, CAPTAIN = "4103020000000017", "4103020000000033"
HERE = Community(issued=NOW - timedelta(days=1))
DATES: dict[str, Any] = {"issued_at": NOW - timedelta(days=1), "expires_at": NOW + timedelta(days=9)}


@pytest.fixture
def counter(tmp_path: Path) -> Path:
    """The folder of a kiosk with a captain, and one volunteer in its directory."""
    captain = Appointment(CAPTAIN, "王队长", "captain", milliseconds(NOW) - 1, milliseconds(NOW) + 10**9)
    listed = [ListedVolunteer(NUMBER, "张晓明")]
    reference = HERE.reference(version=2, appointments=[captain], directory=listed)
    enrolment = tmp_path / "enrolment.json"
    enrolment.touch(0o600)
    enrolment.write_bytes(msgspec.json.encode(HERE.enrolment(reference=reference)))
    (tmp_path / "device.sqlite").write_bytes(empty_device_file())
    return tmp_path


def test_a_typed_number_is_recorded_with_the_captains_code(counter: Path) -> None:
    typed = NUMBER + check_digit(NUMBER)
    alone = kiosk(counter, "present", "--typed", typed, "--json")
    assert (alone.code, alone.json["outcome"]) == (CAPTAIN_NEEDED, "captain_needed")
    assert "请队长" in alone.json["sentence"]
    witness = HERE.certificate(volunteer_number=CAPTAIN, **DATES)
    done = kiosk(counter, "present", "--typed", typed, "--witness", witness, "--json")
    assert (done.code, done.json["outcome"], done.json["volunteer_number"]) == (ACCEPTED, "checked_in", NUMBER)
    (session,) = kiosk(counter, "ledger", "show", "--json").json["sessions"]
    assert (session["provenance"], session["flags"]) == ("typed", ["typed"])
    slip = kiosk(counter, "present", "--typed", NUMBER + "x", "--json")
    assert (slip.code, slip.json["reason"]) == (REFUSED, "wrong_number")


def test_the_captains_code_is_shown_only_where_the_captain_is_asked_for(counter: Path) -> None:
    volunteer, witness = (HERE.certificate(volunteer_number=number, **DATES) for number in (NUMBER, CAPTAIN))
    first = kiosk(counter, "present", volunteer, "--witness", witness, "--json")
    assert (first.code, first.json["volunteer_number"]) == (ACCEPTED, NUMBER)
    events = kiosk(counter, "ledger", "show", "--json").json["events"]
    assert [event["kind"] for event in events] == ["check_in"]


def test_the_settings_ask_for_the_captain(counter: Path) -> None:
    card = HERE.certificate(volunteer_number=NUMBER, **DATES)
    done = kiosk(counter, "present", card, "--json", KIOSK_CERTIFICATES__ACCEPTS="card_and_captain")
    assert done.code == CAPTAIN_NEEDED
    phone = kiosk(counter, "present", card, "--json", KIOSK_CERTIFICATES__ACCEPTS="dynamic")
    assert (phone.code, phone.json["reason"]) == (REFUSED, "dynamic_needed")
    legacy = json.dumps([{"name": "old-card", "kind": "checked_number", "length": 17}])
    old = kiosk(counter, "present", NUMBER + check_digit(NUMBER), "--json", KIOSK_CERTIFICATES__LEGACY=legacy)
    assert (old.code, old.json["outcome"]) == (ACCEPTED, "checked_in")


@pytest.mark.parametrize("arguments", [[], ["LYZ1:", "--typed", "1"]])
def test_one_thing_is_presented(tmp_path: Path, arguments: list[str]) -> None:
    done = kiosk(tmp_path, "present", *arguments)
    assert done.code == 2
    assert "--typed" in done.err
