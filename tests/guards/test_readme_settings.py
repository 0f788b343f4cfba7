"""The README names every setting of the kiosk, and its example is a file the kiosk takes."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from kiosk.settings import KioskSettings
from tests.guards import tree

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = {("station", "emblem"), ("certificates", "legacy")}


def example() -> str:
    found = re.search(r"^```toml\n(.*?)^```", (tree.ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def flat(tables: dict[str, dict[str, Any]]) -> set[tuple[str, str]]:
    return {(table, key) for table, values in tables.items() for key in values}


def test_every_setting_is_named_and_none_that_does_not_exist() -> None:
    assert flat(tomllib.loads(example())) == flat(KioskSettings().model_dump())


def test_what_stands_there_is_the_default(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(example(), encoding="utf-8")
    written, default = KioskSettings.load(file).model_dump(), KioskSettings().model_dump()
    other = {(table, key) for table, key in flat(default) if written[table][key] != default[table][key]}
    assert other == EXAMPLES
