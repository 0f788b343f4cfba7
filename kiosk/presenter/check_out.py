"""下岗: the card that follows a check-out.

Upstream: ``contents``, ``roster_line``, ``stars``, ``wording``, ``sync.protocol.crediting`` (the rule's limits).
Downstream: ``kiosk_presenter``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.domain.roster import instant_of
from kiosk.presenter.acts import TapCount, TapStayOn
from kiosk.presenter.asking.acts import TapChange
from kiosk.presenter.icons import Icon, tally_icon
from kiosk.presenter.roster_line import comes_next, line_of, waits
from kiosk.presenter.stars import star_ring
from kiosk.presenter.views import Badge, Button, CheckOutView, StayOnOffer, Stepper, Tone
from kiosk.presenter.wording import MIN_PER_HOUR, S_PER_MIN
from sync.protocol.crediting import LUOYANG_1, RULES
from sync.protocol.vocabulary import TallyKind

MOST_TALLIES = 3  # as many as find room at 20 mm a key

if TYPE_CHECKING:
    from kiosk.presenter.contents import CheckOutCard
    from kiosk.presenter.views import Countdown
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.outcomes import CheckedOut


def check_out_view(
    card: CheckOutCard, voice: Voice, undo: Button | None, close: Button, countdown: Countdown
) -> CheckOutView:
    """Put a check-out card into words."""
    phrases, outcome = voice.phrases, card.outcome
    return CheckOutView(
        thanks=phrases.say("check_out.thanks", name=outcome.name),
        recorded=_recorded(outcome, voice),
        served_title=phrases.say("check_out.served_title"),
        served=voice.time_served(outcome.original_s),
        credited=_credited(outcome, voice),
        month_title=phrases.say("check_out.month_title"),
        month=voice.duration(outcome.month_minutes),
        star=star_ring(outcome.total_minutes, outcome.credited_minutes, voice),
        tallies_title=phrases.say("check_out.tallies_title"),
        tallies=tuple(_stepper(kind, card, voice) for kind in outcome.tallies[:MOST_TALLIES] or TallyKind),
        change=Button(phrases.say("check_out.change"), Icon.ENTER, TapChange()),
        undo=undo,
        close=close,
        countdown=countdown,
        line=line_of(voice, comes_next(outcome.comes_next, voice), waits(outcome.news, voice)),
        stay_on=_stay_on(card, voice),
    )


def _stay_on(card: CheckOutCard, voice: Voice) -> StayOnOffer | None:
    """Offer the post that begins now; a wish, asked once and never again."""
    post, phrases = card.outcome.stay_on, voice.phrases
    if post is None:
        return None
    service = phrases.name_of("service", post.service)
    begin, end = voice.time(instant_of(post.starts_ms)), voice.time(instant_of(post.ends_ms))
    text = phrases.say("stay_on.button", begin=begin, end=end, service=service)
    return StayOnOffer(
        title=phrases.say("stay_on.saving" if card.staying else "stay_on.title"),
        button=Button(text, Icon.SAVING if card.staying else Icon.GO_ON, TapStayOn(post.id), Tone.ACCENT),
        note=phrases.say("stay_on.note"),
    )


def _recorded(outcome: CheckedOut, voice: Voice) -> Badge:
    msgid = "check_out.practised" if outcome.drill else "check_out.recorded"
    return Badge(Icon.DONE, voice.phrases.say(msgid, time=voice.time(outcome.at)), Tone.GOOD)


def _credited(outcome: CheckedOut, voice: Voice) -> Badge:
    """Say what counts, and why where it is not all."""
    phrases = voice.phrases
    if outcome.drill or outcome.paid:
        return Badge(Icon.NOTICE, phrases.say("credited.drill" if outcome.drill else "credited.paid"), Tone.CALM)
    rule = RULES.get(outcome.rule, LUOYANG_1)
    original_min = outcome.original_s // S_PER_MIN
    if outcome.provisional:
        return Badge(Icon.HISTORY, phrases.say("credited.provisional", hours=rule.cap // MIN_PER_HOUR), Tone.WARN)
    if original_min < rule.minimum:
        return Badge(Icon.CLOCK, phrases.say("credited.too_short", minutes=rule.minimum), Tone.WARN)
    credited = voice.duration(outcome.credited_minutes)
    if outcome.credited_minutes < original_min:
        return Badge(Icon.CLOCK, phrases.say("credited.shift_only", credited=credited), Tone.CALM)
    return Badge(Icon.DONE, phrases.say("credited.all", credited=credited), Tone.GOOD)


def _stepper(kind: str, card: CheckOutCard, voice: Voice) -> Stepper:
    return Stepper(
        kind=kind,
        name=voice.phrases.name_of("tally", kind),
        icon=tally_icon(kind),
        count=card.counts.get(kind, 0),
        less=TapCount(kind, -1),
        more=TapCount(kind, 1),
    )
