"""Public test data of others, beside the repository and never copied into it; its tests skip where it is absent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2].parent / "shared" / "vectors"


def load(name: str) -> Any:
    """Return a JSON file of the vectors, or skip the test with the reason."""
    file = FOLDER / name
    if not file.is_file():
        pytest.skip(f"public test data is not here: {file}")
    return json.loads(file.read_text(encoding="utf-8"))
