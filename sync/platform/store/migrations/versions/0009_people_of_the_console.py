"""Accounts, their sessions, what was done by whom, and decisions on what was quarantined.

Revision: 0009, after 0008
"""

from __future__ import annotations

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Nothing yet."""
