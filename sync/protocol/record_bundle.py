"""A volunteer's records on their way to another platform 异地转移和接续, as one text file that a stranger can check.

Upstream: ``envelope``, ``sessions``, ``timebook``, ``totals``, ``signing.documents``.
Downstream: ``sync.platform.transfer`` writes it, takes it in and checks it offline.

JSON Lines, one object a line, named by its one key::

    {"heading": …}   signed by the issuing platform: whose records, by what consent, what they add up to, how many
                     lines follow and the SHA-256 of all their bytes
    {"session": …}   one duty as the issuer's ledger has it, how it came to be, and whence it came to the issuer
    {"event": …}     the envelopes that the duties are folded from, and those that place them in time

The signature covers every byte. Beyond it nothing has to be believed: every event carries its hash, every name its
salted digest, and whoever folds the events again must come to the very sessions and sums that are stated. An ID number
stands nowhere in it; there is no field that could hold one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, cast

import msgspec
from msgspec import Meta

from sync.protocol.envelope import Digest, Envelope, check, open_body
from sync.protocol.errors import ProtocolError, RecordBundleError
from sync.protocol.events import CheckIn, Count, Id, UnixMs, VolunteerNumber, Word
from sync.protocol.judgements import CaptainEntry, Rating
from sync.protocol.sessions import COUNTING_NOTHING, Session, dated, fold, session_id_of
from sync.protocol.signing.documents import SignedDocument, open_document, sign_document
from sync.protocol.timebook import TimeBook
from sync.protocol.timeline import entry_of, logs_in
from sync.protocol.totals import Line, totals_of
from sync.protocol.trust import Hex32
from sync.protocol.vocabulary import Provenance, SessionState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.protocol.signing.keys import SigningKey

RECORD_BUNDLE = "record_bundle"
SCHEMA = 1
MOST_LINE_BYTES = 256 * 1024  # an envelope is far below; what is longer is none
MOST_BYTES = 32 * 1024 * 1024  # thirty years of a duty a day: about 300 bytes an event, six events a duty
NO_BUNDLE = "the file does not begin with the heading of a record bundle"
TRANSFER = "transfer"  # the one scope there is: moving the records to another platform
NS_PER_S = 1_000_000_000
Text = Annotated[str, Meta(min_length=1, max_length=500)]
Name = Annotated[str, Meta(max_length=200)]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Number = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Consent(msgspec.Struct, frozen=True):
    """The volunteer's consent to the transfer (个保法 Art 23): its words or the paper's number, its day, its scope."""

    text: Text
    given_on: Day
    scope: Word = TRANSFER


class Subject(msgspec.Struct, frozen=True):
    """Whose records they are: the number at the issuer, and the registered name."""

    number: VolunteerNumber
    name: Name


class HeldTraining(msgspec.Struct, frozen=True):
    """A training held at the issuer, until it lapses (UTC ms) or for good."""

    name: Word
    lapses_ms: UnixMs | None = None


class Summary(msgspec.Struct, frozen=True):
    """What the duties of the bundle add up to, every minute once, and what was awarded at the issuer."""

    confirmed_minutes: Number
    waiting_minutes: Number
    by_provenance: dict[Word, Number]
    star: Annotated[int, Meta(ge=0, le=5)]
    trainings: list[HeldTraining]


class Heading(msgspec.Struct, frozen=True):
    """What the issuing platform signs.

    Attributes:
        schema: of this format.
        bundle: its own id.
        issuer, issuer_name: the key that signs it, and what people call that platform.
        number: counts the bundles of this person at the issuer; a higher one takes the place of a lower one.
        issued_ms, valid_until_ms: UTC ms; after the latter it is no longer taken in.
        fold: the version of the fold that made the sessions.
    """

    schema: Annotated[int, Meta(ge=1)]
    bundle: Id
    issuer: Hex32
    issuer_name: Name
    number: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    subject: Subject
    issued_ms: UnixMs
    valid_until_ms: UnixMs
    consent: Consent
    summary: Summary
    fold: Number
    sessions: Number
    events: Number
    body_sha256: Digest


class Origin(msgspec.Struct, frozen=True):
    """Whence a session came to the issuer, where it was itself transferred: the key, name and bundle it came with."""

    issuer: Hex32
    issuer_name: Name
    bundle: Id


class MovedSession(msgspec.Struct, frozen=True, omit_defaults=True):
    """One duty as its platform's ledger has it; times are UTC ms, ``started_ms`` and ``ended_ms`` best estimates."""

    id: Id
    service_point: Id
    place: Name
    service: Word
    state: SessionState
    provenance: Provenance
    started_ms: UnixMs
    counts_from_ms: UnixMs
    original_s: Number
    credited_minutes: Number
    rule: Word
    ended_ms: UnixMs | None = None
    team: Word | None = None
    flags: list[Word] = []
    tallies: dict[Word, Count] = {}
    rating: Rating | None = None
    origin: Origin | None = None

    def line(self) -> Line:
        """Return it as totals ask for it."""
        times = self.counts_from_ms, self.credited_minutes, self.original_s
        return Line(self.id, self.state, self.provenance, *times)


class BundleLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line; exactly one of these stands in it."""

    heading: SignedDocument | None = None
    session: MovedSession | None = None
    event: Envelope | None = None


@dataclass(frozen=True, slots=True)
class RecordBundle:
    """A whole bundle that was found sound.

    ``recomputed``: the sessions were folded again here and came out the same; False where another version of the fold
    made them, which then rests on the issuer's word.
    """

    heading: Heading
    sessions: tuple[MovedSession, ...]
    events: tuple[Envelope, ...]
    recomputed: bool


_line_decoder = msgspec.json.Decoder(BundleLine)
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def moved(session: Session, place: str, origin: Origin | None = None) -> MovedSession:
    """Return a session as a bundle states it; ``place`` is the name of its service point."""
    return MovedSession(
        id=session.id,
        service_point=session.service_point,
        place=place,
        service=session.service,
        state=session.state,
        provenance=session.provenance,
        started_ms=session.started.est_ms,
        counts_from_ms=session.counts_from_ms,
        original_s=session.original_ns // NS_PER_S,
        credited_minutes=session.credited_minutes,
        rule=session.rule,
        ended_ms=session.ended.est_ms if session.ended else None,
        team=session.team,
        flags=sorted(session.flags),
        tallies=dict(sorted(session.tallies.items())),
        rating=session.rating,
        origin=origin,
    )


def is_moved(session: Session) -> bool:
    """Tell whether a session goes with its volunteer: what was withdrawn, practice and paid work stay."""
    return session.state is not SessionState.VOID and not session.flags & COUNTING_NOTHING


def summary_of(sessions: Sequence[MovedSession], star: int, trainings: Sequence[HeldTraining]) -> Summary:
    """Return what sessions add up to, and what was awarded."""
    totals = totals_of(session.line() for session in sessions)
    shares = {provenance.value: share.minutes for provenance, share in totals.by_provenance.items()}
    return Summary(totals.confirmed.minutes, totals.waiting.minutes, shares, star, list(trainings))


def encode_line(line: BundleLine) -> bytes:
    """Return a line with its end."""
    return msgspec.json.encode(line) + b"\n"


def sign_heading(heading: Heading, key: SigningKey) -> bytes:
    """Return the first line of a bundle, signed."""
    payload = cast("dict[str, Any]", msgspec.to_builtins(heading))
    return encode_line(BundleLine(heading=sign_document(RECORD_BUNDLE, payload, key)))


def read_bundle(file: BinaryIO, own_fold: int, most_bytes: int = MOST_BYTES) -> RecordBundle:
    """Return the bundle of an open file, once every byte of it was found sound.

    Whether the key that signed it is to be believed is for the caller to say.

    Args:
        file: open for reading, a line at a time.
        own_fold: the version of the fold of this program; only what it made itself can be recomputed.
        most_bytes: after so many behind the heading nothing more is read.

    Raises:
        RecordBundleError: with a sentence on what is wrong; nothing of the file is to be used then.
    """
    heading = read_heading(file.readline(MOST_LINE_BYTES + 1))
    sessions, events = _read_body(file, heading, most_bytes)
    _hold_together(heading, sessions, events)
    recomputed = heading.fold == own_fold
    if recomputed:
        _recompute(sessions, events)
    return RecordBundle(heading, tuple(sessions.values()), tuple(events.values()), recomputed)


def read_heading(line: bytes) -> Heading:
    """Return what a first line says, signed by the key that it names.

    Raises:
        RecordBundleError: it is none, is of a later format, or the key did not sign it.
    """
    document = _read_document(line)
    schema = document.payload.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        raise RecordBundleError(f"it is in format {schema}, this program reads up to {SCHEMA}; update it")
    try:
        heading = msgspec.convert(document.payload, Heading)
        open_document(document, RECORD_BUNDLE, bytes.fromhex(heading.issuer))
    except msgspec.ValidationError as error:
        raise RecordBundleError(f"its heading lacks something, or has it in another form: {error}") from error
    except ProtocolError as error:
        raise RecordBundleError("the signature does not fit: the heading was changed after it was issued") from error
    return heading


def _read_document(line: bytes) -> SignedDocument:
    try:
        document = _line_decoder.decode(line).heading
    except _UNREADABLE as error:
        raise RecordBundleError(NO_BUNDLE) from error
    if document is None:
        raise RecordBundleError(NO_BUNDLE)
    return document


def _read_body(
    file: BinaryIO, heading: Heading, most_bytes: int
) -> tuple[dict[str, MovedSession], dict[str, Envelope]]:
    sessions: dict[str, MovedSession] = {}
    events: dict[str, Envelope] = {}
    digest = hashlib.sha256()
    for line in _lines(file, most_bytes):
        digest.update(line)
        read = _read_line(line)
        if read.session is not None and read.session.id not in sessions:
            sessions[read.session.id] = read.session
        elif read.event is not None and read.event.id not in events:
            events[read.event.id] = read.event
        else:
            raise RecordBundleError("a line is neither a duty nor an event, or stands in it twice")
    if (len(sessions), len(events)) != (heading.sessions, heading.events):
        raise RecordBundleError("the file is cut, or something was added: not as many records as its heading says")
    if digest.hexdigest() != heading.body_sha256:
        raise RecordBundleError("the records are not those that were signed: the file was changed after it was issued")
    return sessions, events


def _lines(file: BinaryIO, most_bytes: int) -> Iterator[bytes]:
    total = 0
    while line := file.readline(MOST_LINE_BYTES + 1):
        total += len(line)
        if len(line) > MOST_LINE_BYTES or total > most_bytes:
            raise RecordBundleError(f"the file is larger than any bundle of records ({most_bytes} bytes)")
        yield line


def _read_line(line: bytes) -> BundleLine:
    try:
        return _line_decoder.decode(line)
    except _UNREADABLE as error:
        raise RecordBundleError("a line of the file cannot be read: it is damaged or cut") from error


def _hold_together(heading: Heading, sessions: Mapping[str, MovedSession], events: Mapping[str, Envelope]) -> None:
    """Check what holds whoever signed it: hashes and names of events, whose they are, and the sums."""
    for envelope in events.values():
        try:
            check(envelope)
        except ProtocolError as error:
            raise RecordBundleError(f"an event in it does not hold: {error}") from error
        if session_id_of(envelope) not in sessions and entry_of(envelope) is None:
            raise RecordBundleError("it holds an event of a duty that it does not state")
        body, own = open_body(envelope), sessions.get(session_id_of(envelope) or "")
        is_opening = isinstance(body, CheckIn | CaptainEntry) and own is not None and own.origin is None
        if is_opening and cast("CheckIn | CaptainEntry", body).volunteer != heading.subject.number:
            raise RecordBundleError("it holds a duty of another person")
    stated = summary_of(list(sessions.values()), heading.summary.star, heading.summary.trainings)
    if stated != heading.summary:
        raise RecordBundleError("the sums in its heading are not those of its records")


def _recompute(sessions: Mapping[str, MovedSession], events: Mapping[str, Envelope]) -> None:
    """Fold the events again, as every ledger does, and hold the stated sessions against what comes out."""
    books = {stream: TimeBook(log) for stream, log in logs_in(events.values()).items()}
    histories: dict[str, list[Envelope]] = {session: [] for session in sessions}
    for envelope in events.values():
        if own := session_id_of(envelope):
            histories.setdefault(own, []).append(envelope)
    for session, stated in sessions.items():
        scans = dated(histories[session])
        stamps = [scan.stamp for scan in scans]
        logs = {scan.stream: books[scan.stream].around(stamps) for scan in scans if scan.stream in books}
        folded = fold(histories[session], logs)
        if folded is None or moved(folded, stated.place, stated.origin) != stated:
            raise RecordBundleError("a duty in it is not what its events say")
