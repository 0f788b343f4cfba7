"""The platform's tables as typed rows; ``mapping`` stands between them and the values.

Upstream: SQLAlchemy, ``dialect``.
Downstream: ``mapping``, the repositories, ``migrations`` (a test holds them equal).

All ``…_ms`` are UTC milliseconds since 1970. Rows of ``events`` are immutable by trigger; names stand in a table of
their own, because a name can be erased (个保法 47) and an event cannot.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import BigInteger, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from sync.platform.store.dialect import SERIAL


class Row(DeclarativeBase):
    """Base of all rows: texts are TEXT, numbers 64 bits."""

    type_annotation_map: ClassVar = {str: Text(), int: BigInteger()}


class PlatformStateRow(Row):
    """The one row about the database itself.

    ``epoch`` changes when it is restored from a backup; ``published`` is the version of the last reference data.
    ``folded`` is the version of the fold that wrote all sessions, ``folded_to`` how far a later one has come.
    """

    __tablename__ = "platform_state"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[str]
    published: Mapped[int] = mapped_column(default=0)
    folded: Mapped[int] = mapped_column(default=0)
    folded_to: Mapped[str] = mapped_column(default="")


class ServicePointRow(Row):
    """服务点; ``opens``/``closes`` are local HH:MM."""

    __tablename__ = "service_points"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    region: Mapped[str]
    opens: Mapped[str | None]
    closes: Mapped[str | None]


class DeviceRow(Row):
    """A device, its Ed25519 public key in hex, and when it was last heard of."""

    __tablename__ = "devices"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    service_point: Mapped[str] = mapped_column(ForeignKey("service_points.id"))
    public: Mapped[str]
    registered_ms: Mapped[int]
    revoked_ms: Mapped[int | None]
    last_contact_ms: Mapped[int | None]


class EventRow(Row):
    """An accepted event as it was sealed; ``body`` is its canonical JSON."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_place", "stream", "seq"),
        Index("ix_events_session", "session"),
        Index("ix_events_device_place", "device", "boot_n", "bt_ns"),
        Index("ix_events_device_kind", "device", "kind"),
        Index("ix_events_device_stream", "device", "stream", "seq"),
        Index("ix_events_kind", "kind", "id"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    stream: Mapped[str]
    seq: Mapped[int]
    kind: Mapped[str]
    session: Mapped[str | None]
    body: Mapped[str]
    boot_id: Mapped[str]
    boot_n: Mapped[int]
    bt_ns: Mapped[int]
    wall_ms: Mapped[int]
    clk: Mapped[str]
    prev: Mapped[str]
    h: Mapped[str]
    received_ms: Mapped[int]


class CheckpointRow(Row):
    """The newest signed checkpoint of a stream; ``stamp`` is canonical JSON."""

    __tablename__ = "checkpoints"
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    stream: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    h: Mapped[str]
    stamp: Mapped[str]
    signature: Mapped[str]
    received_ms: Mapped[int]


class TimeMarkRow(Row):
    """What an anchor states of its device's time, or a heartbeat: that has no ``server_ms`` and no ``rtt_ns``."""

    __tablename__ = "time_marks"
    __table_args__ = (Index("ix_time_marks_place", "stream", "boot_n", "bt_ns"),)
    event: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    stream: Mapped[str]
    boot_n: Mapped[int]
    bt_ns: Mapped[int]
    boot_id: Mapped[str]
    server_ms: Mapped[int | None]
    rtt_ns: Mapped[int | None]


class NameRow(Row):
    """The name at the time of a check-in (令67), erasable."""

    __tablename__ = "names"
    event: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    name: Mapped[str]
    salt: Mapped[str]


class SessionRow(Row):
    """服务记录, derived from events and written anew by every fold.

    ``shift``, ``tallies``, ``flags``, ``matters`` and ``rating`` are JSON. ``apart`` is ``drill`` or ``paid`` for what
    never enters a total; ``counts_from_ms`` is where the credited minutes begin.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        Index("ix_sessions_started", "started_est_ms", "id"),
        Index("ix_sessions_volunteer", "volunteer", "counts_from_ms"),
        Index("ix_sessions_state", "state"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    opening: Mapped[str] = mapped_column(ForeignKey("events.id"))
    volunteer: Mapped[str]
    certificate_issuer: Mapped[str]
    certificate_kid: Mapped[str]
    certificate_serial: Mapped[str]
    certificate_format: Mapped[str]
    certificate_trust: Mapped[str]
    certificate_unchecked: Mapped[bool]
    service_point: Mapped[str]
    service: Mapped[str]
    team: Mapped[str | None]
    shift: Mapped[str | None]
    state: Mapped[str]
    provenance: Mapped[str]
    started_lo_ms: Mapped[int]
    started_est_ms: Mapped[int]
    started_hi_ms: Mapped[int]
    started_quality: Mapped[str]
    ended_lo_ms: Mapped[int | None]
    ended_est_ms: Mapped[int | None]
    ended_hi_ms: Mapped[int | None]
    ended_quality: Mapped[str | None]
    original_ns: Mapped[int]
    credited_minutes: Mapped[int]
    rule: Mapped[str]
    tallies: Mapped[str]
    flags: Mapped[str]
    ended_by: Mapped[str | None]
    matters: Mapped[str]
    stated_end_ms: Mapped[int | None]
    rating: Mapped[str | None]
    apart: Mapped[str | None]
    counts_from_ms: Mapped[int]


class FaceRow(Row):
    """One touch of the three faces, once for each duty that was on shift; ``burst`` marks one among many."""

    __tablename__ = "faces"
    event: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    session: Mapped[str] = mapped_column(primary_key=True, index=True)
    service_point: Mapped[str] = mapped_column(index=True)
    face: Mapped[str]
    burst: Mapped[bool]
    drill: Mapped[bool]


class KitRow(Row):
    """Caps or armbands handed out (``count`` above 0) or brought back (below)."""

    __tablename__ = "kit"
    event: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    volunteer: Mapped[str] = mapped_column(index=True)
    item: Mapped[str]
    count: Mapped[int]


class StarApplicationRow(Row):
    """A volunteer's application for a star, for the community to decide; the minutes are those the device knew."""

    __tablename__ = "star_applications"
    event: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    volunteer: Mapped[str] = mapped_column(index=True)
    level: Mapped[int]
    confirmed_minutes: Mapped[int]


class StandingRow(Row):
    """What the platform decided of a volunteer; a birth date (ISO 8601) never leaves it."""

    __tablename__ = "standings"
    volunteer: Mapped[str] = mapped_column(ForeignKey("volunteers.number"), primary_key=True)
    star: Mapped[int]
    suspended: Mapped[bool]
    born_on: Mapped[str | None]
    guardian_consent: Mapped[bool]
    paid: Mapped[bool]


class TrainingRow(Row):
    """A training that a volunteer holds, until it lapses or for good."""

    __tablename__ = "trainings"
    volunteer: Mapped[str] = mapped_column(ForeignKey("volunteers.number"), primary_key=True)
    training: Mapped[str] = mapped_column(primary_key=True)
    lapses_ms: Mapped[int | None]


class ServiceRuleRow(Row):
    """What holds of a service kind at a service point; ``tallies`` is JSON."""

    __tablename__ = "service_rules"
    service_point: Mapped[str] = mapped_column(ForeignKey("service_points.id"), primary_key=True)
    service: Mapped[str] = mapped_column(primary_key=True)
    training: Mapped[str | None]
    strict: Mapped[bool]
    tallies: Mapped[str]


class DayCardRow(Row):
    """A visitor's card for one day; its bearer is nobody's entry in the register, and its name is 来访志愿者."""

    __tablename__ = "day_cards"
    issuer: Mapped[str] = mapped_column(primary_key=True)
    serial: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    team: Mapped[str]
    kid: Mapped[str] = mapped_column(ForeignKey("issuer_keys.kid"))
    issued_ms: Mapped[int]
    expires_ms: Mapped[int]
    ended_ms: Mapped[int | None]


class QuarantineRow(Row):
    """A refused event, whole, as JSON; ``fingerprint`` is the SHA-256 of that JSON, so that it stands here once."""

    __tablename__ = "quarantine"
    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(unique=True)
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"), index=True)
    event: Mapped[str]
    kind: Mapped[str]
    refusal: Mapped[str]
    detail: Mapped[str]
    envelope: Mapped[str]
    received_ms: Mapped[int]


class AlarmRow(Row):
    """Something a person must look at, once for each event that raised it."""

    __tablename__ = "alarms"
    __table_args__ = (UniqueConstraint("device", "word", "event", name="uq_alarms_device_word_event"),)
    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    word: Mapped[str]
    event: Mapped[str]
    raised_ms: Mapped[int]


class BatchRow(Row):
    """One answered batch, for the log (kept at least 6 months); the same batch sent twice stands here twice."""

    __tablename__ = "batches"
    __table_args__ = (Index("ix_batches_device_received", "device", "received_ms"),)
    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    batch: Mapped[str]
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    body_sha256: Mapped[str]
    received_ms: Mapped[int]
    accepted: Mapped[int]
    duplicate: Mapped[int]
    quarantined: Mapped[int]


class VolunteerRow(Row):
    """A registered volunteer: number, name, usual service kind; the other fields of REQ 2.3b come with registration."""

    __tablename__ = "volunteers"
    number: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    service: Mapped[str | None]
    registered_ms: Mapped[int]


class IssuerKeyRow(Row):
    """A public key that signs certificates, as it stands in the trust list."""

    __tablename__ = "issuer_keys"
    kid: Mapped[str] = mapped_column(primary_key=True)
    issuer: Mapped[str]
    algorithm: Mapped[str]
    public: Mapped[str]
    valid_from_ms: Mapped[int]
    valid_until_ms: Mapped[int]


class SerialCounterRow(Row):
    """The last serial an issuer gave in one range; serials are never given twice, not even after a certificate ends."""

    __tablename__ = "serial_counters"
    issuer: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class CertificateRow(Row):
    """An issued card by issuer and serial (hex); never its text. ``ended_ms`` and ``ending`` tell that it was ended."""

    __tablename__ = "certificates"
    issuer: Mapped[str] = mapped_column(primary_key=True)
    serial: Mapped[str] = mapped_column(primary_key=True)
    volunteer: Mapped[str] = mapped_column(ForeignKey("volunteers.number"), index=True)
    kid: Mapped[str] = mapped_column(ForeignKey("issuer_keys.kid"))
    kind: Mapped[str]
    issued_ms: Mapped[int]
    expires_ms: Mapped[int]
    ended_ms: Mapped[int | None]
    ending: Mapped[str | None]


class PhoneRow(Row):
    """A phone's way to its volunteer's code: the SHA-256 of a secret link, and the code it shows now."""

    __tablename__ = "phones"
    link: Mapped[str] = mapped_column(primary_key=True)
    volunteer: Mapped[str] = mapped_column(ForeignKey("volunteers.number"), index=True)
    opened_ms: Mapped[int]
    closed_ms: Mapped[int | None]
    serial: Mapped[str | None]
    minted_ms: Mapped[int | None]


class AppointmentRow(Row):
    """任命: a role at a service point and its term; ``until_ms`` is excluded."""

    __tablename__ = "appointments"
    id: Mapped[str] = mapped_column(primary_key=True)
    service_point: Mapped[str] = mapped_column(ForeignKey("service_points.id"), index=True)
    volunteer: Mapped[str] = mapped_column(ForeignKey("volunteers.number"))
    role: Mapped[str]
    team: Mapped[str | None]
    from_ms: Mapped[int]
    until_ms: Mapped[int]


class ShiftRow(Row):
    """A rostered shift as devices are told of it."""

    __tablename__ = "shifts"
    __table_args__ = (Index("ix_shifts_place", "service_point", "ends_ms"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    service_point: Mapped[str] = mapped_column(ForeignKey("service_points.id"))
    volunteer: Mapped[str] = mapped_column(ForeignKey("volunteers.number"))
    service: Mapped[str]
    team: Mapped[str | None]
    starts_ms: Mapped[int]
    ends_ms: Mapped[int]


class NoticeRow(Row):
    """A short line for the idle screens of a service point, in the order of ``place``."""

    __tablename__ = "notices"
    service_point: Mapped[str] = mapped_column(ForeignKey("service_points.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
