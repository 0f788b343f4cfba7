"""What the platform told this device, entry by entry, and how far it has read."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nothing yet."""
