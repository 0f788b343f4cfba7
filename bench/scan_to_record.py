"""From the frame to the record: how much the kiosk adds to reading a code and making it durable.

What it compares, in one run on one machine:

* ours: a 720p camera frame handed to the pipeline → text → certificate verified → committed (``synchronous=FULL``) →
  view state published; a different volunteer checks in each time;
* the limit: the decoder alone on the same frames, plus a bare 4 KiB append + fsync to the same disk.

And the running kiosk as a whole under its own Xvfb (software GL): process start to first idle frame, processor time
while the camera shows an idle scene at 15 fps, peak memory.

    .venv/bin/python bench/scan_to_record.py [--rounds N] [--folder DIR] [--no-window]

The last line is one JSON object: p50_ratio (aim ≤ 1.5), p50_ms, p99_ms, decoder_p50_ms, fsync_p50_ms, first_frame_s
(aim ≤ 2), idle_cpu_pct (of one core, aim < 10), peak_mb (aim < 300).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cv2
import mss
import numpy as np
import segno

sys.path.insert(0, str(Path(__file__).parents[1]))  # tests.support, also when run as a script

from kiosk.commands.demo.processes import own_display, running
from kiosk.composition import open_presenter, open_station
from kiosk.scan.decoders import load
from kiosk.scan.frame import Frame
from kiosk.scan.picture import picture_from
from kiosk.scan.pipeline import Pipeline, PipelineLimits
from kiosk.scan.scene.film import render, write_video
from kiosk.settings import KioskSettings
from kiosk.usecases.outcomes import CheckedIn
from tests.support.community import Community

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import FileIO

    from kiosk.presenter.kiosk_presenter import KioskPresenter
    from kiosk.station import Station

WIDTH, HEIGHT, QR_PX = 1280, 720, 240
BLOCK = b"\0" * 4096
IDLE_S, WARM_UP_S = 20.0, 6.0
FILM_S, FPS = 40.0, 15.0
NS_PER_MS = 1e6
BLACK = 8


def main_round(rounds: int, folder: Path) -> dict[str, float]:
    """Measure ours, the decoder and the disk in turn, frame by frame, so that drift of the machine hits all alike."""
    community = Community(issued=_now())
    settings = _station(folder, community)
    station, presenter = open_station(settings), open_presenter(settings)
    pipeline = Pipeline(load().usable, PipelineLimits(), time.monotonic_ns)
    decoder = load().usable[0]
    ours, reading, syncing = [], [], []
    with (folder / "append.bin").open("ab", buffering=0) as log:
        for number, gray in enumerate(_frames(community, rounds)):
            picture = picture_from(gray, WIDTH)
            assert picture is not None
            frame = Frame(number + 1, time.monotonic_ns(), picture)

            ours.append(_timed_ms(partial(_record, frame, pipeline, station, presenter)))
            reading.append(_timed_ms(partial(decoder.search, gray)))
            syncing.append(_timed_ms(partial(_append, log)))
    station.close()
    limit = statistics.median(reading) + statistics.median(syncing)
    return {
        "p50_ratio": round(statistics.median(ours) / limit, 2),
        "p50_ms": round(statistics.median(ours), 2),
        "p99_ms": round(float(np.percentile(ours, 99)), 2),
        "decoder_p50_ms": round(statistics.median(reading), 2),
        "fsync_p50_ms": round(statistics.median(syncing), 3),
    }


def window_round(folder: Path) -> dict[str, float]:
    """Start the real kiosk under its own Xvfb with an idle scene and measure it from outside."""
    folder.mkdir()
    community = Community(issued=_now())
    film = folder / "idle.avi"
    write_video(film, render((), FILM_S, FPS, (WIDTH, HEIGHT), seed=1), FPS)
    _station(folder, community, camera=film)
    command = [sys.executable, "-m", "kiosk", "--config", str(folder / "kiosk.toml"), "run"]
    starts = [_started_s(command, folder) for _ in range(3)]
    with ExitStack() as stack:
        display = stack.enter_context(own_display(folder / "xvfb.log"))
        extra = {"DISPLAY": display, "SDL_AUDIODRIVER": "dummy"}
        kiosk = stack.enter_context(running(command, folder / "kiosk.log", extra))
        time.sleep(WARM_UP_S)
        before_s, began_s = _cpu_s(kiosk), time.monotonic()
        time.sleep(IDLE_S)
        used_s, passed_s = _cpu_s(kiosk) - before_s, time.monotonic() - began_s
        peak_mb = _peak_mb(kiosk)
    return {
        "first_frame_s": round(statistics.median(starts), 2),
        "idle_cpu_pct": round(100 * used_s / passed_s, 1),
        "peak_mb": round(peak_mb),
    }


def _started_s(command: list[str], folder: Path) -> float:
    with ExitStack() as stack:
        display = stack.enter_context(own_display(folder / "xvfb.log"))
        began_s = time.monotonic()
        extra = {"DISPLAY": display, "SDL_AUDIODRIVER": "dummy"}
        kiosk = stack.enter_context(running(command, folder / "kiosk.log", extra))
        grabber = stack.enter_context(mss.MSS(display=display))
        while time.monotonic() - began_s < 60:
            if kiosk.poll() is not None:
                raise click.ClickException(f"the kiosk ended; see {folder / 'kiosk.log'}")
            shot = np.frombuffer(grabber.grab(grabber.monitors[0]).rgb, np.uint8)
            if float((shot > BLACK).mean()) > 0.5:
                return time.monotonic() - began_s
            time.sleep(0.02)
    raise click.ClickException("no frame within 60 s")


def _record(frame: Frame, pipeline: Pipeline, station: Station, presenter: KioskPresenter) -> None:
    outcome = station.present(pipeline.read(frame).payloads[0].decode())
    assert isinstance(outcome, CheckedIn), outcome
    presenter.show(outcome, time.monotonic())


def _append(log: FileIO) -> None:
    log.write(BLOCK)
    os.fsync(log.fileno())


def _station(folder: Path, community: Community, camera: Path | None = None) -> KioskSettings:
    enrolment = community.write_enrolment(folder / "enrolment.json")
    source = "" if camera is None else f"[camera]\nsource = {json.dumps(str(camera))}\nloop = true\n"
    file = folder / "kiosk.toml"
    device = folder / "device.sqlite"
    file.write_text(f'[device]\nfile = "{device}"\nenrolment = "{enrolment}"\n{source}', encoding="utf-8")
    return KioskSettings.load(file)


def _frames(community: Community, rounds: int) -> list[np.ndarray[Any, np.dtype[np.uint8]]]:
    noise = np.random.default_rng(7)
    background = noise.normal(150, 6, (HEIGHT, WIDTH)).clip(0, 255).astype(np.uint8)
    frames = []
    for number in range(rounds):
        text = community.certificate(volunteer_number=f"41030200{number:08d}", serial=number.to_bytes(6, "big"))
        matrix = np.array([list(row) for row in segno.make(text, error="m", boost_error=False).matrix], np.uint8)
        symbol = cv2.resize(255 * (1 - np.pad(matrix, 4)), (QR_PX, QR_PX), interpolation=cv2.INTER_NEAREST)
        frame = background.copy()
        frame[200 : 200 + QR_PX, 500 : 500 + QR_PX] = symbol
        frames.append(frame)
    return frames


def _timed_ms(work: Callable[[], object]) -> float:
    began_ns = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - began_ns) / NS_PER_MS


def _cpu_s(process: subprocess.Popen[bytes]) -> float:
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mb(process: subprocess.Popen[bytes]) -> float:
    lines = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@click.command()
@click.option("--rounds", default=400, show_default=True, help="Frames measured.")
@click.option("--folder", type=click.Path(path_type=Path), help="On the disk to measure; a temporary one else.")
@click.option("--window/--no-window", default=True, help="Also start the kiosk and measure it from outside.")
def main(rounds: int, folder: Path | None, *, window: bool) -> None:
    """Measure the way from a frame to a durable record, beside its limit."""
    with tempfile.TemporaryDirectory(dir=folder or Path.cwd()) as place:
        figures = main_round(rounds, Path(place))
        print(f"frame to record: {figures['p50_ms']} ms (p99 {figures['p99_ms']} ms), {rounds} check-ins")
        limit_ms = figures["decoder_p50_ms"] + figures["fsync_p50_ms"]
        print(f"limit: decoder {figures['decoder_p50_ms']} + fsync {figures['fsync_p50_ms']} = {limit_ms:.2f} ms")
        if window:
            figures |= window_round(Path(place) / "window")
            print(
                f"kiosk: first frame after {figures['first_frame_s']} s, idle {figures['idle_cpu_pct']} % of a core, "
                f"peak {figures['peak_mb']} MB"
            )
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
