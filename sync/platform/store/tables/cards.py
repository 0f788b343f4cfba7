"""Cards, their keys and their serials.

Upstream: SQLAlchemy, ``row``.
Downstream: ``tables``.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from sync.platform.store.tables.row import Row


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
