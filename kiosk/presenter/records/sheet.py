"""One own record in words: what stands, how it is known, what was recorded first, what was objected and decided.

Upstream: ``listing`` (states, days), ``kiosk.usecases.record_outcomes``.
Downstream: ``pages``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.domain.record_refusal import RecordRefusal
from kiosk.presenter.icons import Icon
from kiosk.presenter.records.acts import TapBack, TapReason, TapWrong
from kiosk.presenter.records.listing import day_of, local_day, state_badge, times_of
from kiosk.presenter.records.views import Fact, ReasonsView, RecordSheetView
from kiosk.presenter.views import Badge, Button, Tone
from sync.protocol.sessions import DRILL, PAID
from sync.protocol.vocabulary import Face, ObjectionReason, Provenance, SessionState

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.views import Countdown
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.record_outcomes import ObjectionSeen, RecordSheet, Times

_REASONS = {
    ObjectionReason.WRONG_TIME: Icon.CLOCK,
    ObjectionReason.WRONG_SERVICE: Icon.OTHER_SERVICE,
    ObjectionReason.NOT_MINE: Icon.PERSON,
    ObjectionReason.WRONG_RATING: Icon.STAR,
    ObjectionReason.OTHER: Icon.HELP,
}


def sheet_view(record: RecordSheet, at: datetime, voice: Voice, countdown: Countdown) -> RecordSheetView:
    """Put one record into words; ``at`` is when it was opened."""
    phrases = voice.phrases
    wrong = Button(phrases.say("sheet.wrong"), Icon.WARNING, TapWrong(), Tone.ACCENT)
    why_not = "" if record.may_object is None else phrases.of("record_refusal", record.may_object, "what")
    return RecordSheetView(
        title=_day(record, at, voice),
        subtitle=phrases.name_of("service", record.now.service),
        state=state_badge(
            record.state,
            voice,
            disputed=record.may_object is RecordRefusal.ALREADY_OBJECTED,
            counts_nothing=bool(record.flags & {PAID, DRILL}),
        ),
        facts=_facts(record, voice),
        objections=tuple(_objection(each, voice) for each in record.objections),
        wrong=wrong if record.may_object is None else None,
        why_not=why_not,
        back=Button(phrases.say("records.back"), Icon.GO_BACK, TapBack()),
        countdown=countdown,
    )


def reasons_view(record: RecordSheet, at: datetime, voice: Voice, countdown: Countdown, *, asked: bool) -> ReasonsView:
    """Ask what is wrong; a rating that was never given is not among the reasons."""
    phrases = voice.phrases
    rated = record.rating is not None
    reasons = [reason for reason in ObjectionReason if rated or reason is not ObjectionReason.WRONG_RATING]
    times = times_of(record.now.started_at, _ended(record.now, record.state), voice)
    return ReasonsView(
        title=phrases.say("reasons.title"),
        subtitle=phrases.say("records.between").join((_day(record, at, voice), times)),
        reasons=tuple(
            Button(phrases.of("objection_reason", reason), _REASONS[reason], TapReason(reason)) for reason in reasons
        ),
        note=phrases.say("reasons.asked" if asked else "reasons.note"),
        back=Button(phrases.say("records.back"), Icon.GO_BACK, TapBack()),
        countdown=countdown,
    )


def _day(record: RecordSheet, at: datetime, voice: Voice) -> str:
    on = local_day(record.now.started_at, voice)
    return voice.phrases.say("header.date", date=day_of(on, local_day(at, voice), voice), weekday=voice.weekday(on))


def _facts(record: RecordSheet, voice: Voice) -> tuple[Fact, ...]:
    phrases, now, first = voice.phrases, record.now, record.original
    known = phrases.say("records.between").join(
        (phrases.of("provenance", now.provenance), phrases.of("bounds", now.quality))
    )
    facts = [
        Fact(phrases.say("sheet.times"), _times(now, record.state, voice), _before(first, now, voice)),
        Fact(phrases.say("sheet.credited"), _credited(record, voice)),
        Fact(phrases.say("sheet.known"), known),
        Fact(phrases.say("sheet.rating"), _rating(record, voice)),
    ]
    if record.faces:
        facts.append(Fact(phrases.say("sheet.faces"), _faces(record, voice)))
    return tuple(facts)


def _ended(times: Times, state: SessionState) -> datetime | None:
    """The limit at which the rules closed it is no end that anybody saw."""
    unknown = state is SessionState.PROVISIONAL and times.provenance is Provenance.ONE_SCAN_AUTO
    return None if unknown else times.ended_at


def _times(times: Times, state: SessionState, voice: Voice) -> str:
    return times_of(times.started_at, _ended(times, state), voice)


def _before(first: Times | None, now: Times, voice: Voice) -> str:
    """What was recorded first, where a correction stands beside it."""
    if first is None:
        return ""
    unended = first.provenance is Provenance.ONE_SCAN_AUTO
    parts = [times_of(first.started_at, None if unended else first.ended_at, voice)]
    if first.service != now.service:
        parts.append(voice.phrases.name_of("service", first.service))
    return voice.phrases.say("sheet.first", value=voice.phrases.say("records.between").join(parts))


def _credited(record: RecordSheet, voice: Voice) -> str:
    if record.state is SessionState.OPEN:
        return voice.phrases.say("records.running")
    served = voice.time_served(record.now.original_s)
    return voice.phrases.say("sheet.credited_of", credited=voice.duration(record.credited_minutes), served=served)


def _rating(record: RecordSheet, voice: Voice) -> str:
    phrases, rating = voice.phrases, record.rating
    if rating is None:
        return phrases.say("sheet.not_rated")
    words = [phrases.of("quality", rating.quality), *(phrases.of("effect", effect) for effect in rating.effects)]
    return phrases.say("records.between").join(words)


def _faces(record: RecordSheet, voice: Voice) -> str:
    phrases = voice.phrases
    told = (phrases.of("face_count", face, count=record.faces[face]) for face in Face if record.faces.get(face))
    return phrases.say("records.between").join(told)


def _objection(seen: ObjectionSeen, voice: Voice) -> Badge:
    phrases = voice.phrases
    reason = phrases.of("objection_reason", seen.reason)
    if seen.upheld is None or seen.decided is None:
        return Badge(Icon.CLOCK, phrases.say("sheet.objected", reason=reason), Tone.CALM)
    how = phrases.of("decision", seen.decided)
    if seen.upheld:
        return Badge(Icon.DONE, phrases.say("sheet.upheld", reason=reason, how=how), Tone.GOOD)
    return Badge(Icon.CLOCK, phrases.say("sheet.dismissed", reason=reason, how=how), Tone.QUIET)
