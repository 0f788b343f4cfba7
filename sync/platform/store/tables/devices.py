"""The platform itself, its places and its devices.

Upstream: SQLAlchemy, ``row``.
Downstream: ``tables``.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from sync.platform.store.tables.row import Row


class PlatformStateRow(Row):
    """The one row about the database itself.

    ``epoch`` changes when it is restored from a backup; ``published`` is the version of the last reference data.
    ``folded`` is the version of the fold that wrote all sessions, ``folded_to`` how far a later one has come.
    ``nonce_secret`` is what all workers make nonces of, hex.
    """

    __tablename__ = "platform_state"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[str]
    published: Mapped[int] = mapped_column(default=0)
    folded: Mapped[int] = mapped_column(default=0)
    folded_to: Mapped[str] = mapped_column(default="")
    nonce_secret: Mapped[str] = mapped_column(default="")


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
