"""The lists of the own plan in words: own shifts and what waits, open posts, trainings and kit.

Upstream: ``listing`` (the rail), ``roster_words``, ``kiosk.domain.own_plan``.
Downstream: ``plan_pages``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.presenter.icons import Icon, service_icon
from kiosk.presenter.records.acts import Part, Tab, TapOutcome, TapPart, TapPlace, TapPost, TapSwap, TapTurn
from kiosk.presenter.records.listing import local_day, rail
from kiosk.presenter.records.roster_words import (
    day_of_ms,
    masked,
    obstacle_badge,
    outcome_badge,
    place_badge,
    span_of,
    swap_badge,
    swap_title,
)
from kiosk.presenter.records.views import PlanLine, PlanView
from kiosk.presenter.views import Badge, Button, Tone
from sync.protocol.vocabulary import KitItem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from kiosk.domain.open_posts import OpenPlace
    from kiosk.domain.own_plan import OwnPlan
    from kiosk.domain.own_roster import OwnPlace, SwapOfMe
    from kiosk.presenter.views import Countdown
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.record_outcomes import OwnRecords
    from sync.protocol.roster import AnswerSettled

ROWS = 4  # to a page, as in the list of sessions
TITLED_ROWS = 3  # under a title
_KIT = {KitItem.CAP: Icon.CAP, KitItem.ARMBAND: Icon.ARMBAND}
_PARTS = {Part.OWN: Icon.CALENDAR, Part.OPEN: Icon.NOTICE, Part.THINGS: Icon.TUTORING}


def plan_view(records: OwnRecords, part: Part, page: int, voice: Voice, countdown: Countdown) -> PlanView:
    """Put one page of one of the lists into words."""
    lines = _LINES[part](records, voice)
    ways = tuple(_way(each, records, voice, chosen=each is part) for each in Part)
    empty = "" if lines else voice.phrases.of("plan_empty", part)
    return paged(records, lines, page, voice, countdown, ways=ways, empty=empty)


def paged(  # noqa: PLR0913 - the parts of a page of lines, named once
    records: OwnRecords,
    lines: Sequence[PlanLine],
    page: int,
    voice: Voice,
    countdown: Countdown,
    *,
    ways: tuple[Button, ...],
    title: str = "",
    empty: str = "",
) -> PlanView:
    """Return one page of lines; a page beyond the last is the last."""
    rows = TITLED_ROWS if title else ROWS
    pages = max(1, -(-len(lines) // rows))
    at = min(page, pages - 1)
    say = voice.phrases.say
    return PlanView(
        rail=rail(records, Tab.PLAN, voice, countdown),
        title=title,
        places=rows,
        lines=tuple(lines[at * rows : (at + 1) * rows]),
        empty=empty,
        page=say("plan.page", page=at + 1, pages=pages) if pages > 1 else "",
        earlier=Button(say("plan.up"), Icon.EARLY, TapTurn(at - 1)) if at else None,
        later=Button(say("plan.down"), Icon.DOWN, TapTurn(at + 1)) if at + 1 < pages else None,
        ways=ways,
    )


def page_after(lines: int, page: int, rows: int = ROWS) -> int:
    """Return the nearest page there is of so many lines."""
    return max(0, min(page, -(-lines // rows) - 1))


def count_of(records: OwnRecords, part: Part) -> int:
    """Return how many lines a list has."""
    plan = records.plan
    return {
        Part.OWN: len(plan.outcomes) + len(plan.swaps) + len(plan.places),
        Part.OPEN: len(plan.posts),
        Part.THINGS: len(records.trained) + len(records.kit),
    }[part]


def _way(part: Part, records: OwnRecords, voice: Voice, *, chosen: bool) -> Button:
    name = voice.phrases.of("plan_part", part)
    count = count_of(records, part) if part is Part.OPEN else 0
    text = voice.phrases.say("plan.counted", name=name, count=count) if count else name
    return Button(text, _PARTS[part], TapPart(part), Tone.ACCENT if chosen else Tone.QUIET)


def _own(records: OwnRecords, voice: Voice) -> list[PlanLine]:
    """What waits to be read or answered by others' wish comes first, then the own shifts in their order."""
    plan = records.plan
    return [
        *(_outcome(plan, each, voice) for each in plan.outcomes),
        *(_swap(each, voice) for each in plan.swaps),
        *(_place(each, voice) for each in plan.places),
    ]


def _place(place: OwnPlace, voice: Voice) -> PlanLine:
    shift = place.shift
    detail = _between(voice, span_of(shift.starts_ms, shift.ends_ms, voice), _service(shift.service, voice))
    day = day_of_ms(shift.starts_ms, voice)
    return PlanLine(service_icon(shift.service), day, detail, place_badge(place, voice), TapPlace(shift.id))


def _swap(asked: SwapOfMe, voice: Voice) -> PlanLine:
    theirs = asked.theirs
    badge, day = swap_badge(asked, voice), day_of_ms(theirs.starts_ms, voice)
    return PlanLine(Icon.PEOPLE, day, swap_title(asked, voice), badge, TapSwap(asked.swap.id))


def _outcome(plan: OwnPlan, settled: AnswerSettled, voice: Voice) -> PlanLine:
    said = voice.phrases.of("roster_answer", settled.answer)
    detail = _between(voice, span_of(settled.starts_ms, settled.ends_ms, voice), said)
    badge, day = outcome_badge(plan, settled, voice), day_of_ms(settled.starts_ms, voice)
    return PlanLine(service_icon(settled.service), day, detail, badge, TapOutcome(settled.id))


def _open(records: OwnRecords, voice: Voice) -> list[PlanLine]:
    return [_post(each, voice) for each in records.plan.posts]


def _post(place: OpenPlace, voice: Voice) -> PlanLine:
    post = place.post
    detail = _between(voice, span_of(post.starts_ms, post.ends_ms, voice), _service(post.service, voice))
    if place.noted:
        badge = Badge(Icon.UPLOADING, voice.phrases.say("plan.noted"), Tone.CALM)
    elif place.obstacle is not None:
        badge = obstacle_badge(voice)
    else:
        badge = Badge(Icon.PEOPLE, voice.phrases.say("plan.wanted", count=post.wanted), Tone.GOOD)
    return PlanLine(service_icon(post.service), day_of_ms(post.starts_ms, voice), detail, badge, TapPost(post.id))


def _things(records: OwnRecords, voice: Voice) -> list[PlanLine]:
    phrases = voice.phrases
    trained = (_training(name, at, voice) for name, at in records.trained.items())
    kit = (
        PlanLine(_KIT[item], phrases.of("kit_item", item), phrases.say("plan.pieces", count=count))
        for item, count in sorted(records.kit.items())
    )
    return [*trained, *kit]


def _training(name: str, lapses: datetime | None, voice: Voice) -> PlanLine:
    phrases = voice.phrases
    until = phrases.say("plan.no_lapse")
    if lapses is not None:
        on = local_day(lapses, voice)
        until = phrases.say("plan.until", date=phrases.say("date.of_year", date=voice.date(on), year=on.year))
    return PlanLine(Icon.TUTORING, phrases.name_of("training", name), until)


def colleague_line(name: str, starts_ms: int, ends_ms: int, service: str, voice: Voice) -> PlanLine:
    """Return a colleague's shift, the name masked, still without what a tap on it does."""
    detail = _between(voice, span_of(starts_ms, ends_ms, voice), _service(service, voice))
    badge = Badge(Icon.PERSON, masked(name), Tone.CALM)
    return PlanLine(service_icon(service), day_of_ms(starts_ms, voice), detail, badge)


def _service(service: str, voice: Voice) -> str:
    return voice.phrases.name_of("service", service)


def _between(voice: Voice, *parts: str) -> str:
    return voice.phrases.say("records.between").join(parts)


_LINES = {Part.OWN: _own, Part.OPEN: _open, Part.THINGS: _things}
