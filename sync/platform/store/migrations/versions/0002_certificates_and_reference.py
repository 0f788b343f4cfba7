"""Certificates end, serials count, phones show codes; what devices are told (roster, notices, appointments) is kept.

Revision: 0002, after 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("platform_state", sa.Column("published", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("issuer_keys", sa.Column("algorithm", sa.Text(), nullable=False, server_default="ed25519"))
    op.create_table(
        "serial_counters",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "kind"),
    )
    _certificates()
    _phones_and_places()


def _certificates() -> None:
    op.drop_index("ix_certificates_volunteer", "certificates")
    op.rename_table("certificates", "certificates_0001")
    op.create_table(
        "certificates",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("issued_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["kid"], ["issuer_keys.kid"]),
        sa.ForeignKeyConstraint(["volunteer"], ["volunteers.number"]),
        sa.PrimaryKeyConstraint("issuer", "serial", name="pk_certificates"),
    )
    op.execute(
        "INSERT INTO certificates (issuer, serial, volunteer, kid, kind, issued_ms, expires_ms)"
        " SELECT k.issuer, c.serial, c.volunteer, c.kid, c.kind, c.issued_ms, c.expires_ms"
        " FROM certificates_0001 c JOIN issuer_keys k ON k.kid = c.kid"
    )
    op.drop_table("certificates_0001")
    op.create_index("ix_certificates_volunteer", "certificates", ["volunteer"], unique=False)


def _phones_and_places() -> None:
    op.create_table(
        "phones",
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("closed_ms", sa.BigInteger(), nullable=True),
        sa.Column("serial", sa.Text(), nullable=True),
        sa.Column("minted_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["volunteer"], ["volunteers.number"]),
        sa.PrimaryKeyConstraint("link"),
    )
    op.create_index("ix_phones_volunteer", "phones", ["volunteer"], unique=False)
    op.create_table(
        "appointments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("service_point", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("from_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["service_point"], ["service_points.id"]),
        sa.ForeignKeyConstraint(["volunteer"], ["volunteers.number"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_appointments_service_point", "appointments", ["service_point"], unique=False)
    op.create_table(
        "shifts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("service_point", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("starts_ms", sa.BigInteger(), nullable=False),
        sa.Column("ends_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["service_point"], ["service_points.id"]),
        sa.ForeignKeyConstraint(["volunteer"], ["volunteers.number"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_shifts_place", "shifts", ["service_point", "ends_ms"], unique=False)
    op.create_table(
        "notices",
        sa.Column("service_point", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service_point"], ["service_points.id"]),
        sa.PrimaryKeyConstraint("service_point", "place"),
    )
