"""上岗: the card that follows a check-in.

Upstream: ``contents``, ``roster_line``, ``wording``.
Downstream: ``kiosk_presenter``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.domain.roster import Punctuality, instant_of
from kiosk.presenter.icons import Icon
from kiosk.presenter.roster_line import line_of, relieves, waits
from kiosk.presenter.tiles import service_tiles
from kiosk.presenter.views import Badge, CheckInView, Direction, Tone
from kiosk.usecases.outcomes import EndStated

if TYPE_CHECKING:
    from kiosk.domain.standing import Want
    from kiosk.presenter.contents import CheckInCard
    from kiosk.presenter.views import Button, Countdown
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.outcomes import CheckedIn

MOST_WARNINGS = 2  # more leave no room for the tiles
_PUNCTUALITY = {
    Punctuality.EARLY: (Icon.EARLY, Tone.CALM),
    Punctuality.ON_TIME: (Icon.DONE, Tone.GOOD),
    Punctuality.LATE: (Icon.CLOCK, Tone.WARN),
    Punctuality.BACK: (Icon.KEEP, Tone.GOOD),
    Punctuality.WALK_IN: (Icon.WALK_IN, Tone.CALM),
}


def check_in_view(
    card: CheckInCard, voice: Voice, undo: Button | None, close: Button, countdown: Countdown
) -> CheckInView:
    """Put a check-in card into words."""
    phrases, outcome = voice.phrases, card.outcome
    before, waiting = relieves(outcome.relieves, voice), waits(outcome.news, voice)
    return CheckInView(
        greeting=phrases.say("check_in.greeting", name=outcome.name),
        recorded=_recorded(card, voice),
        punctuality=_punctuality(outcome, voice),
        shift=_shift(outcome, voice),
        question="" if before and waiting else phrases.say("check_in.question"),
        services=service_tiles(outcome.service, card.service, outcome.wants, voice),
        reminder=phrases.say("check_in.reminder"),
        warnings=tuple(_warnings(card, voice)[:MOST_WARNINGS]),
        undo=undo,
        close=close,
        countdown=countdown,
        line=line_of(voice, before, waiting),
        direction=_direction(outcome, voice),
    )


def _recorded(card: CheckInCard, voice: Voice) -> Badge:
    if card.saving:
        return Badge(Icon.SAVING, voice.phrases.say("check_in.saving"), Tone.CALM)
    time = voice.time(card.outcome.at)
    service = voice.phrases.name_of("service", card.service)
    msgid = "check_in.practised" if card.outcome.drill else "check_in.recorded"
    return Badge(Icon.DONE, voice.phrases.say(msgid, time=time, service=service), Tone.GOOD)


def _punctuality(outcome: CheckedIn, voice: Voice) -> Badge:
    if outcome.follows:
        msgid = "check_in.follows" if outcome.stays_for is None else "check_in.stays_on"
        return Badge(Icon.ENTER, voice.phrases.say(msgid), Tone.GOOD)
    icon, tone = _PUNCTUALITY[outcome.match.punctuality]
    return Badge(icon, voice.phrases.of("punctuality", outcome.match.punctuality), tone)


def _shift(outcome: CheckedIn, voice: Voice) -> str:
    shift, span = outcome.match.shift or outcome.stays_for, outcome.match.span
    if outcome.nearby is not None:  # it has a sentence of its own
        return ""
    if shift is None:
        return voice.phrases.say("check_in.no_shift")
    ends_ms = shift.ends_ms if span is None else span[1]
    begin, end = voice.time(instant_of(shift.starts_ms)), voice.time(instant_of(ends_ms))
    return voice.phrases.say("check_in.shift", begin=begin, end=end)


def _direction(outcome: CheckedIn, voice: Voice) -> Direction | None:
    """Show the way to whoever is planned at another point about now; the scan is recorded all the same."""
    shift = outcome.nearby
    if shift is None:
        return None
    begins = instant_of(shift.starts_ms)
    today = begins.astimezone(voice.zone).date() == outcome.at.astimezone(voice.zone).date()
    day = voice.phrases.say("date.today") if today else voice.day(begins)
    msgid = "wrong_point.sentence" if shift.address else "wrong_point.without_address"
    place, address, time = shift.place, shift.address, voice.time(begins)
    sentence = voice.phrases.say(msgid, day=day, time=time, place=place, address=address)
    return Direction(sentence, voice.phrases.say("wrong_point.hint", seconds=voice.policy.undo_s))


def _warnings(card: CheckInCard, voice: Voice) -> list[Badge]:
    """What the volunteer should know or tell the captain, the most urgent first."""
    phrases, outcome = voice.phrases, card.outcome
    found = [_wanting(card, voice), _answer(outcome, voice)]
    if outcome.post_taken:
        found.append(Badge(Icon.SAVING, phrases.say("check_in.taken"), Tone.CALM))
    if outcome.paid:
        found.append(Badge(Icon.NOTICE, phrases.say("check_in.paid"), Tone.CALM))
    found += [Badge(Icon.WARNING, phrases.of("caution", caution), Tone.WARN) for caution in outcome.cautions]
    if outcome.unfinished_since is not None:
        text = phrases.say("check_in.unfinished", day=voice.day(outcome.unfinished_since))
        found.append(Badge(Icon.WARNING, text, Tone.WARN))
    if outcome.validity_unchecked:
        found.append(Badge(Icon.CLOCK, phrases.say("check_in.validity_unchecked"), Tone.WARN))
    return [badge for badge in found if badge is not None]


def _wanting(card: CheckInCard, voice: Voice) -> Badge | None:
    """Say which training is missing: for the kind that was tapped in vain, else for the one on record."""
    kind = card.service if card.locked is None else card.locked
    want = card.outcome.wants.get(kind)
    if want is None:
        return None
    names = {"service": voice.phrases.name_of("service", kind), "training": _training(want, voice)}
    msgid = "check_in.training" if card.locked is None else "check_in.training_first"
    return Badge(Icon.TUTORING, voice.phrases.say(msgid, **names), Tone.WARN)


def _training(want: Want, voice: Voice) -> str:
    return voice.phrases.name_of("training", want.training)


def _answer(outcome: CheckedIn, voice: Voice) -> Badge | None:
    """Say that the answer to the question before this card is on record."""
    if isinstance(outcome.answer, EndStated):
        ends_at = outcome.answer.ends_at
        text = voice.phrases.say("check_in.end_stated", day=voice.day(ends_at), time=voice.time(ends_at))
        return Badge(Icon.DONE, text, Tone.GOOD)
    if outcome.answer is None:
        return None
    return Badge(Icon.DONE, voice.phrases.say("check_in.ended_elsewhere"), Tone.GOOD)
