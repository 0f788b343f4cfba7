"""Why each place was given to whom, as words and numbers, and all that is explained of a roster in sentences. Pure.

Upstream: ``whole``, ``lacking``, ``weighing``, ``roster_terms``, ``wording``.
Downstream: ``proposals``, the planner's page.

A reason says the first of these that is true of a place:

=============  =====================================================================================================
``accepted``   it stood, accepted by the volunteer; likewise ``wanted`` by the planner, ``offered`` and not answered
``only``       nobody else could serve there beside all the rest
``fewest``     of all who could, this one has the fewest hours behind
``guide``      a guide 骨干 beside a newcomer; likewise ``mate`` beside whom they want, ``team`` beside their own
``wish``       those who could and have fewer hours wish this point less
``whole``      the roster as a whole is best so: so many others could, so many of them with fewer hours behind
=============  =====================================================================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from sync.platform.roster_terms import REASONS
from sync.platform.rostering.hours import clock_time, minute_of
from sync.platform.rostering.lacking import holes
from sync.platform.rostering.model import Post
from sync.platform.rostering.problem import Firmness, Pair, Person, Problem
from sync.platform.rostering.proposal import Fill, Hole
from sync.platform.rostering.weighing import dislike
from sync.platform.rostering.whole import Whole
from sync.platform.wording import marked

__all__ = ["hole_sentences", "holes", "reasons", "sentence"]

MINUTES_AN_HOUR = 60
_STOOD = {Firmness.ACCEPTED: "accepted", Firmness.WANTED: "wanted", Firmness.OFFERED: "offered"}
_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "accepted": marked("Stays: the volunteer accepted it."),
        "wanted": marked("Stays: the planner wants it so."),
        "offered": marked("Stays: the volunteer was asked and has not answered yet."),
        "only": marked("Nobody else could serve here beside all the rest."),
        "fewest": marked("Fewest hours so far (%(hours)s h) of all who could; %(others)s others could too."),
        "guide": marked("A guide beside a newcomer."),
        "mate": marked("Serves with %(mate)s, as wished."),
        "team": marked("Serves with others of the own team."),
        "wish": marked("Wishes this point most; %(fewer)s with fewer hours wish it less."),
        "whole": marked("The whole is best so: %(others)s others could, %(fewer)s of them with fewer hours."),
    }
)
_FILLS: Mapping[str, str] = MappingProxyType(
    {
        "add": marked("Could be put there at once: %(people)s."),
        "weekly_wish": marked("One post more in that week for one of: %(people)s."),
        "training": marked("The training \u201c%(what)s\u201d for one of: %(people)s."),
        "skill": marked("The skill \u201c%(what)s\u201d for one of: %(people)s."),
        "consent": marked("The guardian's consent for one of: %(people)s."),
        "point": marked("This point among the wishes of one of: %(people)s."),
        "team": marked("The post opened to other teams: %(people)s could then."),
        "time": marked("One more volunteer who is free on %(day)s, %(starts)s to %(ends)s."),
        "time_and": marked("One more volunteer (%(what)s) who is free on %(day)s, %(starts)s to %(ends)s."),
        "shorter": marked("Two shorter posts instead: nobody may serve that long in one day."),
    }
)
_NOBODY = marked("There is no volunteer who could be asked.")
_SO_MANY = marked("%(count)s volunteers: %(reason)s")


class Words(Protocol):
    """Who reads: a language's words, as the console's reader has them."""

    def say(self, msgid: str) -> str:
        """Return a text of the catalogue."""


def reasons(problem: Problem, pairs: Iterable[Pair]) -> Mapping[Pair, Mapping[str, Any]]:
    """Return why each place of a roster was given so: ``why`` of the table above, and its numbers.

    Args:
        problem: what was planned.
        pairs: the whole roster at its posts.
    """
    roster = Whole.of(problem, pairs)
    return {pair: _reason(roster, pair) for pair in roster.pairs}


def sentence(reason: Mapping[str, Any], reader: Words, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return a reason as one sentence; one of a later version is empty.

    Args:
        reason: as :func:`reasons` gave it.
        reader: whose words.
        names: by number, where names may be seen; a number stands for itself.
    """
    text = _SENTENCES.get(str(reason.get("why")))
    if text is None:
        return ""
    mate = str(reason.get("mate", ""))
    return reader.say(text) % {"hours": "", "others": "", "fewer": "", **reason, "mate": names.get(mate, mate)}


def hole_sentences(
    hole: Hole, post: Post, reader: Words, names: Mapping[str, str] = MappingProxyType({})
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return why a post lacks people, and what would fill it, each as sentences."""
    why = [
        reader.say(_SO_MANY) % {"count": count, "reason": reader.say(REASONS[reason])} for reason, count in hole.against
    ]
    return tuple(why or [reader.say(_NOBODY)]), tuple(_fill(fill, post, reader, names) for fill in hole.fills)


def _fill(fill: Fill, post: Post, reader: Words, names: Mapping[str, str]) -> str:
    what = fill.what or " + ".join(each for each in (post.team, post.skill, post.training) if each)
    return reader.say(_FILLS["time_and" if fill.kind == "time" and what else fill.kind]) % {
        "people": reader.say(marked(", ")).join(names.get(number, number) for number in fill.people),
        "what": what,
        "day": post.on.isoformat(),
        "starts": clock_time(minute_of(post.starts_ms)),
        "ends": clock_time(minute_of(post.ends_ms)),
    }


def _reason(roster: Whole, pair: Pair) -> Mapping[str, Any]:
    stood = _STOOD.get(roster.problem.held.get(pair, Firmness.DRAFT))
    if stood is not None:
        return {"why": stood}
    others = roster.could(pair)
    if not others:
        return {"why": "only"}
    own = roster.minutes(pair.person, without=pair.post)
    fewer = [person for person in others if roster.minutes(person.number) < own]
    numbers = {"others": len(others), "hours": own // MINUTES_AN_HOUR}
    if not fewer:
        return {"why": "fewest", **numbers}
    return {**(_in_company(roster, pair) or _by_wish(roster, pair, fewer)), **numbers, "fewer": len(fewer)}


def _in_company(roster: Whole, pair: Pair) -> Mapping[str, Any]:
    """Return what the company of a place speaks for, or nothing."""
    person_of = roster.problem.person_of
    own = person_of[pair.person]
    beside = [person_of[number] for number in roster.people[pair.post] if number != pair.person]
    if own.guide and any(person.newcomer for person in beside) and not any(person.guide for person in beside):
        return {"why": "guide"}
    mate = next((person.number for person in beside if person.number in own.mates), None)
    if mate is not None:
        return {"why": "mate", "mate": mate}
    if own.team is not None and any(person.team == own.team for person in beside):
        return {"why": "team", "team": own.team}
    return {}


def _by_wish(roster: Whole, pair: Pair, fewer: Sequence[Person]) -> Mapping[str, Any]:
    post = roster.problem.post_of[pair.post]
    own = dislike(roster.problem.person_of[pair.person], post)
    wished = bool(roster.problem.person_of[pair.person].points) and own == 0
    return {"why": "wish" if wished and all(dislike(person, post) > 0 for person in fewer) else "whole"}
