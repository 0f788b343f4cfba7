"""How far a long command has come, on standard error and only for a person who watches.

Upstream: rich.
Downstream: ``kiosk.cli``.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def shown() -> Iterator[Callable[[str, int], Callable[[int], None]]]:
    """Show phases for the length of the block.

    Yields:
        What begins a phase by its name and its number of steps, and returns what is called with steps made.
    """
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:

        def begin(name: str, total: int) -> Callable[[int], None]:
            task = bar.add_task(name, total=total)
            return lambda steps: bar.advance(task, steps)

        yield begin
