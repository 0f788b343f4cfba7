"""What persons say of a duty: more is known of each session; modes, faces, kit, applications, beats.

``sessions`` is a projection: it is made anew, and the store fills it from the ledger at the first start.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the sessions anew and add the tables beside them."""
    op.drop_table("sessions")
    _sessions()
    _projections()


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("check_in", sa.String(), nullable=False),
        sa.Column("volunteer", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("provenance", sa.String(), nullable=False),
        sa.Column("started_ms", sa.BigInteger(), nullable=False),
        sa.Column("started_on", sa.String(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("original_s", sa.Integer(), nullable=False),
        sa.Column("credited_minutes", sa.Integer(), nullable=False),
        sa.Column("counts_from_ms", sa.BigInteger(), nullable=False),
        sa.Column("quality", sa.String(), nullable=True),
        sa.Column("matters", sa.String(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("boot_n", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["check_in"], ["ledger.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("sessions_by_start", "sessions", ["started_ms", "state", "started_on", "credited_minutes"])
    op.create_index("sessions_of_volunteer", "sessions", ["volunteer", "started_on", "state", "credited_minutes"])
    for name, column, condition in (
        ("sessions_open", "started_ms", "state = 'open'"),
        ("sessions_provisional", "volunteer", "state = 'provisional'"),
        ("sessions_waiting", "started_ms", "matters <> ''"),
    ):
        op.create_index(name, "sessions", [column], sqlite_where=sa.text(condition))


def _projections() -> None:
    op.create_table(
        "beats",
        sa.Column("boot_n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("boot_id", sa.String(), nullable=False),
        sa.Column("bt_ns", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("boot_n"),
    )
    op.create_table(
        "modes",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["ledger.id"]),
        sa.PrimaryKeyConstraint("name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "faces",
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("face", sa.String(), nullable=False),
        sa.Column("burst", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["ledger.id"]),
        sa.PrimaryKeyConstraint("session", "event_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "kit",
        sa.Column("volunteer", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("volunteer", "item"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "star_applications",
        sa.Column("volunteer", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["ledger.id"]),
        sa.PrimaryKeyConstraint("volunteer", "level"),
        sqlite_with_rowid=False,
    )
