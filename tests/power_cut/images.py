"""What a disk may hold at any instant of a recording: images by seed, each opened by the program and judged.

*Upstream*: `disk`, `scenario`, `tests.support.station`. *Downstream*: `__main__`,
`tests/integration/store/test_power_cut.py`.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from zlib import crc32

from kiosk.usecases.errors import RecordingError
from sync.protocol.envelope import Position, verify_chain
from sync.protocol.errors import ProtocolError
from sync.protocol.sessions import fold, session_id_of
from sync.protocol.timeline import logs_in
from tests.power_cut.disk import Disk, Files
from tests.power_cut.scenario import Recording, copy_to
from tests.power_cut.trace import Acknowledged, Synced
from tests.support.clock import FakeClocks
from tests.support.station import Booth

FIRST_START_SHARE = 40  # of so many images one is cut within the first start: migrating again takes a third of a second


@dataclass(frozen=True, slots=True)
class Fate:
    """The port `Whim`: what one disk does with what was not synced.

    Attributes:
        kind: ``lost`` (all of it), ``kept`` (all of it), ``last`` (only the newest piece stands), ``first`` (only the
            newest does not) or ``some`` (each piece by chance, of the seed).
    """

    kind: str
    sector: int
    filler: bytes | None
    seed: int

    def stands(self, number: int, of: int) -> bool:
        match self.kind:
            case "lost" | "kept":
                return self.kind == "kept"
            case "last" | "first":
                return (number == of - 1) is (self.kind == "last")
            case _:
                return crc32(b"%d %d" % (self.seed, number)) & 1 == 1

    def names(self, of: int) -> int:
        match self.kind:
            case "lost":
                return 0
            case "kept" | "last":
                return of
            case _:
                return self.seed % (of + 1)


@dataclass(frozen=True, slots=True)
class Image:
    """What one disk held: after how many operations the power went, how it failed, and what had been said by then."""

    cut: int
    fate: Fate
    said: Acknowledged
    files: Files


@dataclass(slots=True)
class Verdict:
    """What came of some images: how many, and which faults; ``lost`` counts records."""

    images: int = 0
    lost: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)


def images_of(recording: Recording, count: int, seed: int) -> Iterator[Image]:
    """Yield up to ``count`` different images, the same ones for the same seed."""
    chance = Random(seed)  # noqa: S311 - no secret
    seen: set[bytes] = set()
    early = max(1, count // FIRST_START_SHARE)
    for cuts, most in (
        (range(recording.begins), early),
        (range(recording.begins, len(recording.trace) + 1), count),
    ):
        for image in _played(recording, _plan(recording, cuts, most, chance)):
            mark = _mark(image.files)
            if mark not in seen and len(seen) < most:
                seen.add(mark)
                yield image


def judge(image: Image, recording: Recording, folder: Path, verdict: Verdict) -> None:
    """Open an image as the kiosk does, and count what is wrong with it."""
    copy_to(folder, image.files, recording.enrolment)
    found = _faults(image, folder, verdict)
    verdict.images += 1
    verdict.faults.update(found)
    if found and len(verdict.examples) < 10:
        verdict.examples.append(f"cut {image.cut} {image.fate}: {sorted(set(found))}")


def _mark(files: Files) -> bytes:
    mark = hashlib.blake2b()
    for name, content in sorted(files.items()):
        mark.update(b"%s %d " % (name.encode(), len(content)))
        mark.update(content)
    return mark.digest()


def _plan(recording: Recording, cuts: range, most: int, chance: Random) -> dict[int, list[Fate]]:
    """Which fates to try at which instants: right after each word given all is lost, the rest by chance."""
    plan: dict[int, list[Fate]] = {}
    for cut in cuts:
        if cut and isinstance(recording.trace[cut - 1], Acknowledged):
            plan.setdefault(cut, []).append(Fate("lost", 0, None, 0))
    given = sum(len(fates) for fates in plan.values())
    writing = [cut for cut in cuts if cut and not isinstance(recording.trace[cut - 1], Synced | Acknowledged)] or [
        *cuts
    ]
    while given < 3 * most:  # many fates come to the same image
        kind = chance.choice(("lost", "kept", "last", "first", "some", "some", "some", "some"))
        fate = Fate(kind, chance.choice((0, 512, 4096)), chance.choice((None, b"\0", b"\xa5")), chance.getrandbits(32))
        plan.setdefault(chance.choice(writing if kind != "lost" else cuts), []).append(fate)
        given += 1
    return plan


def _played(recording: Recording, plan: dict[int, list[Fate]]) -> list[Image]:
    disk, found = Disk(recording.before), []
    for cut in range(len(recording.trace) + 1):
        if cut:
            disk.play(recording.trace[cut - 1])
        found += [Image(cut, fate, disk.said, disk.after(fate)) for fate in plan.get(cut, ())]
    return found


def _faults(image: Image, folder: Path, verdict: Verdict) -> list[str]:
    clocks = FakeClocks(boot=99)
    try:
        booth = Booth.new(folder, clocks=clocks)
    except RecordingError:
        verdict.lost += len(image.said.recorded)
        return ["unreadable"]
    try:
        return [*_missing(image, booth, verdict), *_wrong(booth)]
    finally:
        booth.station.close()


def _missing(image: Image, booth: Booth, verdict: Verdict) -> Iterator[str]:
    recorded = {str(row[0]) for row in booth.rows("SELECT id FROM ledger")}
    outbox = {str(row[0]): row[1] for row in booth.rows("SELECT event_id, state FROM outbox")}
    lost = image.said.recorded - recorded
    verdict.lost += len(lost)
    if lost:
        yield "recorded_lost"
    if recorded != outbox.keys() or image.said.recorded - outbox.keys():
        yield "outbox_lost"
    if any(outbox.get(event_id) != "acknowledged" for event_id in image.said.settled):
        yield "settled_lost"


def _wrong(booth: Booth) -> Iterator[str]:
    if booth.rows("PRAGMA integrity_check") != [("ok",)] or booth.rows("PRAGMA foreign_key_check"):
        yield "unsound"
    if list(booth.folder.glob("*.damaged-*")):
        yield "unsound"
    if not _chained(booth):
        yield "chain_broken"
    elif _rows(booth) != _folded(booth):
        yield "rows_wrong"
    try:
        booth.check_in("V-after")
    except AssertionError:
        yield "dead"


def _chained(booth: Booth) -> bool:
    with booth.station.device.ledger.reading() as reading:
        events = list(reading.events())
    try:
        return not events or verify_chain(events, Position(events[0].stream)).seq == len(events)
    except ProtocolError:
        return False


def _rows(booth: Booth) -> list[tuple[object, ...]]:
    return booth.rows("SELECT id, volunteer, service, state, credited_minutes FROM sessions ORDER BY id")


def _folded(booth: Booth) -> list[tuple[object, ...]]:
    by_session: dict[str, list[object]] = {}
    events = booth.events()
    for envelope in events:
        if (session_id := session_id_of(envelope)) is not None:
            by_session.setdefault(session_id, []).append(envelope)
    folded = [fold(found, logs_in(events)) for _, found in sorted(by_session.items())]  # type: ignore[arg-type]
    return [(s.id, s.volunteer, s.service, s.state.value, s.credited_minutes) for s in folded if s is not None]
