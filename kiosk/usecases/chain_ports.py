"""What the use cases of the chain need of the ledger: its head, its checkpoints, another stream.

Upstream: ``ports``, ``sync.protocol``.
Downstream: ``seal_head``, ``leave_fork``, ``kiosk.store.transaction`` (implements them).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from kiosk.usecases.ports import Reading, Writing

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sync.protocol.checkpoint import Checkpoint
    from sync.protocol.envelope import Position, Stamp


class Sign(Protocol):
    """The device's secret key, as far as checkpoints need it."""

    def __call__(self, head: Position, stamp: Stamp, /) -> Checkpoint:
        """Return the signed checkpoint of a head."""
        ...


class ChainReading(Reading, Protocol):
    """What can be asked of the chain."""

    def head(self) -> Position:
        """Return the head of the stream that is written to; ``seq`` 0 where nothing stands."""
        ...

    def newest_checkpoint(self) -> Checkpoint | None:
        """Return the newest checkpoint of the stream that is written to."""
        ...

    def is_forked(self) -> bool:
        """Tell whether the platform found another machine writing to this stream too."""
        ...


class ChainWriting(ChainReading, Writing, Protocol):
    """One transaction on the chain."""

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint for ever."""
        ...

    def begin_stream(self) -> None:
        """Begin another stream; what is appended from now on stands in it."""
        ...


class ChainLedger(Protocol):
    """The device's ledger; each raises ``RecordingError`` as the port ``Ledger`` says."""

    def reading(self) -> AbstractContextManager[ChainReading]:
        """Open a consistent view."""
        ...

    def writing(self) -> AbstractContextManager[ChainWriting]:
        """Open a transaction."""
        ...
