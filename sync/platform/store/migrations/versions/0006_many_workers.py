"""What many workers and a big ledger need: an order of arrival that no reader falls behind of, and kept totals.

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
MONTH_KEY = ("month", "service_point", "state", "provenance", "apart")


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
    _totals()
    if op.get_bind().dialect.name != SQLITE:
        _batches_by_month()
    op.drop_index("ix_sessions_state", "sessions")
    op.create_index("ix_sessions_state", "sessions", ["state", "started_est_ms", "id"], unique=False)
    op.create_index("ix_sessions_place", "sessions", ["service_point", "started_est_ms", "id"], unique=False)


def _count_positions() -> None:
    op.execute(arrival_default(0))
    op.execute("CREATE SEQUENCE events_position")
    op.execute("ALTER TABLE events ADD COLUMN position BIGINT NOT NULL DEFAULT nextval('events_position')")
    op.execute("ALTER SEQUENCE events_position OWNED BY events.position")


def _totals() -> None:
    op.create_table(
        "monthly_totals",
        *(sa.Column(name, sa.Text(), nullable=False) for name in MONTH_KEY),
        sa.Column("sessions", sa.BigInteger(), nullable=False),
        sa.Column("credited_minutes", sa.BigInteger(), nullable=False),
        sa.Column("doubled_minutes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*MONTH_KEY),
    )
    op.create_table(
        "volunteer_totals",
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("sessions", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_minutes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("volunteer"),
    )
    op.create_table(
        "overlapping_sessions",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("doubled_minutes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("session"),
    )
    op.create_index("ix_overlapping_sessions_volunteer", "overlapping_sessions", ["volunteer"], unique=False)
    state = op.create_table(
        "tally_state",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM (SELECT 1 FROM sessions LIMIT 1) AS one")) == 0:
        op.bulk_insert(state, [{"id": 1, "version": 1}])  # of nothing, all totals are right


def _batches_by_month() -> None:
    """Only the platform's log has a table a month (``store.batch_log``); its key must name what it goes by."""
    op.execute("ALTER TABLE batches RENAME TO batches_0005")
    op.execute("ALTER TABLE batches_0005 RENAME CONSTRAINT batches_pkey TO batches_0005_pkey")
    op.execute("ALTER INDEX ix_batches_device_received RENAME TO ix_batches_0005")
    op.execute("ALTER SEQUENCE batches_id_seq OWNED BY NONE")
    op.execute(
        "CREATE TABLE batches (LIKE batches_0005 INCLUDING DEFAULTS, PRIMARY KEY (id, received_ms),"
        " FOREIGN KEY (device) REFERENCES devices (id)) PARTITION BY RANGE (received_ms)"
    )
    op.execute("ALTER SEQUENCE batches_id_seq OWNED BY batches.id")
    op.execute("CREATE INDEX ix_batches_device_received ON batches (device, received_ms)")
    op.execute("CREATE TABLE batches_rest PARTITION OF batches DEFAULT")
    op.execute("INSERT INTO batches SELECT * FROM batches_0005")
    op.execute("DROP TABLE batches_0005")
