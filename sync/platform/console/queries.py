"""What a reader asked for, read from the address; what cannot be read is said and left out, never an error page.

Upstream: ``records``.
Downstream: ``pages``, ``exporting``, ``audit_pages``, ``quarantine_pages``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request

from sync.platform.ports import unix_ms
from sync.platform.records import LedgerFilter
from sync.platform.signin.rights import Places
from sync.platform.wording import FLAGS
from sync.protocol.vocabulary import Provenance, ServiceKind, SessionState

PAGE_LINES = 50
MAX_PAGE = 1_000_000
MAX_TEXT = 64  # characters of a name or number
MOST_DIGITS = 15
LAST_MONTH = 12
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class LedgerQuery:
    """The form of the ledger page as it was filled in; ``unreadable`` tells that a part was left out.

    Attributes:
        day: a local date, or None for all; ``month`` is the first of one.
        point, team: a service point's id, a team's word.
        page: counted from 1.
    """

    day: date | None = None
    volunteer: str = ""
    state: SessionState | None = None
    page: int = 1
    unreadable: bool = False
    month: date | None = None
    provenance: Provenance | None = None
    service: ServiceKind | None = None
    point: str = ""
    team: str = ""
    flag: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the page was chosen."""
        return bool(self.chosen())

    @property
    def is_detailed(self) -> bool:
        """Whether anything was chosen that stands behind 'more'."""
        return bool(self.provenance or self.service or self.point or self.team or self.flag)

    @property
    def offset(self) -> int:
        """How many lines stand on the pages before."""
        return (self.page - 1) * PAGE_LINES

    def chosen(self) -> dict[str, str]:
        """Return what was chosen as it stands in an address, but for the page."""
        given = {
            "day": self.day.isoformat() if self.day else "",
            "month": self.month.strftime("%Y-%m") if self.month else "",
            "volunteer": self.volunteer,
            "state": self.state or "",
            "provenance": self.provenance or "",
            "service": self.service or "",
            "point": self.point,
            "team": self.team,
            "flag": self.flag,
        }
        return {name: str(value) for name, value in given.items() if value}


def read_query(given: Mapping[str, str]) -> LedgerQuery:
    """Return the query of an address's parameters."""
    asked = {name: value.strip() for name, value in given.items()}
    query = LedgerQuery(
        day=read_day(asked.get("day", "")),
        volunteer=_line(asked, "volunteer"),
        state=_word(SessionState, asked, "state"),
        page=read_page(asked),
        month=_month(asked.get("month", "")),
        provenance=_word(Provenance, asked, "provenance"),
        service=_word(ServiceKind, asked, "service"),
        point=_line(asked, "point"),
        team=_line(asked, "team"),
        flag=asked.get("flag", "") if asked.get("flag") in FLAGS else "",
    )
    known = ("day", "month", "state", "provenance", "service", "flag")
    lost = any(asked.get(name) and not getattr(query, name) for name in known)
    return LedgerQuery(**{name: getattr(query, name) for name in LedgerQuery.__slots__} | {"unreadable": lost})


def read_page(given: Mapping[str, str]) -> int:
    """Return the page number asked for, 1 where it is not one."""
    text = given.get("page", "")
    return (
        min(max(int(text), 1), MAX_PAGE) if text.isascii() and text.isdigit() and len(text) < len(str(MAX_PAGE)) else 1
    )


def read_number(request: Request, name: str) -> int | None:
    """Return a number of an address, or None where it is none."""
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def filter_of(query: LedgerQuery, zone: ZoneInfo, within: Places | None = None) -> LedgerFilter:
    """Return the filter of a query, its local day or month as UTC instants; ``within`` are places of a term."""
    begin, end = _bounds(query, zone)
    return LedgerFilter(
        from_ms=begin,
        until_ms=end,
        volunteer=query.volunteer or None,
        state=query.state,
        provenance=query.provenance,
        service_point=query.point or None,
        service=query.service.value if query.service else None,
        team=query.team or None,
        flag=query.flag or None,
        within=within,
    )


def urlencoded(**given: str) -> str:
    """Return parameters as they stand in an address."""
    return urlencode(given)


def day_bounds(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """Return the first instant of a local day and of the next, UTC ms."""
    begin = datetime.combine(day, time(), zone)
    following = datetime.combine(min(day, date.max - timedelta(days=1)) + timedelta(days=1), time(), zone)
    return unix_ms(begin), unix_ms(following)


def month_bounds(month: date, zone: ZoneInfo) -> tuple[int, int]:
    """Return the first instant of a local month and of the next, UTC ms."""
    begin = datetime.combine(month.replace(day=1), time(), zone)
    return unix_ms(begin), unix_ms(datetime.combine(month_after(month), time(), zone))


def month_after(month: date) -> date:
    """Return the first day of the month after one; of the last month a calendar has, that itself."""
    if month.month < LAST_MONTH:
        return date(month.year, month.month + 1, 1)
    return date(min(month.year + 1, date.max.year), 1, 1)


def read_day(text: str) -> date | None:
    """Return a date as addresses have it, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _bounds(query: LedgerQuery, zone: ZoneInfo) -> tuple[int | None, int | None]:
    if query.day is not None:
        return day_bounds(query.day, zone)
    return month_bounds(query.month, zone) if query.month is not None else (None, None)


def _month(text: str) -> date | None:
    return read_day(f"{text}-01") if len(text) == len("2026-07") else None


def _word(words: type[Word], given: Mapping[str, str], name: str) -> Word | None:
    text = given.get(name, "")
    return words(text) if text in set(words) else None


def _line(given: Mapping[str, str], name: str) -> str:
    return "".join(character for character in given.get(name, "") if character.isprintable())[:MAX_TEXT]
