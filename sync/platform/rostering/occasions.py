"""Days of the year on which volunteers are wanted more than usual, as suggestions for special days. Pure.

Upstream: nothing.
Downstream: the set-up pages, the commands.

3月5日 is 学雷锋日, 12月5日 International Volunteer Day; 六一, 春节 and 重阳 are those of ``requirements.md`` and of the
duty list of a station. Days of the lunar calendar are a table, for a computation of one's own would have to prove
itself: 春节 is 正月初一, 重阳 is 九月初九 (《老年人权益保障法》 Art 12: 老年节).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

# By GB/T 33661-2017 《农历的编算和颁行》; the same as in the tables of 紫金山天文台 and 香港天文台
SPRING = MappingProxyType(
    {
        2026: (2, 17),
        2027: (2, 6),
        2028: (1, 26),
        2029: (2, 13),
        2030: (2, 3),
        2031: (1, 23),
        2032: (2, 11),
        2033: (1, 31),
        2034: (2, 19),
        2035: (2, 8),
    }
)
DOUBLE_NINTH = MappingProxyType(
    {
        2026: (10, 18),
        2027: (10, 8),
        2028: (10, 26),
        2029: (10, 16),
        2030: (10, 5),
        2031: (10, 24),
        2032: (10, 12),
        2033: (10, 1),
        2034: (10, 20),
        2035: (10, 9),
    }
)
SPRING_DAYS = 3  # 正月初一、初二、初三: statutory days (《全国年节及纪念日放假办法》 Art 2)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A day and its name, as people here call it; a label of a special day is text that people write."""

    on: date
    label: str


def occasions(from_on: date, until_on: date) -> tuple[Occasion, ...]:
    """Return the known occasions within some local days, both included, by day."""
    years = range(from_on.year, until_on.year + 1)
    found = (one for year in years for one in _of_year(year) if from_on <= one.on <= until_on)
    return tuple(sorted(found, key=lambda one: one.on))


def _of_year(year: int) -> Iterator[Occasion]:
    yield Occasion(date(year, 3, 5), "学雷锋日")
    yield Occasion(date(year, 6, 1), "六一儿童节")
    yield Occasion(date(year, 12, 5), "国际志愿者日")
    if year in DOUBLE_NINTH:
        yield Occasion(date(year, *DOUBLE_NINTH[year]), "重阳节")
    if year in SPRING:
        first = date(year, *SPRING[year])
        for count in range(SPRING_DAYS):
            yield Occasion(first + timedelta(days=count), "春节")
