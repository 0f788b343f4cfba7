"""The changes feed: every entry of a service point with the version that last changed it.

Revision: 0008, after 0007
"""

from __future__ import annotations

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nothing yet."""
