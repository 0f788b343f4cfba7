"""A line of the roster's log in words: what it is of, and each field as it was and as it became.

Upstream: ``store.rosters`` (the log), ``roster_terms``, ``wording``.
Downstream: ``roster_setup_log``, ``roster_setup_people``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from sync.platform import roster_terms, wording
from sync.platform.console.planner_views import day_word, time_of
from sync.platform.console.reader import Reader
from sync.platform.console.roster_setup_desk import weekdays_word
from sync.platform.console.roster_setup_templates import DAYS
from sync.platform.rostering.hours import clock_time, day_of
from sync.platform.rostering.model import EVERYWHERE, Change, Post
from sync.platform.store.rosters import STAMPS
from sync.platform.wording import marked

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "post": marked("Post"),
        "assignment": marked("Place at a post"),
        "template": marked("Template"),
        "opening": marked("Opening hours"),
        "special_day": marked("Special day"),
        "place": marked("How it is found"),
        "profile": marked("Profile"),
        "availability": marked("Usual week"),
        "deviation": marked("Days unlike it"),
        "swap": marked("Exchange"),
    }
)
WAYS: Mapping[str, str] = MappingProxyType(
    {
        "page": marked("page"),
        "device": marked("kiosk"),
        "solver": marked("proposal"),
        "command": marked("command"),
        "import": marked("file"),
        "undo": marked("undone"),
    }
)
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "state": marked("state"),
        "needed": marked("needed"),
        "starts_ms": marked("from"),
        "ends_ms": marked("until"),
        "from_ms": marked("from"),
        "until_ms": marked("until"),
        "on": marked("day"),
        "service": marked("service"),
        "team": marked("team"),
        "skill": marked("skill"),
        "training": marked("training"),
        "name": marked("name"),
        "weekdays": marked("weekdays"),
        "days": marked("days"),
        "starts": marked("from"),
        "ends": marked("until"),
        "from_on": marked("first day"),
        "until_on": marked("last day"),
        "ended": marked("ended"),
        "opens": marked("opens"),
        "closes": marked("closes"),
        "label": marked("what it is"),
        "openings": marked("hours"),
        "weekly": marked("hours"),
        "host_unit": marked("host unit"),
        "address": marked("address"),
        "skills": marked("skills"),
        "points": marked("service points"),
        "mates": marked("mates"),
        "most_a_week": marked("posts a week at most"),
        "guide": marked("guide"),
        "newcomer": marked("newcomer"),
        "free": marked("can come"),
        "pinned": marked("set by hand"),
    }
)
POST_STATES: Mapping[str, str] = MappingProxyType(
    {"draft": marked("Draft"), "published": marked("Published"), "cancelled": marked("Cancelled")}
)
HIDDEN = STAMPS | {"id", "post", "point", "volunteer", "reason", "template", "daytime", "assignment", "colleague"}
HIDDEN |= {"in_return", "asked_ms", "settled_ms", "why"}


@dataclass(frozen=True, slots=True)
class Names:
    """Words for ids: of people and accounts, of points, of posts."""

    people: Mapping[str, str]
    points: Mapping[str, str]
    posts: Mapping[str, Post]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, as it was and as it became; empty: there was none."""

    field: str
    before: str
    after: str


def subject_of(change: Change, names: Names, reader: Reader) -> str:
    """Return what a change is of, in words."""
    held = change.after or change.before or {}
    if change.kind in {"profile", "availability", "deviation"}:
        return names.people.get(change.subject, change.subject)
    if change.kind == "post":
        return _when(held, reader)
    if change.kind in {"assignment", "swap"}:
        number, post = str(held.get("volunteer", "")), names.posts.get(str(held.get("post", "")))
        about = f" · {day_word(post.on, reader)} {time_of(post)}" if post else ""
        return f"{names.people.get(number, number)}{about}"
    if change.kind == "special_day":
        everywhere = reader.say(marked("all service points")) if held.get("point") == EVERYWHERE else ""
        return " ".join(filter(None, (str(held.get("on", "")), everywhere)))
    return str(held.get("name", ""))


def differences(change: Change, names: Names, reader: Reader) -> tuple[Difference, ...]:
    """Return what is different after a change, field by field."""
    return tuple(_differences(change, names, reader))


def _differences(change: Change, names: Names, reader: Reader) -> Iterator[Difference]:
    before, after = change.before or {}, change.after or {}
    for name in (*after, *(name for name in before if name not in after)):
        was, became = before.get(name), after.get(name)
        if name in HIDDEN or was == became or (not before and became in (None, False, [], "")):
            continue
        words = (_value(change.kind, name, value, names, reader) for value in (was, became))
        yield Difference(reader.word(FIELDS, name), *words)


def _value(kind: str, name: str, value: Any, names: Names, reader: Reader) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return reader.say(marked("yes")) if value else reader.say(marked("no"))
    if name in _BY_FIELD:
        return _BY_FIELD[name](value, names, reader)
    if name == "state":
        words = POST_STATES if kind == "post" else roster_terms.SWAPS if kind == "swap" else roster_terms.STATES
        return reader.word(words, str(value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _spans(value: Any, _names: Names, reader: Reader) -> str:
    found: dict[int, list[str]] = {}
    for each in value:
        begin, end = (each[name] for name in (("opens", "closes") if "opens" in each else ("starts", "ends")))
        found.setdefault(each["weekday"], []).append(f"{clock_time(begin)}\u2013{clock_time(end)}")
    by_times: dict[str, list[int]] = {}
    for weekday, times in sorted(found.items()):
        by_times.setdefault(" ".join(times), []).append(weekday)
    return "; ".join(f"{weekdays_word(days, reader)} {times}" for times, days in by_times.items())


_BY_FIELD: Mapping[str, Callable[[Any, Names, Reader], str]] = {
    **dict.fromkeys(("starts", "ends", "opens", "closes"), lambda value, _names, _reader: clock_time(value)),
    **dict.fromkeys(
        ("starts_ms", "ends_ms", "from_ms", "until_ms"), lambda value, _names, reader: reader.moment(value)
    ),
    **dict.fromkeys(("openings", "weekly"), _spans),
    "service": lambda value, _names, reader: reader.word(wording.SERVICES, value),
    "days": lambda value, _names, reader: reader.word(DAYS, value),
    "weekdays": lambda value, _names, reader: weekdays_word(value, reader),
    "points": lambda value, names, _reader: ", ".join(names.points.get(each, each) for each in value),
    "mates": lambda value, names, _reader: ", ".join(names.people.get(each, each) for each in value),
    "on": lambda value, _names, reader: day_word(date.fromisoformat(value), reader),
}


def _when(post: Mapping[str, Any], reader: Reader) -> str:
    begins, ends = int(post["starts_ms"]), int(post["ends_ms"])
    on = day_of(begins)
    service = reader.word(wording.SERVICES, str(post.get("service", "")))
    return f"{day_word(on, reader)} {reader.clock(begins, on)}\u2013{reader.clock(ends, on)} {service}"
