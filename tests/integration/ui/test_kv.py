"""Every .kv loads and every screen takes its view states; the other look on those of duty; Kivy draws into a mock."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.ui.conftest import Display

ROOT = Path(__file__).resolve().parents[3]
SOME = (
    "idle",
    "check-in",
    "check-out",
    "question",
    "number-pad",
    "camera-gone",
    "time-picker",
    "group",
    "change",
    "desk-session",
    "desk-export-pulled",
    "desk-home-busy",
)
PROGRAM = """
import os, sys
from pathlib import Path
from kiosk.ui import environment, gallery, samples
environment.prepare(os.environ, Path(sys.argv[1]))
from kiosk.ui.options import ScreenOptions
options = ScreenOptions(gallery.ASSETS, (1280, 800), volume=0, high_contrast=sys.argv[2] == "stark")
gallery.SETTLE_S = 0.02
seen = gallery.Gallery(Path(sys.argv[1]), options, samples.picture())
seen.languages = [each for each in seen.languages if each.value[:2] in sys.argv[3]]
if sys.argv[2] == "stark":  # the same screens in other colours: duty's own are enough
    seen._desk.pages = seen._records = lambda _code: iter(())
seen.app.screenshot = lambda path: print(path.stem)
seen.app.run()
"""


@pytest.mark.parametrize(("look", "language"), [("warm", "en"), ("stark", "zh")])
@pytest.mark.window
def test_every_screen_is_built_and_filled(display: Display, tmp_path: Path, look: str, language: str) -> None:
    env = {**os.environ, "KIVY_GL_BACKEND": "mock", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), look, language]
    with display(1280, 800) as name:
        env["DISPLAY"] = name
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    wanted = [name for name in SOME if look == "warm" or not name.startswith("desk-")]
    assert {f"{language}-{name}" for name in wanted} <= set(done.stdout.split())


def test_without_a_display_one_sentence_is_said(tmp_path: Path) -> None:
    from kiosk.ui.environment import NoDisplayError, prepare  # noqa: PLC0415 - beside what it tests

    with pytest.raises(NoDisplayError, match="DISPLAY is not set"):
        prepare({}, tmp_path)
