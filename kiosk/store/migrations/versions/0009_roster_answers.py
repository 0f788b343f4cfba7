"""Which events are a volunteer's answers to the roster."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table; no event of that kind was recorded before it."""
    op.create_table(
        "roster_answers",
        sa.Column("volunteer", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["ledger.id"]),
        sa.PrimaryKeyConstraint("volunteer", "event_id"),
        sqlite_with_rowid=False,
    )
