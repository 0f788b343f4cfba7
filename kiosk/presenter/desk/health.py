"""设备状态: how the machine is, each with a word and a sentence where there is trouble.

Upstream: ``page``, ``kiosk.usecases.desk``.
Downstream: ``home``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.presenter.desk.intents import ReadDesk
from kiosk.presenter.desk.page import Page
from kiosk.presenter.desk.views import Fact, FactsBody, MessageBody
from kiosk.presenter.icons import Icon
from kiosk.presenter.status import SILENT_AFTER
from kiosk.presenter.views import Tone

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.desk.page import Context
    from kiosk.presenter.desk.views import Body
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.desk import DeskBoard

LITTLE_BYTES = 500_000_000  # free space under which somebody should look: years of records are far less
MB, GB = 1_000_000, 1_000_000_000
_SEEING = {"seeing", "starting"}


@dataclass(frozen=True, slots=True)
class Health(Page):
    """Every part of the machine that can fail."""

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.health.title")

    def wants(self, context: Context) -> tuple[ReadDesk, ...]:
        """Look anew."""
        return (ReadDesk(context.operator),)

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:
        """Put it into words."""
        board = context.board
        if board is None:
            return MessageBody(Tone.QUIET, Icon.SAVING, voice.phrases.say("desk.reading"), (), ())
        return FactsBody(facts_of(board, voice, now))


def trouble_of(board: DeskBoard, voice: Voice, now: datetime | None) -> str:
    """Return the first thing that somebody should look at, or nothing."""
    troubled = (fact for fact in facts_of(board, voice, now) if fact.tone in {Tone.WARN, Tone.BAD})
    return next((voice.phrases.say("desk.home.look", name=fact.name) for fact in troubled), "")


def facts_of(board: DeskBoard, voice: Voice, now: datetime | None) -> tuple[Fact, ...]:
    """Return every fact that is known."""
    known = (
        _sync(board, voice, now or board.now),
        _waiting(board, voice),
        _clock(board, voice),
        _camera(board, voice),
        _disk(board, voice),
        _file(board, voice),
        _signed(board, voice),
        _version(board, voice),
        _beat(board, voice),
    )
    return tuple(fact for fact in known if fact is not None)


def _sync(board: DeskBoard, voice: Voice, now: datetime) -> Fact:
    say, last = voice.phrases.say, board.health.last_contact
    name = say("desk.health.sync")
    if last is None:
        return Fact(Icon.OFFLINE, name, say("desk.health.never"), say("desk.health.offline_note"), Tone.WARN)
    value = say("desk.health.last", day=voice.day(last), time=voice.time(last))
    if now - last > SILENT_AFTER:
        return Fact(Icon.OFFLINE, name, value, say("desk.health.offline_note"), Tone.WARN)
    return Fact(Icon.UPLOADED, name, value, "", Tone.GOOD)


def _waiting(board: DeskBoard, voice: Voice) -> Fact:
    say, waiting = voice.phrases.say, board.health.waiting_to_upload
    value = say("desk.health.waiting", count=waiting) if waiting else say("desk.health.sent")
    return Fact(Icon.UPLOADING, say("desk.health.outbox"), value, "", Tone.CALM if waiting else Tone.GOOD)


def _clock(board: DeskBoard, voice: Voice) -> Fact:
    phrases, health = voice.phrases, board.health
    value, note = phrases.of("desk_clock", health.clock), ""
    if not health.calibrated:
        note = phrases.say("desk.health.clock_note")
    return Fact(Icon.CLOCK, phrases.say("desk.health.time"), value, note, Tone.GOOD if health.calibrated else Tone.WARN)


def _camera(board: DeskBoard, voice: Voice) -> Fact | None:
    phrases, camera = voice.phrases, board.health.machine.camera
    if camera is None:
        return None
    tone = Tone.GOOD if camera in _SEEING else Tone.WARN
    return Fact(Icon.CAMERA, phrases.say("desk.health.camera"), phrases.of("camera", camera, "status"), "", tone)


def _disk(board: DeskBoard, voice: Voice) -> Fact | None:
    say, free = voice.phrases.say, board.health.machine.disk_free_bytes
    if free is None:
        return None
    value = (
        say("desk.health.free_gb", size=f"{free / GB:.1f}")
        if free >= GB
        else say("desk.health.free_mb", size=free // MB)
    )
    little = free < LITTLE_BYTES
    note = say("desk.health.disk_note") if little else ""
    return Fact(Icon.DEVICE, say("desk.health.disk"), value, note, Tone.BAD if little else Tone.GOOD)


def _file(board: DeskBoard, voice: Voice) -> Fact | None:
    say, aside = voice.phrases.say, board.health.machine.set_aside
    if aside is None:
        return None
    name = say("desk.health.file")
    if not aside:
        return Fact(Icon.CERTIFICATE, name, say("desk.health.whole"), "", Tone.GOOD)
    return Fact(
        Icon.DEVICE_TROUBLE, name, say("desk.health.aside", count=aside), say("desk.health.file_note"), Tone.WARN
    )


def _signed(board: DeskBoard, voice: Voice) -> Fact | None:
    say, signed = voice.phrases.say, board.health.machine.signed_to
    if signed is None:
        return None
    return Fact(Icon.LOCK, say("desk.health.signed"), say("desk.health.signed_to", count=signed), "", Tone.GOOD)


def _version(board: DeskBoard, voice: Voice) -> Fact | None:
    version = board.health.machine.version
    if version is None:
        return None
    return Fact(Icon.SETTINGS, voice.phrases.say("desk.health.version"), version, "", Tone.CALM)


def _beat(board: DeskBoard, voice: Voice) -> Fact | None:
    say, beat = voice.phrases.say, board.health.machine.last_beat
    if beat is None:
        return None
    return Fact(Icon.KEEP, say("desk.health.beat"), voice.time(beat), "", Tone.GOOD)
