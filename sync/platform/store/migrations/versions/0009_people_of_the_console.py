"""Accounts, their sessions, what was done by whom, and decisions on what was quarantined.

Revision: 0009, after 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync.platform.store.dialect import SERIAL, immutability

revision = "0009"
down_revision = "0008"

IMMUTABLE = ("audit", "quarantine_decisions", "alarm_notes")


def upgrade() -> None:
    _accounts()
    _deeds()
    op.create_table(
        "hand_streams",
        sa.Column("service_point", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("boot_id", sa.Text(), nullable=False),
        sa.Column("begun_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["devices.id"]),
        sa.ForeignKeyConstraint(["service_point"], ["service_points.id"]),
        sa.PrimaryKeyConstraint("service_point"),
        sa.UniqueConstraint("device"),
    )
    for table in IMMUTABLE:
        for statement in immutability(table, op.get_bind().dialect.name):
            op.execute(statement)


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("service_point", sa.Text(), nullable=True),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("from_ms", sa.BigInteger(), nullable=True),
        sa.Column("until_ms", sa.BigInteger(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("closed_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["service_point"], ["service_points.id"]),
        sa.ForeignKeyConstraint(["volunteer"], ["volunteers.number"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "console_sessions",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("begun_ms", sa.BigInteger(), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.Column("proved_ms", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ix_console_sessions_account", "console_sessions", ["account"], unique=False)
    op.create_table(
        "sign_in_tries",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "digest"),
    )
    op.create_index("ix_sign_in_tries_last_ms", "sign_in_tries", ["last_ms"], unique=False)


def _deeds() -> None:
    op.create_table(
        "audit",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("service_point", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_at", "audit", ["at_ms"], unique=False)
    op.create_table(
        "quarantine_decisions",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("quarantine", SERIAL, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"]),
        sa.ForeignKeyConstraint(["quarantine"], ["quarantine.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_quarantine_decisions_quarantine", "quarantine_decisions", ["quarantine"], unique=False)
    op.create_table(
        "quarantine_states",
        sa.Column("quarantine", SERIAL, autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["quarantine"], ["quarantine.id"]),
        sa.PrimaryKeyConstraint("quarantine"),
    )
    op.create_index("ix_quarantine_states_state", "quarantine_states", ["state"], unique=False)
    op.create_table(
        "alarm_notes",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"]),
        sa.ForeignKeyConstraint(["device"], ["devices.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_alarm_notes_device", "alarm_notes", ["device"], unique=False)
