"""Own hours and the way to a star in words: what is confirmed, what waits and what counts nothing never stand together.

Upstream: ``listing`` (the rail), ``kiosk.domain.stars``, ``sync.protocol.totals``.
Downstream: ``pages``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.domain.stars import MIN_PER_HOUR, STAR_HOURS, minutes_for, next_level
from kiosk.presenter.icons import Icon
from kiosk.presenter.records.acts import Tab, TapApply
from kiosk.presenter.records.listing import rail
from kiosk.presenter.records.views import Figure, HoursView, Source
from kiosk.presenter.views import Badge, Button, StarRing, Tone
from kiosk.presenter.wording import S_PER_MIN

if TYPE_CHECKING:
    from kiosk.presenter.views import Countdown
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.record_outcomes import OwnRecords, StarStanding
    from sync.protocol.totals import Totals


def hours_view(records: OwnRecords, voice: Voice, countdown: Countdown, *, asked: bool) -> HoursView:
    """Put the hours into words; ``asked`` while an application is being recorded."""
    phrases, totals, star = voice.phrases, records.totals, records.star
    return HoursView(
        rail=rail(records, Tab.HOURS, voice, countdown),
        confirmed=Figure(
            phrases.say("hours.confirmed"),
            voice.duration(totals.confirmed.minutes),
            phrases.say("hours.confirmed_note"),
        ),
        waiting=Figure(
            phrases.say("hours.waiting"), voice.duration(totals.waiting.minutes), phrases.say("hours.waiting_note")
        ),
        provisional=Figure(
            phrases.say("hours.provisional"),
            phrases.say("hours.times", count=len(totals.provisional)),
            _provisional_note(totals, voice),
        ),
        sources_title=phrases.say("hours.sources"),
        sources=_sources(totals, voice),
        overlap=phrases.say("hours.overlap", count=len(totals.overlapping)) if totals.overlapping else "",
        star=_ring(star, voice),
        star_note=phrases.of("hours_from", star.hours_from),
        apply=_apply(star, voice, asked=asked),
        applied=_applied(star, voice),
    )


def _provisional_note(totals: Totals, voice: Voice) -> str:
    if totals.provisional_s < S_PER_MIN:
        return voice.phrases.say("hours.not_counted")
    return voice.phrases.say("hours.provisional_note", time=voice.duration(totals.provisional_s // S_PER_MIN))


def _sources(totals: Totals, voice: Voice) -> tuple[Source, ...]:
    """The largest first; what makes no minutes is not shown."""
    shares = sorted(totals.by_provenance.items(), key=lambda item: -item[1].minutes)
    return tuple(
        Source(
            voice.phrases.of("provenance", provenance), voice.duration(share.minutes), share.minutes / totals.minutes
        )
        for provenance, share in shares
        if share.minutes
    )


def _ring(star: StarStanding, voice: Voice) -> StarRing:
    phrases, level = voice.phrases, next_level(star.held)
    held = phrases.of("star", str(star.held)) if star.held else ""
    title = phrases.say("hours.star_held", level=held) if held else phrases.say("hours.star_none")
    goal = minutes_for(level or len(STAR_HOURS))
    missing = max(0, goal - star.confirmed_minutes)
    if level is None:
        caption = phrases.say("check_out.star_all", hours=STAR_HOURS[-1])
    elif missing:
        caption = phrases.say(
            "check_out.star_next", level=phrases.of("star", str(level)), missing=voice.duration(missing)
        )
    else:
        caption = phrases.say(
            "check_out.star_reached", level=phrases.of("star", str(level)), hours=goal // MIN_PER_HOUR
        )
    return StarRing(
        fraction=min(1.0, star.confirmed_minutes / goal),
        centre=phrases.say("check_out.star_centre", hours=star.confirmed_minutes // MIN_PER_HOUR),
        target=phrases.say("check_out.star_target", hours=goal // MIN_PER_HOUR),
        title=title,
        caption=caption,
        reached=level is not None and not missing,
    )


def _apply(star: StarStanding, voice: Voice, *, asked: bool) -> Button | None:
    level = star.may_apply_for
    if level is None:
        return None
    name = voice.phrases.of("star", str(level))
    text = voice.phrases.say("hours.applying") if asked else voice.phrases.say("hours.apply", level=name)
    return Button(text, Icon.STAR, TapApply(level), Tone.QUIET if asked else Tone.ACCENT)


def _applied(star: StarStanding, voice: Voice) -> Badge | None:
    if not star.applied:
        return None
    level = voice.phrases.of("star", str(max(star.applied)))
    return Badge(Icon.DONE, voice.phrases.say("hours.applied", level=level), Tone.GOOD)
