"""The band on top and the line at the foot of every screen: station, time, and how the machine is.

Upstream: ``preview``, ``wording``, ``kiosk.usecases.board``.
Downstream: ``kiosk_presenter``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.presenter.acts import TapLanguage
from kiosk.presenter.icons import Icon
from kiosk.presenter.preview import camera_badge
from kiosk.presenter.views import Badge, Button, Header, StatusLine, Tone

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.domain.refusal import RecordingFault
    from kiosk.presenter.contents import CameraSight
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.board import Board

SILENT_AFTER = timedelta(minutes=10)  # no answer of the platform for this long is said to be no network


def header_of(station: str, now: datetime | None, voice: Voice, *, drill: bool = False) -> Header:
    """Put the top band into words; ``now`` None (no board yet) leaves the time open; ``drill`` adds a line to it."""
    phrases = voice.phrases
    date = ""
    if now is not None:
        today = now.astimezone(voice.zone).date()
        date = phrases.say("header.date", date=voice.date(today), weekday=voice.weekday(today))
    return Header(
        station=station,
        slogan=phrases.say("header.slogan"),
        programme=phrases.say("header.programme"),
        time="" if now is None else voice.time(now),
        date=date,
        language=Button(phrases.say("header.other_language"), Icon.LANGUAGE, TapLanguage()),
        drill=phrases.say("header.drill") if drill else "",
    )


def status_line_of(
    board: Board | None, now: datetime | None, sight: CameraSight, fault: RecordingFault | None, voice: Voice
) -> StatusLine:
    """Put the state of the machine into words; ``fault`` is the last one, until something was written again."""
    items = [camera_badge(sight, voice), _device(fault, voice)]
    if board is not None and now is not None:
        items.append(_network(board, now, voice))
        if not board.calibrated:
            items.append(Badge(Icon.CLOCK, voice.phrases.say("status.uncalibrated"), Tone.WARN))
        if board.provisional_count:
            text = voice.phrases.say("status.provisional", count=board.provisional_count)
            items.append(Badge(Icon.HISTORY, text, Tone.WARN))
    return StatusLine(tuple(items))


def _device(fault: RecordingFault | None, voice: Voice) -> Badge:
    if fault is None:
        return Badge(Icon.DEVICE, voice.phrases.say("status.device_ok"), Tone.GOOD)
    return Badge(Icon.DEVICE_TROUBLE, voice.phrases.of("fault", fault, "status"), Tone.BAD)


def _network(board: Board, now: datetime, voice: Voice) -> Badge:
    phrases, waiting = voice.phrases, board.waiting_to_upload
    if board.last_contact is None or now - board.last_contact > SILENT_AFTER:
        text = phrases.say("status.offline_waiting", count=waiting) if waiting else phrases.say("status.offline")
        return Badge(Icon.OFFLINE, text, Tone.WARN)
    if waiting:
        return Badge(Icon.UPLOADING, phrases.say("status.waiting", count=waiting), Tone.CALM)
    return Badge(Icon.UPLOADED, phrases.say("status.uploaded"), Tone.GOOD)
