"""Made-up questions, a change of service kind, a visiting team and a drill for the gallery; nobody here exists.

Upstream: ``samples``, ``kiosk.usecases.outcomes``.
Downstream: ``gallery``, ``tests/integration/ui``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.domain.refusal import MoveRefusal, RefusalReason
from kiosk.domain.roster import Match, Punctuality
from kiosk.domain.standing import Caution, Want
from kiosk.domain.unended import Unended
from kiosk.ui.samples import NOW, checked_in, checked_out, rostered
from kiosk.usecases.outcomes import (
    CheckedInAsking,
    CheckedOut,
    Elsewhere,
    EndStated,
    Forgotten,
    Group,
    GroupDeed,
    GroupMember,
    GroupScanned,
    MoveRefused,
    Outcome,
    Refused,
)

if TYPE_CHECKING:
    from datetime import datetime

_CAME = NOW - timedelta(days=9, minutes=-22)  # 10:03 nine days ago
_FIRST_AID = Want("急救常识", strict=True)
GROUP = Group(
    "group-1",
    "environment",
    "洛浦中学青年志愿服务队",
    23,
    2,
    (
        GroupMember("赵小满", left=False),
        GroupMember("阿卜杜热西提·买买提", left=False),
        GroupMember("钱多多", left=True),
        GroupMember("孙桂芝", left=False),
    ),
)


def _at(hour: int, minute: int = 0) -> datetime:
    return _CAME + timedelta(hours=hour - 10, minutes=minute - 3)


HOUR = _at(11)
LENGTH = _CAME + timedelta(hours=2)


def forgotten(*, dated: bool = True) -> CheckedInAsking:
    """Return a check-in before which a duty of nine days ago is asked about."""
    duty = Unended(_CAME, _at(22), _at(12), dated=dated)
    return CheckedInAsking.of(
        checked_in("张建明", Punctuality.ON_TIME, _CAME), Forgotten("session-0", "directions", duty)
    )


def elsewhere() -> CheckedInAsking:
    """Return a check-in of somebody who is still on duty at another place."""
    asks = Elsewhere("session-9", "牡丹广场志愿服务站", NOW - timedelta(hours=1, minutes=33))
    return CheckedInAsking.of(checked_in("欧阳淑兰", Punctuality.WALK_IN), asks)


def scanned(deed: GroupDeed = GroupDeed.CAME) -> GroupScanned:
    """Return a scan within the group."""
    return GroupScanned(GROUP, deed, "event-7", "赵小满", NOW)


def locked_change() -> CheckedOut:
    """Return a check-out of somebody who may not do everything next."""
    return replace(checked_out("李㛃", 65, 65, 20 * 60), wants={"legal_advice": _FIRST_AID})


def outcomes() -> dict[str, Outcome]:
    """Return one of every kind, by a name for its picture."""
    plain = checked_in("张建明", Punctuality.ON_TIME)
    wants = {"legal_advice": _FIRST_AID, "directions": replace(_FIRST_AID, strict=False)}
    match = Match(Punctuality.ON_TIME, rostered("张建明"))
    return {
        "check-in-answered": replace(plain, answer=EndStated("session-0", _at(11, 30))),
        "check-in-training": replace(plain, wants=wants, cautions=(Caution.NIGHT,)),
        "check-in-changed": replace(plain, follows=True, match=match, service="tea_charging"),
        "check-in-paid": replace(plain, paid=True),
        "check-out-paid": replace(checked_out("欧阳淑兰", 135, 0, 96 * 60), paid=True, tallies=("tea", "charging")),
        "refusal-suspended": Refused(RefusalReason.SUSPENDED),
        "refusal-guardian": Refused(RefusalReason.GUARDIAN_NEEDED),
        "refusal-minor-at-night": Refused(RefusalReason.MINOR_AT_NIGHT),
        "move-refused": MoveRefused(MoveRefusal.TRAINING),
    }
