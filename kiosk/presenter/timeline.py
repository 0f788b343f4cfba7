"""Today's roster as a time line: shifts packed into lanes, hours along the axis, a line at now.

Upstream: ``wording``, ``kiosk.usecases.board``.
Downstream: ``idle``.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kiosk.domain.masking import masked_name
from kiosk.presenter.icons import Icon
from kiosk.presenter.turns import turn_of
from kiosk.presenter.views import Badge, Mark, Shift, TimeLine, Tone

if TYPE_CHECKING:
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.board import Board, PlannedShift

MOST_LANES = 3
LEAST_HOURS = 6
MARKS_ABOUT = 4
WORDS_AT_ONCE = 2  # of the states, as many as have room beside the title; the others have their turn
HOUR = timedelta(hours=1)
_STATES = {
    "serving": (Icon.PERSON, Tone.ACCENT, "shift_state.serving"),
    "planned": (Icon.CLOCK, Tone.QUIET, "shift_state.planned"),
    "asked": (Icon.HELP, Tone.WARN, "shift_state.asked"),
    "served": (Icon.DONE, Tone.GOOD, "shift_state.served"),
}


@dataclass(frozen=True, slots=True)
class Hours:
    """The stretch of time that is shown, aware instants on whole local hours."""

    begin: datetime
    end: datetime

    def fraction(self, at: datetime) -> float:
        """Return where an instant lies, kept inside 0…1."""
        return min(1.0, max(0.0, (at - self.begin) / (self.end - self.begin)))


def time_line(board: Board | None, now: datetime | None, voice: Voice) -> TimeLine:
    """Put the roster into words and fractions."""
    phrases = voice.phrases
    title = phrases.say("idle.roster_title")
    if board is None or now is None or not board.roster:
        return TimeLine(title, (), 0, (), None, "", phrases.say("idle.roster_empty"))
    shown = _hours_of(board.roster, voice)
    placed, left_out = _pack(board.roster)
    bars = tuple(_bar(lane, shift, shown) for lane, shift in placed)
    return TimeLine(
        title=title,
        hours=_marks(shown, voice),
        lanes=1 + max(lane for lane, _ in placed),
        shifts=bars,
        now=shown.fraction(_minute(now)) if shown.begin <= now <= shown.end else None,
        more=phrases.say("idle.more_shifts", count=left_out) if left_out else "",
        empty="",
        legend=_legend(board.roster, turn_of(now), 1 if left_out else WORDS_AT_ONCE, voice),
    )


def _minute(at: datetime) -> datetime:
    """The line moves once a minute: what does not change is not drawn again."""
    return at.replace(second=0, microsecond=0)


def _hours_of(roster: tuple[PlannedShift, ...], voice: Voice) -> Hours:
    first = min(shift.starts_at for shift in roster).astimezone(voice.zone)
    last = max(shift.ends_at for shift in roster).astimezone(voice.zone)
    begin = first.replace(minute=0, second=0, microsecond=0)
    end = last.replace(minute=0, second=0, microsecond=0)
    if end < last:
        end += HOUR
    return Hours(begin, max(end, begin + LEAST_HOURS * HOUR))


def _pack(roster: tuple[PlannedShift, ...]) -> tuple[list[tuple[int, PlannedShift]], int]:
    """Give every shift the first lane that is free; also return how many found none."""
    free_at: list[datetime] = []
    placed: list[tuple[int, PlannedShift]] = []
    for shift in sorted(roster, key=lambda planned: (planned.starts_at, planned.ends_at)):
        lane = next((n for n, ends_at in enumerate(free_at) if ends_at <= shift.starts_at), len(free_at))
        if lane == MOST_LANES:
            continue
        free_at[lane : lane + 1] = [shift.ends_at]
        placed.append((lane, shift))
    return placed, len(roster) - len(placed)


def _bar(lane: int, shift: PlannedShift, shown: Hours) -> Shift:
    icon, tone, _ = _STATES.get(shift.state, _STATES["planned"])
    begin, end = shown.fraction(shift.starts_at), shown.fraction(shift.ends_at)
    return Shift(lane, begin, end, masked_name(shift.name), icon, tone)


def _legend(roster: tuple[PlannedShift, ...], turn: int, at_once: int, voice: Voice) -> tuple[Badge, ...]:
    """Say in words what the looks mean that are there, and how many shifts have each."""
    counts = Counter(shift.state for shift in roster)
    there = [(*look, counts[state]) for state, look in _STATES.items() if counts[state]]
    pages = max(1, math.ceil(len(there) / at_once))
    first = turn % pages * at_once
    return tuple(
        Badge(icon, voice.phrases.say("shift_state.count", state=voice.phrases.say(msgid), count=count), tone)
        for icon, tone, msgid, count in there[first : first + at_once]
    )


def _marks(shown: Hours, voice: Voice) -> tuple[Mark, ...]:
    count = round((shown.end - shown.begin) / HOUR)
    step = max(1, round(count / MARKS_ABOUT))
    instants = [shown.begin + n * HOUR for n in range(0, count + 1, step)]
    return tuple(Mark(shown.fraction(at), voice.time(at)) for at in instants)
