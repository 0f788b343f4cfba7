"""The first tables: ledger, asides, sessions, anchors, boots, streams, reference; outbox, exchanges, link."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

REFUSE = "BEGIN SELECT RAISE(ABORT, 'ledger rows are never changed or removed'); END"
STANDS = "SELECT 1 FROM ledger WHERE id = NEW.id OR position = NEW.position OR (stream = NEW.stream AND seq = NEW.seq)"
IMMUTABLE_LEDGER = (
    f"CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger {REFUSE}",
    f"CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger {REFUSE}",
    f"CREATE TRIGGER ledger_no_replace BEFORE INSERT ON ledger WHEN EXISTS ({STANDS}) {REFUSE}",
)


def upgrade() -> None:
    """Make the tables of an empty device file."""
    op.create_table(
        "boots",
        sa.Column("boot_n", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("boot_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("boot_n"),
        sa.UniqueConstraint("boot_id"),
    )
    op.create_table(
        "ledger",
        sa.Column("position", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("boot_id", sa.String(), nullable=False),
        sa.Column("boot_n", sa.Integer(), nullable=False),
        sa.Column("bt_ns", sa.BigInteger(), nullable=False),
        sa.Column("wall_ms", sa.BigInteger(), nullable=False),
        sa.Column("clk", sa.String(), nullable=False),
        sa.Column("prev", sa.String(), nullable=False),
        sa.Column("h", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("stream", "seq"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_ledger_session"), "ledger", ["session"], unique=False)
    op.create_table(
        "reference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "streams",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("stream"),
    )
    op.create_table(
        "anchors",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("boot_id", sa.String(), nullable=False),
        sa.Column("boot_n", sa.Integer(), nullable=False),
        sa.Column("bt_recv_ns", sa.BigInteger(), nullable=False),
        sa.Column("server_ms", sa.BigInteger(), nullable=False),
        sa.Column("rtt_ns", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["ledger.id"],
        ),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.create_index(op.f("ix_anchors_boot_n"), "anchors", ["boot_n"], unique=False)
    op.create_index(op.f("ix_anchors_server_ms"), "anchors", ["server_ms"], unique=False)
    op.create_table(
        "asides",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["ledger.id"],
        ),
        sa.PrimaryKeyConstraint("event_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("check_in", sa.String(), nullable=False),
        sa.Column("volunteer", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_ms", sa.BigInteger(), nullable=False),
        sa.Column("started_on", sa.String(), nullable=False),
        sa.Column("credited_minutes", sa.Integer(), nullable=False),
        sa.Column("boot_n", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_in"],
            ["ledger.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "sessions_by_start", "sessions", ["started_ms", "state", "started_on", "credited_minutes"], unique=False
    )
    op.create_index(
        "sessions_of_volunteer", "sessions", ["volunteer", "started_on", "state", "credited_minutes"], unique=False
    )
    op.create_index("sessions_open", "sessions", ["started_ms"], unique=False, sqlite_where=sa.text("state = 'open'"))
    op.create_index(
        "sessions_provisional", "sessions", ["volunteer"], unique=False, sqlite_where=sa.text("state = 'provisional'")
    )
    op.create_table(
        "exchanges",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("boot_id", sa.String(), nullable=False),
        sa.Column("bt_recv_ns", sa.BigInteger(), nullable=False),
        sa.Column("server_ms", sa.BigInteger(), nullable=False),
        sa.Column("rtt_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last_contact_ms", sa.BigInteger(), nullable=True),
        sa.Column("epoch", sa.String(), nullable=True),
        sa.Column("attempts_since_contact", sa.Integer(), server_default="0", nullable=False),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "outbox",
        sa.Column("position", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("acknowledged_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("event_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("outbox_parked", "outbox", ["position"], unique=False, sqlite_where=sa.text("state = 'parked'"))
    op.create_index(
        "outbox_waiting", "outbox", ["position"], unique=False, sqlite_where=sa.text("state IN ('pending', 'leased')")
    )
    for trigger in IMMUTABLE_LEDGER:
        op.execute(trigger)
