"""One thing of the own plan whole, with large answers: an own shift, an open post, an outcome; and why one cannot come.

Upstream: ``roster_words``, ``kiosk.domain.own_plan``.
Downstream: ``plan_pages``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.domain.own_roster import PlaceState
from kiosk.presenter.icons import Icon, service_icon
from kiosk.presenter.records.acts import TapBack, TapLeaveFor, TapSay
from kiosk.presenter.records.roster_words import (
    day_of_ms,
    masked,
    obstacle_badge,
    obstacle_sentence,
    outcome_badge,
    outcome_sentence,
    place_badge,
    span_of,
)
from kiosk.presenter.records.views import Fact, PlaceView, ReasonsView
from kiosk.presenter.views import Badge, Button, Tone
from sync.protocol.vocabulary import LeaveReason, RosterAnswer

if TYPE_CHECKING:
    from kiosk.domain.open_posts import OpenPlace
    from kiosk.domain.own_plan import OwnPlan
    from kiosk.domain.own_roster import OwnPlace
    from kiosk.presenter.views import Countdown
    from kiosk.presenter.wording import Voice
    from sync.protocol.reference import RosteredShift
    from sync.protocol.roster import AnswerSettled, OpenPost

MATES = 3  # named; of more, how many others
_ANSWERS = {
    RosterAnswer.ACCEPT: (Icon.CHECK, Tone.GOOD),
    RosterAnswer.DECLINE: (Icon.CANCEL, Tone.QUIET),
    RosterAnswer.LEAVE: (Icon.LEAVE, Tone.QUIET),
    RosterAnswer.ASK_SWAP: (Icon.PEOPLE, Tone.ACCENT),
    RosterAnswer.WITHDRAW_SWAP: (Icon.UNDO, Tone.ACCENT),
    RosterAnswer.TAKE: (Icon.KEEP, Tone.GOOD),
    RosterAnswer.SEEN: (Icon.CHECK, Tone.GOOD),
    RosterAnswer.AGREE_SWAP: (Icon.CHECK, Tone.GOOD),
    RosterAnswer.REFUSE_SWAP: (Icon.CANCEL, Tone.QUIET),
}
_REASONS = {
    None: Icon.CHECK,
    LeaveReason.ILL: Icon.SAD,
    LeaveReason.FAMILY: Icon.FAMILY,
    LeaveReason.WORK: Icon.CERTIFICATE,
    LeaveReason.TRAVEL: Icon.PLACE,
    LeaveReason.OTHER: Icon.HELP,
}


def answer_button(answer: RosterAnswer, words: str, voice: Voice) -> Button:
    """Return the button of an answer; ``words`` is the member of ``say_to_roster`` that stands on it."""
    icon, tone = _ANSWERS[answer]
    return Button(voice.phrases.of("say_to_roster", words), icon, TapSay(answer), tone)


def place_view(plan: OwnPlan, place: OwnPlace, voice: Voice, countdown: Countdown, *, asked: bool) -> PlaceView:
    """Put an own shift into words; ``asked`` while an answer is being recorded."""
    shift = place.shift
    begun = shift.starts_ms <= plan.now_ms
    sentence = "place.begun" if begun else "plan.recording" if asked else f"place_advice.{place.state}"
    again = place.state in {PlaceState.DECLINING, PlaceState.LEAVING, PlaceState.ACCEPTING}
    answers = () if asked else plan.answers_to(place)
    return PlaceView(
        icon=service_icon(shift.service),
        title=day_of_ms(shift.starts_ms, voice),
        times=span_of(shift.starts_ms, shift.ends_ms, voice),
        state=place_badge(place, voice),
        facts=_facts(plan.point, shift, _mates(plan, shift, voice), voice),
        sentence=voice.phrases.say(sentence),
        answers=tuple(answer_button(each, f"{each}_after_all" if again else each, voice) for each in answers),
        back=_back(voice),
        countdown=countdown,
    )


def post_view(plan: OwnPlan, place: OpenPlace, voice: Voice, countdown: Countdown, *, asked: bool) -> PlaceView:
    """Put an open post into words: a button to take it, or why not."""
    post, phrases = place.post, voice.phrases
    wanted = Badge(Icon.PEOPLE, phrases.say("plan.wanted", count=post.wanted), Tone.GOOD)
    noted = Badge(Icon.UPLOADING, phrases.say("plan.noted"), Tone.CALM)
    if place.obstacle is not None:
        state, sentence = obstacle_badge(voice), obstacle_sentence(place.obstacle, voice)
    elif place.noted:
        state, sentence = noted, phrases.say("post.noted")
    else:
        state, sentence = wanted, phrases.say("plan.recording" if asked else "post.first_come")
    free = not (asked or place.noted or place.obstacle)
    return PlaceView(
        icon=service_icon(post.service),
        title=day_of_ms(post.starts_ms, voice),
        times=span_of(post.starts_ms, post.ends_ms, voice),
        state=state,
        facts=_facts(plan.point, post, _asks(post, voice), voice),
        sentence=sentence,
        answers=(answer_button(RosterAnswer.TAKE, RosterAnswer.TAKE, voice),) if free else (),
        back=_back(voice),
        countdown=countdown,
    )


def outcome_view(
    plan: OwnPlan, settled: AnswerSettled, voice: Voice, countdown: Countdown, *, asked: bool
) -> PlaceView:
    """Say what became of an answer, and why."""
    phrases = voice.phrases
    facts = (
        Fact(phrases.say("place.where"), plan.point),
        Fact(phrases.say("place.service"), phrases.name_of("service", settled.service)),
        Fact(phrases.say("outcome.said"), phrases.of("roster_answer", settled.answer)),
    )
    why = outcome_sentence(plan, settled, voice)
    return PlaceView(
        icon=service_icon(settled.service),
        title=day_of_ms(settled.starts_ms, voice),
        times=span_of(settled.starts_ms, settled.ends_ms, voice),
        state=outcome_badge(plan, settled, voice),
        facts=facts,
        sentence=phrases.say("plan.recording") if asked else why,
        answers=() if asked else (answer_button(RosterAnswer.SEEN, RosterAnswer.SEEN, voice),),
        back=_back(voice),
        countdown=countdown,
    )


def leave_view(place: OwnPlace, voice: Voice, countdown: Countdown, *, asked: bool) -> ReasonsView:
    """Ask why one cannot come, where one likes to say; not to say it comes first."""
    phrases, shift = voice.phrases, place.shift
    when = (day_of_ms(shift.starts_ms, voice), span_of(shift.starts_ms, shift.ends_ms, voice))
    return ReasonsView(
        title=phrases.say("leave.title"),
        subtitle=phrases.say("records.between").join(when),
        reasons=tuple(
            Button(phrases.of("leave_reason", reason or "unsaid"), icon, TapLeaveFor(reason))
            for reason, icon in _REASONS.items()
        ),
        note=phrases.say("plan.recording" if asked else "leave.note"),
        back=_back(voice),
        countdown=countdown,
    )


def _facts(point: str, what: RosteredShift | OpenPost, last: Fact, voice: Voice) -> tuple[Fact, ...]:
    phrases = voice.phrases
    return (
        Fact(phrases.say("place.where"), point),
        Fact(phrases.say("place.service"), phrases.name_of("service", what.service)),
        last,
    )


def _mates(plan: OwnPlan, shift: RosteredShift, voice: Voice) -> Fact:
    phrases, mates = voice.phrases, plan.mates(shift)
    names = phrases.say("place.and").join(masked(each.display_name) for each in mates[:MATES])
    if not mates:
        names = phrases.say("place.nobody_else")
    elif len(mates) > MATES:
        names = phrases.say("place.more", names=names, count=len(mates))
    return Fact(phrases.say("place.mates"), names)


def _asks(post: OpenPost, voice: Voice) -> Fact:
    phrases = voice.phrases
    asks = [phrases.name_of("training", each) for each in (post.training, post.skill) if each is not None]
    return Fact(phrases.say("post.asks"), phrases.say("place.and").join(asks) or phrases.say("post.asks_nothing"))


def _back(voice: Voice) -> Button:
    return Button(voice.phrases.say("records.back"), Icon.GO_BACK, TapBack())
