"""The diagrams of the architecture page are those of the tables in the code."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_shows_the_tables_that_drive_the_code() -> None:
    spec = importlib.util.spec_from_file_location("diagrams", ROOT / "docs" / "diagrams.py")
    assert spec is not None
    assert spec.loader is not None
    diagrams = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(diagrams)
    page = diagrams.PAGE.read_text(encoding="utf-8")
    assert diagrams.with_diagrams(page) == page, "run: make docs"
    assert page.count("```mermaid") == len(diagrams.DIAGRAMS)
