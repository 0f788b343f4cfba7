"""A session in a list: its line, and how many working days are left, in colour and word.

Upstream: ``kiosk.usecases.desk``, ``kiosk.presenter.wording``.
Downstream: ``queue``, ``sheet``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Badge, Tone
from sync.protocol.vocabulary import Provenance

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.wording import Voice
    from kiosk.usecases.desk import DeskLine, Version
    from sync.protocol.working_days import Countdown

SOON = 3  # working days; from here the countdown stands out


def countdown_badge(countdown: Countdown | None, voice: Voice) -> Badge | None:
    """Return how many working days are left, or None where nothing counts down."""
    if countdown is None:
        return None
    say, left = voice.phrases.say, countdown.days_left
    if countdown.is_overdue:
        return Badge(Icon.WARNING, say("desk.days.over", days=-left), Tone.BAD)
    if left == 0:
        return Badge(Icon.CLOCK, say("desk.days.today"), Tone.BAD)
    if left == 1:
        return Badge(Icon.CLOCK, say("desk.days.one"), Tone.WARN)
    return Badge(Icon.CLOCK, say("desk.days.left", days=left), Tone.WARN if left <= SOON else Tone.CALM)


def span(started_at: datetime, ended_at: datetime | None, voice: Voice) -> str:
    """Return a stay in words: the day, from when to when."""
    until = voice.phrases.say("desk.time.unknown") if ended_at is None else voice.time(ended_at)
    return voice.phrases.say("desk.span", day=voice.day(started_at), begin=voice.time(started_at), end=until)


def known_end(line: DeskLine | Version) -> datetime | None:
    """Return when it ended; of a duty that the rules closed nobody knows."""
    return None if line.provenance is Provenance.ONE_SCAN_AUTO else line.ended_at


def stay(line: DeskLine, voice: Voice) -> str:
    """Return the stay of a record in words."""
    return span(line.started_at, known_end(line), voice)


def person(line: DeskLine, voice: Voice) -> str:
    """Return the name with the end of the number."""
    return voice.phrases.say("desk.person", name=line.name, tail=line.tail)


def hours(line: DeskLine, voice: Voice) -> str:
    """Return what counts, or what was recorded where nothing does yet."""
    if line.credited_minutes:
        return voice.duration(line.credited_minutes)
    say = voice.phrases.say
    if line.original_minutes:
        return say("desk.hours.uncounted", time=voice.duration(line.original_minutes))
    return say("desk.hours.none")
