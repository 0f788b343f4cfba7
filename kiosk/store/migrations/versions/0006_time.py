"""Anchors are found by where they were received; a beat keeps the floor of its clock and the event that told it.

What a new anchor or heartbeat may move is found in the ledger: ``settled`` guessed it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Change the projections of time; nothing wrote beats before."""
    op.drop_column("sessions", "settled")
    op.drop_index("ix_anchors_boot_n", "anchors")
    op.drop_index("ix_anchors_server_ms", "anchors")
    op.create_index("anchors_by_place", "anchors", ["boot_n", "bt_recv_ns"])
    op.drop_table("beats")
    op.create_table(
        "beats",
        sa.Column("boot_n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("boot_id", sa.String(), nullable=False),
        sa.Column("bt_ns", sa.BigInteger(), nullable=False),
        sa.Column("floor_ms", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["ledger.id"]),
        sa.PrimaryKeyConstraint("boot_n"),
    )
