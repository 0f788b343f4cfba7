"""What a planner saw of a post before changing it, and what others changed meanwhile, in words.

Upstream: ``store.rosters``, ``roster_terms``.
Downstream: the planner's pages.

A stamp is the version of a post and those of the places at it, as one line of a form: ``3 4f…=2 9a…=1``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sync.platform import roster_terms, wording
from sync.platform.console.reader import Reader
from sync.platform.rostering.hours import clock_time, minute_of
from sync.platform.rostering.model import LIVE, Assignment, Change, Post
from sync.platform.store import Unit
from sync.platform.wording import marked

SOLVER = "solver"
MOST = 40  # lines of a history
POST_STATES: Mapping[str, str] = {
    "draft": marked("taken back into draft"),
    "published": marked("published"),
    "cancelled": marked("cancelled"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a post's history: when, who, what."""

    at: str
    who: str
    what: str


def stamp_of(post: Post, places: Iterable[Assignment]) -> str:
    """Return what is seen of a post."""
    seen = (f"{each.id}={each.version}" for each in sorted(places, key=lambda each: each.id) if each.state in LIVE)
    return " ".join((str(post.version), *seen))


def changed_since(unit: Unit, post: Post, stamp: str) -> tuple[Change, ...]:
    """Return what became of a post and its places since a stamp was made, the earliest first."""
    version, *pairs = stamp.split(" ") if stamp else ("0",)
    seen = {id_: _number(text) for id_, _, text in (pair.partition("=") for pair in pairs)}
    found = [each for each in unit.rosters.changes_of("post", post.id) if each.version > _number(version)]
    for place in unit.rosters.assignments((post.id,), None):
        was = seen.get(place.id, 0)
        if place.version > was and (place.id in seen or place.state in LIVE):
            found += [each for each in unit.rosters.changes_of("assignment", place.id) if each.version > was]
    return tuple(sorted(found, key=lambda each: each.at_ms))


def history_of(unit: Unit, post: Post, reader: Reader) -> tuple[Event, ...]:
    """Return what became of a post, the latest first."""
    found = list(unit.rosters.changes_of("post", post.id))
    for place in unit.rosters.assignments((post.id,), None):
        found += unit.rosters.changes_of("assignment", place.id)
    latest = sorted(found, key=lambda each: each.at_ms, reverse=True)[:MOST]
    return told(unit, latest, reader)


def told(unit: Unit, changes: Iterable[Change], reader: Reader) -> tuple[Event, ...]:
    """Return changes in words."""
    every = tuple(changes)
    names = {SOLVER: reader.say(marked("the proposal")), **_names(unit, every)}
    return tuple(
        Event(reader.moment(each.at_ms), names.get(each.by, each.by), sentence_of(each, names, reader))
        for each in every
    )


def sentence_of(change: Change, names: Mapping[str, str], reader: Reader) -> str:
    """Return one change in words."""
    before, after = change.before or {}, change.after or {}
    if change.kind == "assignment":
        number = str(after.get("volunteer", before.get("volunteer", "")))
        name, state = names.get(number, number), str(after.get("state", "withdrawn"))
        if not before:
            return reader.say(marked("%(name)s was put there")) % {"name": name}
        if before.get("post") != after.get("post"):
            return reader.say(marked("%(name)s was moved to another post")) % {"name": name}
        word = reader.word(roster_terms.STATES, state)
        return reader.say(marked("%(name)s: %(state)s")) % {"name": name, "state": word}
    if not before:
        return reader.say(marked("the post was made"))
    return reader.say(marked(", ")).join(_differences(before, after, reader)) or reader.say(marked("changed"))


def _differences(before: Mapping[str, Any], after: Mapping[str, Any], reader: Reader) -> Iterator[str]:
    if before.get("state") != after.get("state"):
        yield reader.word(POST_STATES, str(after.get("state")))
    if before.get("needed") != after.get("needed"):
        told_needed = {"was": before.get("needed"), "now": after.get("needed")}
        yield reader.say(marked("needs %(now)s instead of %(was)s")) % told_needed
    if (before.get("starts_ms"), before.get("ends_ms")) != (after.get("starts_ms"), after.get("ends_ms")):
        yield reader.say(marked("%(now)s instead of %(was)s")) % {"was": _time(before), "now": _time(after)}
    if before.get("service") != after.get("service"):
        yield reader.word(wording.SERVICES, str(after.get("service")))
    if before.get("team") != after.get("team"):
        yield reader.say(marked("team: %(team)s")) % {"team": after.get("team") or reader.say(marked("all teams"))}


def _time(of: Mapping[str, Any]) -> str:
    return "\u2013".join(clock_time(minute_of(int(of[name]))) for name in ("starts_ms", "ends_ms"))


def _names(unit: Unit, changes: tuple[Change, ...]) -> dict[str, str]:
    volunteers = {str((each.after or each.before or {}).get("volunteer", each.by)) for each in changes}
    names = unit.targets.names_of(sorted(volunteers | {each.by for each in changes}))
    for by in {each.by for each in changes} - names.keys():
        account = unit.accounts.find(by)
        if account is not None:
            names[by] = account.name
    return names


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 - more digits than any version has
