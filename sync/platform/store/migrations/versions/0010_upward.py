"""Records that came from, or went to, another platform.

Revision: 0010, after 0009
"""

from __future__ import annotations

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Nothing yet."""
