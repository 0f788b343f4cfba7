"""How far it is to the next star, by the hours that this station knows of.

Upstream: ``wording``.
Downstream: ``check_out``.

Reaching a threshold gives the right to apply; the community decides (REQ 2.7a, 2.7b).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.presenter.views import StarRing

if TYPE_CHECKING:
    from kiosk.presenter.wording import Voice

STAR_HOURS = (100, 300, 600, 1000, 1500)  # 附2.7: one to five stars, one after another
MIN_PER_HOUR = 60


def star_ring(total_minutes: int, credited_minutes: int, voice: Voice) -> StarRing:
    """Put the way to the next star into words.

    Args:
        total_minutes: credited at this station, all time, the session just ended included.
        credited_minutes: credited for that session; tells whether it is the one that reached a threshold.
        voice: the language.
    """
    phrases = voice.phrases
    passed = sum(total_minutes >= hours * MIN_PER_HOUR for hours in STAR_HOURS)
    target_min = STAR_HOURS[min(passed, len(STAR_HOURS) - 1)] * MIN_PER_HOUR
    reached = bool(passed) and total_minutes - credited_minutes < STAR_HOURS[passed - 1] * MIN_PER_HOUR
    if reached:
        level = phrases.of("star", str(passed))
        caption = phrases.say("check_out.star_reached", hours=STAR_HOURS[passed - 1], level=level)
    elif passed == len(STAR_HOURS):
        caption = phrases.say("check_out.star_all", hours=STAR_HOURS[-1])
    else:
        missing = voice.duration(target_min - total_minutes)
        level = phrases.of("star", str(passed + 1))
        caption = phrases.say("check_out.star_next", level=level, missing=missing)
    return StarRing(
        fraction=min(1.0, total_minutes / target_min),
        centre=phrases.say("check_out.star_centre", hours=total_minutes // MIN_PER_HOUR),
        target=phrases.say("check_out.star_target", hours=target_min // MIN_PER_HOUR),
        title=phrases.say("check_out.star_title"),
        caption=caption,
        reached=reached,
    )
