"""What belongs to the repository, and a way to run its tools.

*Upstream*: git. *Downstream*: the guards of this folder.
"""

import subprocess
import sys
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
ASSET_SUFFIXES = {".otf", ".ttf", ".wav", ".ogg", ".mp3", ".png", ".jpg", ".ico", ".mo"}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the repository, relative to its root: what is committed, and what would be by the next commit."""
    listed = run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT)
    assert listed.returncode == 0, listed.stderr
    return tuple(sorted(Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()))


def texts() -> dict[Path, str]:
    """The files that hold text, with their text."""
    return {path: (ROOT / path).read_text("utf-8") for path in files() if path.suffix not in ASSET_SUFFIXES}


def pyproject() -> dict[str, Any]:
    """The parsed pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def run(command: Sequence[str], cwd: Path, stdin: str = "", timeout_s: float = 100) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end; output is captured, the exit code is the caller's to judge."""
    return subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, text=True, timeout=timeout_s, check=False)
