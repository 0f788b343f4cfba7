"""What was refused, not recorded or taken back: one sentence on it and one on what to do next, never a code.

Upstream: ``contents``, ``wording``.
Downstream: ``kiosk_presenter``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.masking import masked_name
from kiosk.domain.refusal import RefusalReason
from kiosk.presenter.acts import AreaIntent, ChooseServiceIntent, TallyIntent, UndoIntent
from kiosk.presenter.contents import FaultNotice
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import NoticeView, Tone
from kiosk.usecases.outcomes import CaptainNeeded, MoveRefused, Refused, Undone, UndoRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.presenter.views import Button, Countdown
    from kiosk.presenter.wording import Voice

_REFUSED = {
    RefusalReason.PAYMENT_CODE: Icon.QR_CODE,
    RefusalReason.WEB_ADDRESS: Icon.QR_CODE,
    RefusalReason.CONTACT_CARD: Icon.PERSON,
    RefusalReason.ID_NUMBER: Icon.PERSON,
    RefusalReason.BARE_DIGITS: Icon.QR_CODE,
    RefusalReason.NOT_A_CERTIFICATE: Icon.QR_CODE,
    RefusalReason.DAMAGED: Icon.SCAN,
    RefusalReason.UNKNOWN_ISSUER: Icon.HELP,
    RefusalReason.FORGED: Icon.FORGED,
    RefusalReason.EXPIRED: Icon.CALENDAR,
    RefusalReason.NOT_YET_VALID: Icon.CALENDAR,
    RefusalReason.REVOKED: Icon.FORBIDDEN,
    RefusalReason.REPLAYED: Icon.PHONE,
    RefusalReason.DYNAMIC_NEEDED: Icon.PHONE,
    RefusalReason.NOT_LISTED: Icon.PEOPLE,
    RefusalReason.WRONG_NUMBER: Icon.HELP,
    RefusalReason.SEVERAL_CODES: Icon.SCAN,
    RefusalReason.SUSPENDED: Icon.FORBIDDEN,
    RefusalReason.GUARDIAN_NEEDED: Icon.PEOPLE,
    RefusalReason.MINOR_AT_NIGHT: Icon.CLOCK,
}
_STANDS: Mapping[type, str] = {
    UndoIntent: "fault.undo",
    ChooseServiceIntent: "fault.choice",
    TallyIntent: "fault.tally",
}


@dataclass(frozen=True, slots=True)
class _Message:
    tone: Tone
    icon: Icon
    what: str
    advice: str
    note: str


Notice = Refused | CaptainNeeded | FaultNotice | Undone | UndoRefused | MoveRefused


def notice_view(content: Notice, voice: Voice, time: str, close: Button, countdown: Countdown) -> NoticeView:
    """Put a notice into words; ``time`` is the time of day on the screen, to be copied to paper."""
    if isinstance(content, Refused):
        message = _refused(content, voice)
    elif isinstance(content, CaptainNeeded):
        message = _captain_needed(content, voice)
    elif isinstance(content, FaultNotice):
        message = _fault(content, voice, time)
    elif isinstance(content, Undone):
        message = _undone(content, voice)
    elif isinstance(content, MoveRefused):
        message = _move_refused(content, voice)
    else:
        message = _undo_refused(content, voice)
    return NoticeView(
        tone=message.tone,
        icon=message.icon,
        what=message.what,
        advice=message.advice,
        note=message.note,
        close=close,
        countdown=countdown,
    )


def _refused(content: Refused, voice: Voice) -> _Message:
    phrases, reason = voice.phrases, content.reason
    day = {"from_time": f"{voice.policy.minors_from:%H:%M}", "until_time": f"{voice.policy.minors_until:%H:%M}"}
    what, advice = phrases.of("refusal", reason, "what"), phrases.of("refusal", reason, "advice", **day)
    return _Message(Tone.WARN, _REFUSED[reason], what, advice, phrases.say("refusal.note"))


def _captain_needed(content: CaptainNeeded, voice: Voice) -> _Message:
    phrases = voice.phrases
    what = phrases.say("captain_needed.what", name=masked_name(content.name))
    advice = phrases.say("captain_needed.advice", seconds=voice.policy.confirm_s)
    return _Message(Tone.CALM, Icon.PEOPLE, what, advice, phrases.say("captain_needed.note"))


def _fault(content: FaultNotice, voice: Voice, time: str) -> _Message:
    phrases, fault = voice.phrases, content.outcome.fault
    answers = content.answers
    stands = answers.stands if isinstance(answers, AreaIntent) else _STANDS.get(type(answers))
    if stands is not None:
        what, advice = phrases.of("fault", fault, "what"), phrases.say("fault.tell_captain")
        return _Message(Tone.BAD, Icon.DEVICE_TROUBLE, what, advice, phrases.say(stands))
    what, advice = phrases.of("fault", fault, "what"), phrases.of("fault", fault, "advice", time=time)
    return _Message(Tone.BAD, Icon.DEVICE_TROUBLE, what, advice, phrases.say("fault.note", time=time))


def _undone(content: Undone, voice: Voice) -> _Message:
    deed = "check_in" if content.was_check_in else "check_out"
    phrases = voice.phrases
    what, advice = phrases.of("undone", deed, "what", name=content.name), phrases.of("undone", deed, "advice")
    return _Message(Tone.CALM, Icon.UNDO, what, advice, phrases.say("undone.note"))


def _move_refused(content: MoveRefused, voice: Voice) -> _Message:
    phrases, reason = voice.phrases, content.reason
    what, advice = phrases.of("move_refusal", reason, "what"), phrases.of("move_refusal", reason, "advice")
    return _Message(Tone.WARN, Icon.HELP, what, advice, phrases.say("undo_refusal.note"))


def _undo_refused(content: UndoRefused, voice: Voice) -> _Message:
    phrases, reason = voice.phrases, content.reason
    what = phrases.of("undo_refusal", reason, "what", seconds=voice.policy.undo_s)
    advice = phrases.of("undo_refusal", reason, "advice")
    return _Message(Tone.WARN, Icon.CLOCK, what, advice, phrases.say("undo_refusal.note"))
