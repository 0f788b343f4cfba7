"""Playing the demo: with a display for a person, without one as a test of the whole that proves itself.

Upstream: ``community``, ``processes``, ``wire``, ``comparison``.
Downstream: ``kiosk.cli``, ``tests/guards`` (the headless form).

Headless: the kiosk sees a film of volunteers, the network is cut for half of it; afterwards the ledger of the kiosk and
of the platform are printed side by side, and the exit code is 0 only if they agree.
"""

from __future__ import annotations

import json
import socket
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console

from kiosk.commands import ledger
from kiosk.commands.demo import comparison, processes, script
from kiosk.commands.demo.community import DemoFolder, prepare, render_film, write_settings
from kiosk.commands.demo.processes import DemoError, python
from kiosk.commands.demo.wire import LOOPBACK, Wire
from kiosk.scan.errors import CameraError
from kiosk.scan.source import SourceLimits, open_source
from kiosk.timekeeping.system import boottime_ns
from kiosk.usecases.errors import RecordingError

if TYPE_CHECKING:
    import subprocess
    from datetime import datetime

    from kiosk.settings import KioskSettings

START_S, DRAIN_S, LAG_S = 30.0, 60.0, 60.0
TICK_S = 0.25
WIDTH = 110


@dataclass(slots=True)
class _Teller:
    """Says what happens, with the second of the scene before it."""

    began_s: float | None = None

    def say(self, sentence: str) -> None:
        at = "      " if self.began_s is None else f"{time.monotonic() - self.began_s:5.1f} s"
        click.echo(f"[demo {at}] {sentence}")


def play(output: Path, *, headless: bool) -> int:
    """Play the demo in the folder ``output``; return the exit code."""
    teller = _Teller()
    try:
        folder, port = prepare(output, teller.say)
        if processes.display() is None or headless:
            return _play_scene(folder, port, teller)
        return _open_for_a_person(folder, port, teller)
    except DemoError as error:
        click.echo(f"demo: {error}", err=True)
        return 1


def _open_for_a_person(folder: DemoFolder, port: int, teller: _Teller) -> int:
    camera = _first_camera()
    if camera is None:
        teller.say("no camera is plugged in: the built-in scene is shown instead")
        render_film(folder, teller.say)
    with ExitStack() as stack:
        wire = stack.enter_context(Wire(port))
        write_settings(folder, camera or str(folder.film), wire.url)
        kiosk = _start(stack, folder, port, ["--closable", *([] if camera else ["--loop"])])
        teller.say(f"the console is at http://{LOOPBACK}:{port}/")
        teller.say("close the kiosk's window (or press Ctrl-C here) to end the demo")
        try:
            return kiosk.wait()
        except KeyboardInterrupt:
            return 0


def _first_camera() -> str | None:
    for device in sorted(Path("/dev").glob("video*")):
        try:
            open_source(str(device), SourceLimits(), boottime_ns).close()
        except CameraError:
            continue
        return str(device)
    return None


def _play_scene(folder: DemoFolder, port: int, teller: _Teller) -> int:
    render_film(folder, teller.say)
    with ExitStack() as stack:
        display = stack.enter_context(processes.own_display(folder.log("xvfb")))
        wire = stack.enter_context(Wire(port))
        settings = write_settings(folder, str(folder.film), wire.url)
        options = ["--until-camera-ends", "--screenshots", str(folder.screenshots)]
        kiosk = _start(stack, folder, port, options, {"DISPLAY": display, "SDL_AUDIODRIVER": "dummy"})
        teller.say(f"kiosk, agent and platform run; the console is at http://{LOOPBACK}:{port}/")
        _watch(kiosk, settings, wire, teller)
        if kiosk.returncode:
            raise DemoError(f"the kiosk ended with code {kiosk.returncode}; see {folder.log('kiosk')}")
        _drain(folder, teller)
    return _judge(folder, settings, teller)


def _start(
    stack: ExitStack, folder: DemoFolder, port: int, options: list[str], extra: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    config = str(folder.community / "platform.toml")
    platform = python("sync.platform", "serve", "--config", config, "--port", str(port))
    stack.enter_context(processes.running(platform, folder.log("platform")))
    wait_for_port(port)
    agent = python("sync.agent", "--config", str(folder.agent_settings), "run")
    stack.enter_context(processes.running(agent, folder.log("agent")))
    kiosk = python("kiosk", "--config", str(folder.kiosk_settings), "run", *options)
    return stack.enter_context(processes.running(kiosk, folder.log("kiosk"), extra))


def wait_for_port(port: int) -> None:
    """Wait until a platform listens on a port of the loopback.

    Raises:
        DemoError: it does not within half a minute.
    """
    until_s = time.monotonic() + START_S
    while time.monotonic() < until_s:
        try:
            socket.create_connection((LOOPBACK, port), 1.0).close()
        except OSError:
            time.sleep(TICK_S)
        else:
            return
    raise DemoError(f"the platform does not listen on port {port}; see platform.log")


def _watch(kiosk: subprocess.Popen[bytes], settings: KioskSettings, wire: Wire, teller: _Teller) -> None:
    """Cut and mend the wire by the scene's seconds, and tell every event as it is recorded."""
    told: set[str] = set()
    steps = [
        (script.AWAY_FROM_S, wire.cut, "the network goes away"),
        (script.AWAY_UNTIL_S, wire.mend, "the network is back"),
    ]
    deadline_s = time.monotonic() + script.DURATION_S + LAG_S
    while kiosk.poll() is None:
        if time.monotonic() > deadline_s:
            raise DemoError("the kiosk does not come to the end of the scene; see kiosk.log")
        _tell_new(settings, told, teller)
        if teller.began_s is None and settings.device.file.exists():
            teller.began_s = time.monotonic()
        elapsed_s = 0.0 if teller.began_s is None else time.monotonic() - teller.began_s
        while steps and elapsed_s >= steps[0][0]:
            _, act, sentence = steps.pop(0)
            act()
            teller.say(sentence)
        time.sleep(TICK_S)
    wire.mend()
    _tell_new(settings, told, teller)


def _tell_new(settings: KioskSettings, told: set[str], teller: _Teller) -> None:
    try:
        events = ledger.read(settings)["events"]
    except RecordingError:
        return  # the kiosk is still making its file
    for event in events:
        if event["id"] not in told:
            told.add(event["id"])
            teller.say(f"recorded: {event['kind']} (number {event['seq']})")


def _drain(folder: DemoFolder, teller: _Teller) -> None:
    teller.say("waiting until the agent has sent everything")
    until_s = time.monotonic() + DRAIN_S
    command = python("sync.agent", "--config", str(folder.agent_settings), "status", "--json")
    while time.monotonic() < until_s:
        status = json.loads(processes.finish(command, folder.log("status")))
        if not status["waiting"]:
            return
        time.sleep(TICK_S)
    teller.say(f"{status['waiting']} events still wait: {status['trouble']}")


def _judge(folder: DemoFolder, settings: KioskSettings, teller: _Teller) -> int:
    command = python("sync.platform", "ledger", "--config", str(folder.community / "platform.toml"), "--json")
    ours: dict[str, Any] = ledger.read(settings)
    theirs: dict[str, Any] = json.loads(processes.finish(command, folder.log("ledger")))
    zone = ZoneInfo(settings.station.zone)

    def local(at: datetime) -> str:
        return f"{at.astimezone(zone):%H:%M:%S}"

    console = Console(width=WIDTH)
    for table in comparison.tables(ours, theirs, local):
        console.print(table)
    difference = comparison.compare(ours, theirs)
    pictures = sorted(folder.screenshots.glob("*.png"))
    teller.say(f"{len(pictures)} screenshots in {folder.screenshots}")
    served = [each for each in ours["sessions"] if each["state"] == "closed"]
    if difference.is_none and len(served) == script.SERVED:
        teller.say(f"difference: none; {len(ours['events'])} events, {len(served)} duties, both ledgers agree")
        return 0
    teller.say(f"difference: {difference}; {len(served)} of {script.SERVED} duties were served")
    return 1
