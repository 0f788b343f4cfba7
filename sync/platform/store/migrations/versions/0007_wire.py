"""Keys that rotate, codes that enrol, and how devices are.

Revision: 0007, after 0006
"""

from __future__ import annotations

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nothing yet."""
