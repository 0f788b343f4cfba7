"""What a device is told of volunteers: their standing, and where else they are on duty.

Upstream: ``store``, ``transfer`` (what was confirmed elsewhere counts too).
Downstream: ``publishing``, ``standings``.

A device is told of those volunteers alone who may come to it, and never a birth date: only, of a minor, the day of
majority.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sync.platform.ports import unix_ms
from sync.platform.records import Circumstances
from sync.platform.transfer.reckoning import confirmed_minutes
from sync.protocol.reference import OpenElsewhere, Standing, Training

if TYPE_CHECKING:
    from sync.platform.store import Unit

LAND = ZoneInfo("Asia/Shanghai")  # law and days of birth are China's, whatever zone the pages are shown in
MAJORITY = 18  # years, 民法典 Art 17
CHUNK = 500  # volunteers asked for at once
STILL_OPEN_MS = 24 * 3600 * 1000  # a duty that began earlier is past every cap, whoever forgot to end it


def standings_of(unit: Unit, volunteers: Iterable[str], now_ms: int) -> list[Standing]:
    """Return what a device is told of some volunteers; one of whom nothing is known is left out."""
    found = []
    for chunk in _chunks(volunteers):
        decided, trained = unit.standings.all_of(chunk), unit.standings.trainings(chunk)
        minutes = confirmed_minutes(unit, chunk)
        for number in chunk:
            circumstances = decided.get(number, Circumstances())
            standing = Standing(
                volunteer=number,
                confirmed_minutes=minutes.get(number, 0),
                star=circumstances.star,
                suspended=circumstances.suspended,
                adult_from_ms=_minor_until_ms(circumstances.born_on, now_ms),
                guardian_consent=circumstances.guardian_consent,
                trained=[Training(*each) for each in trained.get(number, {}).items()],
                paid=circumstances.paid,
            )
            if standing != Standing(number):
                found.append(standing)
    return found


def elsewhere_of(unit: Unit, volunteers: Iterable[str], service_point: str, now_ms: int) -> list[OpenElsewhere]:
    """Return the duties of some volunteers that are open at other service points."""
    found = []
    for chunk in _chunks(volunteers):
        for one in unit.ledger.open_elsewhere(chunk, service_point, now_ms - STILL_OPEN_MS):
            place = one.place or one.service_point
            found.append(OpenElsewhere(one.session, one.volunteer, one.service_point, place, one.started_ms))
    return found


def adult_from(born_on: date) -> date:
    """Return the eighteenth birthday; of the 29th of February it is the 1st of March where the year has none."""
    try:
        return born_on.replace(year=born_on.year + MAJORITY)
    except ValueError:
        return date(born_on.year + MAJORITY, 3, 1)


def _minor_until_ms(born_on: date | None, now_ms: int) -> int | None:
    if born_on is None:
        return None
    adult_ms = begin_ms(adult_from(born_on))
    return adult_ms if adult_ms > now_ms else None


def _chunks(volunteers: Iterable[str]) -> Iterator[tuple[str, ...]]:
    remaining = iter(sorted(set(volunteers)))
    while chunk := tuple(islice(remaining, CHUNK)):
        yield chunk


def begin_ms(day: date) -> int:
    """Return the first instant of a day in China, UTC ms."""
    return unix_ms(datetime.combine(day, time(), LAND))
