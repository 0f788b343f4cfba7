"""The demo's folder: a fresh community made by the platform, the kiosk's and the agent's settings, the film.

Upstream: ``python -m sync.platform demo-community``, ``kiosk.scan.scene``.
Downstream: ``play``.
"""

from __future__ import annotations

import json
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.commands.demo.processes import DemoError, finish, python
from kiosk.commands.demo.script import DURATION_S, FPS, JUST_STARTED_S, SEED, SIZE, Cast, acts_of
from kiosk.scan.scene.film import render, write_video
from kiosk.settings import KioskSettings

if TYPE_CHECKING:
    from collections.abc import Callable

CONSOLE_ACCOUNT = "Console account:"  # the line in which the platform tells who may open its console
MARK = ".wenming-demo"  # only a folder that holds this is ever replaced


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """Where everything of one demo stands."""

    root: Path

    @property
    def community(self) -> Path:
        """What the platform made: its own settings, keys and database, the enrolment, the certificates."""
        return self.root / "community"

    @property
    def film(self) -> Path:
        """The demo camera."""
        return self.root / "booth.avi"

    @property
    def kiosk_settings(self) -> Path:
        """The kiosk's TOML file."""
        return self.root / "kiosk.toml"

    @property
    def agent_settings(self) -> Path:
        """The agent's TOML file."""
        return self.root / "agent.toml"

    @property
    def screenshots(self) -> Path:
        """One picture of every screen passed."""
        return self.root / "screenshots"

    def log(self, name: str) -> Path:
        """Return the log file of one process."""
        return self.root / f"{name}.log"


def prepare(root: Path, say: Callable[[str], None]) -> tuple[DemoFolder, int]:
    """Make the folder anew; return it and the port its platform listens on.

    Raises:
        DemoError: the folder is somebody else's, or the community cannot be made.
    """
    folder = DemoFolder(root.resolve())
    _clear(folder.root)
    port = _free_port()
    say("making a demo community: keys, invented volunteers, certificates, today's roster")
    told = finish(python("sync.platform", "demo-community", str(folder.community)), folder.log("community"))
    for line in told.splitlines():
        if CONSOLE_ACCOUNT in line:
            say(line)
    return folder, port


def write_settings(folder: DemoFolder, camera: str, platform_url: str) -> KioskSettings:
    """Write the kiosk's and the agent's settings and return the kiosk's."""
    device, enrolment = json.dumps(str(folder.root / "device.sqlite")), folder.community / "enrolment.json"
    folder.kiosk_settings.write_text(
        f"[device]\nfile = {device}\nenrolment = {json.dumps(str(enrolment))}\n\n"
        f"[camera]\nsource = {json.dumps(camera)}\n\n"
        f'[duty]\njust_started_s = {JUST_STARTED_S}\ncloses_at = "never"\n',
        encoding="utf-8",
    )
    folder.agent_settings.write_text(
        f"device_file = {device}\nenrolment = {json.dumps(str(enrolment))}\n"
        f"platform_url = {json.dumps(platform_url)}\npoll_s = 0.5\nbackoff_first_s = 0.5\nbackoff_most_s = 2.0\n",
        encoding="utf-8",
    )
    return KioskSettings.load(folder.kiosk_settings)


def cast_of(folder: DemoFolder) -> Cast:
    """Return the cards of the scene's volunteers."""
    made = json.loads((folder.community / "certificates.json").read_text(encoding="utf-8"))
    volunteers = made["volunteers"]
    return Cast(volunteers[0]["text"], volunteers[1]["text"], made["forged"])


def render_film(folder: DemoFolder, say: Callable[[str], None]) -> None:
    """Draw the demo camera's film; progress is said every fifth of it."""
    whole = int(DURATION_S * FPS)

    def on_progress(written: int) -> None:
        if written % (whole // 5) == 0:
            say(f"drawing the booth scene: {written * 100 // whole} %")

    write_video(folder.film, render(acts_of(cast_of(folder)), DURATION_S, FPS, SIZE, SEED), FPS, on_progress)


def _clear(root: Path) -> None:
    if root.exists() and any(root.iterdir()) and not (root / MARK).exists():
        raise DemoError(f"{root} is not a folder of an earlier demo; name another with --output")
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    (root / MARK).touch()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
