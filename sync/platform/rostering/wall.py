"""The roster of a point as a sheet for its wall: what was published of a span of days, week by week.

Upstream: ``exporting`` (posts and names), ``cards.roster_sheet``, ``sync.protocol.working_days``.
Downstream: ``console.roster_files_pages``.

Drafts are nobody's business yet and are not printed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from babel.dates import format_skeleton

from sync.platform.cards.roster_sheet import Cell, Day, Row, Week, Who, Words, pdf_of
from sync.platform.rostering.exporting import Filled, service_word
from sync.platform.rostering.hours import clock_time, minute_of, week_days
from sync.platform.rostering.model import TOLD, PostState, SpecialDay
from sync.platform.wording import marked, words_in
from sync.protocol.vocabulary import AssignmentState
from sync.protocol.working_days import is_workday

HEADING = marked("%(point)s: roster")
LEGEND = marked("○ asked, has not answered yet")
BY_HAND = marked("＿ a character that is not in the face; please write it in")
AGAIN = marked(" (continued)")
EMPTY = marked("Nothing is published for these days yet.")
PRINTED = marked("Printed %(at)s")
Slot = tuple[str, str]


def wall_sheet(
    filled: Collection[Filled],
    span: tuple[date, date],
    point: str,
    special: Sequence[SpecialDay],
    made: tuple[datetime, str],
) -> bytes:
    """Return the PDF of the published posts of a point.

    Args:
        filled: the posts of the span.
        span: first and last local day.
        point: its name.
        special: days with a label, or closed.
        made: the local instant of printing, and the language.
    """
    at, language = made
    told = [each for each in filled if each.post.state is PostState.PUBLISHED]
    labels = {each.on: each for each in special}
    mondays = _mondays(*span)
    weeks = [_week(monday, span, told, labels, language) for monday in mondays]
    say = words_in(language).gettext
    first, last = (format_skeleton("yMMMd", day, locale=language) for day in span)
    words = Words(
        heading=say(HEADING) % {"point": point},
        span=f"{first} – {last}",
        asked=say(LEGEND),
        blank=say(BY_HAND),
        again=say(AGAIN),
        empty=say(EMPTY),
        printed=say(PRINTED) % {"at": f"{at:%Y-%m-%d %H:%M}"},
    )
    return pdf_of(weeks, words, at)


def _mondays(first: date, last: date) -> list[date]:
    monday = week_days(first)[0]
    return [monday + timedelta(weeks=count) for count in range((last - monday).days // 7 + 1)]


def _week(
    monday: date, span: tuple[date, date], told: Sequence[Filled], labels: Mapping[date, SpecialDay], language: str
) -> Week:
    days = week_days(monday)
    heads = tuple(
        Day(
            word=f"{day.month}/{day.day} {format_skeleton('E', day, locale=language)}",
            label=labels[day].label if day in labels else "",
            off=not is_workday(day),
            within=span[0] <= day <= span[1],
        )
        for day in days
    )
    rows: dict[Slot, dict[date, list[Filled]]] = defaultdict(lambda: defaultdict(list))
    for each in told:
        if each.post.on in days:
            rows[_slot(each, language)][each.post.on].append(each)
    return Week(heads, tuple(row for slot in sorted(rows) for row in _rows(slot, rows[slot], days, language)))


def _slot(each: Filled, language: str) -> Slot:
    """Return what makes posts stand in one row: their times, and what for and for whom."""
    post = each.post
    times = f"{clock_time(minute_of(post.starts_ms))}–{clock_time(minute_of(post.ends_ms))}"
    return times, " ".join(filter(None, (service_word(post, language), post.team)))


def _rows(slot: Slot, by_day: Mapping[date, Sequence[Filled]], days: Sequence[date], language: str) -> list[Row]:
    """Return the rows of a slot: one, and more where a day has several posts alike."""
    depth = max(map(len, by_day.values()))
    return [Row(*slot, tuple(_cell(by_day.get(day, ())[at:][:1], language) for day in days)) for at in range(depth)]


def _cell(several: Sequence[Filled], language: str) -> Cell | None:
    if not several:
        return None
    (each,) = several
    told = [place for place in each.places if place.state in TOLD]
    people = tuple(
        Who(each.names.get(place.volunteer, place.volunteer), place.volunteer, place.state is AssignmentState.OFFERED)
        for place in told
    )
    lacking = each.post.needed - len(told)
    words = words_in(language).ngettext("%(num)s missing", "%(num)s missing", lacking) % {"num": lacking}
    return Cell(people, words if lacking > 0 else "")
