"""Signed checkpoints of the chain's heads, the heads that the platform acknowledged, and its alarms about streams."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

REFUSE = "BEGIN SELECT RAISE(ABORT, 'checkpoints are never changed or removed'); END"
TAKEN = "EXISTS (SELECT 1 FROM checkpoints WHERE position = NEW.position)"
IMMUTABLE = (
    f"CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints {REFUSE}",
    f"CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints {REFUSE}",
    f"CREATE TRIGGER checkpoints_no_replace BEFORE INSERT ON checkpoints WHEN {TAKEN} {REFUSE}",
)


def upgrade() -> None:
    """Add the tables beside the others."""
    op.create_table(
        "checkpoints",
        sa.Column("position", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("h", sa.String(), nullable=False),
        sa.Column("boot_id", sa.String(), nullable=False),
        sa.Column("boot_n", sa.Integer(), nullable=False),
        sa.Column("bt_us", sa.BigInteger(), nullable=False),
        sa.Column("wall_ms", sa.BigInteger(), nullable=False),
        sa.Column("clk", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "acknowledged_heads",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("h", sa.String(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stream"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stream_alarms",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("raised_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "word"),
        sqlite_with_rowid=False,
    )
    for trigger in IMMUTABLE:
        op.execute(trigger)
