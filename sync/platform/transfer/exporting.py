"""A volunteer's records handed out: gathered, signed, held against themselves, and noted with the consent.

Upstream: ``store``, ``registry``, ``sync.protocol.record_bundle``.
Downstream: ``commands.record``.

Duties that came here from elsewhere go on with their own events and whence they came, so that the next platform can
check them as this one did.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import msgspec

from sync.platform.certificates import registered
from sync.platform.errors import PlatformError
from sync.platform.ports import unix_ms
from sync.platform.refolding import FOLD
from sync.platform.transfer.values import HandedOut
from sync.protocol.envelope import Envelope, open_body
from sync.protocol.errors import ProtocolError
from sync.protocol.record_bundle import (
    MOST_BYTES,
    SCHEMA,
    BundleLine,
    Consent,
    Heading,
    HeldTraining,
    MovedSession,
    Origin,
    Subject,
    encode_line,
    is_moved,
    moved,
    read_bundle,
    sign_heading,
    summary_of,
)
from sync.protocol.sessions import dated
from sync.protocol.timeline import Place

if TYPE_CHECKING:
    from sync.platform.registry import Office
    from sync.platform.store import Unit
    from sync.protocol.signing.keys import SigningKey

LIFE = timedelta(days=90)  # long enough to move house, short enough that nobody carries an old state of things about


@dataclass(frozen=True, slots=True)
class Issuer:
    """This platform as it signs: its root key, and what people call it."""

    key: SigningKey
    name: str


@dataclass(slots=True)
class _Gathered:
    """Duties and events by their ids."""

    sessions: dict[str, MovedSession] = field(default_factory=dict)
    events: dict[str, Envelope] = field(default_factory=dict)


def hand_out(office: Office, issuer: Issuer, number: str, consent: Consent) -> tuple[Heading, bytes]:
    """Return the signed bundle of a volunteer's records as it is to be written, and note that it was handed out.

    Raises:
        UnknownError: the volunteer is not registered.
        PlatformError: there is nothing to hand out, or more than a bundle holds.
    """
    volunteer = registered(office, number)
    gathered = _gathered(office.unit, number)
    if not gathered.sessions:
        raise PlatformError(f"Of volunteer {number} there is no record to hand out yet.")
    body = b"".join(_body(gathered))
    now_ms = unix_ms(office.ports.clock())
    held = office.unit.standings.trainings((number,)).get(number, {})
    trainings = [HeldTraining(*each) for each in held.items()]
    sessions = list(gathered.sessions.values())
    heading = Heading(
        schema=SCHEMA,
        bundle=office.ports.ids(),
        issuer=issuer.key.public.hex(),
        issuer_name=issuer.name,
        number=max(now_ms, office.unit.transfers.last_number(number) + 1),
        subject=Subject(number, volunteer.name),
        issued_ms=now_ms,
        valid_until_ms=now_ms + round(LIFE.total_seconds() * 1000),
        consent=consent,
        summary=summary_of(sessions, office.unit.standings.of(number).star, trainings),
        fold=FOLD,
        sessions=len(sessions),
        events=len(gathered.events),
        body_sha256=hashlib.sha256(body).hexdigest(),
    )
    content = sign_heading(heading, issuer.key) + body
    if len(content) > MOST_BYTES:
        raise PlatformError(f"The records of volunteer {number} are more than one bundle holds ({MOST_BYTES} bytes).")
    read_bundle(BytesIO(content), FOLD)  # nothing leaves that another platform would find unsound
    sha256 = hashlib.sha256(content).hexdigest()
    said = msgspec.json.encode(consent).decode()
    office.unit.transfers.note_handed_out(
        HandedOut(heading.bundle, number, heading.number, said, heading.issued_ms, sha256)
    )
    return heading, content


def _body(gathered: _Gathered) -> Iterable[bytes]:
    for session in sorted(gathered.sessions.values(), key=lambda each: (each.started_ms, each.id)):
        yield encode_line(BundleLine(session=session))
    for event in sorted(gathered.events.values(), key=lambda each: (each.stream, each.seq, each.id)):
        yield encode_line(BundleLine(event=event))


def _gathered(unit: Unit, number: str) -> _Gathered:
    """Return what moves with a volunteer: what came here from elsewhere, and over it what was recorded here."""
    gathered = _Gathered()
    for taken in unit.transfers.taken_in(number):
        if taken.superseded_by is None:
            _carry_on(unit, taken.heading, gathered)
    _, entries = unit.ledger.of_volunteer(number)
    own = [entry for entry in entries if is_moved(entry.session)]
    histories = unit.outgoing.histories(entry.session.id for entry in own)
    for entry in own:
        place = entry.service_point_name or entry.session.service_point
        gathered.sessions[entry.session.id] = moved(entry.session, place)
    _add(gathered, (each for history in histories.values() for each in history if _is_readable(each)))
    _add(gathered, unit.outgoing.marks(_places_of(unit, histories)))
    return gathered


def _carry_on(unit: Unit, heading: Heading, gathered: _Gathered) -> None:
    content = gzip.decompress(unit.transfers.content(heading.bundle))
    bundle = read_bundle(BytesIO(content), FOLD)
    here = Origin(heading.issuer, heading.issuer_name, heading.bundle)
    for session in bundle.sessions:
        if session.origin is None or session.id not in gathered.sessions:
            gathered.sessions[session.id] = msgspec.structs.replace(session, origin=session.origin or here)
    _add(gathered, bundle.events)


def _add(gathered: _Gathered, events: Iterable[Envelope]) -> None:
    gathered.events.update((event.id, event) for event in events)


def _places_of(unit: Unit, histories: Mapping[str, Sequence[Envelope]]) -> dict[str, set[Place]]:
    """Return where the entries of time stand that place these duties, by stream: those alone that a fold asks for."""
    scans = {session: dated(history) for session, history in histories.items()}
    books = unit.times.around_scans([scan for found in scans.values() for scan in found])
    places: dict[str, set[Place]] = {}
    for found in scans.values():
        for stream in {scan.stream for scan in found} & books.keys():
            log = books[stream].around(scan.stamp for scan in found)
            near = places.setdefault(stream, set())
            near.update(anchor.place for anchor in log.anchors)
            near.update((beat.boot_n, beat.bt_ns) for beat in log.beats)
    return places


def _is_readable(envelope: Envelope) -> bool:
    """Leave out what a fold passes over: an event that was stored before its kind was known, and lacks its fields."""
    try:
        open_body(envelope)
    except ProtocolError:
        return False
    return True
