"""requirements.lock names every package with its hashes, covers pyproject.toml, and holds no address."""

import re
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.guards import tree

ENTRY = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s;]+)(?: ; [^\\]+?)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def entries(lock: str) -> Iterator[tuple[str, str, int]]:
    """Name, version and number of hashes of each entry.

    Raises:
        ValueError: a line is neither an entry nor a hash of one.
    """
    current: tuple[str, str, int] | None = None
    for line in lock.splitlines():
        if match := ENTRY.match(line):
            if current:
                yield current
            current = (canonicalize_name(match["name"]), match["version"], 0)
        elif HASH.match(line) and current:
            current = (*current[:2], current[2] + 1)
        else:
            raise ValueError(line)
    if current:
        yield current


def locked() -> list[tuple[str, str, int]]:
    return list(entries((tree.ROOT / "requirements.lock").read_text("utf-8")))


def declared() -> list[Requirement]:
    project = tree.pyproject()["project"]
    return [Requirement(line) for line in [*project["dependencies"], *project["optional-dependencies"]["dev"]]]


def test_every_entry_has_hashes() -> None:
    assert [name for name, _, hashes in locked() if hashes == 0] == []


def test_the_lock_holds_no_address() -> None:
    assert "://" not in (tree.ROOT / "requirements.lock").read_text("utf-8")


def test_the_lock_satisfies_what_is_declared() -> None:
    versions: dict[str, set[str]] = {}
    for name, version, _ in locked():
        versions.setdefault(name, set()).add(version)
    unmet = [
        str(wanted)
        for wanted in declared()
        if not any(wanted.specifier.contains(version) for version in versions.get(canonicalize_name(wanted.name), ()))
    ]
    assert unmet == [], "run 'make lock'"


@pytest.mark.parametrize("line", ["kivy==2.3.1", "kivy>=2 \\", "kivy @ https://example.org/kivy.whl", "--extra-x y"])
def test_a_loose_line_is_seen(line: str) -> None:
    with pytest.raises(ValueError, match=re.escape(line)):
        list(entries(line))


def test_an_entry_without_hashes_is_seen() -> None:
    assert list(entries("kivy==2.3.1 \\")) == [("kivy", "2.3.1", 0)]
