"""What anchors and heartbeats state of time stands in a table of its own, so that a few of them can be asked for.

Revision: 0005, after 0004
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
NS_PER_US = 1000
CHUNK = 1000


def upgrade() -> None:
    marks = op.create_table(
        "time_marks",
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("boot_n", sa.BigInteger(), nullable=False),
        sa.Column("bt_ns", sa.BigInteger(), nullable=False),
        sa.Column("boot_id", sa.Text(), nullable=False),
        sa.Column("server_ms", sa.BigInteger(), nullable=True),
        sa.Column("rtt_ns", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["event"], ["events.id"]),
        sa.PrimaryKeyConstraint("event"),
    )
    op.create_index("ix_time_marks_place", "time_marks", ["stream", "boot_n", "bt_ns"], unique=False)
    op.drop_index("ix_events_device_boot", "events")
    op.create_index("ix_events_device_place", "events", ["device", "boot_n", "bt_ns"], unique=False)
    found = op.get_bind().execute(sa.text("SELECT id, stream, body FROM events WHERE kind = 'anchor'")).all()
    for at in range(0, len(found), CHUNK):
        op.bulk_insert(marks, [_mark(*row) for row in found[at : at + CHUNK]])


def _mark(event: str, stream: str, body: str) -> dict[str, object]:
    anchor = json.loads(body)
    return {
        "event": event,
        "stream": stream,
        "boot_n": anchor["boot_n"],
        "bt_ns": anchor["bt_recv_us"] * NS_PER_US,
        "boot_id": anchor["boot_id"],
        "server_ms": anchor["server_ms"],
        "rtt_ns": anchor["rtt_us"] * NS_PER_US,
    }
