"""What the platform told this device, entry by entry, and how far it has read."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables of the inbox."""
    op.create_table("inbox", *_entry(), sa.PrimaryKeyConstraint("scope", "topic", "key"), sqlite_with_rowid=False)
    op.create_table(
        "inbox_staged",
        *_entry(),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "topic", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "inbox_scopes",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("cursor", sa.String(), nullable=True),
        sa.Column("staged_cursor", sa.String(), nullable=True),
        sa.Column("staged_whole", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("scope"),
        sqlite_with_rowid=False,
    )


def _entry() -> tuple[sa.Column, ...]:
    return (
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
    )
