"""What becomes of each event of a batch, and which sessions follow: pure, values in and values out.

Upstream: ``sync.protocol``.
Downstream: ``receiving`` (brings what is known and stores what comes out).

::

    no envelope at all ────────────────▶ quarantined(shape)
    content does not fit ──────────────▶ quarantined(hash | body | name | text)
    id known ── same h ────────────────▶ duplicate
             └─ other h ───────────────▶ quarantined(id_conflict), alarm id_conflict
    place (stream, seq) known, other id ▶ accepted, alarm stream_forked
    the one before known, other h ─────▶ accepted, alarm chain_broken
    anything else, unknown kinds too ──▶ accepted

A stream that was once forked stays so: every event of it is answered with the alarm, until its device begins another.

A batch is stored whole or not at all, so this platform never answers ``retry`` for a single event.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from sync.protocol.batch import MalformedEvent
from sync.protocol.canonical import canonical_bytes
from sync.protocol.checkpoint import Checkpoint, is_signed_by
from sync.protocol.envelope import Envelope, check_aside, open_body
from sync.protocol.errors import ProtocolError
from sync.protocol.events import Body, CheckIn, Kit
from sync.protocol.judgements import CaptainEntry, RecipientRating, StarApplication
from sync.protocol.roster import RosterResponse
from sync.protocol.sessions import OPENINGS, Session, as_recorded, dated, fold, session_id_of
from sync.protocol.timebook import TimeBook
from sync.protocol.timeline import TimeLog
from sync.protocol.vocabulary import EventOutcome

NUL = "\x00"  # no database keeps it in a text column
_NUL_WITHIN = b"\\u0000"  # as canonical bytes spell it; or a backslash before the same four digits
_encoder = msgspec.json.Encoder(order="sorted")


class Refusal(StrEnum):
    """Why an event is set apart for a person; each has a sentence in the catalogue."""

    SHAPE = "shape"
    HASH = "hash"
    BODY = "body"
    NAME = "name"
    TEXT = "text"
    ID_CONFLICT = "id_conflict"


class Alarm(StrEnum):
    """What a person must look at, as the words that travel in receipts."""

    ID_CONFLICT = "id_conflict"
    STREAM_FORKED = "stream_forked"
    CHAIN_BROKEN = "chain_broken"


@dataclass(frozen=True, slots=True)
class Known:
    """What the platform holds of the ids and places that a batch names.

    Attributes:
        hashes: ``h`` by event id.
        places: the events at each (stream, seq), and at the one before it: ``h`` by event id.
        forked: the streams in which two events stood at one place.
    """

    hashes: Mapping[str, str]
    places: Mapping[tuple[str, int], Mapping[str, str]]
    forked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one event; ``detail`` is the English technical cause, for the page of the keeper.

    ``alarm`` is what this very event gives cause for; ``echo`` what was known of its stream before; ``body`` are the
    canonical bytes of its body, where it is not refused.
    """

    envelope: Envelope
    outcome: EventOutcome
    refusal: Refusal | None = None
    detail: str = ""
    alarm: Alarm | None = None
    echo: Alarm | None = None
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class SetApart:
    """A refused event as it is kept for a person: ``whole`` is its JSON, ``detail`` as in :class:`Verdict`."""

    event: str
    kind: str
    refusal: Refusal
    detail: str
    whole: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event in the platform's keeping and the device that brought it."""

    device: str
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Derived:
    """A session as the fold gives it, the device it was opened at, and the id of its check-in."""

    session: Session
    device: str
    opening: str


def sort_out(envelopes: Iterable[Envelope], known: Known) -> tuple[Verdict, ...]:
    """Return one verdict for each event, in the order given; none depends on another being good."""
    hashes = dict(known.hashes)
    places = dict(known.places)
    forked = known.forked
    verdicts = []
    for envelope in envelopes:
        verdict = _judge(envelope, Known(hashes, places, forked))
        if verdict.outcome is EventOutcome.ACCEPTED:
            place = (envelope.stream, envelope.seq)
            hashes[envelope.id] = envelope.h
            places[place] = {**places.get(place, {}), envelope.id: envelope.h}
        if verdict.alarm is Alarm.STREAM_FORKED:
            forked |= {envelope.stream}
        verdicts.append(verdict)
    return tuple(verdicts)


def set_apart(verdicts: Iterable[Verdict], malformed: Iterable[MalformedEvent]) -> tuple[SetApart, ...]:
    """Return what must be kept for a person: the refused events, and those that are no envelopes."""
    refused = tuple(_kept(verdict.envelope, verdict.refusal, verdict.detail) for verdict in verdicts if verdict.refusal)
    return refused + tuple(SetApart(one.id, one.kind, Refusal.SHAPE, one.why, one.raw) for one in malformed)


def _kept(envelope: Envelope, refusal: Refusal, detail: str) -> SetApart:
    return SetApart(envelope.id, envelope.kind, refusal, detail, _encoder.encode(envelope).decode())


def _judge(envelope: Envelope, known: Known) -> Verdict:
    read = _read(envelope)
    if isinstance(read, tuple):
        return Verdict(envelope, EventOutcome.QUARANTINED, *read)
    held = known.hashes.get(envelope.id)
    if held is not None and held != envelope.h:
        detail = "another record with this id and other content is already in the ledger"
        return Verdict(envelope, EventOutcome.QUARANTINED, Refusal.ID_CONFLICT, detail, Alarm.ID_CONFLICT)
    echo = Alarm.STREAM_FORKED if envelope.stream in known.forked else None
    outcome = EventOutcome.ACCEPTED if held is None else EventOutcome.DUPLICATE
    return Verdict(envelope, outcome, alarm=_alarm_of(envelope, known), echo=echo, body=read)


def _alarm_of(envelope: Envelope, known: Known) -> Alarm | None:
    if known.places.get((envelope.stream, envelope.seq), {}).keys() - {envelope.id}:
        return Alarm.STREAM_FORKED
    before = known.places.get((envelope.stream, envelope.seq - 1))
    return Alarm.CHAIN_BROKEN if before and envelope.prev not in before.values() else None


def judge_checkpoint(checkpoint: Checkpoint, public: bytes, at_place: Collection[str]) -> Alarm | None:
    """Return what a device's checkpoint gives cause for.

    Args:
        checkpoint: as it came.
        public: the device's key.
        at_place: ``h`` of every record that is held at its place; none where it has not arrived yet.
    """
    if not is_signed_by(checkpoint, public) or (at_place and checkpoint.h not in at_place):
        return Alarm.CHAIN_BROKEN
    return None


def _read(envelope: Envelope) -> bytes | tuple[Refusal, str]:
    """Return the canonical bytes of a body that may be kept, or why the event is set apart; each part is read once."""
    try:
        body = canonical_bytes(envelope.body)
        if envelope.digest_with(body) != envelope.h:
            return Refusal.HASH, "the hash does not match the content: the record was changed after it was made"
    except ProtocolError as error:
        return Refusal.TEXT, str(error)
    try:
        opened = open_body(envelope)
    except ProtocolError as error:
        return Refusal.BODY, str(error)
    try:
        check_aside(envelope, opened)
    except ProtocolError as error:
        return Refusal.NAME, str(error)
    if NUL in _texts_beside(envelope) or (_NUL_WITHIN in body and NUL in "".join(_column_texts(envelope, opened))):
        return Refusal.TEXT, "a text holds the character U+0000, which no database keeps"
    return body


def _texts_beside(envelope: Envelope) -> str:
    stamp, aside = envelope.stamp, envelope.aside
    texts = f"{envelope.id}{envelope.stream}{envelope.kind}{stamp.boot_id}{stamp.clk}"
    return texts if aside is None else f"{texts}{aside.name}{aside.salt}"


def _column_texts(envelope: Envelope, body: Body | None) -> Iterable[str]:
    yield session_id_of(envelope) or ""
    if isinstance(body, CheckIn | CaptainEntry):
        yield from (body.volunteer, body.service_point, body.team or "")
    if isinstance(body, CheckIn):
        shown = body.certificate
        yield from (shown.issuer, shown.kid, shown.serial, shown.format)
    if isinstance(body, Kit | StarApplication):
        yield body.volunteer
    if isinstance(body, RecipientRating):
        yield from (body.service_point, *body.sessions)
    if isinstance(body, RosterResponse):
        yield from (body.volunteer, body.of, body.colleague or "", body.in_return or "")
    service = envelope.body.get("service")
    yield service if isinstance(service, str) else ""


def opening_of(history: Sequence[Recorded]) -> Recorded | None:
    """Return the check-in or entry a session begins with: the first by stream, sequence and id, or None."""
    openings = [recorded for recorded in history if recorded.envelope.kind in OPENINGS]
    return min(openings, key=_place, default=None)


def derive(histories: Mapping[str, Sequence[Recorded]], books: Mapping[str, TimeBook]) -> tuple[Derived, ...]:
    """Return the sessions that these histories describe, the same for every order of arrival.

    Args:
        histories: by session id, every known event that names the session.
        books: by stream, what is known of time; a session may have scans of several devices.

    Returns:
        One value a session; none for a session whose check-in has not arrived.
    """
    derived = []
    for history in histories.values():
        opening = opening_of(history)
        if opening and (session := fold(*_told(history, books))):
            derived.append(Derived(session, opening.device, opening.envelope.id))
    return tuple(derived)


def original_of(history: Sequence[Recorded], books: Mapping[str, TimeBook]) -> Session | None:
    """Return a session as devices recorded it, before any person judged it; arguments as of :func:`derive`."""
    return as_recorded(*_told(history, books))


def _told(history: Sequence[Recorded], books: Mapping[str, TimeBook]) -> tuple[list[Envelope], dict[str, TimeLog]]:
    events = [recorded.envelope for recorded in sorted(history, key=_place) if _is_readable(recorded.envelope)]
    scans = dated(events)
    streams = {scan.stream for scan in scans} & books.keys()
    return events, {stream: books[stream].around(scan.stamp for scan in scans) for stream in streams}


def _place(recorded: Recorded) -> tuple[str, int, str]:
    return recorded.envelope.stream, recorded.envelope.seq, recorded.envelope.id


def _is_readable(envelope: Envelope) -> bool:
    """Pass over an event that was stored while its kind was unknown and does not have that kind's fields."""
    try:
        open_body(envelope)
    except ProtocolError:
        return False
    return True
