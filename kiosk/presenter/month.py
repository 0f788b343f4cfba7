"""This month's hours by day, as a small chart.

Upstream: ``wording``, ``kiosk.usecases.board``.
Downstream: ``idle``.
"""

from __future__ import annotations

from calendar import monthrange
from typing import TYPE_CHECKING

from kiosk.presenter.views import Mark, MonthChart

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.wording import Voice
    from kiosk.usecases.board import Board

MARKED_DAYS = (1, 8, 15, 22, 29)


def month_chart(board: Board | None, now: datetime | None, voice: Voice) -> MonthChart:
    """Put the month into words and fractions of its best day."""
    title = voice.phrases.say("idle.month_title")
    if board is None or now is None:
        return MonthChart(title, voice.duration(0), (), -1, ())
    today = now.astimezone(voice.zone).date()
    days = monthrange(today.year, today.month)[1]
    minutes = [board.minutes_by_day.get(today.replace(day=day), 0) for day in range(1, days + 1)]
    most = max(1, *minutes)
    return MonthChart(
        title=title,
        total=voice.duration(sum(minutes)),
        bars=tuple(count / most for count in minutes),
        today=today.day - 1,
        marks=tuple(Mark((day - 0.5) / days, str(day)) for day in MARKED_DAYS if day <= days),
    )
