"""The versions of the schema, run by ``serve`` at its start.

Upstream: Alembic.
Downstream: ``engine``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.util import CommandError

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["CommandError", "upgrade"]


def upgrade(connection: Connection) -> None:
    """Run the missing versions within the connection's own transaction.

    Raises:
        CommandError: the database holds a version this program does not know.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
