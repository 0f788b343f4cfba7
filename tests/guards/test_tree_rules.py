"""No file holds loose ends, one machine's paths, registries' addresses, patched doubles or silent broad excepts."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards import tree

# A class of one letter keeps each pattern from being what it looks for: this file is searched too.
LOOSE_ENDS = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X])\b")
MACHINE_PATHS = re.compile(r"(?<![\w.])/(wor[k]|roo[t]|home/\w+|User[s])/")
REGISTRIES = re.compile(
    r"pyp[i]\.org|pythonh[o]sted|deb\.d[e]bian\.org|npmj[s]\.|(?<!no-emit-)index-ur[l]|find-link[s]"
)
FORBIDDEN = {"a loose end": LOOSE_ENDS, "a machine's path": MACHINE_PATHS, "a registry's address": REGISTRIES}

# The three homes of the broad except: each logs once with an id and recovers (docs/CONTRIBUTING.md).
BROAD_HOMES = ("kiosk/scan/scanner.py", "sync/agent/loop.py", "sync/platform/api/")


def found_in(text: str) -> list[str]:
    """What a text holds that it must not, with its line."""
    return [
        f"line {number}: {what}: {line.strip()[:80]}"
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in FORBIDDEN.items()
        if pattern.search(line)
    ]


def is_broad(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"}) for kind in kinds
    )


def reraises(handler: ast.ExceptHandler) -> bool:
    return isinstance(handler.body[-1], ast.Raise)


def speaks(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Call) for statement in handler.body for node in ast.walk(statement))


def excepts(source: str, at: str) -> Iterator[str]:
    """The broad excepts of a module that stand outside their homes, and the silent ones anywhere."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ExceptHandler) or not is_broad(node) or reraises(node):
            continue
        if not at.startswith(BROAD_HOMES):
            yield f"{at}:{node.lineno}: a broad except outside its homes"
        elif not speaks(node):
            yield f"{at}:{node.lineno}: a silent broad except"


def patched(source: str) -> bool:
    """Whether a module takes in unittest.mock, by any spelling."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return any(name == "unittest.mock" or name.startswith("unittest.mock.") for name in names)


def modules(*tops: str) -> dict[str, str]:
    return {
        path.as_posix(): text for path, text in tree.texts().items() if path.suffix == ".py" and path.parts[0] in tops
    }


def test_no_file_holds_what_it_must_not() -> None:
    skipped = {Path("requirements.lock")}  # hashes; tests/guards/test_lock.py reads it
    found = [
        f"{path}: {fault}" for path, text in tree.texts().items() if path not in skipped for fault in found_in(text)
    ]
    assert found == []


def test_broad_excepts_stand_at_home() -> None:
    assert [fault for at, text in modules("kiosk", "sync").items() for fault in excepts(text, at)] == []


def test_no_patched_doubles() -> None:
    assert [at for at, text in modules("kiosk", "sync", "tests", "bench").items() if patched(text)] == []


def test_what_does_not_run_in_the_crowd_stands_where_it_is_looked_for() -> None:
    marked = re.compile(r"mark\.(alone|paire[d])\b")
    found = {at for at, text in modules("tests").items() if marked.search(text)}
    assert found
    assert {at for at in found if not at.startswith(("tests/flows/", "tests/guards/"))} == set()


@pytest.mark.parametrize(
    "halves",
    [("# TO", "DO later"), ('open("/wo', 'rk/main/x")'), ("see /ho", "me/li/kiosk/"), ("pip --index", "-url x")],
)
def test_each_is_seen(halves: tuple[str, str]) -> None:
    assert len(found_in(f"fine\n{''.join(halves)}\n")) == 1


def test_a_folder_of_the_product_is_no_machine_path() -> None:
    name = "work"
    assert found_in(f"docs/{name}/x, /var/lib/kiosk/, https://example.org/{name}/") == []


@pytest.mark.parametrize("caught", ["Exception", "BaseException as e", "(OSError, Exception)", ""])
def test_a_broad_except_is_seen(caught: str) -> None:
    source = f"try:\n    go()\nexcept {caught}:\n    pass\n".replace("except :", "except:")
    assert len(list(excepts(source, "kiosk/domain/x.py"))) == 1
    assert len(list(excepts(source, BROAD_HOMES[0]))) == 1
    assert list(excepts(source.replace("pass", "log.exception(x)"), BROAD_HOMES[0])) == []


@pytest.mark.parametrize(
    "line", ["import unittest.mock", "from unittest import mock", "from unittest.mock import patch"]
)
def test_a_patched_double_is_seen(line: str) -> None:
    assert patched(line)
