"""Words for places, answers and outcomes of the roster, each with its shape and colour.

Upstream: ``kiosk.presenter.wording``, ``kiosk.domain`` (own plan), ``sync.protocol.vocabulary``.
Downstream: ``plan``, ``plan_sheets``, ``plan_exchange``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.domain.masking import masked_name
from kiosk.domain.own_roster import PlaceState
from kiosk.presenter.icons import Icon
from kiosk.presenter.records.listing import local_day, times_of
from kiosk.presenter.views import Badge, Tone
from kiosk.timekeeping.moment import instant_of
from sync.protocol.vocabulary import AnswerOutcome, RosterReason, SwapState

if TYPE_CHECKING:
    from kiosk.domain.open_posts import Obstacle
    from kiosk.domain.own_plan import OwnPlan
    from kiosk.domain.own_roster import OwnPlace, SwapOfMe
    from kiosk.presenter.wording import Voice
    from sync.protocol.roster import AnswerSettled

_NOTED = (Icon.UPLOADING, Tone.CALM)
_STATES = {
    PlaceState.OFFERED: (Icon.HELP, Tone.WARN),
    PlaceState.ACCEPTED: (Icon.DONE, Tone.GOOD),
    PlaceState.ASKED: (Icon.PEOPLE, Tone.WARN),
}


def masked(name: str) -> str:
    """Return a colleague's name as others may see it."""
    return masked_name(name)


def day_of_ms(ms: int, voice: Voice) -> str:
    """Return the local day of an instant (UTC ms) with its weekday."""
    on = local_day(instant_of(ms), voice)
    return voice.phrases.say("header.date", date=voice.date(on), weekday=voice.weekday(on))


def span_of(starts_ms: int, ends_ms: int, voice: Voice) -> str:
    """Return from when to when, UTC ms in, local times out."""
    return times_of(instant_of(starts_ms), instant_of(ends_ms), voice)


def place_badge(place: OwnPlace, voice: Voice) -> Badge:
    """Return how an own place stands."""
    icon, tone = _STATES.get(place.state, _NOTED)
    return Badge(icon, voice.phrases.of("place_state", place.state), tone)


def swap_badge(asked: SwapOfMe, voice: Voice) -> Badge:
    """Return how an exchange stands that a colleague asks for."""
    if asked.answered is None:
        return Badge(Icon.HELP, voice.phrases.of("place_state", PlaceState.OFFERED), Tone.WARN)
    return Badge(Icon.UPLOADING, voice.phrases.of("swap_noted", asked.answered), Tone.CALM)


def swap_title(asked: SwapOfMe, voice: Voice) -> str:
    """Return what a colleague asks for, the name masked."""
    what = "exchange.asked_favour" if asked.mine is None else "exchange.asked"
    return voice.phrases.say(what, name=masked(asked.theirs.display_name))


def outcome_badge(plan: OwnPlan, settled: AnswerSettled, voice: Voice) -> Badge:
    """Return what became of an answer; of a wish to swap that could be asked, what the colleague made of it."""
    done = settled.outcome is AnswerOutcome.DONE and plan.ends.get(settled.id, SwapState.DONE) is SwapState.DONE
    icon, tone = (Icon.DONE, Tone.GOOD) if done else (Icon.FORBIDDEN, Tone.WARN)
    outcome = AnswerOutcome.REFUSED if settled.outcome is AnswerOutcome.DONE and not done else settled.outcome
    return Badge(icon, voice.phrases.of("answer_outcome", outcome), tone)


def outcome_sentence(plan: OwnPlan, settled: AnswerSettled, voice: Voice) -> str:
    """Return why it came to that, in one sentence."""
    if settled.id in plan.ends:
        return voice.phrases.of("swap_end", plan.ends[settled.id])
    if settled.why is not None:
        return voice.phrases.of("roster_reason", settled.why)
    return voice.phrases.of("outcome_advice", settled.outcome)


def obstacle_badge(voice: Voice) -> Badge:
    """Return that a post does not suit; why stands on its own page."""
    return Badge(Icon.FORBIDDEN, voice.phrases.say("plan.unfit"), Tone.QUIET)


def obstacle_sentence(obstacle: Obstacle, voice: Voice) -> str:
    """Return what speaks against a volunteer at an open post."""
    if obstacle.reason is not RosterReason.OVERLAP:
        return voice.phrases.of("roster_reason", obstacle.reason)
    starts_ms, ends_ms = obstacle.span_ms
    span = span_of(starts_ms, ends_ms, voice)
    return voice.phrases.say("place.overlap", day=day_of_ms(starts_ms, voice), times=span)
