"""What a reader asked for, read from the address; what cannot be read is said and left out, never an error page.

Upstream: ``records``.
Downstream: ``pages``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sync.platform.ports import unix_ms
from sync.platform.records import LedgerFilter
from sync.protocol.vocabulary import SessionState

PAGE_LINES = 50
MAX_PAGE = 1_000_000
MAX_TEXT = 64  # characters of a name or number


@dataclass(frozen=True, slots=True)
class LedgerQuery:
    """The form of the ledger page as it was filled in; ``unreadable`` tells that a part was left out.

    Attributes:
        day: a local date, or None for all.
        page: counted from 1.
    """

    day: date | None = None
    volunteer: str = ""
    state: SessionState | None = None
    page: int = 1
    unreadable: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the page was chosen."""
        return self.day is not None or bool(self.volunteer) or self.state is not None

    @property
    def offset(self) -> int:
        """How many lines stand on the pages before."""
        return (self.page - 1) * PAGE_LINES


def read_query(given: Mapping[str, str]) -> LedgerQuery:
    """Return the query of an address's parameters."""
    day_text, state_text = given.get("day", "").strip(), given.get("state", "").strip()
    day, state = _day(day_text), _state(state_text)
    volunteer = "".join(character for character in given.get("volunteer", "").strip() if character.isprintable())
    lost = bool(day_text and day is None) or bool(state_text and state is None)
    return LedgerQuery(day, volunteer[:MAX_TEXT], state, read_page(given), lost)


def read_page(given: Mapping[str, str]) -> int:
    """Return the page number asked for, 1 where it is not one."""
    text = given.get("page", "")
    return (
        min(max(int(text), 1), MAX_PAGE) if text.isascii() and text.isdigit() and len(text) < len(str(MAX_PAGE)) else 1
    )


def filter_of(query: LedgerQuery, zone: ZoneInfo) -> LedgerFilter:
    """Return the filter of a query, its local day as UTC instants."""
    if query.day is None:
        return LedgerFilter(volunteer=query.volunteer or None, state=query.state)
    begin, end = day_bounds(query.day, zone)
    return LedgerFilter(begin, end, query.volunteer or None, query.state)


def urlencoded(**given: str) -> str:
    """Return parameters as they stand in an address."""
    return urlencode(given)


def day_bounds(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """Return the first instant of a local day and of the next, UTC ms."""
    begin = datetime.combine(day, time(), zone)
    following = datetime.combine(min(day, date.max - timedelta(days=1)) + timedelta(days=1), time(), zone)
    return unix_ms(begin), unix_ms(following)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _state(text: str) -> SessionState | None:
    return SessionState(text) if text in set(SessionState) else None
