"""Rostering 排班: posts and places at them take the room of the plain list of shifts.

Revision: 0011, after 0010

A shift of before becomes a published post that needs one, and its volunteer's accepted place with the shift's own id,
so that sessions which matched it still do.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from sync.platform.store.dialect import SERIAL

revision = "0011"
down_revision = "0010"
LAND = ZoneInfo("Asia/Shanghai")
_POST = """
INSERT INTO posts (id, service_point, service, team, skill, training, starts_ms, ends_ms, on_day, needed, state,
                   template, version)
SELECT id, service_point, service, team, NULL, NULL, starts_ms, ends_ms, :on_day, 1, 'published', NULL, 1
FROM shifts WHERE id = :id
"""
_PLACES = """
INSERT INTO assignments (id, post, volunteer, state, pinned, reason, version, changed_ms, changed_by)
SELECT id, id, volunteer, 'accepted', false, NULL, 1, 0, 'earlier' FROM shifts
"""


def upgrade() -> None:
    _what_is_needed()
    _who_can_come()
    _what_is_said()
    _what_is_complete()
    _take_over()
    op.drop_table("shifts")


def _take_over() -> None:
    connection = op.get_bind()
    for id_, starts_ms in connection.execute(sa.text("SELECT id, starts_ms FROM shifts")).all():
        on_day = datetime.fromtimestamp(starts_ms / 1000, LAND).date().isoformat()
        connection.execute(sa.text(_POST), {"on_day": on_day, "id": id_})
    connection.execute(sa.text(_PLACES))


def _what_is_needed() -> None:
    op.create_table(
        "opening_hours",
        sa.Column("service_point", sa.Text(), nullable=False),
        sa.Column("weekday", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("opens", sa.Text(), nullable=False),
        sa.Column("closes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service_point"], ["service_points.id"]),
        sa.PrimaryKeyConstraint("service_point", "weekday", "opens"),
    )
    op.create_table(
        "special_days",
        sa.Column("service_point", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Text(), nullable=False),
        sa.Column("opens", sa.Text(), nullable=False),
        sa.Column("closes", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("service_point", "on_day"),
    )
    op.create_table(
        "shift_templates",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("service_point", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("skill", sa.Text(), nullable=True),
        sa.Column("training", sa.Text(), nullable=True),
        sa.Column("weekdays", sa.Text(), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("starts", sa.Text(), nullable=False),
        sa.Column("ends", sa.Text(), nullable=False),
        sa.Column("needed", sa.BigInteger(), nullable=False),
        sa.Column("from_on", sa.Text(), nullable=True),
        sa.Column("until_on", sa.Text(), nullable=True),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["service_point"], ["service_points.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_shift_templates_service_point", "shift_templates", ["service_point"], unique=False)
    op.create_table(
        "posts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("service_point", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("skill", sa.Text(), nullable=True),
        sa.Column("training", sa.Text(), nullable=True),
        sa.Column("starts_ms", sa.BigInteger(), nullable=False),
        sa.Column("ends_ms", sa.BigInteger(), nullable=False),
        sa.Column("on_day", sa.Text(), nullable=False),
        sa.Column("needed", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["service_point"], ["service_points.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_posts_ends", "posts", ["ends_ms"], unique=False)
    op.create_index("ix_posts_place", "posts", ["service_point", "ends_ms"], unique=False)
    op.create_table(
        "assignments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["posts.id"]),
        sa.ForeignKeyConstraint(["volunteer"], ["volunteers.number"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_assignments_post", "assignments", ["post"], unique=False)
    op.create_index("ix_assignments_volunteer", "assignments", ["volunteer", "post"], unique=False)
    op.create_table(
        "place_notes",
        sa.Column("service_point", sa.Text(), nullable=False),
        sa.Column("host_unit", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["service_point"], ["service_points.id"]),
        sa.PrimaryKeyConstraint("service_point"),
    )


def _who_can_come() -> None:
    op.create_table(
        "roster_profiles",
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("mates", sa.Text(), nullable=False),
        sa.Column("most_a_week", sa.BigInteger(), nullable=False),
        sa.Column("guide", sa.Boolean(), nullable=False),
        sa.Column("newcomer", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["volunteer"], ["volunteers.number"]),
        sa.PrimaryKeyConstraint("volunteer"),
    )
    op.create_table(
        "availability",
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("weekday", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("starts", sa.Text(), nullable=False),
        sa.Column("ends", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["volunteer"], ["volunteers.number"]),
        sa.PrimaryKeyConstraint("volunteer", "weekday", "starts"),
    )
    op.create_table(
        "availability_exceptions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("from_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("free", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["volunteer"], ["volunteers.number"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_availability_exceptions_ends", "availability_exceptions", ["volunteer", "until_ms"], unique=False
    )
    op.create_table(
        "calendar_links",
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("closed_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["volunteer"], ["volunteers.number"]),
        sa.PrimaryKeyConstraint("link"),
    )
    op.create_index("ix_calendar_links_volunteer", "calendar_links", ["volunteer"], unique=False)


def _what_is_said() -> None:
    op.create_table(
        "swaps",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("assignment", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("colleague", sa.Text(), nullable=False),
        sa.Column("in_return", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.Column("settled_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["assignment"], ["assignments.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_swaps_asked", "swaps", ["asked_ms"], unique=False)
    op.create_index("ix_swaps_assignment", "swaps", ["assignment"], unique=False)
    op.create_table(
        "roster_answers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("colleague", sa.Text(), nullable=True),
        sa.Column("in_return", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("given_lo_ms", sa.BigInteger(), nullable=True),
        sa.Column("given_est_ms", sa.BigInteger(), nullable=True),
        sa.Column("given_hi_ms", sa.BigInteger(), nullable=True),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("settled_ms", sa.BigInteger(), nullable=True),
        sa.Column("seen_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_roster_answers_of", "roster_answers", ["of"], unique=False)
    op.create_index("ix_roster_answers_outcome", "roster_answers", ["outcome", "received_ms"], unique=False)
    op.create_index("ix_roster_answers_volunteer", "roster_answers", ["volunteer", "received_ms"], unique=False)
    op.create_table(
        "roster_log",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("service_point", sa.Text(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_roster_log_by", "roster_log", ["by", "at_ms"], unique=False)
    op.create_index("ix_roster_log_place", "roster_log", ["service_point", "at_ms"], unique=False)
    op.create_index("ix_roster_log_subject", "roster_log", ["kind", "subject", "version"], unique=False)
    op.create_table(
        "roster_proposals",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _what_is_complete() -> None:
    op.create_table(
        "device_marks",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("h", sa.Text(), nullable=False),
        sa.Column("gaps", sa.Text(), nullable=False),
        sa.Column("complete_to_ms", sa.BigInteger(), nullable=False),
        sa.Column("begun_ms", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("follows", sa.Text(), nullable=False),
        sa.Column("first_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        sa.Column("forked", sa.Boolean(), nullable=False),
        sa.Column("off", sa.Text(), nullable=False),
        sa.Column("met", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["device"], ["devices.id"]),
        sa.PrimaryKeyConstraint("device", "stream"),
    )
