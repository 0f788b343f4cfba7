"""What the kiosk's unit tests are given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.station import Booth, booth_in


@pytest.fixture
def booth(tmp_path: Path) -> Iterator[Booth]:
    """A booth on a quiet morning, its device file empty."""
    with booth_in(tmp_path) as opened:
        yield opened
