"""A presenter with the shipped catalogues, and builders with valid defaults."""

from __future__ import annotations

import gettext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.domain.policy import DutyPolicy
from kiosk.domain.roster import Match, Punctuality
from kiosk.presenter.kiosk_presenter import KioskPresenter
from kiosk.presenter.phrases import Language, Phrases
from kiosk.presenter.wording import Voice
from kiosk.usecases.board import Board, OnDuty, PlannedShift
from kiosk.usecases.outcomes import CheckedIn, CheckedOut
from sync.protocol.reference import RosteredShift

LOCALE = Path(__file__).parents[4] / "assets" / "locale"
ZONE = ZoneInfo("Asia/Shanghai")
POLICY = DutyPolicy()
NOW = datetime(2026, 7, 12, 9, 41, tzinfo=ZONE).astimezone(UTC)
CATALOGUES = {each: gettext.translation("kiosk", str(LOCALE), [each.value]) for each in Language}


def a_presenter() -> KioskPresenter:
    return KioskPresenter("王城公园站", POLICY, ZONE, CATALOGUES)


def a_voice(language: Language = Language.CHINESE) -> Voice:
    return Voice(Phrases(CATALOGUES[language]), ZONE, POLICY)


def local(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 7, 12, hour, minute, tzinfo=ZONE).astimezone(UTC)


def a_check_in(name: str = "张建明", session: str = "s1", **changes: object) -> CheckedIn:
    plain = CheckedIn(f"in-{session}", session, "LY-1", name, NOW, "directions", Match(Punctuality.WALK_IN))
    return replace(plain, **changes)  # type: ignore[arg-type]


def a_check_out(name: str = "张建明", session: str = "s1", **changes: object) -> CheckedOut:
    plain = CheckedOut(
        event_id=f"out-{session}",
        session_id=session,
        volunteer_number="LY-1",
        name=name,
        service="directions",
        started_at=NOW - timedelta(minutes=135),
        at=NOW,
        original_s=135 * 60 + 20,
        credited_minutes=135,
        rule="luoyang-1",
        provisional=False,
        month_minutes=750,
        total_minutes=96 * 60 + 30,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def a_match(punctuality: Punctuality) -> Match:
    begin_ms, end_ms = (round(local(hour).timestamp() * 1000) for hour in (9, 12))
    return Match(punctuality, RosteredShift("shift", "LY-1", "张建明", "directions", begin_ms, end_ms))


def a_board(**changes: object) -> Board:
    plain = Board(
        now=NOW,
        calibrated=True,
        station_name="广州市场站",
        on_duty=(),
        roster=(),
        notices=(),
        minutes_by_day={},
        provisional_count=0,
        waiting_to_upload=0,
        last_contact=NOW,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def on_duty(*names: str) -> tuple[OnDuty, ...]:
    return tuple(OnDuty(name, name, "directions", local(9)) for name in names)


def planned(begin: int, end: int, state: str = "planned", name: str = "张建明", minute: int = 0) -> PlannedShift:
    return PlannedShift(name, "directions", local(begin), local(end, minute), state)
