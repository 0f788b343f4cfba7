"""What a device is promised when it sends events over real HTTP to a real database."""

from __future__ import annotations

import gzip
import socket
from typing import Any

import httpx
import msgspec
import pytest

from sync.platform import accounts
from sync.protocol.batch import encode_batch
from sync.protocol.envelope import Envelope
from sync.protocol.events import Aside
from sync.protocol.packing import MAX_COMPRESSED_BYTES
from sync.protocol.problems import PROBLEM_CONTENT_TYPE
from sync.protocol.signing.keys import SigningKey
from tests.integration.platform.conftest import START_MS, Running
from tests.integration.platform.fleet import SALT, FakeDevice, post, send, signed_headers

MINUTE_MS = 60_000


def one_duty(device: FakeDevice, minutes: int = 90, name: str = "张晓明") -> str:
    session = device.check_in("LY1", name, START_MS)
    device.check_out(session, "LY1", START_MS + minutes * MINUTE_MS, directions=3)
    return session


def ledger_of(platform: Running) -> dict[str, Any]:
    with platform.database.reading() as unit:
        return accounts.ledger_document(unit.ledger.all(), unit.events.all())


def problem(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == PROBLEM_CONTENT_TYPE
    body = response.json()
    assert body["status"] == response.status_code
    return response.status_code, body["type"]


def resealed(envelope: Envelope, **changes: object) -> Envelope:
    """An envelope with other content whose hash is right again."""
    changed = msgspec.structs.replace(envelope, **changes)
    return msgspec.structs.replace(changed, h=changed.digest())


def test_a_duty_becomes_a_session_in_the_ledger(platform: Running) -> None:
    device = platform.device()
    session = one_duty(device)
    sent = send(platform.url, device)
    assert sent.outcomes == ["accepted"] * 3
    assert sent.receipt.epoch == "epoch-1"
    assert sent.receipt.alarms == []
    document = ledger_of(platform)
    (entry,) = document["sessions"]
    assert entry == {
        "id": session,
        "volunteer": "LY1",
        "name": "张晓明",
        "service": "directions",
        "service_point": "point-1",
        "state": "closed",
        "provenance": "two_scans",
        "started_at": "2026-07-03T01:00:00.000Z",
        "ended_at": "2026-07-03T02:30:00.000Z",
        "original_seconds": 5400,
        "credited_minutes": 90,
        "rule": "luoyang-1",
        "flags": [],
        "tallies": {"directions": 3},
        "matters": ["confirm", "rate"],
        "stated_end_at": None,
        "quality": None,
        "effects": [],
        "complete": False,
    }
    assert document["events"] == [
        {"id": e.id, "stream": e.stream, "seq": e.seq, "kind": e.kind, "h": e.h} for e in device.log
    ]


def test_the_same_events_are_duplicates_for_ever(platform: Running) -> None:
    device = platform.device()
    one_duty(device)
    send(platform.url, device)
    before = ledger_of(platform)
    for _ in range(3):
        assert send(platform.url, device).outcomes == ["duplicate"] * 3
    assert ledger_of(platform) == before


def test_an_event_twice_in_one_batch_is_stored_once(platform: Running) -> None:
    device = platform.device()
    one_duty(device)
    sent = send(platform.url, device, [*device.log, device.log[0]])
    assert sent.outcomes == ["accepted"] * 3 + ["duplicate"]


def test_another_record_under_a_known_id_is_quarantined_and_raises_an_alarm(platform: Running) -> None:
    device = platform.device()
    one_duty(device)
    send(platform.url, device)
    before = ledger_of(platform)
    other = resealed(device.log[1], body={**device.log[1].body, "volunteer": "LY2"})
    for _ in range(2):
        sent = send(platform.url, device, [other])
        assert sent.outcomes == ["quarantined"]
        assert sent.receipt.events[0].reason == "已有另一条记录使用同一编号。设备是否被复制过？请告知平台管理员。"
        assert sent.receipt.alarms == ["id_conflict"]
    assert ledger_of(platform) == before
    with platform.database.reading() as unit:
        assert [(one.event, one.refusal) for one in unit.incidents.quarantined(0, 9)] == [(other.id, "id_conflict")]


def test_a_copied_card_forks_its_stream_and_nothing_is_lost(platform: Running) -> None:
    device = platform.device()
    one_duty(device)
    copy = FakeDevice(device.id, device.key, device.service_point, device.started_ms, device.stream, device.boot_id)
    copy.check_in("LY7", "王秀兰", START_MS)
    send(platform.url, device)
    sent = send(platform.url, copy)
    assert sent.outcomes == ["accepted"]
    assert sent.receipt.alarms == ["stream_forked"]
    again = send(platform.url, copy)  # the first answer may have been lost
    assert again.outcomes == ["duplicate"]
    assert again.receipt.alarms == ["stream_forked"]
    assert len(ledger_of(platform)["sessions"]) == 2


def test_one_bad_event_never_blocks_the_others(platform: Running) -> None:
    device = platform.device()
    one_duty(device)
    session = one_duty(device, name="李㛃")
    good, broken = device.log[:5], device.log[5]
    events = [
        good[0],
        msgspec.structs.replace(good[1], body={**good[1].body, "volunteer": "LY666"}),  # changed after it was made
        resealed(good[2], body={"session": session}),  # a tally without counts
        msgspec.structs.replace(good[3], aside=Aside("别人", SALT)),  # another name
        resealed(good[4], id="\x00"),  # a text no database keeps
        resealed(broken, kind="need", body={"text": "扶老人过街", "session": session}),  # a kind of a later version
    ]
    sent = send(platform.url, device, events)
    assert sent.outcomes == ["accepted", *["quarantined"] * 4, "accepted"]
    assert all(event.reason for event in sent.receipt.events if event.outcome == "quarantined")
    with platform.database.reading() as unit:
        refusals = [one.refusal for one in unit.incidents.quarantined(0, 9)]
    assert sorted(refusals) == ["body", "hash", "name", "text"]


def test_a_malformed_event_is_quarantined_alone_with_its_json(platform: Running) -> None:
    device = platform.device()
    one_duty(device)
    good = msgspec.to_builtins(device.log)
    broken = {name: value for name, value in good[1].items() if name != "stamp"}
    batch = {"id": "b1", "device": device.id, "events": [good[0], broken, {"id": "odd"}, *good[2:]]}
    body = gzip.compress(msgspec.json.encode(batch))
    for _ in range(2):
        response = post(platform.url, body, signed_headers(platform.url, body, device.key, device.id))
        answered = {each["id"]: each["outcome"] for each in response.json()["events"]}
        assert {id_ for id_, outcome in answered.items() if outcome == "quarantined"} == {broken["id"], "odd"}
        assert len(answered) == len(batch["events"])
    kept = platform.sql("SELECT event, kind, refusal, envelope FROM quarantine ORDER BY id")
    assert [row[:3] for row in kept] == [(broken["id"], broken["kind"], "shape"), ("odd", "", "shape")]
    assert msgspec.json.decode(kept[0][3]) == broken


def test_a_float_has_no_one_spelling_and_is_quarantined(platform: Running) -> None:
    device = platform.device()
    one_duty(device)
    odd = msgspec.structs.replace(device.log[0], kind="need", body={"weight": 0.1})
    assert send(platform.url, device, [odd]).outcomes == ["quarantined"]


def test_a_name_that_was_missing_is_taken_from_a_duplicate(platform: Running) -> None:
    device = platform.device()
    one_duty(device)
    nameless = [msgspec.structs.replace(envelope, aside=None) for envelope in device.log]
    send(platform.url, device, nameless)
    assert ledger_of(platform)["sessions"][0]["name"] is None
    assert send(platform.url, device).outcomes == ["duplicate"] * 3
    assert ledger_of(platform)["sessions"][0]["name"] == "张晓明"


def test_an_anchor_that_arrives_later_moves_the_times_of_a_session(platform: Running) -> None:
    device = platform.device()
    hour_ms = 60 * MINUTE_MS
    one_duty(device)
    send(platform.url, device)
    device.anchor(START_MS + 2 * hour_ms)
    last = device.log.pop()
    true_ms = START_MS + 1000 * 24 * hour_ms
    moved = resealed(last, body={**last.body, "server_ms": true_ms})
    assert send(platform.url, device, [moved]).outcomes == ["accepted"]
    session = ledger_of(platform)["sessions"][0]
    assert session["started_at"].startswith("2029-03-2")
    assert session["credited_minutes"] == 90


def test_who_is_not_known_is_not_let_in(platform: Running) -> None:
    device = platform.device()
    one_duty(device)
    body = encode_batch(device.batch())
    plain = {"content-type": "application/json"}
    stranger = SigningKey(b"\x09" * 32)
    assert problem(post(platform.url, body, plain)) == (401, "unsigned")
    assert problem(post(platform.url, body, signed_headers(platform.url, body, stranger, device.id))) == (
        401,
        "unsigned",
    )
    assert problem(post(platform.url, body, signed_headers(platform.url, body, stranger, "nobody"))) == (
        401,
        "unsigned",
    )
    signed = signed_headers(platform.url, body, device.key, device.id)
    assert problem(post(platform.url, encode_batch(device.batch()), signed)) == (401, "unsigned")
    neighbour = platform.device("west")
    by_neighbour = signed_headers(platform.url, body, neighbour.key, neighbour.id)
    assert problem(post(platform.url, body, by_neighbour)) == (401, "unsigned")
    assert ledger_of(platform) == {"sessions": [], "events": []}


def test_a_revoked_device_is_refused_and_keeps_what_it_brought(platform: Running) -> None:
    device = platform.device()
    one_duty(device)
    send(platform.url, device)
    before = ledger_of(platform)
    with platform.database.writing(device.id) as unit:
        unit.devices.revoke(device.id, START_MS)
    assert problem(send(platform.url, device).response) == (403, "revoked")
    assert ledger_of(platform) == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Wi-Fi</body></html>",
        gzip.compress(b"<html><body>Wi-Fi</body></html>"),
        gzip.compress(b'{"id":"b","device":"d","events":[]}'),
        gzip.compress(b'{"id":"b"}') + b"more",
        gzip.compress(b"[" * 100_000),
        b"\x1f\x8b\x08\x00",
    ],
    ids=["nothing", "html", "zipped html", "no events", "bytes behind", "deep", "torn"],
)
def test_what_is_not_a_batch_is_said_so(platform: Running, body: bytes) -> None:
    device = platform.device()
    response = post(platform.url, body, signed_headers(platform.url, body, device.key, device.id))
    assert problem(response) == (400, "not-a-batch")


def test_a_zip_bomb_is_too_large(platform: Running) -> None:
    device = platform.device()
    body = gzip.compress(b" " * 100_000_000, compresslevel=9)
    assert len(body) < MAX_COMPRESSED_BYTES
    response = post(platform.url, body, signed_headers(platform.url, body, device.key, device.id))
    assert problem(response) == (413, "too-large")


def test_ten_megabytes_are_refused_without_being_read(platform: Running) -> None:
    body = b"x" * 10_000_000
    assert problem(post(platform.url, body, {"content-type": "application/json"})) == (413, "too-large")


def test_a_body_of_unsaid_length_is_refused_at_the_first_byte_too_many(platform: Running) -> None:
    port = int(platform.url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        head = b"POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nSignature-Input: x\r\n"
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        connection.sendall(b"%x\r\n" % (MAX_COMPRESSED_BYTES + 1) + b"x" * (MAX_COMPRESSED_BYTES + 1) + b"\r\n")
        assert connection.recv(64).startswith(b"HTTP/1.1 413 ")


def test_a_sender_that_hangs_up_leaves_the_server_well(platform: Running) -> None:
    port = int(platform.url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nabc")
    assert httpx.get(f"{platform.url}/healthz", trust_env=False).json()["status"] == "ok"


def test_no_other_call_says_more_than_it_must(platform: Running) -> None:
    assert problem(httpx.get(f"{platform.url}/v1/events", trust_env=False)) == (405, "method-not-allowed")
    assert problem(httpx.get(f"{platform.url}/v1/nothing", trust_env=False)) == (404, "not-found")
    assert httpx.get(f"{platform.url}/docs", trust_env=False).status_code == 404
    assert problem(httpx.get(f"{platform.url}/v1/time", trust_env=False)) == (400, "not-understood")


def test_a_table_that_is_gone_is_answered_with_come_again_and_leaks_nothing(
    platform: Running, caplog: pytest.LogCaptureFixture
) -> None:
    device = platform.device()
    one_duty(device)
    platform.sql("DROP TABLE names")
    sent = send(platform.url, device)
    assert problem(sent.response) == (503, "unavailable")
    assert sent.response.headers["retry-after"] == "30"
    assert "names" not in sent.response.text
    (record,) = caplog.records
    assert "张晓明" not in record.getMessage()
    assert "LY1" not in record.getMessage()
    assert ledger_of_events(platform) == []


def ledger_of_events(platform: Running) -> list[str]:
    with platform.database.reading() as unit:
        return [event.id for event in unit.events.all()]


def test_last_contact_and_gaps_are_known(platform: Running) -> None:
    device = platform.device()
    one_duty(device)
    one_duty(device)
    send(platform.url, device, [device.log[0], device.log[4]])
    with platform.database.reading() as unit:
        (standing,) = unit.devices.standings()
    assert (standing.events, standing.missing, standing.quarantined) == (2, 3, 0)
    assert standing.device.last_contact_ms is not None


def test_a_gap_that_is_filled_later_completes_the_session(platform: Running) -> None:
    device = platform.device()
    one_duty(device)
    for envelope in reversed(device.log):
        assert send(platform.url, device, [envelope]).outcomes == ["accepted"]
    (session,) = ledger_of(platform)["sessions"]
    assert (session["state"], session["credited_minutes"]) == ("closed", 90)
