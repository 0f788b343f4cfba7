"""The main job with every part real: a window, a camera's film, the device's file, HTTP, and things going wrong.

Three processes under an Xvfb of their own; the network is cut in the middle and the kiosk is killed between scan and
upload. In the end the platform's ledger is the kiosk's, event by event.
"""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import cv2
import pytest

from kiosk.commands import ledger
from kiosk.commands.demo.community import DemoFolder, cast_of, prepare, write_settings
from kiosk.commands.demo.comparison import compare
from kiosk.commands.demo.play import wait_for_port
from kiosk.commands.demo.processes import finish, own_display, python, running
from kiosk.commands.demo.script import JUST_STARTED_S
from kiosk.commands.demo.wire import Wire
from kiosk.scan.scene.acts import Act
from kiosk.scan.scene.film import render, write_video
from kiosk.usecases.errors import RecordingError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kiosk.settings import KioskSettings

pytestmark = [pytest.mark.window, pytest.mark.paired, pytest.mark.timeout(240)]
FPS, SIZE = 15.0, (1280, 720)
PATIENCE_S = 60.0


def wait_until(state: Callable[[], bool], what: str) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not state():
        assert time.monotonic() < until_s, f"never came: {what}"
        time.sleep(0.1)


def kinds(settings: KioskSettings) -> list[str]:
    try:
        return [event["kind"] for event in ledger.read(settings)["events"]]
    except RecordingError:
        return []


def status(folder: DemoFolder) -> dict[str, Any]:
    command = python("sync.agent", "--config", str(folder.agent_settings), "status", "--json")
    return dict(json.loads(finish(command, folder.log("status"))))


def platform_ledger(folder: DemoFolder) -> dict[str, Any]:
    command = python("sync.platform", "ledger", "--config", str(folder.community / "platform.toml"), "--json")
    return dict(json.loads(finish(command, folder.log("ledger"))))


def film(path: Path, acts: list[Act], duration_s: float) -> Path:
    write_video(path, render(acts, duration_s, FPS, SIZE, seed=5), FPS)
    return path


def test_the_platforms_ledger_is_the_kiosks_though_the_network_was_cut_and_the_kiosk_killed(tmp_path: Path) -> None:
    folder, port = prepare(tmp_path / "demo", lambda _sentence: None)
    cast = cast_of(folder)
    coming = film(folder.root / "coming.avi", [Act(cast.first, 3.0, 1.5, 0), Act(cast.second, 9.0, 1.5, 1)], 40.0)
    late_s = JUST_STARTED_S + 3.0  # nobody has just started by then, however fast the kiosk comes back
    acts = [Act(cast.first, late_s, 1.5, 0), Act(cast.forged, late_s + 6.0, 1.5, 2)]
    leaving = film(folder.root / "leaving.avi", acts, late_s + 11.0)
    with ExitStack() as stack:
        wire = stack.enter_context(Wire(port))
        settings = write_settings(folder, str(coming), wire.url)
        config = str(folder.community / "platform.toml")
        serve = python("sync.platform", "serve", "--config", config, "--port", str(port))
        stack.enter_context(running(serve, folder.log("platform")))
        wait_for_port(port)
        agent = python("sync.agent", "--config", str(folder.agent_settings), "run")
        stack.enter_context(running(agent, folder.log("agent")))
        display = stack.enter_context(own_display(folder.log("xvfb")))
        extra = {"DISPLAY": display, "SDL_AUDIODRIVER": "dummy"}
        run = python("kiosk", "--config", str(folder.kiosk_settings), "run", "--screenshots", str(folder.screenshots))

        kiosk = stack.enter_context(running(run, folder.log("kiosk"), extra))
        wait_until(lambda: kinds(settings).count("check_in") == 1, "the first check-in")
        wait_until(lambda: len(platform_ledger(folder)["events"]) == 1, "the first event at the platform")
        wire.cut()
        wait_until(lambda: kinds(settings).count("check_in") == 2, "the second check-in")
        os.kill(kiosk.pid, signal.SIGKILL)
        assert kiosk.wait() == -signal.SIGKILL
        assert status(folder)["waiting"] >= 1, "the second check-in was recorded and not yet sent"
        assert len(platform_ledger(folder)["events"]) == 1

        settings = write_settings(folder, str(leaving), wire.url)
        again = stack.enter_context(running([*run, "--until-camera-ends"], folder.log("kiosk"), extra))
        wait_until(lambda: "check_out" in kinds(settings), "the first check-out")
        wire.mend()
        assert again.wait(PATIENCE_S) == 0
        wait_until(lambda: status(folder)["waiting"] == 0, "everything sent")

    ours, theirs = ledger.read(settings), platform_ledger(folder)
    assert compare(ours, theirs).is_none
    assert [each["state"] for each in ours["sessions"]] == ["closed", "open"]
    assert len({event["stream"] for event in ours["events"]}) == 1, "a killed kiosk goes on in its stream"
    assert [event["seq"] for event in ours["events"]] == list(range(1, len(ours["events"]) + 1))
    passed = {path.stem.split("-")[1] for path in folder.screenshots.glob("*.png")}
    assert {"idle", "check_in", "check_out", "notice"} <= passed
    for path in folder.screenshots.glob("*.png"):
        picture = cv2.imread(str(path))
        assert picture is not None
        assert float(picture.std()) > 20, f"{path.name} is an empty screen"
