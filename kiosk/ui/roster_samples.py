"""Made-up shifts at the booth for the gallery: matched, at the wrong point, straight on; nobody here exists.

Upstream: ``samples``, ``kiosk.usecases.outcomes``.
Downstream: ``gallery``, ``tests/integration/ui``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from kiosk.domain.handing_over import HandOver, NobodyNext
from kiosk.domain.roster import Match, Punctuality
from kiosk.ui.samples import NOW, checked_in, checked_out, rostered
from kiosk.usecases.outcomes import Outcome, RosterNews
from sync.protocol.reference import NearbyShift
from sync.protocol.roster import OpenPost

_HOUR = timedelta(hours=1)
_NINE = NOW.replace(minute=0)
PLACE, ADDRESS = "牡丹广场志愿服务站", "中州中路牡丹广场地铁站B口外"


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def post() -> OpenPost:
    """Return an open post that begins in a moment."""
    return OpenPost("post-1", "directions", _ms(_NINE + 3 * _HOUR / 4), _ms(_NINE + 3 * _HOUR), 1)


def outcomes() -> dict[str, Outcome]:
    """Return one of every kind, by a name for its picture."""
    came, went = checked_in("张建明", Punctuality.ON_TIME), checked_out("张建明", 135, 135, 96 * 60 + 30)
    nearby = NearbyShift("shift-9", "LY-000-001", "place-9", PLACE, _ms(_NINE), _ms(_NINE + 3 * _HOUR), ADDRESS)
    two = Match(Punctuality.BACK, rostered("张建明"), (_ms(_NINE), _ms(_NINE + 6 * _HOUR)))
    walked = checked_in("张建明", Punctuality.WALK_IN)
    news, after = RosterNews(to_answer=2), HandOver("李㛃", _NINE + _HOUR)
    return {
        "check-in-relieving": replace(came, relieves=HandOver("孙桂芝", _NINE)),
        "check-in-waiting": replace(came, match=two, relieves=HandOver("孙桂芝", _NINE), news=news),
        "check-in-wrong-point": replace(walked, nearby=nearby),
        "check-in-stayed": replace(
            checked_in("张建明", Punctuality.WALK_IN), follows=True, stays_for=post(), post_taken=True
        ),
        "check-out-next": replace(went, comes_next=after, news=news),
        "check-out-nobody": replace(went, comes_next=NobodyNext(), news=RosterNews(impossible=1)),
        "check-out-stay-on": replace(went, comes_next=after, stay_on=post()),
    }
