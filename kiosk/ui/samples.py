"""Made-up people and days for the gallery and for tests of the window; nobody here exists.

Upstream: ``kiosk.usecases`` (outcomes, board).
Downstream: ``gallery``, ``tests/integration/ui``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kiosk.domain.refusal import RecordingFault, RefusalReason, UndoRefusal
from kiosk.domain.roster import Match, Punctuality
from kiosk.ui.options import PreviewFrame
from kiosk.usecases.board import Board, OnDuty, PlannedShift, WantedPost
from kiosk.usecases.outcomes import (
    CaptainNeeded,
    CheckedIn,
    CheckedOut,
    JustStarted,
    NotRecorded,
    Outcome,
    Refused,
    Undone,
    UndoRefused,
)
from sync.protocol.reference import RosteredShift

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2025, 7, 12, 9, 41, tzinfo=ZONE).astimezone(UTC)
STATION = "王城公园志愿服务站"
TYPED = "410302000170"  # a number and its check digit
MINUTES = (480, 520, 390, 610, 720, 655, 430, 505, 380, 560, 690, 215)


def _at(hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 7, 12, hour, minute, tzinfo=ZONE).astimezone(UTC)


def board(*, waiting: int = 3, calibrated: bool = True) -> Board:
    """Return a busy Saturday morning."""
    return Board(
        now=NOW,
        calibrated=calibrated,
        station_name=STATION,
        on_duty=(
            OnDuty("s1", "张建明", "directions", _at(8, 56)),
            OnDuty("s2", "李㛃", "tea_charging", _at(9, 2)),
            OnDuty("s3", "阿卜杜热西提·买买提", "environment", _at(9, 15)),
            OnDuty("s4", "欧阳淑兰", "tutoring", _at(9, 31)),
        ),
        roster=(
            PlannedShift("张建明", "directions", _at(9), _at(12), "serving"),
            PlannedShift("李㛃", "tea_charging", _at(9), _at(11, 30), "serving"),
            PlannedShift("孙桂芝", "environment", _at(7), _at(9), "served"),
            PlannedShift("周䶮", "legal_advice", _at(14), _at(16), "planned"),
            PlannedShift("欧阳淑兰", "tutoring", _at(15), _at(18), "asked"),
            PlannedShift("王秀英", "directions", _at(12, 30), _at(15), "planned"),
        ),
        notices=("周三上午九点在社区活动室培训急救知识，请提前十分钟到", "饮水机已加满，充电线在柜台左侧"),
        minutes_by_day={date(2025, 7, day): minutes for day, minutes in enumerate(MINUTES, 1)},
        provisional_count=0,
        waiting_to_upload=waiting,
        last_contact=NOW - timedelta(minutes=2),
        wanted=(
            WantedPost("directions", _at(9) + timedelta(days=5), _at(12) + timedelta(days=5), 1),
            WantedPost("tea_charging", _at(14) + timedelta(days=6), _at(17) + timedelta(days=6), 2),
        ),
    )


def rostered(name: str) -> RosteredShift:
    """Return this morning's shift of somebody."""
    begin_ms, end_ms = (round(_at(hour).timestamp() * 1000) for hour in (9, 12))
    return RosteredShift("shift-1", "LY-000-001", name, "directions", begin_ms, end_ms)


def checked_in(name: str, punctuality: Punctuality, unfinished: datetime | None = None) -> CheckedIn:
    """Return a check-in of this moment."""
    shift = None if punctuality is Punctuality.WALK_IN else rostered(name)
    return CheckedIn(
        "event-1", "session-1", "LY-000-001", name, NOW, "directions", Match(punctuality, shift), unfinished
    )


def checked_out(name: str, minutes: int, credited: int, total: int, *, provisional: bool = False) -> CheckedOut:
    """Return a check-out of this moment; all in minutes."""
    return CheckedOut(
        event_id="event-2",
        session_id="session-1",
        volunteer_number="LY-000-001",
        name=name,
        service="directions",
        started_at=NOW - timedelta(minutes=minutes),
        at=NOW,
        original_s=minutes * 60 + 20,
        credited_minutes=credited,
        rule="luoyang-1",
        provisional=provisional,
        month_minutes=750,
        total_minutes=total,
    )


def outcomes() -> dict[str, Outcome]:
    """Return one of every kind, by a name for its picture."""
    started = NOW - timedelta(seconds=50)
    return {
        "check-in": checked_in("张建明", Punctuality.ON_TIME),
        "check-in-rare": checked_in("李㛃", Punctuality.LATE, _at(8) - timedelta(days=9)),
        "check-in-long": checked_in("阿卜杜热西提·买买提·吐尔逊江", Punctuality.WALK_IN),
        "check-out": checked_out("张建明", 135, 135, 96 * 60 + 30),
        "check-out-short": checked_out("周䶮", 4, 0, 96 * 60),
        "check-out-star": checked_out("阿卜杜热西提·买买提", 195, 180, 301 * 60),
        "check-out-provisional": checked_out("欧阳淑兰", 745, 0, 1502 * 60, provisional=True),
        "question": JustStarted("event-1", "session-1", "LY-000-001", "张建明", started, "directions"),
        "captain-needed": CaptainNeeded("LY-000-001", "张建明"),
        "refusal": Refused(RefusalReason.PAYMENT_CODE),
        "refusal-number": Refused(RefusalReason.WRONG_NUMBER),
        "refusal-forged": Refused(RefusalReason.FORGED),
        "not-recorded": NotRecorded(RecordingFault.DISK_FULL),
        "undone": Undone("session-1", "阿卜杜热西提·买买提", was_check_in=True),
        "undo-refused": UndoRefused(UndoRefusal.TOO_LATE),
    }


def picture(number: int = 1, width: int = 480, height: int = 270) -> PreviewFrame:
    """Return a stand-in for the camera: evening light on a wall, a dark table, a card held up."""
    rows = bytearray()
    for y in range(height):
        for x in range(width):
            held = 0.36 < x / width < 0.64 and 0.3 < y / height < 0.78
            if held:
                code = 0.42 < x / width < 0.53 and 0.38 < y / height < 0.6 and (x // 6 + y // 5 * 3) % 5 < 2
                rows += b"\x20\x20\x24\xff" if code else b"\xf2\xee\xe4\xff"
            elif y / height > 0.82:
                rows += bytes((70, 54 + x // 24, 44, 255))
            else:
                rows += bytes((150 + x // 8 - y // 6, 138 + x // 10 - y // 6, 120 + x // 12 - y // 8, 255))
    return PreviewFrame(number, width, height, bytes(rows))
