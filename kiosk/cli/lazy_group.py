"""A group of commands whose rooms are loaded when one of them is asked for.

Upstream: click.
Downstream: ``kiosk.__main__``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class LazyGroup(click.Group):
    """Knows of each command only its name and the module that declares it under that name."""

    def __init__(self, *args: Any, rooms: Mapping[str, str], **kwargs: Any) -> None:
        """Declare the group.

        Args:
            args: see :class:`click.Group`.
            rooms: by the name of the command, the module.
            kwargs: see :class:`click.Group`.
        """
        super().__init__(*args, **kwargs)
        self._rooms = rooms

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self._rooms})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._rooms:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module(self._rooms[cmd_name]), cmd_name)
        return command
