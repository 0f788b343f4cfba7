"""上岗: the card that follows a check-in.

Upstream: ``contents``, ``wording``.
Downstream: ``kiosk_presenter``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.domain.roster import Punctuality, ends_at, starts_at
from kiosk.presenter.acts import TapService
from kiosk.presenter.icons import Icon, service_icon
from kiosk.presenter.views import Badge, CheckInView, ServiceTile, Tone
from sync.protocol.vocabulary import ServiceKind

if TYPE_CHECKING:
    from kiosk.presenter.contents import CheckInCard
    from kiosk.presenter.views import Button, Countdown
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.outcomes import CheckedIn

_PUNCTUALITY = {
    Punctuality.EARLY: (Icon.EARLY, Tone.CALM),
    Punctuality.ON_TIME: (Icon.DONE, Tone.GOOD),
    Punctuality.LATE: (Icon.CLOCK, Tone.WARN),
    Punctuality.WALK_IN: (Icon.WALK_IN, Tone.CALM),
}


def check_in_view(
    card: CheckInCard, voice: Voice, undo: Button | None, close: Button, countdown: Countdown
) -> CheckInView:
    """Put a check-in card into words."""
    phrases, outcome = voice.phrases, card.outcome
    return CheckInView(
        greeting=phrases.say("check_in.greeting", name=outcome.name),
        recorded=_recorded(card, voice),
        punctuality=_punctuality(outcome, voice),
        shift=_shift(outcome, voice),
        question=phrases.say("check_in.question"),
        services=_tiles(card, voice),
        reminder=phrases.say("check_in.reminder"),
        warnings=_warnings(outcome, voice),
        undo=undo,
        close=close,
        countdown=countdown,
    )


def _recorded(card: CheckInCard, voice: Voice) -> Badge:
    if card.saving:
        return Badge(Icon.SAVING, voice.phrases.say("check_in.saving"), Tone.CALM)
    time = voice.time(card.outcome.at)
    service = voice.phrases.name_of("service", card.service)
    return Badge(Icon.DONE, voice.phrases.say("check_in.recorded", time=time, service=service), Tone.GOOD)


def _punctuality(outcome: CheckedIn, voice: Voice) -> Badge:
    icon, tone = _PUNCTUALITY[outcome.match.punctuality]
    return Badge(icon, voice.phrases.of("punctuality", outcome.match.punctuality), tone)


def _shift(outcome: CheckedIn, voice: Voice) -> str:
    shift = outcome.match.shift
    if shift is None:
        return voice.phrases.say("check_in.no_shift")
    begin, end = voice.time(starts_at(shift)), voice.time(ends_at(shift))
    return voice.phrases.say("check_in.shift", begin=begin, end=end)


def _tiles(card: CheckInCard, voice: Voice) -> tuple[ServiceTile, ...]:
    """The policy's seven; a station's own kind takes the first place where it is the likely one."""
    kinds = [kind.value for kind in ServiceKind]
    if card.outcome.service not in kinds:
        kinds = [card.outcome.service, *kinds]
    return tuple(
        ServiceTile(voice.phrases.name_of("service", kind), service_icon(kind), kind == card.service, TapService(kind))
        for kind in kinds
    )


def _warnings(outcome: CheckedIn, voice: Voice) -> tuple[Badge, ...]:
    warnings = []
    if outcome.unfinished_since is not None:
        text = voice.phrases.say("check_in.unfinished", day=voice.day(outcome.unfinished_since))
        warnings.append(Badge(Icon.WARNING, text, Tone.WARN))
    if outcome.validity_unchecked:
        warnings.append(Badge(Icon.CLOCK, voice.phrases.say("check_in.validity_unchecked"), Tone.WARN))
    return tuple(warnings)
