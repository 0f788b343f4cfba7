"""What many workers at one database need: an order of arrival that no reader falls behind of.

Revision: 0006, after 0005

On PostgreSQL the two columns are filled for what stands already, so its table is written anew once; no database of a
release has that many events.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync.platform.store.dialect import SQLITE, arrival_default

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "arrival_base",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("events", sa.Column("arrived_in", sa.BigInteger(), nullable=False, server_default="0"))
    if op.get_bind().dialect.name == SQLITE:
        op.add_column("events", sa.Column("position", sa.BigInteger(), nullable=False, server_default="0"))
    else:
        _count_positions()
    op.create_index("ix_events_arrival", "events", ["arrived_in", "position"], unique=False)


def _count_positions() -> None:
    op.execute(arrival_default(0))
    op.execute("CREATE SEQUENCE events_position")
    op.execute("ALTER TABLE events ADD COLUMN position BIGINT NOT NULL DEFAULT nextval('events_position')")
    op.execute("ALTER SEQUENCE events_position OWNED BY events.position")
