"""The dynamic certificates that were accepted here, so that none is taken twice."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the table beside the others."""
    op.create_table(
        "seen_codes",
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("issued_s", sa.BigInteger(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("expires_s", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "issued_s", "serial"),
        sqlite_with_rowid=False,
    )
