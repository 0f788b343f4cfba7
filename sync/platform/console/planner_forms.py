"""A post as a form says it.

Upstream: ``rostering.model``, ``planner_sight``.
Downstream: ``planner_deeds``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sync.platform.console import queries
from sync.platform.errors import DecisionError
from sync.platform.rostering.hours import minutes_of, span_of
from sync.platform.rostering.model import Post
from sync.platform.wording import marked
from sync.protocol.vocabulary import ServiceKind

MOST_NEEDED = 99
MOST_TEAM = 64


def post_of(field: Callable[[str], str], point: str, held: Post | None) -> Post:
    """Return the post that a form describes; what it does not ask for stays.

    Args:
        field: a value of the form.
        point: id of the service point.
        held: the post that is changed; None: a new one.

    Raises:
        DecisionError: a day, time, number or service is missing or makes no sense.
    """
    on = queries.read_day(field("day"))
    service, needed, team = field("service"), field("needed"), field("team")[:MOST_TEAM] or None
    if on is None or service not in set(ServiceKind):
        raise DecisionError(marked("A post needs a day, a time and a service."))
    if not needed.isdecimal() or not 1 <= int(needed[:4]) <= MOST_NEEDED:
        raise DecisionError(marked("A post needs between 1 and 99 volunteers."))
    try:
        starts_ms, ends_ms = span_of(on, minutes_of(field("starts")), minutes_of(field("ends")))
    except ValueError as fault:
        raise DecisionError(marked("A post needs a day, a time and a service.")) from fault
    made = held or Post("", point, service, starts_ms, ends_ms, on)
    return replace(made, service=service, starts_ms=starts_ms, ends_ms=ends_ms, on=on, needed=int(needed), team=team)
