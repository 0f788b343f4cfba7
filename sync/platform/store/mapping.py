"""Between rows and values, nothing else.

Upstream: ``tables``, ``sync.protocol``, ``records``.
Downstream: the repositories.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

import msgspec

from sync.platform.ingest import Derived, Recorded, Verdict
from sync.platform.records import Circumstances, DayCard, Device, Ending, IssuedCertificate, Term, Volunteer
from sync.platform.store.bulk import Cells
from sync.platform.store.tables import (
    AppointmentRow,
    CertificateRow,
    DayCardRow,
    DeviceRow,
    EventRow,
    FaceRow,
    IssuerKeyRow,
    KitRow,
    RosterAnswerRow,
    Row,
    ServiceRuleRow,
    SessionRow,
    StandingRow,
    StarApplicationRow,
    VolunteerRow,
)
from sync.protocol.canonical import canonical_bytes
from sync.protocol.envelope import NS_PER_US, Envelope, Stamp, open_body
from sync.protocol.errors import ProtocolError
from sync.protocol.events import Body, Kit, Presented, Shift
from sync.protocol.judgements import Rating, RecipientRating, StarApplication
from sync.protocol.reference import Appointment, ServiceRule
from sync.protocol.roster import RosterResponse
from sync.protocol.sessions import DRILL, PAID, Session, session_id_of
from sync.protocol.timeline import Bounds
from sync.protocol.trust import TrustedKey
from sync.protocol.vocabulary import (
    BoundsQuality,
    CertificateKind,
    EventKind,
    KeyAlgorithm,
    Matter,
    Provenance,
    SessionState,
    Trust,
)

_bodies = msgspec.json.Decoder(dict[str, Any])
_KINDS_BESIDE = (EventKind.RECIPIENT_RATING, EventKind.KIT, EventKind.STAR_APPLICATION, EventKind.ROSTER_RESPONSE)
BESIDE = frozenset(kind.value for kind in _KINDS_BESIDE)
EVENT_READ = (
    "device",
    "id",
    "stream",
    "seq",
    "kind",
    "body",
    "boot_id",
    "boot_n",
    "bt_ns",
    "wall_ms",
    "clk",
    "prev",
    "h",
)
EVENT_COLUMNS = (
    *("id", "device", "stream", "seq", "kind", "session", "body"),
    *("boot_id", "boot_n", "bt_ns", "wall_ms", "clk", "prev", "h", "received_ms"),
)
NAME_COLUMNS = ("event", "name", "salt")
DEVICE = "device"  # where an answer to the roster was given


def event_cells(verdict: Verdict, device: str, received_ms: int) -> Cells:
    """Return the immutable row of an accepted event, in the order of :data:`EVENT_COLUMNS`."""
    envelope = verdict.envelope
    stamp = envelope.stamp
    return (
        *(envelope.id, device, envelope.stream, envelope.seq, envelope.kind, session_id_of(envelope)),
        *(verdict.body.decode(), stamp.boot_id, stamp.boot_n, stamp.bt_ns, stamp.wall_ms, stamp.clk),
        *(envelope.prev, envelope.h, received_ms),
    )


def name_cells(envelope: Envelope) -> Cells | None:
    """Return the erasable row of the name beside a check-in, in the order of :data:`NAME_COLUMNS`, if it has one."""
    aside = envelope.aside
    return None if aside is None else (envelope.id, aside.name, aside.salt)


def rows_beside(envelope: Envelope, received_ms: int) -> list[Row]:
    """Return the rows of what belongs to no single session: faces, kit, star applications, answers to the roster.

    Args:
        envelope: of a stored event.
        received_ms: when it was, UTC ms.
    """
    body = _readable(envelope) if envelope.kind in BESIDE else None
    if isinstance(body, RecipientRating):
        touch = {"face": body.face.value, "burst": body.burst, "drill": body.drill}
        place = body.service_point
        return [FaceRow(event=envelope.id, session=each, service_point=place, **touch) for each in set(body.sessions)]
    if isinstance(body, Kit):
        count = -body.count if body.returned else body.count
        return [KitRow(event=envelope.id, volunteer=body.volunteer, item=body.item.value, count=count)]
    if isinstance(body, StarApplication):
        known = {"level": body.level, "confirmed_minutes": body.confirmed_minutes}
        return [StarApplicationRow(event=envelope.id, volunteer=body.volunteer, **known)]
    return [_answer_row(envelope.id, body, received_ms)] if isinstance(body, RosterResponse) else []


def _answer_row(event: str, body: RosterResponse, received_ms: int) -> RosterAnswerRow:
    """Return an answer as it waits: what comes of it is not decided while a batch is taken (docs/adr/0031)."""
    return RosterAnswerRow(
        id=event,
        volunteer=body.volunteer,
        answer=body.answer.value,
        of=body.of,
        version=body.version,
        colleague=body.colleague,
        in_return=body.in_return,
        reason=None if body.reason is None else body.reason.value,
        source=DEVICE,
        received_ms=received_ms,
    )


def _readable(envelope: Envelope) -> Body | None:
    """Return the body, or None too where an event was stored before its kind was known and lacks its fields."""
    try:
        return open_body(envelope)
    except ProtocolError:
        return None


def recorded_of(row: EventRow) -> Recorded:
    """Return a stored event without its name, and the device that brought it."""
    return recorded_from([getattr(row, column) for column in EVENT_READ])


def recorded_from(cells: Iterable[Any]) -> Recorded:
    """Return the same of an event that was read by :data:`EVENT_READ`."""
    device, id_, stream, seq, kind, body, boot_id, boot_n, bt_ns, wall_ms, clk, prev, h = cells
    stamp = Stamp(boot_id, boot_n, bt_ns // NS_PER_US, wall_ms, clk)
    return Recorded(device, Envelope(id_, stream, seq, kind, _bodies.decode(body), stamp, prev, h))


def session_cells(derived: Derived) -> Cells:
    """Return the row of a session as the latest fold gives it, in the order of :data:`SESSION_COLUMNS`."""
    session = derived.session
    shown, ended = session.certificate, session.ended
    return (
        *(session.id, derived.device, derived.opening, session.volunteer),
        *(shown.issuer, shown.kid, shown.serial, shown.format, shown.trust.value, shown.validity_unchecked),
        *(session.service_point, session.service, session.team),
        _json(session.shift) if session.shift else None,
        *(session.state.value, session.provenance.value),
        *_bounds_cells(session.started),
        *(_bounds_cells(ended) if ended else (None, None, None, None)),
        *(session.original_ns, session.credited_minutes, session.rule),
        *(_json(session.tallies), _json(sorted(session.flags)), session.ended_by, _json(sorted(session.matters))),
        *(session.stated_end_ms, _json(session.rating) if session.rating else None),
        *(apart_of(session), session.counts_from_ms),
    )


SESSION_COLUMNS = (
    *("id", "device", "opening", "volunteer"),
    *("certificate_issuer", "certificate_kid", "certificate_serial", "certificate_format", "certificate_trust"),
    *("certificate_unchecked", "service_point", "service", "team", "shift", "state", "provenance"),
    *("started_lo_ms", "started_est_ms", "started_hi_ms", "started_quality"),
    *("ended_lo_ms", "ended_est_ms", "ended_hi_ms", "ended_quality"),
    *("original_ns", "credited_minutes", "rule", "tallies", "flags", "ended_by", "matters"),
    *("stated_end_ms", "rating", "apart", "counts_from_ms"),
)


def _bounds_cells(bounds: Bounds) -> tuple[int, int, int, str]:
    return bounds.lo_ms, bounds.est_ms, bounds.hi_ms, bounds.quality.value


def apart_of(session: Session) -> str | None:
    """Return what keeps a session out of every total, or None."""
    return next((flag for flag in (DRILL, PAID) if flag in session.flags), None)


def session_of(row: SessionRow) -> Session:
    """Return the session of a row."""
    return Session(
        id=row.id,
        volunteer=row.volunteer,
        certificate=_presented_of(row),
        service_point=row.service_point,
        service=row.service,
        team=row.team,
        shift=msgspec.json.decode(row.shift, type=Shift) if row.shift else None,
        state=SessionState(row.state),
        provenance=Provenance(row.provenance),
        started=Bounds(row.started_lo_ms, row.started_est_ms, row.started_hi_ms, BoundsQuality(row.started_quality)),
        ended=_ended_of(row),
        original_ns=row.original_ns,
        credited_minutes=row.credited_minutes,
        rule=row.rule,
        tallies=msgspec.json.decode(row.tallies, type=dict[str, int]),
        flags=msgspec.json.decode(row.flags, type=frozenset[str]),
        ended_by=row.ended_by,
        matters=msgspec.json.decode(row.matters, type=frozenset[Matter]),
        stated_end_ms=row.stated_end_ms,
        rating=msgspec.json.decode(row.rating, type=Rating) if row.rating else None,
    )


def device_of(row: DeviceRow) -> Device:
    """Return the device of a row."""
    return Device(
        row.id,
        row.name,
        row.service_point,
        bytes.fromhex(row.public),
        row.registered_ms,
        row.revoked_ms,
        row.last_contact_ms,
    )


def volunteer_of(row: VolunteerRow) -> Volunteer:
    """Return the volunteer of a row."""
    return Volunteer(row.number, row.name, row.service, row.registered_ms)


def trusted_key_of(row: IssuerKeyRow) -> TrustedKey:
    """Return the entry of the trust list of a row."""
    algorithm: Literal["ed25519", "sm2"] = "sm2" if row.algorithm == KeyAlgorithm.SM2 else "ed25519"
    return TrustedKey(row.kid, row.issuer, algorithm, row.public, row.valid_from_ms, row.valid_until_ms)


def certificate_row(issued: IssuedCertificate) -> CertificateRow:
    """Return the row of an issued card."""
    return CertificateRow(
        issuer=issued.issuer,
        serial=issued.serial,
        volunteer=issued.volunteer,
        kid=issued.kid,
        kind=issued.kind.value,
        issued_ms=issued.issued_ms,
        expires_ms=issued.expires_ms,
        ended_ms=issued.ended_ms,
        ending=issued.ending,
    )


def certificate_of(row: CertificateRow) -> IssuedCertificate:
    """Return the issued card of a row."""
    return IssuedCertificate(
        row.issuer,
        row.serial,
        row.volunteer,
        row.kid,
        CertificateKind(row.kind),
        row.issued_ms,
        row.expires_ms,
        row.ended_ms,
        Ending(row.ending) if row.ending else None,
    )


def term_of(row: AppointmentRow, place: str, name: str) -> Term:
    """Return the appointment of a row, with the names of its place and its holder."""
    appointment = Appointment(row.volunteer, name, row.role, row.from_ms, row.until_ms, row.team)
    return Term(row.id, row.service_point, place, appointment)


def circumstances_of(row: StandingRow) -> Circumstances:
    """Return what was decided of a volunteer."""
    born_on = date.fromisoformat(row.born_on) if row.born_on else None
    return Circumstances(row.star, row.suspended, born_on, row.guardian_consent, row.paid)


def service_rule_of(row: ServiceRuleRow) -> ServiceRule:
    """Return the rule of a row."""
    return ServiceRule(row.service, row.training, row.strict, msgspec.json.decode(row.tallies, type=list[str]))


def service_rule_row(rule: ServiceRule, service_point: str) -> ServiceRuleRow:
    """Return the row of a rule at a service point."""
    return ServiceRuleRow(
        service_point=service_point,
        service=rule.service,
        training=rule.training,
        strict=rule.strict,
        tallies=_json(rule.tallies),
    )


def day_card_row(card: DayCard) -> DayCardRow:
    """Return the row of a day card."""
    return DayCardRow(
        issuer=card.issuer,
        serial=card.serial,
        number=card.number,
        name=card.name,
        team=card.team,
        kid=card.kid,
        issued_ms=card.issued_ms,
        expires_ms=card.expires_ms,
        ended_ms=card.ended_ms,
    )


def day_card_of(row: DayCardRow) -> DayCard:
    """Return the day card of a row."""
    period = row.issued_ms, row.expires_ms, row.ended_ms
    return DayCard(row.issuer, row.serial, row.number, row.name, row.team, row.kid, *period)


def _presented_of(row: SessionRow) -> Presented:
    return Presented(
        row.certificate_issuer,
        row.certificate_kid,
        row.certificate_serial,
        row.certificate_unchecked,
        row.certificate_format,
        Trust(row.certificate_trust),
    )


def _ended_of(row: SessionRow) -> Bounds | None:
    if row.ended_lo_ms is None or row.ended_est_ms is None or row.ended_hi_ms is None or row.ended_quality is None:
        return None
    return Bounds(row.ended_lo_ms, row.ended_est_ms, row.ended_hi_ms, BoundsQuality(row.ended_quality))


def _json(value: object) -> str:
    return canonical_bytes(value).decode()
