"""The settings, read when a command asks: ``kiosk --help`` works with a broken file.

Upstream: ``kiosk.settings``.
Downstream: ``kiosk.__main__`` makes one, every command of ``kiosk.cli`` gets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.cli.terminal import stop
from kiosk.settings import KioskSettings
from sync.configuration import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path


class LazySettings:
    """Where the settings stand, until somebody needs them."""

    def __init__(self, config: Path | None) -> None:
        self._config = config

    def settings(self) -> KioskSettings:
        """Read them, or end the program with their faults."""
        try:
            return KioskSettings.load(self._config)
        except ConfigurationError as error:
            stop(f"settings:\n{error}")
