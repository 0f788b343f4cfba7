"""The operators' PINs, as Argon2id, and how many tries each has behind it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table beside the others."""
    op.create_table(
        "operator_pins",
        sa.Column("operator", sa.String(), nullable=False),
        sa.Column("kept", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("operator"),
        sqlite_with_rowid=False,
    )
