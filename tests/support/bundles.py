"""Bundles of a made-up volunteer's records, and the ways in which somebody could tamper with one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import msgspec

from sync.protocol.envelope import Envelope
from sync.protocol.judgements import Confirmation
from sync.protocol.record_bundle import (
    SCHEMA,
    BundleLine,
    Consent,
    Heading,
    HeldTraining,
    MovedSession,
    RecordBundle,
    Subject,
    encode_line,
    moved,
    read_bundle,
    sign_heading,
    summary_of,
)
from sync.protocol.sessions import fold
from sync.protocol.signing.keys import SigningKey
from sync.protocol.timebook import TimeBook
from sync.protocol.timeline import logs_in
from tests.support.envelopes import NAME, START_MS, Recorder, anchor, check_in, check_out, stamp

KEY, OTHER_KEY = SigningKey(b"k" * 32), SigningKey(b"o" * 32)
FOLD = 1
HOUR = 3600
CONSENT = Consent("本人同意转移 (paper 7)", "2027-01-16")


def duties(count: int = 2, *, volunteer: str = "V1") -> list[Envelope]:
    """Return the events of some confirmed duties of two hours each, a day between them, anchored."""
    recorder = Recorder()
    recorder.record(anchor(0.5), stamp(1))
    for number in range(count):
        begin, session = number * 24 * HOUR + 60, f"s{number}"
        recorder.record(check_in(session, volunteer=volunteer), stamp(begin), NAME)
        ended = recorder.record(check_out(session, volunteer=volunteer), stamp(begin + 2 * HOUR))
        recorder.record(Confirmation(session, ended.id, "V9"), stamp(begin + 3 * HOUR))
    return recorder.envelopes


def sessions_of(events: Sequence[Envelope]) -> list[MovedSession]:
    """Return the duties that events say, as a bundle states them."""
    logs = {
        stream: TimeBook(log).around(each.stamp for each in events if each.stream == stream)
        for stream, log in logs_in(events).items()
    }
    ids = sorted({str(each.body["session"]) for each in events if "session" in each.body})
    folded = (fold([each for each in events if each.body.get("session") == session], logs) for session in ids)
    return [moved(each, "王城公园东门岗亭") for each in folded if each is not None]


def heading_of(sessions: Sequence[MovedSession], events: Sequence[Envelope], **more: Any) -> Heading:
    """Return a heading that fits, but for what is given."""
    body = body_of(sessions, events)
    fields: dict[str, Any] = {
        "schema": SCHEMA,
        "bundle": "bundle-1",
        "issuer": KEY.public.hex(),
        "issuer_name": "西工区平台",
        "number": START_MS,
        "subject": Subject("V1", "张晓明"),
        "issued_ms": START_MS,
        "valid_until_ms": START_MS + 90 * 24 * HOUR * 1000,
        "consent": CONSENT,
        "summary": summary_of(sessions, 2, [HeldTraining("急救", None)]),
        "fold": FOLD,
        "sessions": len(sessions),
        "events": len(events),
        "body_sha256": hashlib.sha256(body).hexdigest(),
    }
    return Heading(**{**fields, **more})


def body_of(sessions: Sequence[MovedSession], events: Sequence[Envelope]) -> bytes:
    """Return the lines behind a heading."""
    lines = [BundleLine(session=each) for each in sessions] + [BundleLine(event=each) for each in events]
    return b"".join(encode_line(line) for line in lines)


def bundle(
    sessions: Sequence[MovedSession] | None = None,
    events: Sequence[Envelope] | None = None,
    key: SigningKey = KEY,
    **more: Any,
) -> bytes:
    """Return a whole bundle, signed; sound unless something else is given."""
    told = duties() if events is None else list(events)
    stated = sessions_of(told) if sessions is None else list(sessions)
    heading = heading_of(stated, told, issuer=key.public.hex(), **more)
    return sign_heading(heading, key) + body_of(stated, told)


def read(content: bytes, own_fold: int = FOLD) -> RecordBundle:
    """Return what a bundle's bytes say."""
    return read_bundle(BytesIO(content), own_fold)


def with_heading(content: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """Return a bundle whose heading was changed after it was signed."""
    first, _, rest = content.partition(b"\n")
    line = msgspec.json.decode(first)
    change(line["heading"])
    return msgspec.json.encode(line) + b"\n" + rest
