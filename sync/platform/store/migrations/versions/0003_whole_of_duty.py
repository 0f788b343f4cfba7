"""Sessions keep what persons said of them; faces, kit, applications, standings, service rules and day cards stand too.

Revision: 0003, after 0002

The new columns of old sessions hold empty values until ``sync.platform.refolding`` has written them anew, once.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("platform_state", sa.Column("folded", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("platform_state", sa.Column("folded_to", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_events_kind", "events", ["kind", "id"], unique=False)
    _sessions()
    _beside_sessions()
    _decided()
    _day_cards()


def _sessions() -> None:
    said = {"certificate_format": "lyz1", "certificate_trust": "signed", "matters": "[]"}
    for name, before in said.items():
        op.add_column("sessions", sa.Column(name, sa.Text(), nullable=False, server_default=before))
    unchecked = sa.Column("certificate_unchecked", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("sessions", unchecked)
    for name in ("ended_by", "rating", "apart"):
        op.add_column("sessions", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("sessions", sa.Column("stated_end_ms", sa.BigInteger(), nullable=True))
    op.add_column("sessions", sa.Column("counts_from_ms", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute("UPDATE sessions SET counts_from_ms = started_est_ms")
    op.drop_index("ix_sessions_volunteer", "sessions")
    op.create_index("ix_sessions_volunteer", "sessions", ["volunteer", "counts_from_ms"], unique=False)


def _beside_sessions() -> None:
    op.create_table(
        "faces",
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("service_point", sa.Text(), nullable=False),
        sa.Column("face", sa.Text(), nullable=False),
        sa.Column("burst", sa.Boolean(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["event"], ["events.id"]),
        sa.PrimaryKeyConstraint("event", "session"),
    )
    op.create_index("ix_faces_session", "faces", ["session"], unique=False)
    op.create_index("ix_faces_service_point", "faces", ["service_point"], unique=False)
    op.create_table(
        "kit",
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["event"], ["events.id"]),
        sa.PrimaryKeyConstraint("event"),
    )
    op.create_index("ix_kit_volunteer", "kit", ["volunteer"], unique=False)
    op.create_table(
        "star_applications",
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("level", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_minutes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["event"], ["events.id"]),
        sa.PrimaryKeyConstraint("event"),
    )
    op.create_index("ix_star_applications_volunteer", "star_applications", ["volunteer"], unique=False)


def _decided() -> None:
    op.create_table(
        "standings",
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("star", sa.BigInteger(), nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("born_on", sa.Text(), nullable=True),
        sa.Column("guardian_consent", sa.Boolean(), nullable=False),
        sa.Column("paid", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["volunteer"], ["volunteers.number"]),
        sa.PrimaryKeyConstraint("volunteer"),
    )
    op.create_table(
        "trainings",
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("training", sa.Text(), nullable=False),
        sa.Column("lapses_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["volunteer"], ["volunteers.number"]),
        sa.PrimaryKeyConstraint("volunteer", "training"),
    )
    op.create_table(
        "service_rules",
        sa.Column("service_point", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("training", sa.Text(), nullable=True),
        sa.Column("strict", sa.Boolean(), nullable=False),
        sa.Column("tallies", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service_point"], ["service_points.id"]),
        sa.PrimaryKeyConstraint("service_point", "service"),
    )


def _day_cards() -> None:
    op.create_table(
        "day_cards",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("issued_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["kid"], ["issuer_keys.kid"]),
        sa.PrimaryKeyConstraint("issuer", "serial"),
        sa.UniqueConstraint("number"),
    )
