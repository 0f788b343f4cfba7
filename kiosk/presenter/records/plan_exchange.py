"""An exchange as two leaves of the calendar side by side: what is given, and what is got for it.

Upstream: ``roster_words``, ``plan_sheets`` (buttons), ``kiosk.domain.own_plan``.
Downstream: ``plan_pages``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.presenter.icons import Icon, service_icon
from kiosk.presenter.records.acts import TapBack
from kiosk.presenter.records.listing import local_day
from kiosk.presenter.records.plan_sheets import answer_button
from kiosk.presenter.records.roster_words import masked, span_of, swap_badge, swap_title
from kiosk.presenter.records.views import ExchangeView, Leaf
from kiosk.presenter.views import Button, Mark
from kiosk.timekeeping.moment import instant_of
from sync.protocol.vocabulary import RosterAnswer

if TYPE_CHECKING:
    from kiosk.domain.own_roster import OwnPlace, SwapOfMe
    from kiosk.presenter.views import Countdown
    from kiosk.presenter.wording import Voice
    from sync.protocol.reference import RosteredShift

DAY = timedelta(days=1)
MARKS = tuple(Mark(hour / 24, str(hour)) for hour in range(0, 25, 6))


def asked_view(asked: SwapOfMe, voice: Voice, countdown: Countdown, *, waits: bool) -> ExchangeView:
    """Show what a colleague asks for; ``waits`` while an answer is being recorded.

    An answer that is noted can be changed into the other one until the platform has dealt with it.
    """
    phrases, name = voice.phrases, masked(asked.theirs.display_name)
    favour = asked.mine is None
    open_ = [each for each in (RosterAnswer.AGREE_SWAP, RosterAnswer.REFUSE_SWAP) if each is not asked.answered]
    nothing = Leaf(phrases.say("exchange.give"), nothing=phrases.say("exchange.give_nothing"))
    given = nothing if asked.mine is None else _leaf(phrases.say("exchange.give"), asked.mine, voice)
    return ExchangeView(
        title=swap_title(asked, voice),
        given=given,
        got=_leaf(phrases.say("exchange.get", name=name), asked.theirs, voice),
        marks=MARKS,
        state=None if asked.answered is None else swap_badge(asked, voice),
        note=phrases.say("plan.recording" if waits else "exchange.free_to_refuse"),
        answers=() if waits else tuple(answer_button(each, _words(each, favour=favour), voice) for each in open_),
        back=_back(voice),
        countdown=countdown,
    )


def ask_view(
    place: OwnPlace, colleague: RosteredShift, voice: Voice, countdown: Countdown, *, favour: bool, waits: bool
) -> ExchangeView:
    """Show what would be asked of a colleague, before it is."""
    phrases, name = voice.phrases, masked(colleague.display_name)
    nothing = Leaf(phrases.say("exchange.want", name=name), nothing=phrases.say("exchange.want_nothing"))
    return ExchangeView(
        title=phrases.say("exchange.ask_favour" if favour else "exchange.ask", name=name),
        given=_leaf(phrases.say("exchange.offer", name=name), place.shift, voice),
        got=nothing if favour else _leaf(phrases.say("exchange.want", name=name), colleague, voice),
        marks=MARKS,
        state=None,
        note=phrases.say("plan.recording" if waits else "exchange.asks_first"),
        answers=() if waits else (answer_button(RosterAnswer.ASK_SWAP, "ask_this", voice),),
        back=_back(voice),
        countdown=countdown,
    )


def _words(answer: RosterAnswer, *, favour: bool) -> str:
    return f"{answer}_favour" if favour else answer


def _leaf(whose: str, shift: RosteredShift, voice: Voice) -> Leaf:
    begin, end = instant_of(shift.starts_ms), instant_of(shift.ends_ms)
    on = local_day(begin, voice)
    local = begin.astimezone(voice.zone)
    at = timedelta(hours=local.hour, minutes=local.minute) / DAY
    return Leaf(
        whose=whose,
        weekday=voice.weekday(on),
        month=voice.phrases.of("month", str(on.month)),
        day=str(on.day),
        times=span_of(shift.starts_ms, shift.ends_ms, voice),
        begin=at,
        end=min(1.0, at + (end - begin) / DAY),
        service=voice.phrases.name_of("service", shift.service),
        icon=service_icon(shift.service),
    )


def _back(voice: Voice) -> Button:
    return Button(voice.phrases.say("records.back"), Icon.GO_BACK, TapBack())
