"""The version of a device file's tables: found, brought to the newest, refused where a newer program made it.

Upstream: ``migrations``, ``sync.mailbox.engine``.
Downstream: ``device_file``, ``recovery``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from kiosk.domain.refusal import RecordingFault
from kiosk.usecases.errors import RecordingError
from sync.mailbox.engine import reading, writing

if TYPE_CHECKING:
    from sqlalchemy import Engine

HEAD = "0010"  # the newest migration; a guard test holds it equal to the scripts
MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> None:
    """Bring the file's tables to :data:`HEAD`; does nothing where they stand there already.

    Raises:
        RecordingError: a newer version of this program made the file.
    """
    found = version_of(engine)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        detail = f"the device file is of version {found}, this program knows {HEAD}: install the newer program"
        raise RecordingError(RecordingFault.BROKEN, detail)
    from alembic import command  # noqa: PLC0415 - 0.3 s that a start without migration does not pay
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def version_of(engine: Engine) -> str | None:
    """Return the version that a file says it has; None for a file without tables."""
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
