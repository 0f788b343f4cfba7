"""What a machine is promised that asks to be a device: its secret never leaves it, and a code is good once."""

from __future__ import annotations

import os
import threading
import uuid
from datetime import timedelta

import httpx
import msgspec
import pytest

from sync.platform.enrolling import NewCode
from sync.platform.ports import Ports, unix_ms
from sync.platform.registry import Office
from sync.protocol.contact import CONTACT_PATH, ContactRequest
from sync.protocol.enrolling import ENROL_PATH, Enrolled, EnrolRequest, code_link, make_code, normal_code
from sync.protocol.reference import REFERENCE_DATA, ReferenceData
from sync.protocol.signing.documents import open_document
from sync.protocol.signing.keys import SigningKey
from tests.integration.platform.conftest import PLATFORM_KEY, POINT, POSTGRESQL, ROOT_KEY, SQLITE, START_MS, Running
from tests.integration.platform.fleet import FakeDevice, send, tell
from tests.integration.platform.test_device_calls import Hands
from tests.integration.platform.test_upload import one_duty, problem


@pytest.fixture
def stored_in(request: pytest.FixtureRequest) -> str:
    """One database, but for the promise that is the database's to keep."""
    return str(getattr(request, "param", SQLITE))


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def ports(clock: Hands) -> Ports:
    return Ports(clock, lambda: str(uuid.uuid4()), os.urandom)


def new_code(platform: Running, ports: Ports, hours: float = 24) -> NewCode:
    with platform.database.writing("registry") as unit:
        return Office(unit, ports, "410302").enrolment_code(POINT, "西门触摸机", timedelta(hours=hours))


def machine(seed: bytes | None = None) -> FakeDevice:
    """A machine that is no device yet; it signs as its own public key."""
    key = SigningKey(seed or os.urandom(32))
    return FakeDevice(key.public.hex(), key, POINT.id, START_MS - 3_600_000)


def enrol(platform: Running, asking: FakeDevice, code: str, public: str | None = None) -> httpx.Response:
    return tell(platform.url, asking, ENROL_PATH, EnrolRequest(code, public or asking.key.public.hex()))


def enrolled(response: httpx.Response) -> Enrolled:
    assert response.status_code == 200, response.text
    return msgspec.json.decode(response.content, type=Enrolled)


def test_a_code_makes_a_machine_the_device_of_its_place(platform: Running, ports: Ports) -> None:
    asking = machine()
    told = enrolled(enrol(platform, asking, new_code(platform, ports).code))
    assert (told.root_public, told.platform_public) == (ROOT_KEY.public.hex(), PLATFORM_KEY.public.hex())
    reference = msgspec.convert(open_document(told.reference, REFERENCE_DATA, ROOT_KEY.public), ReferenceData)
    assert (reference.device, reference.service_point) == (told.device, POINT)
    device = FakeDevice(told.device, asking.key, POINT.id, asking.started_ms)
    one_duty(device)
    assert send(platform.url, device).outcomes == ["accepted"] * 3
    with platform.database.reading() as unit:
        found = unit.devices.find(told.device)
        assert found is not None
        assert (found.name, found.service_point, found.public) == ("西门触摸机", POINT.id, asking.key.public)
        (code,) = unit.codes.all()
        assert (code.device, code.is_open(0)) == (told.device, False)


@pytest.mark.parametrize("stored_in", [SQLITE, POSTGRESQL], indirect=True)
def test_a_code_is_good_once_under_any_race(platform: Running, ports: Ports) -> None:
    code = new_code(platform, ports).code
    machines = [machine() for _ in range(6)]
    answers: list[httpx.Response] = []
    threads = [
        threading.Thread(target=lambda each=each: answers.append(enrol(platform, each, code))) for each in machines
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200] + [403] * 5
    with platform.database.reading() as unit:
        assert len(unit.devices.standings()) == 1


def test_asked_again_by_the_same_key_the_answer_is_the_same_device(
    platform: Running, ports: Ports, clock: Hands
) -> None:
    asking, code = machine(), new_code(platform, ports).code
    first = enrolled(enrol(platform, asking, code))
    assert enrolled(enrol(platform, asking, code)).device == first.device
    assert problem(enrol(platform, machine(), code)) == (403, "code-refused")
    clock.at += timedelta(hours=24)
    assert problem(enrol(platform, asking, code)) == (403, "code-refused")
    device = FakeDevice(first.device, asking.key, POINT.id, asking.started_ms)
    assert tell(platform.url, device, CONTACT_PATH, ContactRequest(device.id)).status_code == 200


def test_a_revoked_device_is_not_made_again(platform: Running, ports: Ports) -> None:
    asking, code = machine(), new_code(platform, ports).code
    device = enrolled(enrol(platform, asking, code)).device
    with platform.database.writing(device) as unit:
        unit.devices.revoke(device, START_MS)
    assert problem(enrol(platform, asking, code)) == (403, "code-refused")


def test_unknown_used_expired_and_withdrawn_codes_are_answered_alike(
    platform: Running, ports: Ports, clock: Hands
) -> None:
    used, expired, withdrawn = (new_code(platform, ports, hours) for hours in (24, 1, 24))
    enrolled(enrol(platform, machine(), used.code))
    with platform.database.writing("registry") as unit:
        Office(unit, ports, "410302").withdraw_code(withdrawn.standing.id)
    clock.at += timedelta(hours=1)
    unknown = "0000-0000-0000"
    answers = [
        enrol(platform, machine(), code) for code in (unknown, used.code, expired.code, withdrawn.code, "!" * 20)
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(403, answers[0].content)}
    assert problem(answers[0]) == (403, "code-refused")


@pytest.mark.parametrize("spelt", ["{0}", "{1}", "{2}", " {0} "])
def test_a_code_is_taken_as_people_type_it(platform: Running, ports: Ports, spelt: str) -> None:
    code = new_code(platform, ports).code
    looks = code.lower().replace("0", "o").replace("1", "l")
    enrolled(enrol(platform, machine(), spelt.format(code, code.replace("-", ""), looks)))


def test_only_the_key_that_is_enrolled_may_ask(platform: Running, ports: Ports) -> None:
    code, asking, other = new_code(platform, ports).code, machine(), machine()
    assert problem(enrol(platform, asking, code, other.key.public.hex())) == (400, "not-understood")
    posing = FakeDevice(other.id, asking.key, POINT.id, START_MS)
    assert problem(enrol(platform, posing, code)) == (401, "unsigned")
    enrolled(enrol(platform, asking, code))


@pytest.mark.parametrize("said", [{}, {"code": "x"}, {"code": "0000-0000-0000", "public": "zz"}, []])
def test_what_is_no_request_is_a_problem(platform: Running, said: object) -> None:
    assert problem(tell(platform.url, machine(), ENROL_PATH, said)) == (400, "not-understood")


def test_who_guesses_has_to_wait_and_devices_do_not(platform: Running) -> None:
    device = platform.device()
    answers = [problem(enrol(platform, machine(), "0000-0000-0000")) for _ in range(32)]
    assert set(answers[:15]) == {(403, "code-refused")}
    assert answers[-1] == (429, "too-many")
    assert tell(platform.url, device, CONTACT_PATH, ContactRequest(device.id)).status_code == 200


def test_the_code_itself_is_kept_nowhere(platform: Running, ports: Ports) -> None:
    code = new_code(platform, ports).code
    letters = normal_code(code)
    assert letters is not None
    rows = platform.sql("SELECT * FROM enrolment_codes")
    assert code not in str(rows)
    assert letters not in str(rows)


def test_codes_differ_and_say_where_the_platform_is() -> None:
    codes = {make_code(os.urandom(8)) for _ in range(500)}
    assert len(codes) == 500
    assert all(normal_code(code) == code.replace("-", "") for code in codes)
    assert code_link("https://platform.example/", "ABCD-EFGH-JKMN") == "https://platform.example/#enrol=ABCD-EFGH-JKMN"


def test_a_long_life_is_cut(platform: Running, ports: Ports) -> None:
    made = new_code(platform, ports, hours=24 * 365).standing
    assert made.expires_ms - unix_ms(ports.clock()) == 14 * 24 * 3600 * 1000
