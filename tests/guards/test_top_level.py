"""Only the names of the architecture stand at the top of the tree."""

from pathlib import Path

from tests.guards import tree

PERMITTED = {
    "LICENSE",
    "Makefile",
    "README.md",
    "README.zh-CN.md",
    "assets",
    "bench",
    "docs",
    "kiosk",
    "pyproject.toml",
    "requirements.lock",
    "sync",
    "tests",
}


def strangers(paths: list[Path]) -> set[str]:
    return {path.parts[0] for path in paths if not path.parts[0].startswith(".")} - PERMITTED


def test_no_stranger_at_the_top() -> None:
    assert strangers(list(tree.files())) == set()


def test_a_stranger_is_seen() -> None:
    assert strangers([Path("scripts/x.py"), Path(".ci/run"), Path("notes.txt")]) == {"scripts", "notes.txt"}
