"""`python -m tests.mutants [ROOM …]`: does each thing wrong in a copy of the tree and expects the tests to notice.

Upstream: the rooms beside this file: each has a tuple ``MUTANTS``.
Downstream: people, ``make mutants``.

A room is one file; a new one is found by itself. Exits with 1 where a mutant survived, its edit no longer fits, its
tests could not run, or where they are red without it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

from tests.mutants.mutant import ROOT, Mutant

COPIED = ("kiosk", "sync", "tests", "assets", "docs", "pyproject.toml", "README.md")
NOT_ROOMS = frozenset({"__main__", "mutant", "quick"})
PASSED, FAILED = 0, 1  # pytest's exit codes; every other means that the tests did not run


def rooms() -> dict[str, tuple[Mutant, ...]]:
    """Return the mutants of every room, by its name."""
    names = sorted(each.stem for each in Path(__file__).parent.glob("*.py") if each.stem not in NOT_ROOMS)
    return {name: import_module(f"tests.mutants.{name}").MUTANTS for name in names}


def main() -> int:
    """Run the rooms that are named, or all."""
    known = rooms()
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("rooms", nargs="*", help=f"of: {', '.join(known)}; none: all", metavar="ROOM")
    asked = parser.parse_args().rooms or list(known)
    if unknown := set(asked) - set(known):
        parser.error(f"no such room: {', '.join(sorted(unknown))}")
    mutants = [mutant for name in asked for mutant in known[name]]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        root = _copy(Path(folder))
        whole = _pytest(root, sorted({test for mutant in mutants for test in mutant.tests}))
        if whole != PASSED:
            _say(f"the tests are red without any mutant (pytest ended with {whole})")
            return 1
        words = [_judge(mutant, root) for mutant in mutants]
    bad = sum(word != "killed" for word in words)
    _say(f"{len(words) - bad} of {len(words)} mutants killed")
    return 1 if bad else 0


def _judge(mutant: Mutant, root: Path) -> str:
    begin = time.monotonic()
    word = _word(mutant, root)
    _say(f"{word:<12} {time.monotonic() - begin:5.1f} s  {mutant.name}  ({mutant.file})")
    return word


def _word(mutant: Mutant, root: Path) -> str:
    if not mutant.fits(root):
        return "does not fit"
    file = root / mutant.file
    sound = file.read_text(encoding="utf-8")
    file.write_text(sound.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        code = _pytest(root, mutant.tests)
    finally:
        file.write_text(sound, encoding="utf-8")
    return {PASSED: "SURVIVED", FAILED: "killed"}.get(code, "DID NOT RUN")


def _copy(folder: Path) -> Path:
    """Copy what tests need; what is compiled stays behind, so that no edit is hidden by it."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def _pytest(root: Path, tests: tuple[str, ...] | list[str]) -> int:
    options = ("-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-p", "tests.mutants.quick")
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", *options, *tests]
    return subprocess.run(command, cwd=root, env=environment, stdout=subprocess.DEVNULL, check=False).returncode


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
