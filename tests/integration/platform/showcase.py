"""A lived-in demo community to look at: ``python -m tests.integration.platform.showcase DIR PORT``.

Upstream: ``fleet``, the platform's own commands.
Downstream: people who look at the console, its screenshots.
"""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec

from sync.protocol.contact import CONTACT_PATH, ContactRequest, DeviceReport
from sync.protocol.enrolment import Enrolment, read_enrolment
from sync.protocol.envelope import open_body
from sync.protocol.events import AutoClose, CheckIn, CheckOut, DeviceNote, Kit, Shift
from sync.protocol.judgements import (
    Amendment,
    Confirmation,
    Objection,
    Rating,
    RecipientRating,
    StarApplication,
    Statement,
)
from sync.protocol.reference import read_reference_data
from sync.protocol.signing.keys import SigningKey
from sync.protocol.vocabulary import AmendmentReason, Effect, Face, KitItem, ObjectionReason, Quality, StatementAnswer
from tests.integration.platform.fleet import CARD, FakeDevice, send, tell

WELL = DeviceReport("0.5.0", waiting=3, clock="anchored", camera="seeing", free_mb=21_400, boots=12)
ILL = DeviceReport("0.4.1", waiting=412, parked=2, clock="floor", camera="dark", free_mb=310, boots=87)
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
BASE = [sys.executable, "-m", "sync.platform"]


def enrolled(enrolment: Enrolment, started_ms: int) -> FakeDevice:
    """Return the device of an enrolment file."""
    reference = read_reference_data(enrolment.reference, bytes.fromhex(enrolment.root_public))
    key = SigningKey(bytes.fromhex(enrolment.seed))
    return FakeDevice(enrolment.device, key, reference.service_point.id, started_ms)


def live(device: FakeDevice, people: list[tuple[str, str, str]], midnight_ms: int, now_ms: int) -> None:
    """Record some days of duty of these people (name, number, service), up to the present."""
    for back in range(2, -1, -1):
        day_ms = midnight_ms - back * 24 * HOUR_MS
        for place, (name, number, service) in enumerate(people):
            begin_ms = day_ms + (8 * 60 + 17 * place % 480) * MINUTE_MS + place * 7_000
            if (place + back) % 3 == 2 or begin_ms > now_ms:
                continue
            shift = Shift(f"s{back}-{place}", begin_ms - 3 * MINUTE_MS, begin_ms + 3 * HOUR_MS) if place % 2 else None
            session = device.check_in(number, name, begin_ms, service, shift)
            if place == 4 and back == 0:
                device.undo_last(session, begin_ms + 5_000)
            elif place == 7 and back:
                device.auto_close(session, begin_ms + 12 * HOUR_MS)
            elif begin_ms + (95 + 13 * place) * MINUTE_MS < now_ms:
                counts = {"directions": 3 + place, "tea": place % 4, "charging": place % 3}
                device.check_out(session, number, begin_ms + (95 + 13 * place) * MINUTE_MS, **counts)
        device.anchor(min(day_ms + 20 * HOUR_MS, now_ms))


def judge(device: FakeDevice, captains: list[str], now_ms: int) -> None:
    """Say what captains and volunteers say of the duties so far, so that every state and matter is there to see."""
    first, second = captains
    ends = [(each, body) for each in device.log if isinstance(body := open_body(each), CheckOut)]
    for place, (event, body) in enumerate(ends):
        if place % 2 == 0 and body.volunteer not in captains:
            device.record(Confirmation(body.session, event.id, first), now_ms)
            rating = Rating(body.session, Quality.GOOD, first, [Effect.PEOPLE_SATISFIED], {"directions": 5})
            device.record(rating, now_ms)
        if place % 4 == 1:
            objection = Objection(body.session, body.volunteer, CARD, ObjectionReason.WRONG_TIME)
            asked = device.record(objection, now_ms)
            if place % 8 == 1 and body.volunteer != second:
                start_ms = now_ms - 5 * HOUR_MS
                times_ms = start_ms, start_ms + 2 * HOUR_MS
                answer = Amendment(body.session, AmendmentReason.WRONG_START, second, *times_ms, objection=asked.id)
                device.record(answer, now_ms)
        faces = [Face.SATISFIED, Face.SATISFIED, Face.NEUTRAL, Face.DISSATISFIED]
        for face in faces[: place % 5]:
            device.record(RecipientRating(face, device.service_point, [body.session], burst=place == 4), now_ms)
    forgotten = [body for each in device.log if isinstance(body := open_body(each), AutoClose)]
    for body in forgotten[:1]:
        whose = next(
            check
            for each in device.log
            if isinstance(check := open_body(each), CheckIn) and check.session == body.session
        )
        said = Statement(body.session, whose.volunteer, CARD, StatementAnswer.OTHER_TIME, body.at_ms - 9 * HOUR_MS)
        device.record(said, now_ms)
    for number in captains:
        device.record(Kit(number, KitItem.CAP, 2, returned=False, by=first), now_ms)
    device.record(StarApplication(captains[0], CARD, 1, 6300), now_ms)
    device.record(DeviceNote("stream_started"), now_ms)


def main(folder: Path, port: int) -> None:
    """Make the community where it is missing, serve it, and fill it."""
    url = f"http://127.0.0.1:{port}"
    if not folder.exists():
        subprocess.run([*BASE, "demo-community", str(folder), "--platform-url", url], check=True)
        command = [*BASE, "device", "add", "--config", str(folder / "platform.toml"), "--name", "西门触摸机"]
        point = "王城公园东门岗亭"
        subprocess.run([*command, "--service-point", point, "--output", str(folder / "second.json")], check=True)
    server = subprocess.Popen([*BASE, "serve", "--config", str(folder / "platform.toml"), "--port", str(port)])
    while True:
        try:
            httpx.get(f"{url}/healthz", trust_env=False)
            break
        except httpx.TransportError:
            time.sleep(0.1)
    fill(folder, url)
    server.wait()


def fill(folder: Path, url: str) -> None:
    """Send some days of duty, a few records that do not fit, and one that forks its stream."""
    now = datetime.now(UTC)
    shanghai = now + timedelta(hours=8)
    midnight_ms = int((now - timedelta(hours=shanghai.hour, minutes=shanghai.minute)).timestamp() * 1000)
    now_ms = int(now.timestamp() * 1000)
    people = msgspec.json.decode((folder / "certificates.json").read_bytes())["volunteers"]
    enrolment = read_enrolment((folder / "enrolment.json").read_bytes(), 0o600)
    device = enrolled(enrolment, midnight_ms - 3 * 24 * HOUR_MS)
    live(device, [(one["name"], one["number"], one["service"]) for one in people], midnight_ms, now_ms)
    judge(device, [people[0]["number"], people[1]["number"]], now_ms)
    kept = [envelope for envelope in device.log if envelope.seq % 41]
    send(url, device, kept)
    changed = [
        msgspec.structs.replace(envelope, body={**envelope.body, "volunteer": "4103022026999999"})
        for envelope in kept[4:6]
    ]
    send(url, device, changed)
    other = enrolled(read_enrolment((folder / "second.json").read_bytes(), 0o600), midnight_ms)
    for each, report in ((device, WELL), (other, ILL)):
        tell(url, each, CONTACT_PATH, ContactRequest(each.id, report))
    clone = FakeDevice(device.id, device.key, device.service_point, device.started_ms, device.stream, device.boot_id)
    clone.check_in(people[0]["number"], people[0]["name"], midnight_ms - 40 * HOUR_MS)
    send(url, clone)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
