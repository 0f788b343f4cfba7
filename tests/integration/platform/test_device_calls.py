"""What a device is promised by the calls beside events: time, contact, missing ids, its next key, and being revoked."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest

from sync.platform.app import build_app
from sync.platform.ports import Ports
from sync.protocol.batch import body_sha256
from sync.protocol.changes import CHANGES_PATH
from sync.protocol.checkpoint import sign_checkpoint
from sync.protocol.contact import CONTACT_PATH, ContactAnswer, ContactRequest, DeviceReport
from sync.protocol.enrolling import KEY_ROTATION, KEYS_PATH, KeyAccepted, KeyRotation
from sync.protocol.envelope import Position
from sync.protocol.errors import SignatureError
from sync.protocol.packing import pack
from sync.protocol.reconciling import MISSING_PATH, MissingAnswer, MissingRequest
from sync.protocol.server_time import read_time
from sync.protocol.signing.documents import sign_document
from sync.protocol.signing.keys import SigningKey
from sync.protocol.signing.requests import HttpRequest, sign_request
from tests.integration.platform.conftest import PLATFORM_KEY, SQLITE, START_MS, Running
from tests.integration.platform.fleet import EVENTS_PATH, NONCES, FakeDevice, ask, post, send, signed_headers, tell
from tests.integration.platform.test_upload import one_duty, problem, resealed
from tests.support.served import served

DAY = timedelta(days=1)
REPORT = DeviceReport("1.2.3", waiting=7, parked=1, clock="anchored", camera="good", seen_ms=START_MS, free_mb=900)


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 7, 3, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def stored_in() -> str:
    """What differs between databases is tested in ``test_calls_on_both``."""
    return SQLITE


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def ports(clock: Hands) -> Ports:
    return Ports(clock, lambda: str(uuid.uuid4()), os.urandom)


def rotation(device: FakeDevice, later: SigningKey, device_id: str | None = None) -> KeyRotation:
    said = {"device": device_id or device.id, "public": later.public.hex()}
    return KeyRotation(**said, proof=sign_document(KEY_ROTATION, said, later).signature)


def with_key(device: FakeDevice, key: SigningKey) -> FakeDevice:
    return FakeDevice(device.id, key, device.service_point, device.started_ms, device.stream, device.boot_id)


def key_id(device: FakeDevice) -> str:
    return f"{device.id}/{device.key.public.hex()[:16]}"


# Time


def test_the_time_is_signed_and_answers_this_question_only(platform: Running, clock: Hands) -> None:
    answer = httpx.get(f"{platform.url}/v1/time?nonce=abcdefgh", trust_env=False)
    told = read_time(answer.content, PLATFORM_KEY.public, "abcdefgh")
    assert (told.server_ms, told.epoch) == (int(clock.at.timestamp() * 1000), "epoch-1")
    with pytest.raises(SignatureError):
        read_time(answer.content, PLATFORM_KEY.public, "ABCDEFGH")


def test_a_question_that_is_none_is_a_problem(platform: Running) -> None:
    queries = ("", "nonce=", "nonce=short", "nonce=abcdefg%22", "nonce=abcdefgh&nonce=abcdefgh", "nonce=abcdefgh&x=1")
    for query in queries:
        asked = httpx.get(f"{platform.url}/v1/time?{query}", trust_env=False)
        assert problem(asked) == (400, "not-understood"), query


def test_a_platform_without_keys_says_come_again(platform: Running, ports: Ports) -> None:
    with served(build_app(platform.database, ports)) as url:
        assert problem(httpx.get(f"{url}/v1/time?nonce=abcdefgh", trust_env=False)) == (503, "unavailable")


def test_whoever_asks_too_often_waits_and_others_do_not(platform: Running) -> None:
    with httpx.Client(trust_env=False) as client:
        answers = [client.get(f"{platform.url}/v1/time?nonce=abcdefgh") for _ in range(605)]
    assert {answer.status_code for answer in answers[:600]} == {200}
    assert problem(answers[-1]) == (429, "too-many")
    assert answers[-1].headers["retry-after"] == "30"
    assert send(platform.url, device_with_a_duty(platform)).outcomes == ["accepted"] * 3


def device_with_a_duty(platform: Running) -> FakeDevice:
    device = platform.device()
    one_duty(device)
    return device


# Nonces


def test_every_answer_carries_a_nonce(platform: Running) -> None:
    calls = [("GET", "/v1/time"), ("GET", "/v1/nothing"), ("PUT", "/v1/events"), ("POST", "/v1/events")]
    for method, path in calls:
        assert len(httpx.request(method, f"{platform.url}{path}", trust_env=False).headers["lyz-nonce"]) == 24
    assert "lyz-nonce" in send(platform.url, device_with_a_duty(platform)).response.headers
    assert "lyz-nonce" not in httpx.get(f"{platform.url}/", trust_env=False).headers


def test_a_nonce_is_good_for_ten_minutes_and_not_for_twenty(platform: Running, clock: Hands) -> None:
    device = device_with_a_duty(platform)
    NONCES.of(platform.url)
    body = pack(ContactRequest(device.id))
    headers = signed_headers(platform.url, body, device.key, device.id, CONTACT_PATH)
    clock.at += timedelta(minutes=10)
    assert post(platform.url, body, headers, CONTACT_PATH).status_code == 200
    clock.at += timedelta(minutes=10)
    stale = post(platform.url, body, headers, CONTACT_PATH)
    assert problem(stale) == (401, "stale-nonce")
    assert tell(platform.url, device, CONTACT_PATH, ContactRequest(device.id)).status_code == 200


def test_a_nonce_of_nobody_is_stale(platform: Running) -> None:
    device = platform.device()
    for nonce in (None, "A" * 24, "short", 'quoted\\"'):
        request = HttpRequest("GET", f"{platform.url}{CHANGES_PATH}?scope=station", {}, b"")
        headers = dict(sign_request(request, device.key, device.id, datetime.now(UTC), nonce))
        assert problem(httpx.get(request.url, headers=headers, trust_env=False)) == (401, "stale-nonce"), nonce


def test_workers_of_one_database_know_each_others_nonces(platform: Running, ports: Ports) -> None:
    body = pack(ContactRequest((device := platform.device()).id))
    with served(build_app(platform.database, ports)) as other:
        NONCES.keep(platform.url, httpx.get(f"{other}/v1/time", trust_env=False))
        headers = signed_headers(platform.url, body, device.key, device.id, CONTACT_PATH)
        assert post(platform.url, body, headers, CONTACT_PATH).status_code == 200


# Contact


def test_a_sign_of_life_is_answered_with_the_time_and_the_report_is_kept(platform: Running, clock: Hands) -> None:
    device = platform.device()
    response = tell(platform.url, device, CONTACT_PATH, ContactRequest(device.id, REPORT))
    answer = msgspec.json.decode(response.content, type=ContactAnswer)
    now_ms = int(clock.at.timestamp() * 1000)
    assert answer == ContactAnswer(body_sha256(response.request.content), now_ms, "epoch-1", [])
    tell(platform.url, device, CONTACT_PATH, ContactRequest(device.id))
    with platform.database.reading() as unit:
        kept = unit.contacts.latest()[device.id]
        assert (kept.report, kept.received_ms) == (REPORT, now_ms)
        found = unit.devices.find(device.id)
        assert found is not None
        assert found.last_contact_ms == now_ms
    clock.at += DAY
    tell(platform.url, device, CONTACT_PATH, ContactRequest(device.id, DeviceReport("1.2.4")))
    with platform.database.reading() as unit:
        newest = unit.contacts.of(device.id)
        assert newest is not None
        assert (newest.report.version, newest.received_ms) == ("1.2.4", now_ms + 86_400_000)


def test_a_contact_tells_what_a_person_must_look_at(platform: Running, clock: Hands) -> None:
    device = device_with_a_duty(platform)
    send(platform.url, device)
    send(platform.url, device, [resealed(device.log[1], body={**device.log[1].body, "volunteer": "LY2"})])
    response = tell(platform.url, device, CONTACT_PATH, ContactRequest(device.id))
    assert response.json()["alarms"] == ["id_conflict"]
    clock.at += 8 * DAY
    assert "alarms" not in tell(platform.url, device, CONTACT_PATH, ContactRequest(device.id)).json()


def test_a_device_speaks_for_itself_only(platform: Running) -> None:
    device, other = platform.device(), platform.device("west")
    later = SigningKey(os.urandom(32))
    for path, said in (
        (CONTACT_PATH, ContactRequest(other.id, REPORT)),
        (MISSING_PATH, MissingRequest(other.id, ["x"])),
        (KEYS_PATH, rotation(other, later)),
    ):
        assert problem(tell(platform.url, device, path, said)) == (401, "unsigned")
    with platform.database.reading() as unit:
        assert unit.contacts.latest() == {}


@pytest.mark.parametrize("path", [CONTACT_PATH, MISSING_PATH, KEYS_PATH])
def test_what_a_call_does_not_take_is_a_problem(platform: Running, path: str) -> None:
    device = platform.device()
    others: list[object] = [None, [], {"device": 1}, {"ids": []}, "x", {"device": "", "ids": ["y"] * 5001}]
    for said in others:
        assert problem(tell(platform.url, device, path, said)) == (400, "not-understood"), said


# Missing


def test_what_is_in_the_ledger_or_set_apart_is_not_missing(platform: Running) -> None:
    device = device_with_a_duty(platform)
    broken = msgspec.structs.replace(device.log[2], h="0" * 64)
    send(platform.url, device, [device.log[0], broken])
    ids = [device.log[2].id, "never-heard-of", device.log[1].id, device.log[0].id, "never-heard-of", "\x00"]
    response = tell(platform.url, device, MISSING_PATH, MissingRequest(device.id, ids))
    answer = msgspec.json.decode(response.content, type=MissingAnswer)
    assert answer.missing == ["never-heard-of", device.log[1].id, "\x00"]
    assert (answer.body_sha256, answer.epoch) == (body_sha256(response.request.content), "epoch-1")


# Keys


def test_a_key_follows_another_and_both_are_good_for_thirty_days(platform: Running, clock: Hands) -> None:
    device = device_with_a_duty(platform)
    later = with_key(device, SigningKey(os.urandom(32)))
    response = tell(platform.url, device, KEYS_PATH, rotation(device, later.key))
    answer = msgspec.json.decode(response.content, type=KeyAccepted)
    until_ms = int((clock.at + 30 * DAY).timestamp() * 1000)
    assert answer == KeyAccepted(body_sha256(response.request.content), later.key.public.hex(), until_ms)
    clock.at += 30 * DAY - timedelta(seconds=1)
    NONCES.forget(platform.url)
    assert tell(platform.url, device, CONTACT_PATH, ContactRequest(device.id)).status_code == 200
    assert tell(platform.url, later, CONTACT_PATH, ContactRequest(device.id), key_id(later)).status_code == 200
    clock.at += timedelta(seconds=1)
    assert problem(tell(platform.url, device, CONTACT_PATH, ContactRequest(device.id))) == (401, "unsigned")
    assert tell(platform.url, later, CONTACT_PATH, ContactRequest(device.id), key_id(later)).status_code == 200


def test_a_rotation_whose_answer_was_lost_is_answered_the_same_by_either_key(platform: Running, clock: Hands) -> None:
    device = platform.device()
    later = with_key(device, SigningKey(os.urandom(32)))
    first = tell(platform.url, device, KEYS_PATH, rotation(device, later.key))
    clock.at += timedelta(minutes=5)
    for speaker, signed_as in ((device, None), (later, key_id(later))):
        again = tell(platform.url, speaker, KEYS_PATH, rotation(device, later.key), signed_as)
        assert again.json() == first.json()


def test_two_keys_are_good_at_a_time_and_only_the_newest_names_the_next(platform: Running) -> None:
    device = platform.device()
    second, third = (with_key(device, SigningKey(os.urandom(32))) for _ in range(2))
    tell(platform.url, device, KEYS_PATH, rotation(device, second.key))
    assert problem(tell(platform.url, device, KEYS_PATH, rotation(device, third.key))) == (409, "key-refused")
    back = tell(platform.url, second, KEYS_PATH, rotation(device, device.key), key_id(second))
    assert problem(back) == (409, "key-refused")
    assert tell(platform.url, second, KEYS_PATH, rotation(device, third.key), key_id(second)).status_code == 200
    assert problem(tell(platform.url, device, CONTACT_PATH, ContactRequest(device.id))) == (401, "unsigned")
    for speaker in (second, third):
        contact = tell(platform.url, speaker, CONTACT_PATH, ContactRequest(device.id), key_id(speaker))
        assert contact.status_code == 200


def test_its_only_key_is_no_next_key(platform: Running) -> None:
    device = platform.device()
    assert problem(tell(platform.url, device, KEYS_PATH, rotation(device, device.key))) == (409, "key-refused")


def test_a_key_that_nobody_holds_does_not_follow(platform: Running) -> None:
    device, later = platform.device(), SigningKey(os.urandom(32))
    stolen = msgspec.structs.replace(rotation(device, SigningKey(os.urandom(32))), public=later.public.hex())
    assert problem(tell(platform.url, device, KEYS_PATH, stolen)) == (401, "unsigned")
    elsewhere = msgspec.structs.replace(rotation(device, later, "another"), device=device.id)
    assert problem(tell(platform.url, device, KEYS_PATH, elsewhere)) == (401, "unsigned")


def test_checkpoints_of_either_key_are_believed_and_of_no_other(platform: Running) -> None:
    device = device_with_a_duty(platform)
    later = with_key(device, SigningKey(os.urandom(32)))
    last = device.log[-1]
    head = Position(last.stream, last.seq, last.h)
    assert send(platform.url, device, checkpoint=sign_checkpoint(head, last.stamp, device.key)).receipt.alarms == []
    tell(platform.url, device, KEYS_PATH, rotation(device, later.key))
    for key in (later.key, device.key):
        assert send(platform.url, device, checkpoint=sign_checkpoint(head, last.stamp, key)).receipt.alarms == []
    forged = sign_checkpoint(head, last.stamp, SigningKey(os.urandom(32)))
    assert send(platform.url, device, checkpoint=forged).receipt.alarms == ["chain_broken"]


def test_a_key_of_nobody_signs_nothing(platform: Running) -> None:
    device = platform.device()
    request = HttpRequest("GET", f"{platform.url}{CHANGES_PATH}?scope=station", {}, b"")
    sign_request(request, device.key, device.id, datetime.now(UTC), NONCES.of(platform.url))
    for named in ("/", "x/0123456789abcdef", "{0}/0123456789abcdef", "{0}/", "é", "a" * 300):
        headers = [
            (name.encode(), value.replace(device.id, named.format(device.id)).encode("latin-1"))
            for name, value in request.headers.items()
        ]
        response = httpx.get(request.url, headers=headers, trust_env=False)
        assert problem(response) == (401, "unsigned"), named


# Revoked


def test_a_revoked_device_is_refused_everywhere_and_loses_nothing(platform: Running) -> None:
    device = device_with_a_duty(platform)
    send(platform.url, device, device.log[:1])
    with platform.database.writing(device.id) as unit:
        unit.devices.revoke(device.id, START_MS)
    calls: Iterator[httpx.Response] = (
        tell(platform.url, device, path, said)
        for path, said in (
            (EVENTS_PATH, device.batch()),
            (CONTACT_PATH, ContactRequest(device.id, REPORT)),
            (MISSING_PATH, MissingRequest(device.id, [device.log[0].id])),
            (KEYS_PATH, rotation(device, SigningKey(os.urandom(32)))),
        )
    )
    assert [problem(response) for response in calls] == [(403, "revoked")] * 4
    assert problem(ask(platform.url, device, f"{CHANGES_PATH}?scope=station")) == (403, "revoked")
    with platform.database.reading() as unit:
        assert [event.id for event in unit.events.all()] == [device.log[0].id]
        assert unit.contacts.latest() == {}
        registered = unit.devices.find(device.id)
        assert registered is not None
        assert unit.device_keys.newest(registered).public == device.key.public
