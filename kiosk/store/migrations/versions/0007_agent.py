"""What the agent needs: how the device is, what is asked of the platform again, and who waits behind whom."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Rows that the platform wants again come after the others; acknowledged ones are found by their age."""
    op.add_column("outbox", sa.Column("set_back", sa.Integer(), server_default="0", nullable=False))
    op.drop_index("outbox_waiting", "outbox")
    waiting = sa.text("state IN ('pending', 'leased')")
    op.create_index("outbox_waiting", "outbox", ["set_back", "position"], sqlite_where=waiting)
    acknowledged = sa.text("state = 'acknowledged'")
    op.create_index("outbox_acknowledged", "outbox", ["acknowledged_ms"], sqlite_where=acknowledged)
    held = sa.text("state IN ('acknowledged', 'parked')")
    op.create_index("outbox_held", "outbox", ["position"], sqlite_where=held)
    op.add_column("link", sa.Column("alarms", sa.String(), nullable=True))
    op.create_table(
        "reconciling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("epoch", sa.String(), nullable=True),
        sa.Column("offered", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("done_ms", sa.BigInteger(), nullable=True),
        sa.Column("done_epoch", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "offering",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.Column("upto", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("whole", sa.Boolean(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "device_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("camera", sa.String(), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.Column("boots", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
