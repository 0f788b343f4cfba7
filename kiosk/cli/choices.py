"""The records' closed lists of words, as what an option may be.

Upstream: ``sync.protocol.vocabulary`` by its callers.
Downstream: the rooms of ``kiosk.cli``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from enum import StrEnum


def one_of(words: type[StrEnum]) -> click.Choice[str]:
    """Offer each word as the records spell it."""
    return click.Choice([word.value for word in words])
