"""What the agent needs: how the device is, and what was reconciled when."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nothing yet."""
