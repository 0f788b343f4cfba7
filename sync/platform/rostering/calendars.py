"""Calendars as RFC 5545 has them: a volunteer's own places, the posts of a point, and posts that people bring.

Upstream: icalendar, ``hours``.
Downstream: ``feeding``, ``console.roster_files_pages``.

Instants go out in UTC, so that no program needs a rule of a time zone. What a post needs and who is there goes out in
properties of our own beside the words for people, so that a file of ours can be taken in again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from unicodedata import category

from icalendar import Calendar, Event, vDDDTypes, vDuration, vText

from sync.platform.rostering.hours import LAND, MS_PER_SECOND
from sync.platform.rostering.lines import MOST_LINES, MOST_TEXT, Fault, Line, UnreadableError, Whole, read_needed

MAKER = "-//wenming-duty-kiosk//roster//ZH"
AGAIN_AFTER = timedelta(hours=1)  # how soon programs may ask again
MOST_BYTES = 1024 * 1024
MOST_OF_A_LINE = 64 * 1024  # bytes, put together again; the library takes seconds for longer ones
OWN_DOMAIN = "roster.wenming"  # of UIDs; it need not exist (RFC 7986, 5.3)
AS_TEXT = {"VALUE": "TEXT"}  # else no program, ours among them, takes the signs away that keep it one line
KEPT, NEVER = "\n\t", frozenset({"Cc", "Cs"})
NEEDED, SERVICE, TEAM, SKILL, TRAINING, POINT, WHO = (
    "X-WENMING-NEEDED", "X-WENMING-SERVICE", "X-WENMING-TEAM", "X-WENMING-SKILL", "X-WENMING-TRAINING",
    "X-WENMING-POINT", "X-WENMING-VOLUNTEER",
)  # fmt: skip
READ = (POINT, SERVICE, TEAM, SKILL, TRAINING, WHO)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One entry of a calendar that goes out; instants are UTC ms.

    Attributes:
        id: for ever the same.
        status: ``TENTATIVE``, ``CONFIRMED`` or ``CANCELLED``.
        sequence: rises with every change.
        own: properties of ours, name and value; may repeat.
    """

    id: str
    starts_ms: int
    ends_ms: int
    title: str
    where: str
    notes: str
    status: str
    sequence: int
    changed_ms: int
    own: tuple[tuple[str, str], ...] = ()


def calendar_of(name: str, occasions: Iterable[Occasion]) -> bytes:
    """Return a calendar; the same occasions give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for key in ("name", "x-wr-calname"):
        calendar.add(key, vText(_clean(name)))
    again = vDuration(AGAIN_AFTER)
    calendar.add("refresh-interval", again, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vText(f"PT{AGAIN_AFTER // timedelta(hours=1)}H"))
    for occasion in occasions:
        calendar.add_component(_event_of(occasion))
    return bytes(calendar.to_ical(sorted=False))


def read_calendar(content: bytes) -> tuple[Line, ...]:
    """Return the lines of a calendar that people bring, one an event, in its order; what is wrong stands in each.

    Raises:
        UnreadableError: it is not a calendar, too large, or none that can be taken apart.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableError(Whole.TOO_LARGE)
    if max(map(len, content.replace(b"\r\n ", b"").split(b"\n"))) > MOST_OF_A_LINE:
        raise UnreadableError(Whole.NO_CALENDAR)
    try:
        calendar = Calendar.from_ical(content.decode("utf-8-sig"))
        events = [] if calendar.name != "VCALENDAR" else list(calendar.walk("VEVENT"))
    except (ValueError, KeyError, IndexError, AttributeError, TypeError, OverflowError, RecursionError) as error:
        raise UnreadableError(Whole.NO_CALENDAR) from error
    if calendar.name != "VCALENDAR":
        raise UnreadableError(Whole.NO_CALENDAR)
    lines = (line for place, event in enumerate(events, 1) for line in _lines_of(place, event))
    found = tuple(islice(lines, MOST_LINES + 1))
    if len(found) > MOST_LINES:
        raise UnreadableError(Whole.TOO_MANY)
    return found


def _event_of(occasion: Occasion) -> Event:
    event = Event()
    event.add("uid", f"{occasion.id}@{OWN_DOMAIN}")
    event.add("dtstamp", _instant(occasion.changed_ms))
    event.add("last-modified", _instant(occasion.changed_ms))
    event.add("dtstart", _instant(occasion.starts_ms))
    event.add("dtend", _instant(occasion.ends_ms))
    event.add("summary", _clean(occasion.title))
    event.add("location", _clean(occasion.where))
    if occasion.notes:
        event.add("description", _clean(occasion.notes))
    event.add("status", occasion.status)
    event.add("sequence", occasion.sequence)
    event.add("transp", "TRANSPARENT" if occasion.status == "CANCELLED" else "OPAQUE")
    for name, value in occasion.own:
        event.add(name, vText(_clean(value)), parameters=AS_TEXT)
    return event


def _lines_of(place: int, event: Any) -> Iterator[Line]:
    """Return the lines of one event: one for each volunteer who is named, at least one."""
    if str(event.get("status", "")).upper() == "CANCELLED":
        return
    where, begin, end = str(place), _local(event, "dtstart"), _local(event, "dtend")
    if begin is not None and end is None:
        end = _after(begin, event.get("duration"))
    fault = _fault_of(event, begin, end)
    if fault is not None or begin is None or end is None:
        yield Line(where, on=begin.date() if begin else None, fault=fault)
        return
    for who in _texts(event, WHO) or ("",):
        yield Line(
            where,
            on=begin.date(),
            starts=begin.hour * 60 + begin.minute,
            ends=end.hour * 60 + end.minute,
            point=_text(event, POINT),
            service=(_text(event, SERVICE) or _text(event, "summary"))[:MOST_TEXT],
            needed=read_needed(_text(event, NEEDED)),
            team=_text(event, TEAM),
            skill=_text(event, SKILL),
            training=_text(event, TRAINING),
            volunteer=who,
        )


def _fault_of(event: Any, begin: datetime | None, end: datetime | None) -> Fault | None:
    if "rrule" in event or "rdate" in event:
        return Fault.RECURS
    if begin is None or end is None:
        return Fault.TIME
    if not timedelta(0) < end - begin <= timedelta(days=1):
        return Fault.BACKWARDS
    read = (text for name in READ for text in _texts(event, name))
    if any(len(text) > MOST_TEXT for text in read):
        return Fault.TOO_LONG
    try:
        read_needed(_text(event, NEEDED))
    except ValueError:
        return Fault.NEEDED
    return None


def _local(event: Any, name: str) -> datetime | None:
    """Return an instant of an event on local clocks; None where it has none, or a day alone."""
    held = event.get(name)
    given = held.dt if isinstance(held, vDDDTypes) else None
    if not isinstance(given, datetime):
        return None
    try:
        return given.replace(tzinfo=LAND) if given.tzinfo is None else given.astimezone(LAND)
    except (OverflowError, ValueError):
        return None


def _after(begin: datetime, lasting: Any) -> datetime | None:
    """Return the end of what lasts so long; None where it does not say, or that cannot be."""
    long = lasting.dt if isinstance(lasting, (vDDDTypes, vDuration)) else None
    try:
        return begin + long if isinstance(long, timedelta) else None
    except OverflowError:
        return None


def _texts(event: Any, name: str) -> tuple[str, ...]:
    given = event.get(name)
    if given is None:
        return ()
    return tuple(str(each).strip() for each in (given if isinstance(given, list) else [given]))


def _text(event: Any, name: str) -> str:
    return next(iter(_texts(event, name)), "")


def _instant(ms: int) -> datetime:
    return datetime.fromtimestamp(ms // MS_PER_SECOND, UTC)


def _clean(text: str) -> str:
    """Return a text without what no calendar may hold: control characters but line feed and tab, halves of pairs."""
    joined = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in joined if each in KEPT or category(each) not in NEVER)
