"""What went to other platforms, and what came from them.

Upstream: SQLAlchemy, ``row``.
Downstream: ``tables``.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sync.platform.store.tables.row import Row


class TargetRow(Row):
    """A platform that is told: by relay, or by files of a ``format``; ``basis`` says why names may go there."""

    __tablename__ = "upward_targets"
    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    names: Mapped[bool]
    basis: Mapped[str]
    options: Mapped[str]
    made_ms: Mapped[int]


class ParcelRow(Row):
    """Some lines that went to a target together; ``proof`` is the adapter's, ``settled`` that nothing is left to do."""

    __tablename__ = "upward_parcels"
    target: Mapped[str] = mapped_column(ForeignKey("upward_targets.name"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lines: Mapped[int]
    corrections: Mapped[int]
    proof: Mapped[str]
    taken_ms: Mapped[int]
    settled: Mapped[bool]


class ReportedRow(Row):
    """What a target was last told of a session.

    ``fingerprint`` is of the line as it went, empty where it must go again; ``parcel`` holds it and ``before`` the one
    ahead of that (0: none); ``refusal`` is the target's reason where it did not take the line.
    """

    __tablename__ = "upward_reported"
    __table_args__ = (Index("ix_upward_reported_parcel", "target", "parcel"),)
    target: Mapped[str] = mapped_column(ForeignKey("upward_targets.name"), primary_key=True)
    session: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    parcel: Mapped[int]
    before: Mapped[int]
    refusal: Mapped[str | None]


class TrustedPlatformRow(Row):
    """Another platform whose signature under a volunteer's records is believed; ``withdrawn_ms``: no longer."""

    __tablename__ = "trusted_platforms"
    public: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    trusted_ms: Mapped[int]
    trusted_by: Mapped[str]
    withdrawn_ms: Mapped[int | None]


class RecordExportRow(Row):
    """A bundle of a volunteer's records that was handed out, and the consent that it was handed out with."""

    __tablename__ = "record_exports"
    bundle: Mapped[str] = mapped_column(primary_key=True)
    volunteer: Mapped[str] = mapped_column(index=True)
    number: Mapped[int]
    consent: Mapped[str]
    issued_ms: Mapped[int]
    sha256: Mapped[str]


class RecordBundleRow(Row):
    """A bundle that was taken in, whole, with its issuer's signature.

    ``subject`` is the volunteer's number at the issuer, ``number`` counts the issuer's bundles of that person;
    ``superseded_by`` is a later one of them. ``content`` is the file as it came, gzip.
    """

    __tablename__ = "record_bundles"
    __table_args__ = (
        UniqueConstraint("issuer", "subject", "number", name="uq_record_bundles_number"),
        Index("ix_record_bundles_volunteer", "volunteer"),
    )
    bundle: Mapped[str] = mapped_column(primary_key=True)
    issuer: Mapped[str] = mapped_column(ForeignKey("trusted_platforms.public"))
    subject: Mapped[str]
    number: Mapped[int]
    volunteer: Mapped[str] = mapped_column(ForeignKey("volunteers.number"))
    heading: Mapped[str]
    mapped_because: Mapped[str]
    taken_ms: Mapped[int]
    taken_by: Mapped[str]
    superseded_by: Mapped[str | None]
    content: Mapped[bytes]


class TransferredRow(Row):
    """A session of another platform, as a bundle states it; ``line`` is all of it, the rest is what totals ask.

    ``carried``: its issuer had it from elsewhere; ``stands``: no later bundle took the place of this one.
    """

    __tablename__ = "transferred_sessions"
    __table_args__ = (Index("ix_transferred_sessions_volunteer", "volunteer", "counts_from_ms"),)
    bundle: Mapped[str] = mapped_column(ForeignKey("record_bundles.bundle"), primary_key=True)
    session: Mapped[str] = mapped_column(primary_key=True)
    volunteer: Mapped[str]
    state: Mapped[str]
    counts_from_ms: Mapped[int]
    credited_minutes: Mapped[int]
    original_s: Mapped[int]
    carried: Mapped[bool]
    stands: Mapped[bool]
    line: Mapped[str]
