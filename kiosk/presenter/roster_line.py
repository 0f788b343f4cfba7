"""One short line of the roster on a card: whom a duty relieves, who comes next, what waits for an answer.

Upstream: ``kiosk.domain`` (handing_over, masking), ``kiosk.usecases.outcomes``, ``wording``.
Downstream: ``check_in``, ``check_out``.

Others may look on: every name but the volunteer's own is masked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.domain.handing_over import NobodyNext
from kiosk.domain.masking import masked_name

if TYPE_CHECKING:
    from kiosk.domain.handing_over import HandOver
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.outcomes import RosterNews


def line_of(voice: Voice, *parts: str) -> str:
    """Return the parts that say something as one line."""
    return voice.phrases.say("roster_line.join").join(filter(None, parts))


def relieves(before: HandOver | None, voice: Voice) -> str:
    """Say whose shift ends as this duty begins."""
    if before is None:
        return ""
    return voice.phrases.say("roster_line.relieves", name=_names(before, voice), time=voice.time(before.at))


def comes_next(after: HandOver | NobodyNext | None, voice: Voice) -> str:
    """Say who takes over, or that nobody does; nothing where nothing is planned at all."""
    if after is None:
        return ""
    if isinstance(after, NobodyNext):
        return voice.phrases.say("roster_line.nobody")
    msgid = "roster_line.own" if after.own else "roster_line.asked" if after.asked else "roster_line.next"
    return voice.phrases.say(msgid, name=_names(after, voice), time=voice.time(after.at))


def waits(news: RosterNews, voice: Voice) -> str:
    """Say what waits for the volunteer, the most pressing alone; all of it stands in 我的记录."""
    waiting = {
        "roster_line.impossible": news.impossible,
        "roster_line.to_answer": news.to_answer,
        "roster_line.told": news.told,
    }
    return next((voice.phrases.say(msgid, count=count) for msgid, count in waiting.items() if count), "")


def _names(who: HandOver, voice: Voice) -> str:
    name = masked_name(who.name)
    return voice.phrases.say("roster_line.with_others", name=name, count=who.others + 1) if who.others else name
