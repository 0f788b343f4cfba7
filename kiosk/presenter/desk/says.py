"""What came of an act at the desk, as one line with its picture and colour.

Upstream: ``kiosk.usecases`` (outcomes), ``kiosk.presenter.wording``, ``kiosk.presenter.operators``.
Downstream: ``door``, ``desk``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.domain.masking import masked_name
from kiosk.presenter.icons import Icon
from kiosk.presenter.operators import sentence_of
from kiosk.presenter.views import Badge, Tone
from kiosk.usecases import desk_outcomes as desk
from kiosk.usecases import operator_outcomes, outcomes
from kiosk.usecases.receive_operator import OwnCard

if TYPE_CHECKING:
    from kiosk.presenter.desk.intents import Came
    from kiosk.presenter.wording import Voice

REFUSALS = (
    desk.DeskRefused,
    operator_outcomes.OperatorRefused,
    operator_outcomes.EntryRefused,
    outcomes.Refused,
    outcomes.NotRecorded,
)


def said_of(came: Came, voice: Voice) -> Badge | None:
    """Return the line on what came; None where there is nothing to say."""
    if isinstance(came, REFUSALS):
        tone = Tone.BAD if isinstance(came, outcomes.NotRecorded) else Tone.WARN
        return Badge(Icon.WARNING, _refused(came, voice), tone)
    if isinstance(came, desk.Batch):
        return _batch(came, voice)
    text = _scanned(came, voice) or _done(came, voice)
    return Badge(Icon.DONE, text, Tone.GOOD) if text else None


def _refused(came: Came, voice: Voice) -> str:
    if isinstance(came, desk.DeskRefused):
        return voice.phrases.of("desk_refusal", came.reason)
    return sentence_of(came, voice.phrases)  # type: ignore[arg-type]  # one of REFUSALS, all of which it knows


def _batch(came: desk.Batch, voice: Voice) -> Badge:
    if len(came.done) == 1 and not came.refused:
        return Badge(Icon.DONE, _done(came.done[0], voice), Tone.GOOD)
    if not came.done and came.refused:
        return Badge(Icon.WARNING, voice.phrases.of("desk_refusal", came.refused[0][1]), Tone.WARN)
    text = voice.phrases.say("desk.said.many", done=len(came.done))
    if not came.refused:
        return Badge(Icon.DONE, text, Tone.GOOD)
    return Badge(
        Icon.WARNING, voice.phrases.say("desk.said.some", done=len(came.done), left=len(came.refused)), Tone.WARN
    )


def _scanned(came: Came, voice: Voice) -> str:
    """A volunteer came to the camera while somebody works here: their record stands, and is said."""
    say = voice.phrases.say
    if isinstance(came, outcomes.CheckedIn):
        return say("desk.said.checked_in", name=masked_name(came.name), time=voice.time(came.at))
    if isinstance(came, outcomes.CheckedOut):
        served = voice.time_served(came.original_s)
        return say("desk.said.checked_out", name=masked_name(came.name), time=voice.time(came.at), served=served)
    return say("desk.said.own_card") if isinstance(came, OwnCard) else ""


def _done(came: Came, voice: Voice) -> str:
    phrases = voice.phrases
    match came:
        case desk.SessionConfirmed():
            credited = voice.duration(came.credited_minutes)
            return phrases.say("desk.said.confirmed", name=came.name, credited=credited)
        case desk.SessionRated():
            return phrases.say("desk.said.rated", name=came.name, quality=phrases.of("quality", came.quality))
        case operator_outcomes.HoursEntered():
            return phrases.say("desk.said.entered", name=came.name, time=voice.duration(came.minutes))
        case desk.KitMoved():
            item, deed = phrases.of("kit_item", came.item), "kit_back" if came.returned else "kit_out"
            return phrases.of("desk_said", deed, name=came.name, item=item, held=came.held)
        case desk.SessionAmended() | desk.SessionVoided() | desk.ObjectionDecided() | desk.ProposalDismissed():
            return phrases.of("desk_said", _ruled(came), name=came.name)
    return _arranged(came, voice)


def _ruled(
    came: desk.SessionAmended | desk.SessionVoided | desk.ObjectionDecided | desk.ProposalDismissed,
) -> str:
    match came:
        case desk.SessionAmended():
            return "amended" if came.holds else "amendment_waits"
        case desk.SessionVoided():
            return "voided" if came.holds else "void_waits"
        case desk.ObjectionDecided():
            return "upheld" if came.upheld else "dismissed"
    return "turned_down"


def _arranged(came: Came, voice: Voice) -> str:
    say = voice.phrases.say
    match came:
        case desk.GroupDone():
            return say("desk.said.group_done", members=came.members)
        case desk.DrillStarted():
            return say("desk.said.drill_on", time=voice.time(came.ends_at))
        case desk.DrillEnded():
            return say("desk.said.drill_off", closed=came.closed)
        case operator_outcomes.PinSet():
            return say("operator.pin_set")
    return ""
