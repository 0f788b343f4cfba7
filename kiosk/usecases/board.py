"""The station's board: what the idle screen shows, as values.

Upstream: ``kiosk.usecases.read_board`` fills it.
Downstream: ``kiosk.presenter``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from kiosk.usecases.outcomes import Group


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One volunteer on duty now; the presenter masks the name. ``since`` is aware UTC."""

    session_id: str
    name: str
    service: str
    since: datetime


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """One line of today's roster; instants aware UTC.

    ``state`` is ``planned`` 待值, ``asked`` 待答复, ``serving`` 在岗 or ``served`` 已服务.
    """

    name: str
    service: str
    starts_at: datetime
    ends_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class WantedPost:
    """A post of the next days with ``wanted`` places left; instants aware UTC."""

    service: str
    starts_at: datetime
    ends_at: datetime
    wanted: int


@dataclass(frozen=True, slots=True)
class Board:
    """What the station knows of itself at one moment.

    Attributes:
        now: best guess of the true instant, aware UTC; ``calibrated`` False shows 「时钟未校准」.
        minutes_by_day: credited minutes by local date of the current month (provisional time excluded).
        provisional_count: sessions of this device that wait for a person's word.
        waiting_to_upload: events not yet acknowledged by the platform.
        last_contact: when the platform last answered, aware UTC, or None.
        drill: the station practises; what is recorded meanwhile is on no board.
        group: the visiting team's group that is open, or None.
        wanted: open posts of the next days, earliest first.
    """

    now: datetime
    calibrated: bool
    station_name: str
    on_duty: tuple[OnDuty, ...]
    roster: tuple[PlannedShift, ...]
    notices: tuple[str, ...]
    minutes_by_day: Mapping[date, int]
    provisional_count: int
    waiting_to_upload: int
    last_contact: datetime | None
    drill: bool = False
    group: Group | None = None
    wanted: tuple[WantedPost, ...] = ()
