"""What went to other platforms, and records that came from them; news of time is looked up by stream.

Revision: 0010, after 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.drop_index("ix_events_device_place", "events")
    op.create_index("ix_events_stream_place", "events", ["stream", "boot_n", "bt_ns"], unique=False)
    _what_went_up()
    _what_moves_with_a_volunteer()


def _what_went_up() -> None:
    op.create_table(
        "upward_targets",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("names", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "upward_parcels",
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("corrections", sa.BigInteger(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("taken_ms", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["target"], ["upward_targets.name"]),
        sa.PrimaryKeyConstraint("target", "number"),
    )
    op.create_table(
        "upward_reported",
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("parcel", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["target"], ["upward_targets.name"]),
        sa.PrimaryKeyConstraint("target", "session"),
    )
    op.create_index("ix_upward_reported_parcel", "upward_reported", ["target", "parcel"], unique=False)


def _what_moves_with_a_volunteer() -> None:
    op.create_table(
        "trusted_platforms",
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("trusted_ms", sa.BigInteger(), nullable=False),
        sa.Column("trusted_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("public"),
    )
    op.create_table(
        "record_exports",
        sa.Column("bundle", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("issued_ms", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("bundle"),
    )
    op.create_index("ix_record_exports_volunteer", "record_exports", ["volunteer"], unique=False)
    op.create_table(
        "record_bundles",
        sa.Column("bundle", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("mapped_because", sa.Text(), nullable=False),
        sa.Column("taken_ms", sa.BigInteger(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("superseded_by", sa.Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["issuer"], ["trusted_platforms.public"]),
        sa.ForeignKeyConstraint(["volunteer"], ["volunteers.number"]),
        sa.PrimaryKeyConstraint("bundle"),
        sa.UniqueConstraint("issuer", "subject", "number", name="uq_record_bundles_number"),
    )
    op.create_index("ix_record_bundles_volunteer", "record_bundles", ["volunteer"], unique=False)
    op.create_table(
        "transferred_sessions",
        sa.Column("bundle", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("counts_from_ms", sa.BigInteger(), nullable=False),
        sa.Column("credited_minutes", sa.BigInteger(), nullable=False),
        sa.Column("original_s", sa.BigInteger(), nullable=False),
        sa.Column("carried", sa.Boolean(), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["bundle"], ["record_bundles.bundle"]),
        sa.PrimaryKeyConstraint("bundle", "session"),
    )
    columns = ["volunteer", "counts_from_ms"]
    op.create_index("ix_transferred_sessions_volunteer", "transferred_sessions", columns, unique=False)
