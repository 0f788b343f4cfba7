"""The words of one record: the two sheets side by side, the volunteer's word, and what to look at.

Upstream: ``kiosk.usecases.desk``, ``kiosk.presenter.wording``.
Downstream: ``sheet``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.presenter.desk.lines import known_end
from kiosk.presenter.desk.views import Line, Sheet
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Badge, Tone
from kiosk.usecases.desk import Awaiting

if TYPE_CHECKING:
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.desk import DeskAct, SessionSheet, Version, Waits

SPOKEN_FLAGS = (
    "over_cap",
    "clock_clamped",
    "wide_duration",
    "validity_unchecked",
    "typed",
    "listed",
    "group",
    "paid",
    "drill",
    "beyond_shift",
)
MOST_FLAGS = 3
_QUIET = {"group", "listed", "beyond_shift"}


def sheets_of(sheet: SessionSheet, voice: Voice) -> tuple[Sheet, Sheet]:
    """Return 「原记录」 and 「现认定」, with what differs between them marked."""
    say, was, now = voice.phrases.say, sheet.recorded, sheet.judged
    left, right = _lines(was, voice), _lines(now, voice)
    marked = tuple(Line(b.name, b.value, a.value != b.value) for a, b in zip(left, right, strict=True))
    quality = say("desk.unrated") if sheet.line.quality is None else voice.phrases.of("quality", sheet.line.quality)
    served = Line(
        say("desk.line.original"),
        voice.duration(was.original_minutes) if was.original_minutes else say("desk.time.unknown"),
    )
    counted = Line(
        say("desk.line.credited"),
        voice.duration(now.credited_minutes) if now.credited_minutes else say("desk.line.nothing"),
    )
    how = Line(say("desk.line.how"), voice.phrases.of("provenance", was.provenance))
    rated = Line(say("desk.line.quality"), quality)
    return (
        Sheet(say("desk.sheet.recorded"), Icon.SCAN, (*left, served, how)),
        Sheet(say("desk.sheet.judged"), Icon.CERTIFICATE, (*marked, counted, rated)),
    )


def _lines(version: Version, voice: Voice) -> tuple[Line, ...]:
    say = voice.phrases.say
    ended_at = known_end(version)
    return (
        Line(say("desk.line.begin"), voice.time(version.started_at)),
        Line(say("desk.line.end"), say("desk.time.unknown") if ended_at is None else voice.time(ended_at)),
        Line(say("desk.line.service"), voice.phrases.name_of("service", version.service)),
    )


def said_of_session(sheet: SessionSheet, voice: Voice) -> str:
    """Return the one sentence that a captain must know first: who said what, and what it waits for."""
    phrases = voice.phrases
    if any(objection.upheld is None for objection in sheet.objections):
        reason = next(each.reason for each in sheet.objections if each.upheld is None)
        return phrases.say("desk.says.objection", reason=phrases.of("objection_reason", reason))
    waits = next((each for each in sheet.waits if each.what is not Awaiting.HOURS), None)
    if waits is not None and waits.what is not Awaiting.STATEMENT:
        return _proposed(waits, sheet, voice)
    if sheet.statement is not None:
        return phrases.say("desk.says.left", time=voice.time(sheet.statement.ends_at))
    return ""


def _proposed(waits: Waits, sheet: SessionSheet, voice: Voice) -> str:
    phrases, by = voice.phrases, waits.by_name or waits.by or ""
    if waits.what is Awaiting.ENTRY and sheet.entered is not None:
        return phrases.say("desk.says.entry", name=by, reason=phrases.of("entry_reason", sheet.entered.reason))
    if waits.what is Awaiting.VOID:
        reason = next(each.reason for each in sheet.voids if each.event_id == waits.event_id)
        return phrases.say("desk.says.void", name=by, reason=phrases.of("void_reason", reason))
    change = next((each for each in sheet.amendments if each.event_id == waits.event_id), None)
    if change is None:
        return ""
    parts = (
        "" if change.starts_at is None else phrases.say("desk.says.begin", time=voice.time(change.starts_at)),
        "" if change.ends_at is None else phrases.say("desk.says.end", time=voice.time(change.ends_at)),
        "" if change.service is None else phrases.name_of("service", change.service),
    )
    return phrases.say("desk.says.amendment", name=by, change=phrases.say("desk.and").join(filter(None, parts)))


def flags_of(sheet: SessionSheet, voice: Voice) -> tuple[Badge, ...]:
    """Return what to look at, in plain words, the gravest first; the last place says how many more there are."""
    raised = [flag for flag in SPOKEN_FLAGS if flag in sheet.flags]
    badges = [_flag(flag, voice) for flag in raised[:MOST_FLAGS]]
    if sheet.bursts:
        badges = [*badges[: MOST_FLAGS - 1], Badge(Icon.WARNING, voice.phrases.say("desk_flag.burst"), Tone.WARN)]
    return tuple(badges)


def _flag(flag: str, voice: Voice) -> Badge:
    quiet = flag in _QUIET
    return Badge(
        Icon.HELP if quiet else Icon.WARNING, voice.phrases.of("desk_flag", flag), Tone.CALM if quiet else Tone.WARN
    )


def is_offered(sheet: SessionSheet, deed: DeskAct) -> bool:
    """Tell whether the operator can do this to the session now."""
    return any(offer.act is deed and offer.refusal is None for offer in sheet.offers)
